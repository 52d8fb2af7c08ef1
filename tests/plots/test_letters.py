"""The embedding in large: true places, letters apart, trails where the points were; and its page's other figures."""

import json
import math

import numpy as np
import pytest
import torch

import mlp
from mlp.analysis.neighbours import purity
from mlp.plots import embedding, gathering, letters, letters_3d, near, plane
from mlp.plots.letters import PLOT, font_sizes, make_room

SIZES = [{}, {"embedding_dim": 1}, {"embedding_dim": 3}, {"embedding_dim": 64}, {"word_list": "names"}]


def reach(C):
    return embedding.extent(np.nan_to_num(C))


def kept(module, patch):
    assert len(module.figure().data) == len(patch["data"])
    json.dumps(patch, allow_nan=False)
    return patch


@pytest.mark.parametrize("changes", SIZES, ids=str)
@pytest.mark.parametrize("ruin", [None, math.nan, math.inf])
def test_the_letters_keep_the_contract_of_live_charts(changes, ruin):
    trainer = mlp.Trainer(mlp.Settings(**changes))
    C = trainer.model.C.numpy().copy()
    if ruin is not None:
        C[3] = ruin
    basis = np.eye(C.shape[1], 2, dtype=np.float32) if C.shape[1] > 2 else None
    ways = letters.trails([C * 2, C, C], trainer.dataset.untrained, basis)
    patch = kept(letters, letters.update(C, trainer.dataset, 0, reach(C), basis, marked=3, ways=ways))
    if C.shape[1] >= 3:
        kept(letters_3d, letters_3d.update(C, trainer.dataset, 7, reach(C)[:, :3]))
    assert patch["label"].startswith(letters.TITLE)
    texts = [text for trace in patch["data"] for text in trace.get("text", [])]
    assert len(texts) == len(set(texts)) == len(trainer.dataset.vocabulary)


