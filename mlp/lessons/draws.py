"""`torch.rand` beside `torch.randn`: what uniform weights, all of them positive, do to the pre-activations."""

from dataclasses import dataclass

import torch
from torch import Tensor

from mlp.model import parameter_shapes
from mlp.settings import Settings


@dataclass(frozen=True)
class Draw:
    """The pre-activations (B, H) of an untrained hidden layer.

    negative: the fraction of the numbers of W1 below 0. one_side: of an example's pre-activations, how many are on the
    same side of 0 as most of them, on average over the examples; 0.5 if they are centred.
    """

    negative: float
    one_side: float


def draws(settings: Settings, vocabulary_size: int, X: Tensor) -> dict[str, Draw]:
    """An untrained layer on contexts X (B, T), with W1 from `torch.randn` and from `torch.rand`; C is from randn."""
    generator = torch.Generator().manual_seed(settings.seed)
    shapes = parameter_shapes(settings, vocabulary_size)
    C = torch.randn(shapes["C"], generator=generator)
    x = C[X].flatten(1)  # (B, T * embedding_dim)
    return {
        "torch.randn": _look(x, torch.randn(shapes["W1"], generator=generator)),
        "torch.rand": _look(x, torch.rand(shapes["W1"], generator=generator)),
    }


def _look(x: Tensor, W1: Tensor) -> Draw:
    above = ((x @ W1) > 0).float().mean(1)  # (B,)
    return Draw((W1 < 0).float().mean().item(), torch.maximum(above, 1 - above).mean().item())
