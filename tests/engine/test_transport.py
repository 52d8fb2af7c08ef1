"""What the buttons do to a trainer, where no thread plays a part."""

import math

import mlp
from mlp.engine.transport import Transport

SMALL = mlp.Settings(hidden=10, train_examples=320)


def transport(settings: mlp.Settings = SMALL) -> Transport:
    return Transport(mlp.Trainer(settings), lambda: False, lambda: None)


def test_no_passes_are_no_steps() -> None:
    played = transport()
    played.play()
    played.run_passes(0)
    played.work(0.01)
    assert (played.trainer.steps_done, played.playing) == (0, False)


def test_a_network_loaded_for_no_steps_stays_untrained() -> None:
    played = transport()
    played.load(SMALL.with_changes(hidden=5), 0, "as it was")
    played.work(0.01)
    picture = played.take_snapshot()
    assert (picture.step, picture.playing, picture.note) == (0, False, "as it was")


def test_early_stopping_looks_back_in_slices_so_that_others_get_their_turns() -> None:
    played = transport()
    trainer = played.trainer
    trainer.step(2000)
    here = trainer.timeline.due()  # the next step at which it judges
    trainer.step(here - 2000)
    played.set_patience(10**6)
    played.play()
    played.work(0.0)
    assert trainer.steps_done == here
    assert len(trainer.timeline.known) < 5
    while trainer.steps_done == here:
        played.work(0.01)
    assert played.playing


def test_early_stopping_leaves_no_hole_at_the_end_of_the_curve() -> None:
    played = transport(mlp.Settings(hidden=100, embedding_dim=10, init="scaled", train_examples=256))
    played.set_patience(200)
    played.play()
    while played.playing:
        played.work(0.004)
        played.take_snapshot()
    while played.work(1.0):
        pass
    curve = played.take_snapshot().curve
    assert not any(map(math.isnan, curve.dev))
    assert curve.steps[-1] == played.trainer.steps_done
    assert curve.dev[-1] == min(curve.dev)


def test_patience_makes_no_long_turns() -> None:
    heavy = mlp.Settings(hidden=500, embedding_dim=20, batch_size=1024)
    played = transport(heavy)
    played.trainer.timeline.steps.append(100_000)  # as if a run that long, whose next loss is far
    played.trainer.steps_done = 100_001
    played.set_patience(10**6)
    played.play()
    played.work(0.0)
    assert played.trainer.steps_done == 100_002


def test_a_new_network_is_measured_anew() -> None:
    played = transport()
    played.play()
    played.work(0.01)
    assert played.take_snapshot().trained_steps > 0
    played.replace({}, "")
    picture = played.take_snapshot()
    assert (picture.trained_steps, picture.training_seconds, picture.network) == (0, 0.0, 2)
