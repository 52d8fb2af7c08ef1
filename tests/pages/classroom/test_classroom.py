"""A class: members begin with its network, change what it leaves them; its teacher sees them all, and nobody else."""

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

import mlp
from mlp.settings import to_link
from mlp.store.faults import StoreError
from mlp.training.link import to_parameter
from pages.ui.live.address import link_of
from pages.ui.live.commands import REFUSED, handle
from pages.ui.live.session import Session, application
from pages.ui.playground import pins
from tests.pages.opening import opened, patches, press

WORDS = ["anna", "bea", "cleo", "dora", "emil", "fritz", "gerda", "hans", "ida", "jan"]


@pytest.fixture
def teacher() -> AppTest:
    app = opened("classroom", hidden="20")
    live = app.session_state.live
    live.run.learn_from(mlp.read_words("\n".join(WORDS), "ten"), "")
    live.run.pause()
    live.run.now()
    app.multiselect(key="class_hidden").set_value(["learning_rate", "seed", "new_seed", "preset"])
    app.checkbox(key="class_board").check().run()
    return press(app, "Open the class")


def room_of(app: AppTest):
    return application().classes.of_teacher(app.session_state.live.owner)


def joined(teacher: AppTest) -> AppTest:
    return opened(**{"class": room_of(teacher).id})


def rows(app: AppTest, key: str) -> list[list[str]]:
    return patches(app.run())[key].get("rows", [])


def test_the_link_names_the_server_that_the_class_is_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(type(st.context), "cookies", {"mlp_replica": "b"})
    app = press(opened("classroom"), "Open the class")
    room = room_of(app)
    assert f"?class={room.id}&replica=b" in app.code[0].value
    monkeypatch.setattr(type(st.context), "cookies", {"mlp_replica": "&x=1"})
    assert opened(**{"class": room.id}).session_state.live.mine == {"class": room.id, "replica": "b"}
    alone = press(opened("classroom"), "Open the class")
    assert app.session_state.live.replica == "b"
    assert "replica" not in alone.code[0].value


def test_a_member_begins_with_the_network_of_the_class_and_the_teacher_sees_it(teacher: AppTest) -> None:
    app = joined(teacher)
    live: Session = app.session_state.live
    now = live.run.now()
    assert (list(now.recipe.words.own or ()), now.settings.hidden, now.step) == (WORDS, 20, 0)
    app.text_input(key="nickname").set_value("Mia <b>").run()
    live.run.call(lambda trainer: trainer.step(50))
    live.run.set("weight_decay", 0.01)
    now = live.run.now()
    _, train, dev = now.losses
    alone = mlp.Trainer(now.settings.with_changes(weight_decay=0), WORDS)
    alone.step(50)
    assert (train, dev) == (alone.evaluate("train"), alone.evaluate("dev"))
    (row,) = rows(teacher, "class-members")
    assert row[:4] == ["Mia <b>", "50", f"{train:.4f}", f"{dev:.4f}"]
    assert row[5] == "weight decay 0.01"
    assert rows(teacher, "class-board")[0][:4] == ["1.", "Mia <b>", f"{dev:.4f}", "50"]
    app.switch_page("classroom.py").run()
    assert patches(app)["class-board"]["rows"][0][1] == "Mia <b>"
    assert "class-members" not in patches(app)


def test_what_is_hidden_cannot_be_changed(teacher: AppTest) -> None:
    app = joined(teacher)
    live: Session = app.session_state.live
    before = live.run.now().settings
    handle(live, {"name": "set", "setting": "learning_rate", "value": 5})
    assert live.run.now().note == REFUSED
    handle(live, {"name": "new_seed"})
    assert pins.fork(live, "learning_rate", "5") == REFUSED
    assert live.run.now().settings == before
    assert not any(box.key == "preset" for box in app.selectbox)
    handle(live, {"name": "set", "setting": "hidden", "value": 7})
    assert live.run.now().settings == before.with_changes(hidden=7)
    handle(live, {"name": "defaults"})
    assert live.run.now().settings == before


def test_the_board_counts_only_what_is_measured_on_the_same_words(teacher: AppTest) -> None:
    app = joined(teacher)
    live: Session = app.session_state.live
    live.run.set("word_list", "names")
    live.run.call(lambda trainer: trainer.step(20))
    live.run.now()
    assert rows(teacher, "class-board") == []
    live.run.set("word_list", "own")
    live.run.call(lambda trainer: trainer.step(20))
    live.run.now()
    (best,) = rows(teacher, "class-board")
    live.run.reset()
    live.run.now()
    assert rows(teacher, "class-board") == [best]


def test_the_teacher_looks_at_a_copy(teacher: AppTest) -> None:
    app = joined(teacher)
    live: Session = app.session_state.live
    live.run.call(lambda trainer: trainer.step(30))
    theirs = live.run.now()
    teacher.run()
    press(teacher, "Open a copy")
    mine = teacher.session_state.live
    assert mine.run.now().step == 30
    mine.run.call(lambda trainer: trainer.step(10))
    assert mine.run.now().step == 40
    assert live.run.now().step == 30
    assert live.run.now().model.theta.tolist() == theirs.model.theta.tolist()


