"""Where the characters were: C at chosen steps of a run, up to the step that the page looks at."""

from bisect import bisect_left
from collections.abc import Callable
from itertools import islice

import numpy as np

from mlp.engine.over_time import chosen_steps
from mlp.engine.snapshot import Snapshot
from mlp.plots import letters
from mlp.plots.patches import Patch
from pages.ui.shared.throttle import Throttled

TRAIL = 6  # earlier places in a trail

Past = list[tuple[int, np.ndarray]]


def past(now: Snapshot, most: int | None = None) -> Past:
    """(step, C) in the order of the steps, the step looked at last; each C is (V, embedding_dim).

    Of the earlier steps that are kept only the last so many, or all.
    """
    present, size, shape = now.now, now.model.C.numel(), now.model.C.shape
    steps = chosen_steps(present.curve)
    earlier = reversed(steps[: bisect_left(steps, now.step)])
    kept = ((step, theta) for step in earlier if (theta := present.thetas.get(step)) is not None)
    known = [(step, theta[:size].view(shape).numpy()) for step, theta in islice(kept, most)]
    return [*reversed(known), (now.step, now.model.C.numpy())]


def trails(basis_of: Callable[[Snapshot], np.ndarray | None]) -> Throttled[list[Patch]]:
    """The trails behind the letters; while these move fast they are renewed a few times a second."""

    def work_out(now: Snapshot) -> list[Patch]:
        ways = [C for _, C in past(now, TRAIL)]
        return letters.trails(ways, now.dataset.untrained, basis_of(now))

    return Throttled(work_out, rest=0.0, least=0.4)
