"""The charts of the fitting lab draw what the map, the finder and the runs hold, and say it in words."""

import json
import math
from dataclasses import replace

import plotly.graph_objects as go
import pytest

import mlp
from mlp.analysis.rate_finder import RateFinder, find_rate
from mlp.dataset import make_dataset
from mlp.plots import capacity, compare, fit_map, rates

X, Y = ("hidden", [2, 8, 30]), ("learning_rate", [0.1, 10.0])


@pytest.fixture(scope="module")
def snapshot():
    """Three networks that learn and three that diverge."""
    settings = mlp.Settings(direct=True, optimizer="momentum")
    fits = mlp.FitMap(settings.with_changes(learning_rate=0.02), x=X, y=("learning_rate", [0.02, 10.0]))
    fits.run_for(60.0, until=150)
    return fits.snapshot()


def drawn(figure, patch):
    """The figure with a patch merged into it, as the browser does, checked by Plotly."""
    assert len(patch["data"]) == len(figure.data)
    json.dumps(patch, allow_nan=False)
    for trace, change in zip(figure.data, patch["data"], strict=True):
        trace.update(change)
    for key, value in patch["layout"].items():
        place = figure.layout
        *path, last = key.split(".")
        for part in path:
            place = place[part]
        place[last] = value
    return go.Figure(figure.to_dict())


def test_the_map_draws_each_loss_in_its_cell(snapshot):
    patch = fit_map.update(snapshot, 0, 1)
    figure = drawn(fit_map.figure(snapshot.x, snapshot.y), patch)
    losses = snapshot.loss("dev")
    for col in range(3):
        assert patch["data"][0]["z"][0][col] == pytest.approx(losses[0, col].item(), rel=1e-4)
    assert patch["data"][0]["z"][1] == [None] * 3
    assert figure.data[1].x == (0, 1, 2)
    assert figure.data[1].y == (1, 1, 1)  # the diverged ones
    best = int(losses[0].argmin())
    assert (round(figure.data[2].x[0]), round(figure.data[2].y[0])) == (best, 0)
    frame = figure.layout.shapes[0]
    assert (frame.x0, frame.x1, frame.y0, frame.y1) == (0.5, 1.5, -0.5, 0.5)
    assert figure.layout.xaxis.ticktext == ("2", "8", "30")


def test_the_map_says_in_words_what_it_shows(snapshot):
    label = fit_map.update(snapshot, 0, 1)["label"]
    assert label.startswith("Map of fits: dev loss of 6 networks at step 150. Lowest ")
    assert "Cursor: Hidden units 8, Learning rate 0.02, dev loss" in label
    assert label.endswith("3 diverged.")
    assert "Hidden units 8, Learning rate 10, diverged" in fit_map.update(snapshot, 1, 1)["label"]


def test_the_gap_is_dev_minus_train(snapshot):
    fit = snapshot.fits[0][2]
    patch = fit_map.update(snapshot, 0, 0, "gap")
    assert patch["data"][0]["z"][0][2] == pytest.approx(fit.dev[-1] - fit.train[-1], rel=1e-3)
    assert patch["data"][2]["x"] == []  # the smallest gap is not the best network


def test_a_map_of_which_nothing_is_known_is_empty():
    snapshot = mlp.FitMap(mlp.Settings(), x=X, y=Y).snapshot()
    patch = fit_map.update(snapshot, 0, 0)
    drawn(fit_map.figure(snapshot.x, snapshot.y), patch)
    assert patch["data"][0]["z"] == [[None] * 3] * 2
    assert "not known yet" in patch["label"]
    assert "not known yet" in capacity.update(snapshot, 0, 0)["label"]


