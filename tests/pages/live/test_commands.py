"""CommandQueue in order; what takes long is broken off by what is new, and by nothing else."""

import threading

import pytest

import mlp
from mlp.engine.command_queue import CommandQueue
from mlp.engine.run import Run
from mlp.engine.scheduler import Engine
from mlp.kernel import parts
from mlp.kernel.parts import Interrupted

SMALL = mlp.Settings(hidden=10, train_examples=320, batch_size=None)


def long_work(commands: CommandQueue, done: list[str], name: str):
    """A command that looks for new ones before it is done."""

    def command() -> None:
        if commands.new:
            raise Interrupted
        done.append(name)

    return command


def test_long_commands_do_not_break_one_another_off_for_ever() -> None:
    commands, done = CommandQueue(), list[str]()
    for name in "abc":
        commands.add(long_work(commands, done, name))
    for _ in range(10):
        if commands.waiting:
            commands.obey_next()
    assert sorted(done) == ["a", "b", "c"]
    assert not commands.waiting


def test_what_is_new_goes_before_what_was_broken_off() -> None:
    commands, done = CommandQueue(), list[str]()
    commands.add(long_work(commands, done, "long"))
    commands.add(lambda: done.append("short"))
    while commands.waiting:
        commands.obey_next()
    assert done == ["short", "long"]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Run:
    """A run whose every step is made in many parts."""
    monkeypatch.setattr(parts, "MOST_WORK", 10_000)
    return Engine().start(SMALL)


def tell(run: Run, *commands) -> None:
    """Give commands while the run is at something else, so that it finds all of them at once."""
    waiting = threading.Event()
    run.call(lambda trainer: waiting.wait(5) and None)
    for command in commands:
        command()
    waiting.set()


def test_three_long_steps_at_once_are_three_steps(run: Run) -> None:
    tell(run, run.step, run.step, run.step)
    assert run.now(5).step == 3


def test_a_long_step_is_not_made_on_the_network_after_a_reset(run: Run) -> None:
    tell(run, run.step, run.reset)
    assert run.now(5).step == 0


def test_a_step_after_a_reset_is_made(run: Run) -> None:
    tell(run, run.reset, run.step)
    assert run.now(5).step == 1


def test_a_run_told_to_play_in_the_midst_of_a_long_step_plays(run: Run) -> None:
    tell(run, run.step, run.play)
    assert run.now(5).playing
    run.pause()


def test_a_step_while_it_plays_pauses(run: Run) -> None:
    tell(run, run.play, run.step)
    snapshot = run.now(5)
    assert (snapshot.step, snapshot.playing) == (1, False)
