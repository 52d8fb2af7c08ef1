"""A run as it was at an earlier step, as a snapshot like any other, so that whatever shows a run shows its past too.

A remembered step is shown at once. A step between two of them is trained again from the one before, beside the run,
which neither waits for it nor is changed by it.
"""

import math
import time
from bisect import bisect_right
from dataclasses import dataclass, replace

from torch import Tensor

from mlp.engine.snapshot import Snapshot
from mlp.training.again import Again
from mlp.training.loop import State

CHUNK = 20_000_000  # multiplications between two looks at the clock


@dataclass(frozen=True, eq=False)
class Moment:
    """An earlier step of a run.

    theta: (parameters,). losses: (step, train, dev) in nats, the last ones known by then.
    """

    step: int
    epoch: float
    theta: Tensor
    losses: tuple[int, float, float]

    def of(self, present: Snapshot) -> Snapshot:
        """The run at this step, as a snapshot beside which the `present` one stands."""
        curve = present.curve
        count = bisect_right(curve.steps, self.step)
        last = curve.steps[count - 2 : count] == (self.step - 1, self.step)
        return replace(
            present,
            step=self.step,
            epoch=self.epoch,
            playing=False,
            settings=present.recipe.history().at(self.step),
            model=present.model.at(self.theta),
            curve=curve.first(count),
            losses=self.losses,
            batch_loss=curve.batch[count - 2] if last else math.nan,
            goal=None,
            diverged=None,
            present=present,
        )


def remembered(present: Snapshot, step: int) -> Moment:
    """The last remembered step up to `step`, which is not negative."""
    state = state_before(present, step)
    curve = present.curve
    place = bisect_right(curve.steps, state.steps_done) - 1
    known = next((i for i in range(place, -1, -1) if math.isfinite(curve.train[i])), place)
    losses = curve.steps[known], curve.train[known], curve.dev[known]
    return Moment(state.steps_done, curve.epochs[place], state.theta, losses)


class ExactMoment:
    """The work of finding the network after exactly so many updates (see `mlp.engine.job.Work`).

    Attributes:
        found: the moment, None before it is.
    """

    def __init__(self, present: Snapshot, step: int) -> None:
        self.network, self.step = present.network, step
        self.found: Moment | None = None
        self._loop = Again(state_before(present, step), present.recipe.history(), present.dataset)

    @property
    def done(self) -> bool:
        """True when it is found."""
        return self.found is not None

    def run_for(self, seconds: float) -> int:
        """Train for about so many seconds; how many updates were made."""
        loop, begin, deadline = self._loop, self._loop.steps_done, time.monotonic() + seconds
        chunk = max(1, CHUNK // loop.work_per_step)
        while loop.steps_done < self.step and time.monotonic() < deadline:
            loop.go_on(min(self.step, loop.steps_done + chunk))
        if loop.steps_done == self.step:
            losses = self.step, loop.evaluate("train"), loop.evaluate("dev")
            self.found = Moment(self.step, loop.epoch_done, loop.state().theta, losses)
        return loop.steps_done - begin


def state_before(present: Snapshot, step: int) -> State:
    """The last remembered state up to a step.

    The run may be remembering more, or dropping what there is no room for: each look at it is one that no thread
    interrupts, and no state that was found changes any more.
    """
    examples, curve = len(present.dataset.train), present.curve
    for kept in reversed(list(present.thetas)):
        place = bisect_right(curve.steps, kept) - 1
        theta, memory = present.thetas.get(kept), present.memories.get(kept)
        if kept <= step and curve.steps[place] == kept and theta is not None:
            passes, position = divmod(round(curve.epochs[place] * examples), examples)
            return State(theta, memory, kept, passes, position)
    raise LookupError("The first state of a run is always kept.")
