"""What a page looks at: the run as it is, or an earlier step of it; commands lead there and back."""

import math
import time

import pytest

from mlp.settings import Settings
from pages.ui.live.commands import handle
from pages.ui.live.frames import Frames
from pages.ui.live.session import Application, Session


@pytest.fixture
def session() -> Session:
    made = Session(Application(), Settings(hidden=10, train_examples=64, batch_size=16), [])
    made.run.call(lambda trainer: trainer.step(500))
    made.run.now()
    return made


def look(session: Session, step: object, exact: bool = False) -> None:
    handle(session, {"name": "look", "value": {"step": step, "exact": exact}})


def status(session: Session) -> dict:
    return Frames(session).frame(session.run.now(), [])["status"]["="]


def eventually_at(session: Session, step: int) -> dict:
    end = time.monotonic() + 20
    while (found := status(session))["step"] != step:
        assert time.monotonic() < end, found
        time.sleep(0.01)
    return found


def test_a_step_that_is_not_remembered_is_shown_exactly_after_a_moment(session: Session) -> None:
    look(session, 403)
    shown = status(session)
    assert 395 < shown["step"] <= 403
    assert (shown["latest"], shown["looking"]) == (500, 403)
    look(session, 403, exact=True)
    found = eventually_at(session, 403)
    again = session.run.trainer.fork()
    again.step(403)
    assert found["train"] == round(again.evaluate("train"), 4)
    assert found["lossesAt"] == 403


@pytest.mark.parametrize("command", ["now", "step", "epoch", "reset", "play"])
def test_what_changes_the_run_is_seen_as_it_happens(session: Session, command: str) -> None:
    look(session, 100)
    assert status(session)["looking"] == 100
    handle(session, {"name": command})
    shown = status(session)
    assert shown["looking"] is None
    assert shown["step"] == shown["latest"]


def test_a_pause_leaves_the_reader_in_the_past(session: Session) -> None:
    handle(session, {"name": "play"})
    look(session, 100)
    handle(session, {"name": "pause"})
    assert status(session)["looking"] == 100


def test_looking_changes_no_number_of_the_run(session: Session) -> None:
    before = session.run.now()
    look(session, 3, exact=True)
    eventually_at(session, 3)
    after = session.run.now()
    assert (after.step, after.model.theta.tolist()) == (before.step, before.model.theta.tolist())
    assert after.recipe == before.recipe


def test_another_network_is_shown_as_it_is(session: Session) -> None:
    look(session, 100)
    session.run.set("hidden", 12)
    assert status(session)["looking"] is None


@pytest.mark.parametrize("step", [None, "many", math.inf, math.nan, []])
def test_a_step_that_makes_no_sense_is_refused(session: Session, step: object) -> None:
    with pytest.raises(ValueError, match="not a number"):
        look(session, step)
    assert status(session)["looking"] is None


@pytest.mark.parametrize(("step", "shown"), [(-5, 0), (10**9, 500)])
def test_a_step_beyond_an_end_is_that_end(session: Session, step: int, shown: int) -> None:
    look(session, step)
    assert status(session)["step"] == shown


def test_an_earlier_step_begins_the_rest_of_the_run_anew(session: Session) -> None:
    session.run.rewind(123)
    assert session.run.now().step == 123
    again = session.run.trainer.fork()
    again.step(200)
    session.run.call(lambda trainer: trainer.step(77))
    assert session.run.now().model.theta.tolist() == again.model.theta.tolist()
