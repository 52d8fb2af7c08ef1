"""The lab's first map, whole, beside the notes' loop, which would train the same networks one after another.

The two take turns, so that whatever else the machine does slows both, and the middle one of the ratios counts. The
map works out its losses and remembers its networks meanwhile; the loop does neither.
"""

import os
import statistics
import time

import torch

import mlp
from mlp.analysis.presets import MAP
from tests.notes import NotesLoop

ROUNDS = 20
NOTES_STEPS = 25  # of each network in a row of the map, a round
WANTED, DEMANDED = 15, 10


def test_a_map_of_fits_beside_one_network_after_another(benchmark, report):
    fits = mlp.FitMap(MAP.settings, x=MAP.x, y=MAP.y)
    networks, steps = len(MAP.x[1]) * len(MAP.y[1]), MAP.steps // ROUNDS
    examples = fits.cells[-1][-1].dataset.train
    loops = [NotesLoop(examples.X, examples.Y, hidden=hidden) for hidden in MAP.x[1]]
    theirs = []  # seconds a network and step

    def notes_turn():
        begin = time.perf_counter()
        for loop in loops:
            loop.minibatches(NOTES_STEPS, MAP.settings.batch_size)
        theirs.append((time.perf_counter() - begin) / (NOTES_STEPS * len(loops)))

    benchmark.pedantic(fits.step, args=(steps,), setup=notes_turn, rounds=ROUNDS)
    ours = [seconds / (steps * networks) for seconds in benchmark.stats.stats.data]
    ratio = statistics.median(notes / map_ for notes, map_ in zip(theirs, ours, strict=True))
    finding = (
        f"The map of {networks} networks × {MAP.steps:,} steps: {sum(benchmark.stats.stats.data):.1f} s, "
        f"{statistics.median(ours) * 1e6:.0f} µs a network and step, the notes' loop "
        f"{statistics.median(theirs) * 1e6:.0f} µs: {ratio:.1f}× (aim {WANTED}×, {os.cpu_count()} cores)"
    )
    report(finding)
    assert fits.steps_done == MAP.steps
    assert torch.isfinite(fits.loss("dev")).all()
    assert ratio >= DEMANDED, finding
