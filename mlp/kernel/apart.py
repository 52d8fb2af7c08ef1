"""Labels that would cover one another are pushed apart: some dozen rounds over all pairs, for every picture."""

import numpy as np

from mlp.kernel.compiling import compiled

FARTHEST = 12.0  # pixels that a label moves in one round


@compiled
def push_apart(true, half, rounds, upright, back):
    """Places near the true ones, (V, 2) in pixels, whose boxes cover one another less, or not at all.

    Args:
        true: (V, 2) float64. half: half of each box's width and height, (V, 2) float64.
        rounds: so many at most. upright: move them up and down alone.
        back: the share of the way back to its true place that a label goes in the first round, later less and less.
    """
    count = len(true)
    places, push = true.copy(), np.zeros((count, 2))
    for i in range(count):  # none exactly on another
        places[i, 0] += 1e-3 * np.cos(i)
        places[i, 1] += 1e-3 * np.sin(i)
    for done in range(rounds):
        push[:] = 0.0
        meet = False
        for i in range(count):
            for j in range(i + 1, count):
                across, up = places[i, 0] - places[j, 0], places[i, 1] - places[j, 1]
                over, under = half[i, 0] + half[j, 0] - abs(across), half[i, 1] + half[j, 1] - abs(up)
                if over <= 0 or under <= 0:
                    continue
                meet = True
                axis, by = (
                    (0, 0.5 * np.sign(across) * over)
                    if over < under and not upright
                    else (1, 0.5 * np.sign(up) * under)
                )
                push[i, axis] += by
                push[j, axis] -= by
        if not meet:
            break
        home = 0.0 if upright else back * (1 - done / rounds) ** 2
        for i in range(count):
            for axis in range(2):
                by = min(max(push[i, axis], -FARTHEST), FARTHEST)
                places[i, axis] += by + home * (true[i, axis] - places[i, axis])
    return places
