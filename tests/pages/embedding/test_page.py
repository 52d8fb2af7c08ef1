"""The embedding page: what it says of a run, and letters that are dragged without changing the run."""

import math
from typing import Any

import numpy as np
import pytest
import torch

from mlp.settings import Settings
from pages.ui.embedding import views
from pages.ui.embedding.space import Space, explained
from pages.ui.embedding.what_if import WhatIf, table
from pages.ui.live.session import Application, Session
from pages.ui.shared.past import past
from tests.pages.opening import opened, patches

CONTEXT = [0, 22, 5]


@pytest.fixture
def session() -> Session:
    made = Session(Application(), Settings(), [])
    made.run.call(lambda trainer: trainer.step(300))
    made.run.now()
    return made


def drag(what_if: WhatIf, *places: tuple[float, float]) -> None:
    phases = ["begin", *["move"] * (len(places) - 2), "end"]
    for (x, y), phase in zip(places, phases, strict=True):
        what_if.drag({"x": x, "y": y, "phase": phase})


def test_the_past_is_that_of_the_run_and_ends_where_one_looks(session: Session) -> None:
    for step, C in past(session.run.now()):
        assert torch.equal(torch.from_numpy(C), session.run.trainer.at(step).C)
    assert past(session.run.now())[-1][0] == 300


def test_neighbours_are_measured_and_compared_with_the_beginning(session: Session) -> None:
    now = session.run.now()
    shown = views.neighbours(5)(now)
    C, first = now.model.C, session.run.trainer.at(0).C
    far = (C - C[5]).norm(dim=1)
    far[5] = math.inf
    order = far.argsort().tolist()
    for row, place in zip(shown["rows"], order, strict=False):
        assert row[0].split()[0] == now.dataset.vocabulary.characters[place].replace(" ", "␣")
        assert float(row[1]) == pytest.approx(far[place].item(), abs=1e-3)
        change = far[place] - (first[place] - first[5]).norm()
        assert int(row[3]) == 1 + sum(
            (first[5] - first[other]).norm() < (first[5] - first[place]).norm() for other in range(34) if other != 5
        )
        assert float(row[2].replace("−", "-")) == pytest.approx(change.item(), abs=1e-3)


def test_a_drag_moves_one_letter_on_the_picture_and_never_the_run(session: Session) -> None:
    what_if, now = WhatIf(), session.run.now()
    letters = what_if.picture(now, CONTEXT, 2, 16)["data"][1]
    x, y = letters["x"][5], letters["y"][5]
    drag(what_if, (x, y), (x + 0.2, y), (x + 0.3, y + 0.1))
    changed = what_if.model(now).C
    assert changed[5].tolist() == pytest.approx([x + 0.3, y + 0.1])
    assert torch.equal(changed[:5], now.model.C[:5])
    assert torch.equal(now.model.theta, session.run.now().model.theta)
    rows = {row[0]: row[1:] for row in table(what_if, CONTEXT, 2, 16)(now)["rows"]}
    train = now.dataset.train
    losses = [each.loss(train.X, train.Y) for each in (now.model, what_if.model(now))]
    assert [float(loss) for loss in rows["train loss (nats)"]] == pytest.approx(losses, abs=1e-3)
    assert losses[0] != losses[1]
    assert rows["where “a” is"][1] == f"({x + 0.3:.3f}, {y + 0.1:.3f})".replace("-", "−")
    assert "None of these" not in table(what_if, CONTEXT, 2, 16)(now)["text"]
    assert "None of these is in the context" in table(what_if, [0, 22, 22], 2, 16)(now)["text"]
    what_if.put_back()
    assert what_if.model(now) is now.model


def test_a_letter_that_was_put_beyond_the_axes_is_shown(session: Session) -> None:
    what_if, now = WhatIf(), session.run.now()
    what_if.picture(now, CONTEXT, 2, 16)
    what_if.put(5, 30.0, -20.0)
    shown = what_if.picture(now, CONTEXT, 2, 16)
    (left, right), (low, high) = shown["layout"]["xaxis.range"], shown["layout"]["yaxis.range"]
    assert left < 30 < right
    assert low < -20 < high
    assert (shown["data"][1]["x"][5], shown["data"][1]["y"][5]) == (30.0, -20.0)


def test_a_press_on_empty_ground_takes_hold_of_nothing(session: Session) -> None:
    what_if, now = WhatIf(), session.run.now()
    drag(what_if, (0.0, 0.0), (1.0, 1.0))  # before any picture
    what_if.picture(now, CONTEXT, 2, 16)
    drag(what_if, (50.0, 50.0), (1.0, 1.0))
    assert not what_if.places


