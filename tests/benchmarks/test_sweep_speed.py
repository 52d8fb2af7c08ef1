"""A map of 8 × 8 networks beside the notes' loop, which would train the same networks one after another."""

import statistics
import time

import torch

import mlp
from mlp.presets import MAP
from tests.notes import NotesLoop

HIDDEN = [2, 5, 10, 20, 50, 100, 200, 300]
EXAMPLES = [32, 64, 128, 256, 512, 1024, 4096, None]
WANTED = 5


def seconds(work):
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def test_a_map_of_fits_is_five_times_as_fast_as_one_network_after_another():
    fits = mlp.FitMap(mlp.Settings(), x=("hidden", HIDDEN), y=("train_examples", EXAMPLES))
    fits.step(500)
    whole = fits.cells[-1][-1].whole
    loops = [NotesLoop(whole.X, whole.Y, hidden=hidden) for hidden in HIDDEN]
    ours, theirs = [], []
    for _ in range(5):  # in turn, so that whatever else the machine does slows both
        ours.append(seconds(lambda: fits.step(400)) / (400 * 64))  # with its share of losses worked out
        theirs.append(seconds(lambda: [loop.minibatches(100, 32) for loop in loops]) / (100 * len(HIDDEN)))
    ratio = statistics.median(notes / sweep for notes, sweep in zip(theirs, ours, strict=True))
    report = f"map {min(ours) * 1e6:.1f} µs a network and step, notes {min(theirs) * 1e6:.0f} µs: {ratio:.1f}×"
    print(f"\n{report}")
    assert ratio >= WANTED, report


def test_the_default_map_is_done_in_well_under_half_a_minute():
    fits = mlp.FitMap(MAP.settings, x=MAP.x, y=MAP.y)
    taken = seconds(lambda: fits.step(MAP.steps))
    print(f"\n64 networks × {MAP.steps:,} steps: {taken:.1f} s")
    assert taken < 15
    assert torch.isfinite(fits.loss("dev")).all()
