"""Training with and without `p.grad = None`: what old gradients that pile up do to the loss."""

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from mlp.dataset import Split
from mlp.lessons.backward import next_batch
from mlp.lessons.effort import MAX_BATCH, MULTIPLICATIONS
from mlp.model import Model
from mlp.settings import Settings
from mlp.training.backprop import gradients

STEPS = 100


@dataclass(frozen=True)
class Descent:
    """The loss of each batch in nats, before its step: with each gradient set to None in time, and without."""

    cleared: list[float]
    piled_up: list[float]

    @property
    def crossing(self) -> int | None:
        """The first step whose batch has a higher loss without clearing than with it; None where no step has."""
        pairs = zip(self.cleared, self.piled_up, strict=True)
        return next((step for step, (cleared, piled) in enumerate(pairs) if not piled <= cleared), None)

    def first(self, steps: int) -> "Descent":
        """The first so many steps."""
        return Descent(self.cleared[:steps], self.piled_up[:steps])


def descent(model: Model, batches: list[tuple[Tensor, Tensor]], learning_rate: float) -> Descent:
    """Plain steps on batches of X (B, T), Y (B,), both ways from the same network, which stays as it is."""
    return Descent(*(_losses(model, batches, learning_rate, set_to_none) for set_to_none in (True, False)))


def next_descent(model: Model, settings: Settings, train: Split, epoch: float) -> Descent:
    """The next 100 plain steps of a run, or as many as can be watched: both ways in about half a second at most."""
    batch = min(settings.batch_size or MAX_BATCH, MAX_BATCH, len(train))
    steps = max(20, min(STEPS, 4 * MULTIPLICATIONS // (6 * batch * model.theta.nelement())))
    return descent(model, next_batches(settings, train, epoch, steps), settings.learning_rate)


def next_batches(settings: Settings, train: Split, epoch: float, steps: int) -> list[tuple[Tensor, Tensor]]:
    """The batches of the trainer's next steps; of a batch larger than 32, so many examples a step."""
    small = settings.with_changes(batch_size=min(settings.batch_size or MAX_BATCH, MAX_BATCH))
    found = []
    for _ in range(steps):
        found.append(next_batch(small, train, epoch))
        epoch += len(found[-1][1]) / len(train)
    return found


@torch.inference_mode()
def _losses(model: Model, batches: list[tuple[Tensor, Tensor]], learning_rate: float, set_to_none: bool) -> list[float]:
    moving = model.at(model.theta.clone())
    gradient, losses = torch.zeros_like(moving.theta), []
    for X, Y in batches:
        forward = moving.forward(X)
        losses.append(F.cross_entropy(forward.logits, Y).item())
        slopes = gradients(moving, forward, X, Y)
        if set_to_none:
            gradient.zero_()
        gradient += torch.cat([slopes[name].flatten() for name in moving.parameters])
        moving.theta -= learning_rate * gradient
    return losses