def test_a_letter_stays_on_the_axes_and_is_named_while_it_is_elsewhere(session: Session) -> None:
    what_if, now = WhatIf(), session.run.now()
    drawn = what_if.picture(now, CONTEXT, 2, 16)
    ranges, letters = drawn["layout"], drawn["data"][1]
    drag(what_if, (letters["x"][5], letters["y"][5]), (900.0, -900.0))
    assert what_if.places[5] == (ranges["xaxis.range"][1], ranges["yaxis.range"][0])
    assert "You have moved “a”" in table(what_if, CONTEXT, 2, 16)(now)["text"]
    session.run.call(lambda trainer: trainer.model.theta.fill_(math.nan))
    assert "overflowed" in table(what_if, CONTEXT, 2, 16)(session.run.now())["text"]


def test_the_axes_rest_while_a_letter_is_held(session: Session) -> None:
    what_if, now = WhatIf(), session.run.now()
    before = what_if.picture(now, CONTEXT, 2, 16)["layout"]["xaxis.range"]
    x, y = now.model.C[5].tolist()
    what_if.drag({"x": x, "y": y, "phase": "begin"})
    what_if.drag({"x": 40.0, "y": y, "phase": "move"})
    assert what_if.picture(now, CONTEXT, 2, 16)["layout"]["xaxis.range"] == before


def test_another_network_has_its_letters_where_it_has_them(session: Session) -> None:
    what_if = WhatIf()
    what_if.model(session.run.now())
    what_if.put(5, 1.0, 1.0)
    session.run.set("hidden", 12)
    assert what_if.model(session.run.now()) is session.run.snapshot.model
    assert not what_if.places


@pytest.mark.parametrize(
    "value",
    [None, 3, {}, {"x": "a", "y": 0, "phase": "move"}, {"x": math.nan, "y": 0, "phase": "move"},
     {"x": 1e9, "y": 0, "phase": "move"}, {"x": 0, "y": 0, "phase": "fly"}],
)  # fmt: skip
def test_a_message_that_makes_no_sense_is_refused(value: Any) -> None:
    with pytest.raises(ValueError, match="no place"):
        WhatIf().drag(value)


def test_explained_variance_is_that_of_all_directions() -> None:
    C = torch.randn(34, 10) * torch.arange(1, 11)
    full = torch.linalg.svd(C - C.mean(0), full_matrices=False)
    assert explained(C, full.Vh.T).sum().item() == pytest.approx(1)
    expected = (full.S**2 / (full.S**2).sum())[:2]
    assert explained(C, full.Vh[:2].T).tolist() == pytest.approx(expected.tolist(), rel=1e-4)


def test_what_is_seen_of_a_larger_embedding_is_said(session: Session) -> None:
    session.run.set("embedding_dim", 10)
    now = session.run.now()
    assert "The 2 dimensions shown hold" in Space(False, None).text(now)
    assert "fitted at step 7" in Space(True, np.eye(10, 3, dtype=np.float32), 7).text(now)
    session.run.set("embedding_dim", 2)
    assert Space(False, None).text(session.run.now()) == ""


def test_rare_and_never_trained_characters_are_named(session: Session) -> None:
    text = views.rare(session.run.now().dataset)
    assert "Never trained: “’”, which occurs in test names only" in text
    assert "“2” (1)" in text
    session.run.set("train_examples", 20)
    few = views.rare(session.run.now().dataset)
    assert "in names that are left out" in few


@pytest.mark.parametrize("dim", ["1", "2", "3", "64"])
def test_every_view_holds_at_every_dimension(dim: str) -> None:
    app = opened("embedding", embedding_dim=dim)
    assert not app.exception
    live = app.session_state.live
    for steps in (0, 5):
        live.run.call(lambda trainer, steps=steps: trainer.step(steps))
        for key, patch in patches(app).items():
            assert patch, key


def test_numbers_that_have_overflowed_get_sentences(session: Session) -> None:
    session.run.call(lambda trainer: trainer.model.theta.fill_(math.nan))
    now = session.run.now()
    assert "overflowed" in views.neighbours(5)(now)["text"]
    assert views.near_over_time(5)(now)["label"]
    assert "nothing to compare" in views.gathering_curve(views.gathering_points(session))(now)["label"]
    assert views.InLarge(Space(False, None), 5)(now)["label"]
    assert WhatIf().picture(now, CONTEXT, 2, 16)["label"]


def test_a_context_that_makes_no_sense_gets_a_sentence_and_the_last_one_stays() -> None:
    app = opened("embedding")
    app.text_input(key="plane_context").set_value("ß").run()
    assert not app.exception
    assert "does not know ß" in app.warning[0].value
    move = next(button for button in app.button if button.label == "Move “a” there")
    move.click().run()
    assert "Type a number" in app.warning[-1].value
    assert not app.session_state.what_if.places
    app.number_input(key="plane_place_5_1").set_value(2.0).run()
    next(button for button in app.button if button.label == "Move “a” there").click().run()
    assert app.session_state.what_if.places
    place = app.session_state.what_if.model(app.session_state.live.run.now()).C[5].tolist()
    assert place[0] == 2.0
    next(button for button in app.button if button.label == "Put it back").click().run()
    assert not app.session_state.what_if.places
