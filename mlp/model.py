"""The network of Bengio et al. (2003), equation 1: y = b2 + W x + W2 tanh(b1 + W1 x), where x = C[context].

The five tensors C, W1, b1, W2, b2 (and W, the direct connections, where they are on) are views of one flat vector
`theta`, so that a copy, a snapshot or an optimizer's update is one operation.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import torch
import torch.nn.functional as F
from torch import Tensor

from mlp.settings import Settings

EVALUATION_ROWS = 4096


@dataclass(frozen=True)
class Forward:
    """Every intermediate of one forward pass over B contexts of T characters, by name."""

    embedded: Tensor  # (B, T, embedding_dim)
    concatenated: Tensor  # (B, T * embedding_dim)
    preactivation: Tensor  # (B, hidden)
    hidden: Tensor  # (B, hidden)
    logits: Tensor  # (B, V)


class Model:
    """The parameters, and the forward pass. `theta` is the flat vector that holds them all, float32."""

    def __init__(self, settings: Settings, vocabulary_size: int, theta: Tensor | None = None) -> None:
        self.settings = settings
        self.shapes = parameter_shapes(settings, vocabulary_size)
        if theta is None:
            theta = torch.cat([tensor.flatten() for tensor in draw(settings, self.shapes)])
        self.theta = theta

    @cached_property
    def C(self) -> Tensor:
        return self.theta[: math.prod(self.shapes["C"])].view(self.shapes["C"])

    @cached_property
    def parameters(self) -> dict[str, Tensor]:
        """The tensors by name, made when somebody asks: most of the many models of a playing run only draw C."""
        sizes = [math.prod(shape) for shape in self.shapes.values()]
        parts = zip(self.shapes.items(), self.theta.split(sizes), strict=True)
        return {**{name: part.view(shape) for (name, shape), part in parts}, "C": self.C}

    @property
    def W1(self) -> Tensor:
        return self.parameters["W1"]

    @property
    def b1(self) -> Tensor:
        return self.parameters["b1"]

    @property
    def W2(self) -> Tensor:
        return self.parameters["W2"]

    @property
    def b2(self) -> Tensor:
        return self.parameters["b2"]

    @property
    def W(self) -> Tensor | None:
        return self.parameters.get("W")

    @property
    def W1b(self) -> Tensor:
        return _with_bias(self.W1, self.b1)

    @property
    def W2b(self) -> Tensor:
        return _with_bias(self.W2, self.b2)

    def at(self, theta: Tensor) -> "Model":
        """The same network with other parameters; `theta` is used as it is, not copied."""
        return Model(self.settings, self.shapes["C"][0], theta)

    def forward(self, X: Tensor) -> Forward:
        """The forward pass over contexts X: (B, T) int64."""
        embedded = self.C[X]  # (B, T, embedding_dim)
        concatenated = embedded.flatten(1)  # (B, T * embedding_dim)
        preactivation = concatenated @ self.W1 + self.b1  # (B, hidden)
        hidden = torch.tanh(preactivation)  # (B, hidden)
        logits = hidden @ self.W2 + self.b2  # (B, V)
        if self.W is not None:
            logits = logits + concatenated @ self.W  # (B, V)
        return Forward(embedded, concatenated, preactivation, hidden, logits)

    @torch.inference_mode()
    def loss(self, X: Tensor, Y: Tensor, between: Callable[[], None] = lambda: None) -> float:
        """The mean cross-entropy in nats over examples X (B, T), Y (B,); nan where there are none.

        `between` is called before each part of a long sum, and may break it off with an exception.
        """
        if not len(Y):
            return math.nan
        total = sum(
            self._summed_loss(x, y, between)
            for x, y in zip(X.split(EVALUATION_ROWS), Y.split(EVALUATION_ROWS), strict=True)
        )
        return total / len(Y)

    def _summed_loss(self, X: Tensor, Y: Tensor, between: Callable[[], None]) -> float:
        between()
        return F.cross_entropy(self.forward(X).logits, Y, reduction="sum").item()


def _with_bias(weights: Tensor, bias: Tensor) -> Tensor:
    """Weights and the bias that lies right behind them in `theta`, as one matrix whose last row is the bias."""
    rows, columns = weights.shape
    return weights.as_strided((rows + 1, columns), (columns, 1))


def parameter_shapes(settings: Settings, vocabulary_size: int) -> dict[str, tuple[int, ...]]:
    """The shape of each parameter, in the order in which they are drawn and stored."""
    fan_in = settings.block_size * settings.embedding_dim
    shapes: dict[str, tuple[int, ...]] = {
        "C": (vocabulary_size, settings.embedding_dim),
        "W1": (fan_in, settings.hidden),
        "b1": (settings.hidden,),
        "W2": (settings.hidden, vocabulary_size),
        "b2": (vocabulary_size,),
    }
    return {**shapes, "W": (fan_in, vocabulary_size)} if settings.direct else shapes


def parameter_count(settings: Settings, vocabulary_size: int) -> int:
    """How many numbers the network learns."""
    return sum(math.prod(shape) for shape in parameter_shapes(settings, vocabulary_size).values())


def draw(settings: Settings, shapes: dict[str, tuple[int, ...]]) -> list[Tensor]:
    """The first parameters: N(0, 1) from one generator in the order C, W1, b1, W2, b2 (then W), scaled if asked for.

    `init="scaled"` multiplies the same draws: W1 by the tanh gain 5/3 over √fan-in, the biases and the output layer
    so that the first predictions are nearly even.
    """
    generator = torch.Generator().manual_seed(settings.seed)
    fan_in = settings.block_size * settings.embedding_dim
    scales = {"W1": 5 / 3 / math.sqrt(fan_in), "b1": 0.01, "W2": 0.1 / math.sqrt(settings.hidden), "b2": 0.0}
    scales["W"] = 0.1 / math.sqrt(fan_in)
    drawn = {name: torch.randn(shape, generator=generator) for name, shape in shapes.items()}
    if settings.init == "normal":
        return list(drawn.values())
    return [tensor * scales.get(name, 1.0) for name, tensor in drawn.items()]
