"""Where a run stands, and the way back to where it last stood on finite numbers."""

import math
from collections import deque
from typing import TYPE_CHECKING, NamedTuple

from torch import Tensor

if TYPE_CHECKING:
    from mlp.training.trainer import Trainer

KEEP_BACK = 8
HUGE = 1e15  # the product of two parameters may come near the largest float32, 3e38


class State(NamedTuple):
    """All that the next update follows from, beside settings and examples.

    theta: (parameters,). first, second, counted: what the optimizer remembers, see `mlp.training.backprop.Optimizer`.
    passes, position: whole passes over the training examples, and examples seen of the running one.
    """

    theta: Tensor
    first: Tensor
    second: Tensor
    counted: int
    steps_done: int
    passes: int
    position: int


def is_finite_and_small(theta: Tensor) -> bool:
    """True where parameters, (parameters,), are so small that no loss before them can have overflowed unseen."""
    return theta.abs().max().item() < HUGE  # which nan is not


def advance_checking(trainer: "Trainer", end: int) -> None:
    """Updates one by one up to step `end`; at the first that is not finite, back to the last state that is."""
    states = deque([trainer.state()], maxlen=KEEP_BACK)
    while trainer.steps_done < end:
        loss = trainer.update(wants_loss=True)
        trainer.last_batch_loss = loss
        if math.isfinite(loss) and math.isfinite(trainer.model.theta.sum().item()):
            states.append(trainer.state())
            continue
        trainer.last_batch_loss = math.inf if math.isfinite(loss) else loss
        trainer.diverged = f"Training diverged at step {trainer.steps_done:,}: the loss overflowed (inf or nan)."
        back_to_finite(trainer, states)
        return


def back_to_finite(trainer: "Trainer", states: deque[State]) -> None:
    """Back to the last of the states, or else of the remembered steps, whose loss on all examples is finite."""
    while states:
        trainer.restore(states.pop())
        if math.isfinite(trainer.evaluate("train")):
            trainer.timeline.forget_after(trainer.steps_done)
            return
    known = reversed(trainer.timeline.snapshots)
    diverged, loss = trainer.diverged, trainer.last_batch_loss
    trainer.rewind(next((step for step in known if math.isfinite(trainer.timeline.losses_at(step)[0])), 0))
    trainer.diverged, trainer.last_batch_loss = diverged, loss