def test_only_the_teachers_browser_or_key_sees_the_class(teacher: AppTest) -> None:
    room = room_of(teacher)
    stranger = opened("classroom")
    assert "class-members" not in patches(stranger)
    stranger.text_input(key="class_key").set_value(room.id).run()
    assert "class-members" not in patches(stranger)
    assert any("No class on this server" in warning.value for warning in stranger.warning)
    stranger.text_input(key="class_key").set_value(room.key).run()
    assert "class-members" in patches(stranger)


def test_two_members_cannot_have_one_nickname(teacher: AppTest) -> None:
    first, second = joined(teacher), joined(teacher)
    first.text_input(key="nickname").set_value("Mia").run()
    second.text_input(key="nickname").set_value(" mia ").run()
    assert any("Somebody else is called" in warning.value for warning in second.warning)
    assert {member.nickname for member, _ in room_of(teacher).take_down()} == {"Mia", "guest 2"}


def test_clearing_forgets_everything_and_the_members_go_on(teacher: AppTest) -> None:
    room = room_of(teacher)
    app = joined(teacher)
    live: Session = app.session_state.live
    live.run.call(lambda trainer: trainer.step(5))
    press(teacher, "Clear everything")
    assert application().classes.get(room.id) is None
    assert not room.members
    assert live.run.now().step == 5
    app.run()
    assert any("class has ended" in info.value for info in app.info)
    late = opened(**{"class": room.id})
    assert not late.exception
    assert any("is over" in info.value for info in late.info)


def test_nothing_is_kept_of_a_member_unless_the_class_says_so(teacher: AppTest) -> None:
    live: Session = joined(teacher).session_state.live
    live.run.call(lambda trainer: trainer.step(5))
    live.run.now()
    keeper = live.app.keeper
    assert keeper
    keeper._look_at(live)
    assert live.kept.id == ""
    assert live.room
    live.room.keep = True
    keeper._look_at(live)
    assert live.kept.id


def test_a_reload_goes_on_from_the_address_unless_something_hidden_was_changed() -> None:
    teacher = opened("classroom", hidden="20")
    teacher.multiselect(key="class_hidden").set_value(["learning_rate"]).run()
    room = room_of(press(teacher, "Open the class"))
    live: Session = opened(**{"class": room.id}).session_state.live
    live.run.call(lambda trainer: trainer.step(30))
    live.run.set("weight_decay", 0.01)
    live.run.call(lambda trainer: trainer.step(7))
    then = live.run.now()
    again: Session = opened(**{"class": room.id}, **link_of(then)).session_state.live
    now = again.run.now()
    assert again.room is room
    assert (now.step, now.model.theta.tolist()) == (37, then.model.theta.tolist())
    live.run.set("word_list", "names")  # which the class has left to its members
    live.run.call(lambda trainer: trainer.step(3))
    then = live.run.now()
    again = opened(**{"class": room.id}, **link_of(then)).session_state.live
    assert (again.run.now().step, again.run.now().settings.word_list) == (3, "names")
    elsewhere = mlp.Trainer(room.settings)
    elsewhere.step(5)
    elsewhere.change(learning_rate=0.02)
    elsewhere.step(5)
    forged = {**to_link(elsewhere.settings), "run": to_parameter(elsewhere.recipe(), elsewhere.settings)}
    for link in (forged, forged | {"learning_rate": "0.3"}):
        refused: Session = opened(**{"class": room.id}, **link).session_state.live
        assert (refused.run.now().step, refused.run.now().settings) == (0, room.settings)


def test_a_kept_run_with_something_hidden_changed_is_not_opened_in_the_class() -> None:
    teacher = opened("classroom", hidden="20")
    teacher.multiselect(key="class_hidden").set_value(["learning_rate"]).run()
    room = room_of(press(teacher, "Open the class"))
    for rate, step in (("0.3", 0), ("0.1", 5)):
        other: Session = opened(hidden="20", learning_rate=rate).session_state.live
        other.run.call(lambda trainer: trainer.step(5))
        other.run.now()
        assert other.app.keeper
        other.app.keeper.save(other)
        address = {**link_of(other.run.now()), "class": room.id, "mine": other.kept.id}
        live: Session = opened(**address).session_state.live
        assert (live.run.now().step, live.run.now().settings.learning_rate) == (step, 0.1)


def test_clearing_deletes_what_was_kept_also_of_those_who_left(teacher: AppTest) -> None:
    room = room_of(teacher)
    room.keep = True
    live: Session = joined(teacher).session_state.live
    live.run.call(lambda trainer: trainer.step(5))
    live.run.now()
    assert live.app.keeper
    assert live.app.store
    live.app.keeper._look_at(live)
    id = live.kept.id
    live.app.store.get(id)
    (member,) = room.members.values()
    member.session = lambda: None  # as where the tab is gone
    press(teacher, "Clear everything")
    with pytest.raises(StoreError):
        live.app.store.get(id)
