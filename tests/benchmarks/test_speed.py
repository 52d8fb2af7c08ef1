"""Steps a second beside the notes' own loop, in one process on one thread. Run with `make bench`.

The two take turns in short rounds and the middle one of the rounds' ratios counts, so that a busy machine slows both.
A test demands less than the aim, which leaves room for noise; it never demands seconds. The notes' loop remembers
nothing, so what is compared is the training loop; the trainer, which also keeps states of the past and works out their
losses for the curve, is told beside it.
"""

import statistics
import time

import pytest
import torch

import mlp
from mlp.training.loop import Loop
from tests.notes import NotesLoop

ROUNDS = 41

CASES = {  # settings, steps a round, aim, demand
    "32 examples, full batch, 2-D, 100 hidden": (mlp.Settings(train_examples=32, batch_size=None), 200, 10.0, 7.0),
    "all examples, batch 32, 2-D, 100 hidden": (mlp.Settings(train_share=1, dev_share=0), 200, 10.0, 7.0),
    "all examples, batch 32, 10-D, 200 hidden": (
        mlp.Settings(train_share=1, dev_share=0, embedding_dim=10, hidden=200), 100, 5.0, 4.0,
    ),
    "all examples, batch 256, 10-D, 200 hidden": (
        mlp.Settings(train_share=1, dev_share=0, batch_size=256, embedding_dim=10, hidden=200), 50, 2.5, 1.8,
    ),
}  # fmt: skip


def seconds(work):
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


@pytest.mark.parametrize("case", CASES)
def test_steps_a_second(benchmark, report, case):
    settings, steps, aim, demand = CASES[case]
    torch.set_num_threads(1)
    trainer = mlp.Trainer(settings, mlp.load_words("pokemon"))
    loop, train = Loop(settings, trainer.dataset), trainer.dataset.train
    notes = NotesLoop(train.X, train.Y, len(trainer.dataset.vocabulary), settings.embedding_dim, settings.hidden)
    theirs, remembering = [], []

    def others_turn():
        remembering.append(seconds(lambda: trainer.step(steps)))
        if settings.batch_size is None:
            theirs.append(seconds(lambda: [notes.step() for _ in range(steps)]))
        else:
            theirs.append(seconds(lambda: notes.minibatches(steps, settings.batch_size)))

    benchmark.pedantic(lambda: loop.updates(loop.steps_done + steps), setup=others_turn, rounds=ROUNDS)
    ratio = statistics.median(t / o for t, o in zip(theirs, benchmark.stats.stats.data, strict=True))
    ours_us, notes_us, trainer_us = (
        statistics.median(times) / steps * 1e6 for times in (benchmark.stats.stats.data, theirs, remembering)
    )
    finding = (
        f"{case}: {ours_us:.0f} µs a step, the notes' loop {notes_us:.0f} µs: {ratio:.1f}× (aim {aim}×); "
        f"the trainer, with a curve, {trainer_us:.0f} µs: {notes_us / trainer_us:.1f}×"
    )
    report(finding)
    assert ratio > demand, finding
