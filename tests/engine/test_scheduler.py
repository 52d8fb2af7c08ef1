"""The engine: commands in order, immutable snapshots, nothing for idle or unwatched runs; numbers as without it."""

import math
import threading
import time

import pytest
import torch

import mlp
from mlp.engine import subscriptions as watchers
from mlp.engine import transport
from mlp.engine.run import Run
from mlp.engine.scheduler import Engine
from mlp.engine.snapshot import Snapshot
from tests.waiting import eventually

SMALL = mlp.Settings(hidden=10, train_examples=320)


@pytest.fixture
def run() -> Run:
    return Engine().start(SMALL)


def wait(run: Run, true, seconds: float = 10.0) -> Snapshot:
    """The first snapshot of which something is true."""
    deadline = time.monotonic() + seconds
    while not true(snapshot := run.now()):
        assert time.monotonic() < deadline, snapshot
    return snapshot


def slowly(function):
    """The same function, on a machine that is slower."""

    def slow(*arguments):
        time.sleep(0.003)
        return function(*arguments)

    return slow


def test_step_and_epoch_are_the_trainers_own(run: Run) -> None:
    trainer = mlp.Trainer(SMALL)
    run.step()
    trainer.step()
    assert torch.equal(run.now().model.theta, trainer.model.theta)
    run.epoch()
    trainer.epoch()
    snapshot = wait(run, lambda s: s.step == trainer.steps_done and not s.playing)
    assert torch.equal(snapshot.model.theta, trainer.model.theta)
    assert snapshot.losses == (trainer.steps_done, trainer.evaluate("train"), trainer.evaluate("dev"))


def test_what_is_played_is_what_would_be_stepped(run: Run) -> None:
    run.play()
    wait(run, lambda s: s.step > 2000)
    run.pause()
    snapshot = run.now()
    trainer = mlp.Trainer(SMALL)
    trainer.step(snapshot.step)
    assert torch.equal(snapshot.model.theta, trainer.model.theta)
    wait(run, lambda s: not any(math.isnan(loss) for loss in s.curve.train))
    assert list(run.now().curve.train) == trainer.timeline.losses("train")
    assert list(run.now().curve.steps) == trainer.timeline.steps


def test_watching_does_not_change_what_is_recorded() -> None:
    watched, alone = Engine().start(SMALL), Engine().start(SMALL)
    for run in (watched, alone):
        run.run_epochs(40)
    wait(watched, lambda s: not s.playing)
    eventually(lambda: alone.trainer.steps_done == 400, seconds=30)  # and nobody has asked for a snapshot of it
    wait(alone, lambda s: not s.playing)
    first, second = (wait(r, lambda s: not any(map(math.isnan, s.curve.dev))) for r in (watched, alone))
    assert first.curve.steps == second.curve.steps
    assert first.curve.dev == second.curve.dev
    assert first.step == second.step == 400


def test_a_snapshot_stays_as_it_is(run: Run) -> None:
    snapshot = run.now()
    theta = snapshot.model.theta.clone()
    run.run_epochs(3)
    wait(run, lambda s: s.step == 30 and not s.playing)
    assert torch.equal(snapshot.model.theta, theta)
    assert snapshot.step == 0
    with pytest.raises(AttributeError):
        snapshot.step = 3  # type: ignore[misc]


def test_commands_from_many_threads_all_arrive(run: Run) -> None:
    threads = [threading.Thread(target=lambda: [run.step() for _ in range(25)]) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wait(run, lambda s: s.step >= 200).step == 200


def test_play_twice_and_reset_while_playing(run: Run) -> None:
    run.play()
    run.play()
    wait(run, lambda s: s.step > 100)
    run.reset()
    snapshot = run.now()
    assert (snapshot.step, snapshot.playing) == (0, False)
    assert torch.equal(snapshot.model.theta, mlp.Trainer(SMALL).model.theta)


def test_a_live_setting_keeps_the_run_and_another_starts_a_new_one_that_goes_on_playing(run: Run) -> None:
    run.play()
    step = wait(run, lambda s: s.step > 100).step
    run.set("learning_rate", 0.01)
    snapshot = run.now()
    assert snapshot.step >= step
    assert snapshot.playing
    assert snapshot.settings.learning_rate == 0.01
    network = snapshot.network
    run.set("hidden", 20)
    snapshot = run.now()
    assert snapshot.network == network + 1
    assert snapshot.playing
    assert "Hidden units" in snapshot.note
    assert snapshot.model.W1.shape == (6, 20)
    run.set("seed", 7)
    assert run.now().note == "Seed changed, so this is a new network (its dev names are dealt anew)."


def test_an_illegal_value_changes_nothing(run: Run) -> None:
    with pytest.raises(ValueError, match="hidden"):
        run.set("hidden", 5000)
    assert run.now().settings == SMALL


def test_another_word_list_brings_its_own_vocabulary(run: Run) -> None:
    run.set("word_list", "names")
    assert len(run.now(5).dataset.vocabulary) == 27


def test_slow_motion_keeps_its_pace(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1000.0
    monkeypatch.setattr(transport.time, "monotonic", lambda: now)
    played = transport.Transport(mlp.Trainer(SMALL), lambda: False, lambda: None)
    played.set_pace(20)
    played.play()
    for _ in range(100):  # five turns for each step that is due, over one second
        now += 0.01
        played.work(0.001)
    assert played.trainer.steps_done in (20, 21)  # the first at once
    assert played.rests_for() == pytest.approx(0.05, abs=0.011)


def test_a_run_that_nobody_watches_pauses_and_then_costs_nothing(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watchers, "WATCH_SECONDS", 0.3)
    turn, due = run.turn, []
    monkeypatch.setattr(run, "turn", lambda seconds: due.append(turn(seconds)) or due[-1])
    run.play()
    eventually(lambda: due and due[-1] == math.inf, seconds=30)  # the engine gives no more turns
    snapshot = run.now()
    assert not snapshot.playing
    assert "nobody was looking" in snapshot.note


def test_a_curve_left_unfinished_is_finished_for_whoever_comes_back(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watchers, "WATCH_SECONDS", 0.3)
    run.call(lambda trainer: monkeypatch.setattr(trainer.timeline, "evaluate", slowly(trainer.timeline.evaluate)))
    run.play()
    eventually(lambda: run._transport.note, seconds=30)
    monkeypatch.setattr(watchers, "WATCH_SECONDS", 60)
    assert run.trainer.timeline.unknown() is not None, "nobody watched, so nothing more was worked out"
    snapshot = wait(run, lambda s: not any(map(math.isnan, s.curve.train)))
    assert not snapshot.playing


def test_a_request_waits_for_something_newer_and_is_answered_once(run: Run) -> None:
    asked, arrived = watchers.Subscribers(), []
    asked.request(3, arrived.append)
    asked.publish(3, lambda: pytest.fail("nobody has asked for this one"))
    asked.publish(5, lambda: run.snapshot)
    asked.publish(6, lambda: pytest.fail("nobody has asked again"))
    assert arrived == [run.snapshot]


def test_divergence_stops_the_run() -> None:
    run = Engine().start(SMALL.with_changes(learning_rate=10, weight_decay=1))
    run.play()
    snapshot = wait(run, lambda s: s.diverged is not None)
    assert not snapshot.playing
    assert snapshot.diverged.step > snapshot.step
    run.play()
    assert not run.now().playing
