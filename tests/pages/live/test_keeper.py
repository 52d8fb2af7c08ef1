"""The current run is kept by itself: it comes back exactly, at its step, with its past and pins, and only by its id."""

import threading
import time

import pytest

from mlp.limits import Limits
from mlp.settings import Settings
from mlp.store.faults import StoreError
from mlp.store.run_store import RunStore
from pages.ui.live import keeper
from pages.ui.live.address import link_of
from pages.ui.live.commands import handle
from pages.ui.live.frames import Frames
from pages.ui.live.session import NOT_KEPT, Application, Session, reopen
from pages.ui.playground import pins
from tests.waiting import eventually

SMALL = Settings(hidden=10, train_examples=64, batch_size=16)


@pytest.fixture
def app(tmp_path):
    made = Application(Limits(), f"sqlite:///{tmp_path / 'runs.db'}")
    assert made.keeper  # which opens the database, so that no test waits until that is due
    yield made
    made.keeper.stop()
    made.engine.stop()


def session_of(app: Application, settings: Settings = SMALL) -> Session:
    session = Session(app, settings, [])
    session.dump_extra = lambda: pins.dump(session)
    session.extra_version = lambda: pins.version(session)
    return session


def trained(app: Application, steps: int = 500) -> Session:
    session = session_of(app)
    session.run.call(lambda trainer: trainer.step(steps))
    session.run.now()
    return session


def kept(session: Session) -> str:
    eventually(lambda: bool(session.kept.id) and not session.kept.fault, "a kept run")
    session.app.keeper.save(session)
    return session.kept.id


def further_than_kept(app: Application, monkeypatch: pytest.MonkeyPatch) -> tuple[Session, str]:
    """A run at step 537 that was kept at 500 and is not due, and the id of what was kept."""
    session = trained(app)
    id = kept(session)
    monkeypatch.setattr(keeper, "SAVE_SECONDS", 1000.0)
    session.kept.due = time.monotonic() + 1000
    session.run.call(lambda trainer: trainer.step(37))
    session.run.now()
    return session, id