def test_a_letter_with_room_is_at_its_point_and_says_how_often_it_occurs():
    trainer = mlp.Trainer(mlp.Settings())
    C = 10 * np.stack([np.arange(34) % 6, np.arange(34) // 6], 1).astype(np.float32)
    patch = letters.update(C, trainer.dataset, 0, reach(C))
    vowels = patch["data"][4]
    row = trainer.dataset.vocabulary.index["a"]
    place = vowels["text"].index("a")
    assert (vowels["x"][place], vowels["y"][place]) == pytest.approx(tuple(C[row]), abs=1e-3)
    count = int((row == trainer.dataset.train.X).sum())
    assert f"{count:,} times" in vowels["customdata"][place]


def test_the_ring_is_around_the_marked_letter_where_it_stands_also_where_it_had_to_make_room():
    trainer = mlp.Trainer(mlp.Settings())
    index = trainer.dataset.vocabulary.index
    for marked in "aeiou":
        patch = letters.update(
            0.01 * trainer.model.C.numpy(), trainer.dataset, 0, np.array([[-3.0], [3.0]]), marked=index[marked]
        )
        vowels, (ring,) = patch["data"][4], patch["layout"]["shapes"]
        place = vowels["text"].index(marked)
        assert (ring["xanchor"], ring["yanchor"]) == pytest.approx((vowels["x"][place], vowels["y"][place]), abs=1e-5)


def test_letters_that_would_cover_one_another_make_room():
    dataset = mlp.Trainer(mlp.Settings()).dataset
    sizes, ranges = font_sizes(dataset), ([-1.0, 1.0], [-1.0, 1.0])
    C = 0.05 * np.random.default_rng(1).normal(size=(34, 2))
    scale = PLOT / 2
    for upright in (False, True):
        places = make_room(C if not upright else C * [1, 0], sizes, ranges, upright=upright)
        half = np.stack([0.33 * np.array(sizes), 0.5 * np.array(sizes)], 1)
        away = np.abs(places[:, None] - places) * scale
        inside = ((half[:, None] + half - away) > 4).all(2) & ~np.eye(34, dtype=bool)
        assert inside.sum() / 2 <= (14 if upright else 2)  # of more than 200 pairs that would
        if upright:
            assert places[:, 0] == pytest.approx(C[:, 0], abs=1e-4)
    assert np.array_equal(make_room(C, sizes, ranges), make_room(C, sizes, ranges))


def test_more_frequent_is_larger():
    dataset = mlp.Trainer(mlp.Settings()).dataset
    sizes = dict(zip(dataset.vocabulary.characters, font_sizes(dataset), strict=True))
    assert sizes["a"] == letters.LARGEST
    assert sizes["a"] > sizes["g"] > sizes["x"] >= letters.SMALLEST


def test_trails_lead_through_the_earlier_places_to_the_point():
    trainer = mlp.Trainer(mlp.Settings())
    past = [trainer.model.C.numpy() * factor for factor in (4, 3, 2)]
    C = trainer.model.C.numpy()
    ways = letters.trails([*past, C], trainer.dataset.untrained)
    trails = letters.update(C, trainer.dataset, 0, reach(4 * C), ways=ways)["data"][:3]
    moving = [row for row in range(34) if row not in trainer.dataset.untrained]
    for trail, (begin, end) in zip(trails, ((4, 3), (3, 2), (2, 1)), strict=True):
        x = trail["x"]
        assert x[2::3] == [None] * (len(moving) - 1)
        assert x[0::3] == pytest.approx((C[moving, 0] * begin).tolist(), abs=1e-5)
        assert x[1::3] == pytest.approx((C[moving, 0] * end).tolist(), abs=1e-5)


def test_the_plane_is_drawn_with_the_letters_and_their_ways():
    trainer = mlp.Trainer(mlp.Settings())
    true = trainer.model.C.numpy()
    C = true.copy()
    C[5] = [0.5, -0.5]
    ranges = ([-3.0, 3.0], [-2.0, 2.0])
    chances = torch.rand(plane.CELLS, plane.CELLS)
    patch = kept(plane, plane.update(chances, C, C, true, trainer.dataset, ranges, ("..a", "l", 2), 5))
    assert (patch["data"][1]["x"][5], patch["data"][1]["y"][5]) == (0.5, -0.5)
    assert patch["data"][2]["x"] == [float(true[5, 0]), 0.5, None]
    assert "character 3 of the context “..a”" in patch["label"]
    across, up = plane.cells(ranges)
    assert (across[0], across[-1], up[0], up[-1]) == (-3, 3, -2, 2)


def test_the_gathering_is_told_with_its_chance_and_since_when():
    C = np.random.default_rng(1).normal(size=(30, 2))
    strewn = purity(C, set(range(6)), set(range(30)))
    C[:6] = C[0] + 0.01 * C[:6]
    heap = purity(C, set(range(6)), set(range(30)))
    patch = kept(gathering, gathering.update([(0, strewn), (5, heap), (9, heap)], 9))
    assert "since about step 5" in patch["label"]
    assert "luck" in gathering.update([(0, heap)], 0)["label"]
    assert patch["data"][0]["y"] == [strewn.value, 1.0, 1.0]
    assert "have not gathered" in gathering.update([(3, strewn)], 3)["label"]
    assert "nothing to compare" in kept(gathering, gathering.update([], 0))["label"]


def test_distances_over_the_training_name_who_is_near():
    patch = kept(near, near.update("a", [0, 10], [("e", [2.0, 0.5]), ("<", [1.0, 0.75])], 10))
    assert "“e” 0.5 (at step 0: 2)" in patch["label"]
    assert [trace.get("name") for trace in patch["data"]] == ["to e", "to &lt;", None, None]
    kept(near, near.update("a", [], [], 0))


def test_vowels_are_told_from_consonants_without_colours() -> None:
    weights = {trace.name: trace.textfont.weight for trace in letters.figure().data if trace.mode == "markers+text"}
    assert weights[embedding.NAMES["vowel"]] > weights[embedding.NAMES["consonant"]]
