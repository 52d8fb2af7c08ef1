"""The figures of the page on generating names: their contract, and that they say what the numbers are."""

import json
import math

import pytest
import torch

from mlp.analysis.novelty import ORIGINS
from mlp.plots import next_character, novelty, surprise

CHARACTERS = (".", " ", "a", "b", "<")


def kept(module, *arguments):
    """A figure with a patch on it; the patch fits the figure and JSON."""
    drawn, patch = module.figure(*arguments), module.update(*arguments)
    assert len(drawn.data) == len(patch["data"])
    json.dumps(patch, allow_nan=False)
    assert patch["label"].startswith(module.TITLE)
    return drawn, patch


def test_bars_are_the_probabilities_and_the_likeliest_are_named():
    own = torch.tensor([0.1, 0.0, 0.6, 0.25, 0.05], dtype=torch.float64)
    changed = torch.tensor([0.0, 0.0, 0.7, 0.3, 0.0], dtype=torch.float64)
    drawn, patch = kept(next_character, own, changed, CHARACTERS, "..a")
    assert list(drawn.data[0].y) == own.tolist()
    assert list(drawn.data[1].y) == changed.tolist()
    assert list(drawn.layout.xaxis.ticktext) == [".", "␣", "a", "b", "&lt;"]
    assert "“a” (0.6), “b” (0.25), “.” (0.1)" in patch["label"]
    assert "2 of 5 can still be drawn" in patch["label"]
    assert drawn.layout.yaxis.range[1] >= 0.7


@pytest.mark.parametrize("ruin", [math.nan, math.inf])
def test_bars_of_numbers_that_are_none_are_drawn_all_the_same(ruin):
    kept(next_character, torch.full((5,), ruin), torch.full((5,), ruin), CHARACTERS, "...")


def shares(**given):
    return {name: given.get(name, 0.0) for name in ORIGINS}


def test_the_curve_tells_the_copies_apart_from_the_names_never_seen():
    points = [
        (0, shares(new=1.0)),
        (500, shares(train=0.5, dev=0.125, test=0.125, new=0.1, unused=0.05, **{"cut off": 0.1})),
    ]
    patch = novelty.update(points, 200, 731, "names")
    new, none, held, train = patch["data"]
    assert (new["x"], new["y"], none["y"]) == ([0, 500], [1.0, pytest.approx(0.15)], [0.0, 0.1])
    assert (train["y"], held["y"]) == ([0.0, 0.5], [0.0, 0.25])
    assert "at step 500, 50% of 200 names are in the training list, 0% at step 0; 25% are in dev" in patch["label"]
    assert patch["layout"]["xaxis.range"][1] >= 731
    json.dumps(patch, allow_nan=False)


def test_the_curve_begins_empty():
    assert len(novelty.figure("names").data) == len(novelty.update([], 200, 0, "names")["data"])
    assert "not worked out yet" in novelty.update([], 200, 0, "names")["label"]


def test_the_heat_is_the_surprise_and_names_the_character_that_surprises_most():
    drawn, patch = kept(surprise, "a<b", [0.5, 4.25, 1.0, 0.25], [1.0, 2.0, 3.0, 4.0], 34)
    assert [list(row) for row in drawn.data[0].z] == [[0.5, 4.25, 1.0, 0.25], [1.0, 2.0, 3.0, 4.0]]
    assert list(drawn.layout.xaxis.ticktext) == ["a", "&lt;", "b", "end"]
    assert "by 6 nats in all and the bigram by 10" in patch["label"]
    assert "most is “<”, with 4.25" in patch["label"]
    assert "its end" in surprise.finding("ab", [0.1, 0.1, 3.0], [1.0, 1.0, 1.0])


def test_the_heat_of_an_overflowed_network_says_so():
    _, patch = kept(surprise, "ab", [math.nan] * 3, [1.0] * 3, 34)
    assert "overflowed" in patch["label"]
    kept(surprise, "a" * 60, [1.0] * 61, [1.0] * 61, 34)
