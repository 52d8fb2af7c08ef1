"""What goes on inside the network at one update: the sizes of activations, gradients and updates, tensor by tensor.

The update-to-data ratio compares how far an update moves a tensor with the size of the tensor itself. As a rule of
thumb one update should move a tensor by about a thousandth of its size, 10⁻³ (A. Karpathy, “Building makemore”, part
3). Here both sizes are root mean squares, so that it also holds of a bias, whose mean may be its largest part.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from mlp.dataset import Split
from mlp.lessons.backward import next_batch
from mlp.lessons.effort import max_examples
from mlp.lessons.hidden import saturation
from mlp.model import Forward, Model
from mlp.settings import Settings
from mlp.training.backprop import gradients

GUIDE = -3.0
LAYERS = ("embedded", "preactivation", "hidden", "logits")
EXAMPLES = 512  # training examples by which activations are judged
BINS = 60
SMALLEST = -12.0  # the exponent of the smallest gradient that a histogram tells from 0


@dataclass(frozen=True)
class Inside:
    """One update under the magnifying glass.

    Attributes:
        spreads: the standard deviation of each of `LAYERS`, over examples and units.
        saturated: the share of hidden outputs that are saturated. dead: the share of units that are so for every one.
        norms: the Euclidean norm of the gradient of each parameter, of the mean loss of the update's batch.
        ratios: log10 of the update's size over the tensor's; −inf where it does not move, nan where all of it is 0.
    """

    spreads: Mapping[str, float]
    saturated: float
    dead: float
    norms: Mapping[str, float]
    ratios: Mapping[str, float]


@torch.inference_mode()
def inside(model: Model, settings: Settings, train: Split, epoch: float, moved: Tensor) -> Inside:
    """What the update from `model` does.

    Args:
        settings: those in force. train: the training examples. epoch: where the run stands, which says the batch.
        moved: (parameters,), what the update makes of the model's `theta`.
    """
    forward = model.forward(judged(model, train))
    found = saturation(forward.hidden)
    _, gradient = batch_gradients(model, settings, train, epoch)
    after = model.at(moved).parameters
    return Inside(
        spreads={name: _spread(getattr(forward, name)) for name in LAYERS},
        saturated=found.fraction,
        dead=len(found.dead) / settings.hidden,
        norms={name: gradient[name].double().norm().item() for name in model.parameters},
        ratios={name: _ratio(tensor, after[name]) for name, tensor in model.parameters.items()},
    )


def judged(model: Model, train: Split) -> Tensor:
    """The contexts by which activations are judged: the first training examples, (up to EXAMPLES, T)."""
    return train.X[: min(EXAMPLES, max_examples(model, len(train)))]


@torch.inference_mode()
def batch_gradients(model: Model, settings: Settings, train: Split, epoch: float) -> tuple[Forward, dict[str, Tensor]]:
    """The forward pass and all gradients of the next update's batch; of a very large one, of its first examples."""
    X, Y = next_batch(settings, train, epoch)
    asked = max_examples(model, len(Y))
    forward = model.forward(X[:asked])
    return forward, gradients(model, forward, X[:asked], Y[:asked])


def activation_histogram(hidden: Tensor) -> tuple[np.ndarray, np.ndarray]:
    """How the outputs of hidden (B, H) are spread between −1 and 1: the middle of each bin, and the share in it."""
    return _histogram(hidden.double().flatten().numpy(), np.linspace(-1, 1, BINS + 1))


def gradient_histogram(gradient: Tensor, edges: np.ndarray) -> tuple[np.ndarray, np.ndarray, float]:
    """How log10 of the sizes of a gradient's numbers is spread: the middle of each bin, the share in it, that of zeros.

    Shares are of all numbers; one that is not finite is in no bin.
    """
    sizes = gradient.double().abs().flatten().numpy()
    zero = sizes < 10.0**SMALLEST
    exponents = np.log10(np.where(zero, 1.0, sizes))
    middles, shares = _histogram(exponents[~zero], edges, of=sizes.size)
    return middles, shares, float(zero.mean())


def gradient_edges(gradient: Mapping[str, Tensor], names: list[str]) -> np.ndarray:
    """Bins of one third of a power of ten that hold every number of some gradients that is told from 0."""
    sizes = torch.cat([gradient[name].double().abs().flatten() for name in names])
    sizes = sizes[sizes.isfinite() & (sizes >= 10.0**SMALLEST)]
    if not len(sizes):
        return np.arange(-3, 1) / 3
    low, high = math.floor(3 * math.log10(sizes.min())), math.ceil(3 * math.log10(sizes.max()))
    return np.arange(low, max(high, low + 1) + 1) / 3


def _histogram(values: np.ndarray, edges: np.ndarray, of: int | None = None) -> tuple[np.ndarray, np.ndarray]:
    inner = values[np.isfinite(values)].clip(edges[0], edges[-1])
    counts, _ = np.histogram(inner, edges)
    return (edges[:-1] + edges[1:]) / 2, counts / max(1, values.size if of is None else of)


def _spread(tensor: Tensor) -> float:
    return tensor.double().std(unbiased=False).item()


def _ratio(before: Tensor, after: Tensor) -> float:
    """log10 of how far a tensor moves over its size, both as root mean squares."""
    size, move = (each.double().square().mean().sqrt().item() for each in (before, after.double() - before.double()))
    if not size or not math.isfinite(size) or not math.isfinite(move):
        return math.nan
    return math.log10(move / size) if move else -math.inf
