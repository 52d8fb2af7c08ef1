"""Updates that are looked at: where one of them overflows, the way back to where the numbers were last finite."""

import math
from collections import deque
from collections.abc import Sequence
from typing import Literal, NamedTuple

import torch

from mlp.kernel.parts import Interrupted
from mlp.training.loop import Kept, Loop, State

KEEP_BACK = 8


class Divergence(NamedTuple):
    """The step whose update ended in numbers that are not finite, and where they were seen first."""

    step: int
    what: Literal["loss", "parameters"]


class Progress(NamedTuple):
    """What came of some updates: the losses in nats of the first one's batch and of the last one's.

    kept: the states asked for, as far as the updates came.
    diverged: the update that overflowed, if one did; then the loop stands in the last state that is finite.
    lost: none of the states that are kept for that was finite.
    """

    first: float
    last: float
    kept: tuple[Kept, ...] = ()
    diverged: Divergence | None = None
    lost: bool = False


def advance(loop: Loop, end: int, keep: Sequence[int] = ()) -> Progress:
    """Updates up to step `end`; where they end in huge numbers or none, again from the start, looking at each.

    Args:
        keep: the later steps, up to `end`, whose states are wanted, rising.

    Raises:
        Interrupted: the loop's `interrupt` has said True; nothing has changed.
    """
    before = loop.state()
    try:
        made = loop.updates(end, keep)
    except Interrupted:
        loop.restore(before)
        raise
    if math.isfinite(made.last) and made.small:
        return Progress(made.first, made.last, made.kept)
    loop.restore(before)
    interrupt, loop.interrupt = loop.interrupt, lambda: False
    try:
        return advance_checking(loop, end, keep)
    finally:
        loop.interrupt = interrupt


@torch.inference_mode()
def advance_checking(loop: Loop, end: int, keep: Sequence[int] = ()) -> Progress:
    """Updates one by one up to step `end`; at the first that is not finite, back to the last state that is."""
    states, kept, losses = deque([loop.state()], maxlen=KEEP_BACK), list[State](), list[float]()
    begin, diverged = loop.steps_done, None
    while loop.steps_done < end and not diverged:
        losses.append(loop.updates(loop.steps_done + 1).last)
        if not math.isfinite(losses[-1]):
            diverged = Divergence(loop.steps_done, "loss")
        elif not loop.model.theta.isfinite().all():
            diverged = Divergence(loop.steps_done, "parameters")
        else:
            states.append(loop.state())
            kept += [states[-1]] if loop.steps_done in keep else []
    after = [*losses, math.nan]
    told = tuple(Kept(state, after[state.steps_done - begin]) for state in kept)
    if not diverged:
        return Progress(losses[0], losses[-1], told)
    return Progress(losses[0], math.inf, told, diverged, lost=not _go_back(loop, states))


def _go_back(loop: Loop, states: deque[State]) -> bool:
    """Back to the last of the states whose loss on all examples is finite; False where there is none."""
    while states:
        loop.restore(states.pop())
        if math.isfinite(loop.evaluate("train")):
            return True
    return False
