"""Work that rests because nobody looked goes on as soon as somebody does; what was stopped by hand does not."""

import time

import pytest

from mlp.engine import job as module
from mlp.engine.job import UNWATCHED, Job
from mlp.engine.scheduler import Engine
from mlp.limits import Limits
from tests.waiting import eventually


class Endless:
    """Work that never ends, and counts its turns."""

    done, turns = False, 0

    def run_for(self, seconds: float) -> int:
        self.turns += 1
        time.sleep(0.005)
        return self.turns


@pytest.fixture
def engine():
    made = Engine(Limits())
    yield made
    made.stop()


def begun(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> tuple[Job, Endless]:
    monkeypatch.setattr(module, "WATCH_SECONDS", 0.1)
    work = Endless()
    return engine.start_job(work, lambda: None), work


def test_a_slow_page_that_looks_late_finds_it_going_on(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    job, work = begun(engine, monkeypatch)
    eventually(lambda: not job.playing)
    assert job.note == UNWATCHED
    turns = work.turns
    job.keep_alive()
    assert job.note == ""
    eventually(lambda: work.turns > turns)


def test_what_was_stopped_stays_stopped(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    job, work = begun(engine, monkeypatch)
    job.stop()
    time.sleep(0.1)
    turns = work.turns
    job.keep_alive()
    time.sleep(0.2)
    assert (job.playing, work.turns) == (False, turns)
