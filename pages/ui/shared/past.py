"""Where the characters were: C at chosen steps of a run, up to the step that the page looks at."""

from collections.abc import Callable

import numpy as np

from mlp.engine.over_time import chosen_steps
from mlp.engine.snapshot import Snapshot
from mlp.plots import letters
from mlp.plots.patches import Patch
from pages.ui.shared.throttle import Throttled

TRAIL = 6  # earlier places in a trail

Past = list[tuple[int, np.ndarray]]


def past(now: Snapshot) -> Past:
    """(step, C) in the order of the steps, the step looked at last; each C is (V, embedding_dim)."""
    present, size, shape = now.now, now.model.C.numel(), now.model.C.shape
    steps = [step for step in chosen_steps(present.curve) if step < now.step]
    kept = [(step, present.thetas.get(step)) for step in steps]
    known = [(step, theta[:size].view(shape).numpy()) for step, theta in kept if theta is not None]
    return [*known, (now.step, now.model.C.numpy())]


def trails(basis_of: Callable[[Snapshot], np.ndarray | None]) -> Throttled[list[Patch]]:
    """The trails behind the letters; while these move fast they are renewed a few times a second."""

    def work_out(now: Snapshot) -> list[Patch]:
        ways = [C for _, C in past(now)[-TRAIL - 1 :]]
        return letters.trails(ways, now.dataset.untrained, basis_of(now))

    return Throttled(work_out, rest=0.0, least=0.4)