def test_the_capacity_curve_is_a_row_or_a_column_of_the_map(snapshot):
    along_x, along_y = capacity.update(snapshot, 0, 2), capacity.update(snapshot, 0, 2, "y")
    figure = drawn(capacity.figure(*snapshot.x), along_x)
    train, dev, best = figure.data
    assert train.y == pytest.approx([fit.train[-1] for fit in snapshot.fits[0]], rel=1e-4)
    assert dev.y == pytest.approx([fit.dev[-1] for fit in snapshot.fits[0]], rel=1e-4)
    assert best.y[0] == min(dev.y)
    assert figure.layout.shapes[0].x0 == figure.layout.shapes[0].x1 == 2
    assert along_y["data"][1]["y"][1] is None  # diverged: a gap in the line
    assert along_x["label"].startswith("Capacity curve over Hidden units at step 150: at 30 train loss")
    assert "diverged" in capacity.update(snapshot, 1, 2, "y")["label"]


def test_the_finders_curve_marks_the_valley_and_the_suggestion():
    curve = find_rate(mlp.Trainer(mlp.Settings()), 400)
    patch = rates.update(curve)
    batch, smoothed, valley, suggested = drawn(rates.figure(), patch).data
    assert batch.x == curve.exponents
    assert (valley.x[0], valley.y[0]) == (smoothed.x[curve.valley], smoothed.y[curve.valley])
    assert 10 ** suggested.x[0] == pytest.approx(curve.suggested)
    assert f"suggested rate {curve.suggested:.2g}" in patch["label"]
    assert "the loss had risen far above its lowest" in patch["label"]


def test_a_finder_that_has_not_begun_draws_nothing():
    patch = rates.update(RateFinder(mlp.Trainer(mlp.Settings()), 400).curve())
    drawn(rates.figure(), patch)
    assert patch["label"] == "Learning-rate finder: not started."


def line(name, words="Pokémon", low=2.0):
    return compare.Line(name, words, [0, 10, 20], [3.0, 2.0, 1.0], [3.0, low, math.nan])


def test_ghosts_stand_behind_the_current_run():
    patch = compare.update(line("now"), [line("first", low=2.5), line("<b>second</b>")])
    figure = drawn(compare.figure(), patch)
    visible = [trace.name for trace in figure.data if trace.visible]
    second = "&lt;b&gt;second&lt;/b&gt;"
    assert visible == ["first: train", "first", f"{second}: train", second, "now: train", "now: dev"]
    assert figure.data[-1].y == (3.0, 2.0, None)
    assert patch["label"].startswith("Compared runs: first: lowest dev loss 2.500 at step 10;")
    assert patch["layout"]["yaxis.title.text"] == "loss in nats"
    assert patch["layout"]["yaxis.range"][0] < 1.0 < 2.0 < patch["layout"]["yaxis.range"][1]


def test_different_words_never_share_an_axis_without_its_saying_so():
    patch = compare.update(line("now"), [line("then", "First names")])
    assert patch["layout"]["yaxis.title.text"] == "loss in nats (different word lists: First names / Pokémon)"
    assert "cannot be compared" in patch["label"]


def test_other_dev_words_are_warned_of_by_what_they_are():
    dev = make_dataset(mlp.Settings(), mlp.load_words("pokemon")).dev.words
    dealt_anew = make_dataset(mlp.Settings(seed=2), mlp.load_words("pokemon")).dev.words
    same = compare.update(replace(line("now"), dev_words=dev), [replace(line("then"), dev_words=(*dev,))])
    assert same["layout"]["yaxis.title.text"] == "loss in nats"
    assert compare.OTHER_DEV not in same["label"]
    other = compare.update(replace(line("now"), dev_words=dev), [replace(line("then"), dev_words=dealt_anew)])
    assert other["layout"]["yaxis.title.text"] == "loss in nats (different dev splits)"
    assert other["label"].endswith(compare.OTHER_DEV)


def test_no_run_and_more_than_eight_are_borne():
    assert compare.update(None, [])["label"] == "Compared runs: none yet."
    patch = compare.update(None, [line(f"run {n}") for n in range(12)])
    drawn(compare.figure(), patch)
    assert sum(trace["visible"] for trace in patch["data"]) == 16
