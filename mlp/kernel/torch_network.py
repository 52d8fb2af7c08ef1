"""The network without a compiler: the same methods as the compiled one, by PyTorch's autograd, as in the notes."""

import math
from collections.abc import Callable, Sequence

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from mlp.kernel.examples import Examples, Plan, Trained, checked_marks
from mlp.kernel.parts import are_small, parts_of_batch, parts_of_evaluation
from mlp.model import Model
from mlp.settings import Settings

MOMENTUM_KEPT, FIRST_KEPT, SECOND_KEPT, LEAST_SIZE = 0.9, 0.9, 0.999, 1e-8


class TorchNetwork:
    """The network of a model; updates change `model.theta` itself."""

    def __init__(self, model: Model) -> None:
        self.model = model

    def train(
        self, first: Tensor, second: Tensor, count: int, examples: Examples, plan: Plan, settings: Settings,
        keep: Sequence[int] = (),
    ) -> Trained:  # fmt: skip
        """As `CompiledNetwork.train`."""
        plan.check(len(examples))
        marks, losses, kept = set(checked_marks(keep, len(plan.sizes)).tolist()), list[float](), list[Tensor]()
        for i, (begin, size) in enumerate(zip(plan.begins, plan.sizes, strict=True), 1):
            batch = plan.rows[begin : begin + size]
            losses.append(self._update(first, second, count + i, examples, batch, settings))
            if i in marks:
                kept.append(torch.stack([self.model.theta, first, second]))
        states = torch.stack(kept) if kept else torch.empty(0, 3, len(first))
        return Trained(np.array(losses), states.numpy(), are_small(self.model.theta))

    def train_in_parts(
        self, first: Tensor, second: Tensor, count: int, examples: Examples, plan: Plan, settings: Settings,
        between: Callable[[], None],
    ) -> float:  # fmt: skip
        """As `CompiledNetwork.train_in_parts`."""
        plan.check(len(examples))
        batch = plan.rows[plan.begins[0] : plan.begins[0] + plan.sizes[0]]
        return self._update(first, second, count + 1, examples, batch, settings, between)

    @torch.inference_mode()
    def loss(self, examples: Examples, between: Callable[[], None] = lambda: None) -> float:
        """As `CompiledNetwork.loss`."""
        total = 0.0
        for part in parts_of_evaluation(len(examples)):
            between()
            total += self._summed_loss(self.model, examples, part).item()
        return total / len(examples) if len(examples) else math.nan

    @torch.inference_mode()
    def draw_words(self, luck: np.ndarray) -> np.ndarray:
        """As `CompiledNetwork.draw_words`."""
        numbers, words = torch.from_numpy(luck), torch.zeros(luck.shape, dtype=torch.int64)
        contexts = torch.zeros(len(luck), self.model.settings.block_size, dtype=torch.int64)
        growing = torch.arange(len(luck))
        for position in range(luck.shape[1]):
            chances = torch.softmax(self.model.forward(contexts[growing]).logits.double(), dim=1)  # (growing, V)
            passed = chances.cumsum(1) > numbers[growing, position].unsqueeze(1)
            last = chances.shape[1] - 1
            drawn = torch.where(passed.any(1), passed.int().argmax(1), torch.tensor(last))
            words[growing, position] = drawn
            contexts[growing] = torch.cat([contexts[growing, 1:], drawn.unsqueeze(1)], 1)
            growing = growing[drawn != 0]
            if not len(growing):
                break
        return words.numpy()

    @torch.inference_mode(False)
    def _update(
        self, first: Tensor, second: Tensor, count: int, examples: Examples, batch: np.ndarray, settings: Settings,
        between: Callable[[], None] = lambda: None,
    ) -> float:  # fmt: skip
        """One update; its batch's mean loss before it."""
        theta = self.model.theta.clone().requires_grad_()
        model, total = self.model.at(theta), 0.0
        for part in parts_of_batch(len(batch), len(theta)):
            between()
            with torch.enable_grad():
                loss = self._summed_loss(model, examples, batch[part]) / len(batch)
            loss.backward()
            total += loss.item()
        assert theta.grad is not None
        with torch.inference_mode():
            descend(self.model.theta, theta.grad, first, second, count, settings)
        return total

    @staticmethod
    def _summed_loss(model: Model, examples: Examples, rows: slice | np.ndarray) -> Tensor:
        X = torch.from_numpy(examples.X.reshape(-1, examples.block_size)[rows])
        return F.cross_entropy(model.forward(X).logits, torch.from_numpy(examples.Y[rows]), reduction="sum")


def descend(theta: Tensor, gradient: Tensor, first: Tensor, second: Tensor, count: int, settings: Settings) -> None:
    """One update in place from a gradient, the `count`-th that the optimizer sees: the arithmetic of `torch.optim`.

    Weight decay adds `weight_decay * p` to the gradient of every parameter p.
    """
    rate = settings.learning_rate
    slope = gradient.add(theta, alpha=settings.weight_decay)
    if settings.optimizer == "sgd":
        theta.add_(slope, alpha=-rate)
    elif settings.optimizer == "momentum":
        first.mul_(MOMENTUM_KEPT).add_(slope)
        theta.add_(first, alpha=-rate)
    else:
        first.lerp_(slope, 1 - FIRST_KEPT)
        second.mul_(SECOND_KEPT).addcmul_(slope, slope, value=1 - SECOND_KEPT)
        size = (second.sqrt() / math.sqrt(1 - SECOND_KEPT**count)).add_(LEAST_SIZE)
        theta.addcdiv_(first, size, value=-rate / (1 - FIRST_KEPT**count))
