"""The loss curve draws what the timeline holds, and drawing changes nothing."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

import mlp
from mlp.analysis.baselines import baselines
from mlp.engine.snapshot import Curve, curve_of
from mlp.plots import fit_map, levels, loss
from mlp.plots.compare import Line
from mlp.plots.patches import each_number, number
from mlp.plots.theme import LIGHT


def trained(steps: int) -> mlp.Trainer:
    trainer = mlp.Trainer(mlp.Settings(hidden=10, train_examples=64))
    trainer.step(steps)
    trainer.timeline.losses("dev")
    return trainer


def test_draws_the_losses_of_the_remembered_steps() -> None:
    trainer = trained(150)
    before = list(trainer.timeline.steps), dict(trainer.timeline.known)
    patch = loss.update(curve_of(trainer.timeline), 34, 150)
    batch, train, dev, best, turn, changed, names, guess = patch["data"][:8]
    assert not turn["visible"]
    assert not changed["visible"]
    assert not names["visible"]
    lowest = min(trainer.timeline.losses("dev"))
    assert math.isclose(best["y"][0], lowest, rel_tol=1e-4)
    assert trainer.timeline.losses_at(best["x"][0])[1] == lowest
    assert train["x"] == dev["x"] == trainer.timeline.steps
    for drawn, kept in zip(train["y"], trainer.timeline.losses("train"), strict=True):
        assert math.isclose(drawn, kept, rel_tol=1e-4)
    assert train["customdata"] == trainer.timeline.epochs
    assert guess["y"] == pytest.approx([math.log(34)] * 3, rel=1e-4)
    assert batch["x"][-1] == 150
    assert (list(trainer.timeline.steps), dict(trainer.timeline.known)) == before


def test_the_turn_that_the_verdict_names_is_marked_on_the_dev_curve() -> None:
    trainer = mlp.Trainer(mlp.Settings(hidden=100, embedding_dim=10, init="scaled", train_examples=256))
    trainer.step(2000)
    found = mlp.diagnose(trainer)
    assert found.turn
    trainer.timeline.losses("dev")
    turn = loss.update(curve_of(trainer.timeline), 34, 2000, extras=loss.Extras(turn=found.turn))["data"][4]
    assert turn["visible"]
    assert turn["x"] == [found.turn]
    assert turn["y"] == [pytest.approx(trainer.timeline.losses_at(found.turn)[1], abs=1e-4)]


@pytest.mark.parametrize("log_x", [False, True])
def test_every_change_has_a_mark_at_its_step_and_a_drag_has_one(log_x: bool) -> None:
    trainer = trained(400)
    for rate in (0.09, 0.08, 0.05):
        trainer.change(learning_rate=rate)
        trainer.step(2)
    trainer.step(400)
    trainer.change(optimizer="adam", batch_size=None)
    trainer.step(50)
    extras = loss.Extras(log_x=log_x, changes=trainer.recipe().changes)
    patch = loss.update(curve_of(trainer.timeline), 34, trainer.steps_done, extras=extras)
    marks, names = patch["data"][5:7]
    assert marks["x"] == [404, 404, None, 806, 806, None]
    assert marks["y"][:2] == patch["layout"]["yaxis.range"]
    assert names["x"] == [404, 806]
    assert names["text"] == ["learning rate 0.05", "batch size full, optimizer adam"]
    assert marks["customdata"][0] == "step 404: learning rate 0.05"
    assert patch["label"].endswith("Changed at step 806: batch size full, optimizer adam.")


def test_stays_within_about_a_thousand_points_however_long_the_run() -> None:
    step, points = 0, 0
    while step < 5_000_000:
        step += max(1, step // 80)
        points += 1
    assert points < 1_050
    assert len(loss.update(curve_of(trained(3000).timeline), 34, 3000)["data"][1]["x"]) < 500


def test_a_loss_not_worked_out_yet_is_a_gap() -> None:
    curve = Curve((0, 1, 2), (0.0, 0.1, 0.2), (4.0, 3.9, math.nan), (4.0, math.nan, 3.8), (4.1, math.nan, 3.9))
    patch = loss.update(curve, 34, 2)
    assert patch["data"][1]["y"] == [4.0, None, 3.8]


def test_log_axes_hold_the_same_losses() -> None:
    curve = curve_of(trained(100).timeline)
    linear = loss.update(curve, 34, 100)["layout"]
    logarithmic = loss.update(curve, 34, 100, extras=loss.Extras(log_x=True, log_y=True))["layout"]
    assert (logarithmic["xaxis.type"], logarithmic["yaxis.type"]) == ("log", "log")
    for exponent, end in zip(logarithmic["yaxis.range"], linear["yaxis.range"], strict=True):
        assert math.isclose(10**exponent, end)


def test_first_losses_do_not_squeeze_the_rest_once_chance_is_beaten() -> None:
    steps = tuple(range(100))
    losses = tuple(17.0 * 0.97**i for i in steps)
    curve = Curve(steps, tuple(i / 10 for i in steps), losses, losses, losses)
    bottom, top = loss.update(curve, 34, 99)["layout"]["yaxis.range"]
    assert bottom < min(losses)
    assert math.log(34) < top < 6
    early = Curve(*(part[:5] for part in (steps, curve.epochs, losses, losses, losses)))
    assert loss.update(early, 34, 4)["layout"]["yaxis.range"][1] >= 17


def test_references_and_pinned_runs_are_drawn_and_named() -> None:
    trainer = trained(200)
    counts = baselines(trainer.dataset).dev
    curve = curve_of(trainer.timeline)
    ghost = Line("hidden 5", "First names", curve.steps, curve.train, curve.dev)
    extras = loss.Extras(references={"bigram": counts.bigram, "none": math.nan}, ghosts=[ghost], words="Pokémon")
    patch = loss.update(curve, 34, 200, extras=extras)
    assert len(patch["data"]) == len(loss.figure().data)
    drawn = {trace["name"]: trace for trace in patch["data"] if trace.get("visible") and "name" in trace}
    assert drawn["bigram"]["y"] == pytest.approx([counts.bigram] * 3, rel=1e-4)
    assert drawn["hidden 5"]["y"] == pytest.approx(curve.dev, rel=1e-4)
    assert "different word lists: First names / Pokémon" in patch["layout"]["yaxis.title.text"]
    bottom, top = patch["layout"]["yaxis.range"]
    assert bottom < counts.bigram < top


@pytest.mark.parametrize(("end", "share"), [(3.6, levels.COLUMNS[1]), (2.4, levels.COLUMNS[0])])
def test_the_name_of_a_level_makes_room_for_those_of_the_curves(end: float, share: float) -> None:
    losses = (17.0, end)
    patch = loss.update(Curve((0, 90), (0.0, 1.0), losses, losses, losses), 34, 90)
    left, right = loss.x_span(90, log_x=False)
    guess = next(trace for trace in patch["data"] if trace.get("name", "").startswith(loss.GUESS))
    assert guess["x"][1] == pytest.approx(left + share * (right - left))


def test_a_diverged_run_still_has_an_axis() -> None:
    curve = Curve((0, 1, 2), (0.0, 0.1, 0.2), (20.0, 1e30, math.inf), (20.0, 1e30, math.inf), (20.0, 1e31, math.nan))
    bottom, top = loss.update(curve, 34, 2)["layout"]["yaxis.range"]
    assert math.isfinite(bottom)
    assert math.isfinite(top)
    assert bottom < top


def test_the_text_alternative_says_how_it_stands() -> None:
    trainer = trained(300)
    label = loss.update(curve_of(trainer.timeline), 34, 300)["label"]
    assert label.startswith("Loss curve at step 300: train loss ")
    best = min(trainer.timeline.losses("dev"))
    assert f"lowest dev loss {best:.3f}" in label
    assert "3.526" in label


@given(st.lists(st.floats() | st.floats(0, 100), max_size=30))
def test_many_losses_are_rounded_as_each_alone(losses: list[float]) -> None:
    for many, alone in zip(each_number(losses), map(number, losses), strict=True):
        assert many == (alone if alone is None else pytest.approx(alone, rel=1.01e-4))
        assert many is None or float(f"{many:.5g}") == many


def test_what_is_best_has_another_colour_than_the_dev_loss() -> None:
    for figure in (loss.figure(), fit_map.figure(("hidden", [1, 2]), ("train_examples", [64, None]), 300)):
        stars = [trace for trace in figure.select_traces({"type": "scatter"}) if trace.marker.symbol == "star"]
        assert [trace.marker.color for trace in stars] == [LIGHT["good"]]
