"""Checks on the gradients, and what one step makes of them."""

import math
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from mlp.dataset import Split
from mlp.lessons.effort import max_examples
from mlp.lessons.trace import BACKWARD_ORDER, gradients_by_autograd, gradients_by_hand
from mlp.model import Model
from mlp.settings import Settings
from mlp.training.batches import batch_size, pass_order, shared_out


@dataclass(frozen=True)
class Check:
    """A gradient by hand beside autograd's; `largest` is the largest size of a number in it, to judge by."""

    name: str
    shape: tuple[int, ...]
    hand: Tensor
    autograd: Tensor
    difference: float
    largest: float

    @property
    def place(self) -> tuple[int, ...]:
        """The entry with the largest number, the one to show of many."""
        return largest_entry(self.autograd)


def largest_entry(tensor: Tensor) -> tuple[int, ...]:
    """Where the number of the largest size stands; a number that is not finite counts as the largest."""
    flat = int(tensor.abs().nan_to_num(math.inf, math.inf).argmax())
    return tuple(int(index) for index in np.unravel_index(flat, tuple(tensor.shape)))


def check_gradients(model: Model, X: Tensor, Y: Tensor) -> list[Check]:
    """Every gradient both ways, from the loss back to C."""
    hand, autograd = gradients_by_hand(model, X, Y), gradients_by_autograd(model, X, Y)
    return [
        Check(
            name,
            tuple(hand[name].shape),
            hand[name],
            autograd[name],
            (hand[name] - autograd[name]).abs().max().item(),
            autograd[name].abs().max().item(),
        )
        for name in BACKWARD_ORDER
        if name in hand
    ]


@dataclass(frozen=True)
class FiniteDifference:
    """The slope of the loss along one number of one parameter, measured, and the gradient by hand; in float64."""

    name: str
    entry: tuple[int, ...]
    value: float
    epsilon: float
    loss_below: float
    loss_above: float
    measured: float
    by_hand: float

    @property
    def difference(self) -> float:
        """How far the two are apart; it shrinks with epsilon squared until rounding takes over."""
        return abs(self.measured - self.by_hand)


def finite_difference(
    model: Model, X: Tensor, Y: Tensor, name: str, entry: tuple[int, ...], epsilon: float = 1e-4
) -> FiniteDifference:
    """Nudge one number of a parameter up and down by epsilon, and see what the loss does.

    Raises:
        ValueError: there is no such parameter, or it has no such entry.
    """
    exact = model.at(model.theta.double())
    if name not in exact.parameters:
        raise ValueError(f"There is no parameter “{name}”. There are: {', '.join(exact.parameters)}.")
    shape = exact.parameters[name].shape
    if len(entry) != len(shape) or not all(0 <= i < size for i, size in zip(entry, shape, strict=True)):
        raise ValueError(f"{name} has the shape {tuple(shape)}: it has no entry {list(entry)}.")
    below, above = (_loss_with(exact, X, Y, name, entry, nudge) for nudge in (-epsilon, epsilon))
    return FiniteDifference(
        name,
        entry,
        exact.parameters[name][entry].item(),
        epsilon,
        below,
        above,
        (above - below) / (2 * epsilon),
        gradients_by_hand(exact, X, Y)[name][entry].item(),
    )


def _loss_with(model: Model, X: Tensor, Y: Tensor, name: str, entry: tuple[int, ...], nudge: float) -> float:
    nudged = model.at(model.theta.clone())
    nudged.parameters[name][entry] += nudge
    return nudged.loss(X, Y)


def without_zeroing(model: Model, X: Tensor, Y: Tensor, passes: int = 3) -> list[dict[str, Tensor]]:
    """`p.grad` of each parameter after 1, 2, … backward passes when nobody sets it to None in between.

    The network does not move meanwhile, so each pass adds the same gradient again: after two it is doubled.
    """
    with torch.inference_mode(False), torch.enable_grad():
        leaf = model.theta.clone().requires_grad_()
        seen = []
        for _ in range(passes):
            F.cross_entropy(model.at(leaf).forward(X.clone()).logits, Y.clone()).backward()
            assert leaf.grad is not None
            seen.append(model.at(leaf.grad.clone()).parameters)
    return seen


@dataclass(frozen=True)
class Update:
    """`p.data += -lr * p.grad`: each parameter before, its gradient, and after, by name; the loss before and after."""

    learning_rate: float
    before: dict[str, Tensor]
    gradient: dict[str, Tensor]
    after: dict[str, Tensor]
    loss_before: float
    loss_after: float


def plain_update(model: Model, X: Tensor, Y: Tensor, learning_rate: float) -> Update:
    """What one plain step on examples X (B, T), Y (B,) would do; the network itself stays as it is."""
    slopes = gradients_by_hand(model, X, Y)
    gradient = {name: slopes[name] for name in model.parameters}
    moved = model.at(model.theta - learning_rate * torch.cat([slope.flatten() for slope in gradient.values()]))
    before, after = (network.loss(X, Y) for network in (model, moved))
    return Update(learning_rate, model.parameters, gradient, moved.parameters, before, after)


_order = lru_cache(maxsize=8)(pass_order)  # asked for at every drawing


def next_batch(settings: Settings, train: Split, epoch: float) -> tuple[Tensor, Tensor]:
    """The examples X (B, T), Y (B,) that the trainer's next step learns from, told from how far it has come."""
    N = len(train)
    size = batch_size(settings, N)
    passes, part = divmod(epoch, 1)
    position = round(part * N)
    if position == N:
        passes, position = passes + 1, 0
    if size == N and not position:
        return train.X, train.Y
    rows = _order(settings.seed, int(passes), N)[position : position + shared_out(N - position, size)[0]]
    return train.X[rows], train.Y[rows]


@dataclass(frozen=True)
class Movement:
    """Where each embedding goes with the next step. before, move: (V, embedding_dim).

    `exact` is True for plain SGD; momentum and Adam also remember earlier gradients, so there the arrows show only
    what this batch asks for: minus the learning rate times the gradient.
    """

    before: Tensor
    move: Tensor
    exact: bool
    moving: int


def embedding_movement(model: Model, settings: Settings, X: Tensor, Y: Tensor) -> Movement:
    """The step of C on examples X (B, T), Y (B,); `settings` are those that hold now, weight decay included."""
    gradient = gradients_by_hand(model, X, Y)["C"] + settings.weight_decay * model.C
    move = -settings.learning_rate * gradient  # (V, embedding_dim)
    return Movement(model.C, move, settings.optimizer == "sgd", int(move.any(1).sum()))


def next_movement(model: Model, settings: Settings, train: Split, epoch: float) -> tuple[Movement, int, int]:
    """The step of C on the trainer's next batch, how many of its examples it was told from, and how many there are.

    Of a batch too large to be worked out many times a second, only the first examples are asked; then it is not exact.
    """
    X, Y = next_batch(settings, train, epoch)
    asked = max_examples(model, len(Y))
    found = embedding_movement(model, settings, X[:asked], Y[:asked])
    return replace(found, exact=found.exact and asked == len(Y)), asked, len(Y)
