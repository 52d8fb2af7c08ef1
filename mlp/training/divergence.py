"""Updates that are looked at: where one of them overflows, the way back to where the numbers were last finite."""

import math
from collections import deque
from typing import Literal, NamedTuple

import numpy as np
import torch
from torch import Tensor

from mlp.kernel.parts import Interrupted
from mlp.training.loop import Loop, State

KEEP_BACK = 8
HUGE = 1e15  # the product of two parameters may come near the largest float32, 3e38


class Divergence(NamedTuple):
    """The step whose update ended in numbers that are not finite, and where they were seen first."""

    step: int
    what: Literal["loss", "parameters"]


class Progress(NamedTuple):
    """What came of some updates: the losses in nats of the first one's batch and of the last one's.

    diverged: the update that overflowed, if one did; then the loop stands in the last state that is finite.
    lost: none of the states that are kept for that was finite.
    """

    first: float
    last: float
    diverged: Divergence | None = None
    lost: bool = False


def is_finite_and_small(theta: Tensor) -> bool:
    """True where parameters, (parameters,), are so small that no loss before them can have overflowed unseen."""
    return bool(np.abs(theta.numpy()).max() < HUGE)  # which nan is not


def advance(loop: Loop, end: int) -> Progress:
    """Updates up to step `end`; where they end in huge numbers or none, again from the start, looking at each.

    Raises:
        Interrupted: the loop's `interrupt` has said True; nothing has changed.
    """
    before = loop.state()
    try:
        first, last = loop.updates(end)
    except Interrupted:
        loop.restore(before)
        raise
    if math.isfinite(last) and is_finite_and_small(loop.model.theta):
        return Progress(first, last)
    loop.restore(before)
    interrupt, loop.interrupt = loop.interrupt, lambda: False
    try:
        return advance_checking(loop, end)
    finally:
        loop.interrupt = interrupt


@torch.inference_mode()
def advance_checking(loop: Loop, end: int) -> Progress:
    """Updates one by one up to step `end`; at the first that is not finite, back to the last state that is."""
    states = deque([loop.state()], maxlen=KEEP_BACK)
    first = last = math.nan
    while loop.steps_done < end:
        last = loop.updates(loop.steps_done + 1)[1]
        first = last if math.isnan(first) else first
        if not math.isfinite(last):
            return _back(loop, states, first, Divergence(loop.steps_done, "loss"))
        if not loop.model.theta.isfinite().all():
            return _back(loop, states, first, Divergence(loop.steps_done, "parameters"))
        states.append(loop.state())
    return Progress(first, last)


def _back(loop: Loop, states: deque[State], first: float, diverged: Divergence) -> Progress:
    """Back to the last of the states whose loss on all examples is finite."""
    while states:
        loop.restore(states.pop())
        if math.isfinite(loop.evaluate("train")):
            return Progress(first, math.inf, diverged)
    return Progress(first, math.inf, diverged, lost=True)
