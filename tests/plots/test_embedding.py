"""The map shows the rows of C, each character in its group, on axes that hold still."""

import math

import numpy as np
import pytest
import torch

import mlp
from mlp.dataset import Vocabulary
from mlp.plots import embedding
from mlp.plots.theme import DARK, LIGHT


def box(C: torch.Tensor) -> np.ndarray:
    return embedding.extent(C.numpy())


def points(patch: dict) -> dict[str, tuple[float, float]]:
    return {t: (x, y) for trace in patch["data"] for t, x, y in zip(trace["text"], trace["x"], trace["y"], strict=True)}


def test_every_character_stands_where_its_row_of_C_says() -> None:
    trainer = mlp.Trainer(mlp.Settings())
    C, vocabulary = trainer.model.C, trainer.dataset.vocabulary
    shown = points(embedding.update(C, vocabulary, 0, box(C)))
    assert len(shown) == len(vocabulary) == 34
    assert shown["a"] == tuple(C[vocabulary.index["a"]].tolist())
    assert shown["␣"] == tuple(C[vocabulary.index[" "]].tolist())


def test_groups_tell_vowels_consonants_symbols_and_the_boundary_token_apart() -> None:
    assert [embedding.group_of(c) for c in "ayr.♀2 -"] == [
        "vowel", "vowel", "consonant", "boundary", "sign", "sign", "sign", "sign",
    ]  # fmt: skip
    traces = embedding.figure().data[: len(embedding.GROUPS)]
    assert len({trace.marker.symbol for trace in traces}) == len({trace.marker.color for trace in traces}) == 4


def test_what_users_typed_is_escaped() -> None:
    vocabulary = Vocabulary(["<b", "&"])
    C = torch.randn(len(vocabulary), 2)
    assert {"&lt;", "&amp;"} <= set(points(embedding.update(C, vocabulary, 0, box(C))))


def test_one_dimension_is_a_line_and_more_are_projected_onto_a_fixed_basis() -> None:
    vocabulary = Vocabulary(["abc"])
    line = torch.randn(4, 1)
    patch = embedding.update(line, vocabulary, 0, box(line))
    assert all(y == 0 for _, y in points(patch).values())
    assert "only" in patch["layout"]["xaxis.title.text"]
    C = torch.randn(4, 5)
    basis = torch.from_numpy(embedding.principal_basis(C))
    assert torch.allclose(basis.T @ basis, torch.eye(2), atol=1e-5)
    patch = embedding.update(C, vocabulary, 0, box(C), basis.numpy())
    assert points(patch)["b"] == pytest.approx((C[2] @ basis).tolist(), abs=1e-6)
    assert "component 1 of 5 dimensions" in patch["layout"]["xaxis.title.text"]
    assert points(embedding.update(C, vocabulary, 0, box(C)))["b"] == pytest.approx(C[2, :2].tolist())


def test_the_principal_basis_spreads_the_points_most() -> None:
    C = torch.randn(50, 6) * torch.tensor([1, 1, 9, 1, 5, 1])
    spread = (C.numpy() @ embedding.principal_basis(C)).var(0).sum()
    for _ in range(20):
        other = torch.linalg.qr(torch.randn(6, 2)).Q
        assert spread >= (C @ other).var(0).sum() - 1e-3


@pytest.mark.parametrize(("low", "high"), [(-1.0, 1.0), (0.0, 0.0), (-5.2, 0.1), (3.0, 3.001)])
def test_an_axis_holds_what_was_reached(low: float, high: float) -> None:
    begin, end = embedding.axis_range(np.array([low, high]))
    assert begin < low
    assert end > high
    assert end - begin < 3 * max(high - low, 0.5)


def test_an_axis_moves_seldom_while_its_points_spread() -> None:
    ranges = {tuple(embedding.axis_range(np.array([-r, r]))) for r in np.linspace(1, 2, 200)}
    assert len(ranges) <= 12


def test_numbers_that_are_not_finite_do_no_harm() -> None:
    C = torch.full((4, 2), math.nan)
    patch = embedding.update(C, Vocabulary(["abc"]), 7, box(C))
    assert patch["layout"]["xaxis.range"] == [-1.0, 1.0]
    assert "overflowed" in patch["label"]


def test_the_text_alternative_names_the_closest_pair() -> None:
    C = torch.tensor([[0.0, 0.0], [5.0, 5.0], [9.0, 1.0], [5.0, 5.1]])
    label = embedding.update(C, Vocabulary(["abc"]), 1234, box(C))["label"]
    assert label.startswith("Character embedding at step 1,234")
    assert "“a” and “c”" in label


def test_every_light_colour_has_a_dark_partner_of_its_own() -> None:
    assert LIGHT.keys() == DARK.keys()
    assert len(set(LIGHT.values())) == len(LIGHT), "two equal light colours could not be told apart when swapped"


def test_what_is_far_out_is_left_out_of_the_extent_and_named() -> None:
    vocabulary = Vocabulary(["abcdefgh"])
    C = torch.tensor([[0.1 * i, -0.1 * i] for i in range(9)])
    assert np.array_equal(embedding.extent(C.numpy(), far_out=False), embedding.extent(C.numpy())), "nothing is far out"
    C[4] = torch.tensor([0.4, 50.0])
    near = embedding.extent(C.numpy(), far_out=False)
    rest = torch.cat([C[:4], C[5:]])
    assert near[0].tolist() == pytest.approx(rest.amin(0).tolist())
    assert near[1, 1] < 2
    (note,) = embedding.update(C, vocabulary, 0, near)["layout"]["annotations"]
    assert note["text"] == "outside the axes: d"
    assert embedding.update(C, vocabulary, 0, box(C))["layout"]["annotations"] == []


def test_a_character_that_no_context_holds_is_hollow_and_keeps_its_place() -> None:
    trainer = mlp.Trainer(mlp.Settings())
    C, dataset = trainer.model.C, trainer.dataset
    before = C.clone()
    trainer.step(500)
    patch = embedding.update(C, dataset.vocabulary, 500, box(C), untrained=dataset.untrained)
    *groups, hollow = patch["data"]
    assert hollow["text"] == ["’"]
    assert hollow["marker"] == {"symbol": ["diamond-open"], "color": [LIGHT["sign"]]}
    assert sum(len(trace["text"]) for trace in groups) == 33
    moved = (before != C).any(1).tolist()
    assert [index for index, moves in enumerate(moved) if not moves] == [dataset.vocabulary.index["’"]]
    assert "Hollow: ’" in patch["label"]
    assert "Hollow" not in embedding.update(C, dataset.vocabulary, 500, box(C))["label"]