def test_a_reload_comes_back_where_the_run_was_not_where_it_was_kept_last(
    app: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, id = further_than_kept(app, monkeypatch)
    again = session_of(app)
    assert reopen(again, id, SMALL)
    assert again.run.now().step == 537


def test_a_reload_waits_for_its_run_where_turns_are_rare(app: Application, monkeypatch: pytest.MonkeyPatch) -> None:
    session, id = further_than_kept(app, monkeypatch)
    session.run.busy.acquire()  # as where sixty others have their turns
    threading.Timer(1.0, session.run.busy.release).start()
    again = session_of(app)
    assert reopen(again, id, SMALL)
    assert again.run.now().step == 537


def test_a_run_comes_back_at_its_step_with_its_past_and_its_pins_paused(app: Application) -> None:
    session = trained(app)
    pins.pin_now(session)
    session.run.set("learning_rate", 0.05)
    session.run.call(lambda trainer: trainer.step(100))
    id = kept(session)
    again = session_of(app, session.run.now().settings)
    assert reopen(again, id, again.run.snapshot.settings)
    pins.restore(again, again.extra)
    now, was = again.run.now(), session.run.now()
    assert (now.step, now.playing, now.recipe) == (600, False, was.recipe)
    assert now.model.theta.tolist() == was.model.theta.tolist()
    assert "as it was left, at step 600" in now.note
    (pin,), (before,) = pins.board(again).pins, pins.board(session).pins
    assert (pin.name, pin.recipe, pin.curve.steps, pin.dev_words) == (
        before.name, before.recipe, before.curve.steps, before.dev_words,
    )  # fmt: skip
    for each in (again, session):
        handle(each, {"name": "look", "value": {"step": 123, "exact": True}})
    thetas = []
    for each in (again, session):
        frames = Frames(each)
        eventually(lambda: frames.frame(each.run.now(), [])["step"] == 123, "step 123")  # noqa: B023
        thetas.append(each.look(each.run.now()).model.theta.tolist())
    assert thetas[0] == thetas[1]
    for each in (again, session):
        each.run.call(lambda trainer: trainer.step(50))
    assert again.run.now().model.theta.tolist() == session.run.now().model.theta.tolist()


def test_a_copy_is_kept_under_an_id_of_its_own(app: Application) -> None:
    session = trained(app)
    id = kept(session)
    again = session_of(app)
    assert reopen(again, id, SMALL)
    again.run.call(lambda trainer: trainer.step(7))
    again.run.now()
    assert kept(again) != id
    assert app.store.load(id).steps_done == 500
    assert app.store.load(again.kept.id).steps_done == 507


def test_the_address_holds_the_id_and_the_copied_link_does_not(app: Application) -> None:
    session = trained(app)
    id = kept(session)
    status = Frames(session).frame(session.run.now(), [])["status"]["="]
    assert status["link"]["mine"] == id
    assert "mine" not in link_of(session.run.now())


def test_an_untrained_run_is_not_kept_and_a_run_that_rests_is_not_saved_again(
    app: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    idle, session = session_of(app), trained(app)
    kept(session)
    saved = []
    monkeypatch.setattr(app.store, "save", lambda *_, **__: saved.append(1))
    time.sleep(3 * keeper.LOOK_SECONDS)
    assert not idle.kept.id
    assert not saved


def test_a_playing_run_loses_at_most_a_few_seconds(app: Application) -> None:
    session = session_of(app)
    session.run.set_pace(200.0)
    session.run.play()
    end = time.monotonic() + keeper.SAVE_SECONDS + 3
    while time.monotonic() < end:
        session.run.request(-1, lambda snapshot: None)  # somebody watches
        time.sleep(0.1)
    steps = session.run.trainer.steps_done
    assert app.store.load(session.kept.id).steps_done > steps - 200 * (keeper.SAVE_SECONDS + 2)


def test_keeping_keeps_no_unwatched_run_playing(app: Application) -> None:
    session = session_of(app)
    session.run.play()
    eventually(lambda: session.run.trainer.steps_done > 0, "a start")

    def rests() -> bool:
        before = session.run.trainer.steps_done
        time.sleep(0.3)
        return session.run.trainer.steps_done == before

    eventually(rests, "a rest, as nobody watches")
    time.sleep(2 * keeper.LOOK_SECONDS)
    assert app.store.load(kept(session)).steps_done == session.run.trainer.steps_done


def test_an_address_of_other_settings_or_of_no_run_opens_none(app: Application) -> None:
    id = kept(trained(app))
    other = session_of(app, SMALL.with_changes(hidden=11))
    assert not reopen(other, id, other.run.snapshot.settings)
    for wrong in ("", "nobody", "'; DROP TABLE runs; --", "x" * 5000):
        assert not reopen(session_of(app), wrong, SMALL)


def test_what_cannot_be_saved_is_told_once_and_the_session_goes_on(
    app: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_, **__) -> str:
        raise StoreError("There is no room left.")

    monkeypatch.setattr(app.store, "save", full)
    session = trained(app)
    eventually(lambda: "not being saved: There is no room left" in session.run.now().note, "a sentence")
    session.run.call(lambda trainer: trainer.step(10))
    assert session.run.now().step == 510


def test_the_first_page_does_not_wait_for_the_database_which_is_opened_soon_after(tmp_path, monkeypatch) -> None:
    file = tmp_path / "runs.db"
    monkeypatch.setattr("pages.ui.live.after_start.SECONDS", 0.2)
    app = Application(Limits(), f"sqlite:///{file}")
    assert not reopen(session_of(app), "", SMALL)
    assert not file.exists()
    eventually(file.exists, "the database, though nobody asked for it")
    assert app.keeper
    app.keeper.stop()
    app.engine.stop()


def test_a_database_that_cannot_be_used_leaves_the_app_without_saved_runs(tmp_path) -> None:
    (tmp_path / "runs.db").write_text("no database" * 1000)
    app = Application(Limits(), f"sqlite:///{tmp_path / 'runs.db'}")
    assert app.store is None
    assert "damaged" in app.store_fault
    session = session_of(app)
    assert not reopen(session, "x", SMALL)


def test_pins_that_were_spoilt_are_left_out(app: Application) -> None:
    session = trained(app)
    pins.pin_now(session)
    told = pins.dump(session)
    spoilt = {**told, "pins": [{**told["pins"][0], "recipe": {}}, None, *told["pins"]]}
    other = session_of(app)
    pins.restore(other, spoilt)
    assert len(pins.board(other).pins) == 1
    pins.restore(session_of(app), {})


def test_the_store_is_the_one_that_the_url_names(tmp_path) -> None:
    app = Application(Limits(), f"sqlite:///{tmp_path / 'a.db'}")
    assert app.keeper
    session = trained(app)
    id = kept(session)
    app.keeper.stop()
    assert RunStore(f"sqlite:///{tmp_path / 'a.db'}").load(id).steps_done == 500


def test_an_address_whose_run_is_not_kept_any_more_says_so(app: Application) -> None:
    session = session_of(app)
    assert not reopen(session, "nobody-knows-this-one", SMALL)
    assert session.notes == [NOT_KEPT]
