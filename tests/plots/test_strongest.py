"""The strongest edges: against a plain loop over all products, and where they are drawn."""

import math

import pytest
import torch

import mlp
from mlp.plots import network, strongest
from mlp.plots.network_places import LAYERS


def plain(values: list[float], weights: list[list[float]], above: int) -> list[tuple[int, int, float]]:
    every = [(i, j, values[i] * weights[i][j]) for i in range(len(values)) for j in range(above)]
    return sorted(every, key=lambda edge: -abs(edge[2]))[: strongest.COUNT]


def test_they_are_the_largest_products() -> None:
    generator = torch.Generator().manual_seed(3)
    values, weights = torch.randn(7, generator=generator), torch.randn(7, 9, generator=generator)
    found = strongest.edges(values, weights, range(7), 5)
    expected = plain(values.tolist(), weights.tolist(), 5)
    assert [edge[:2] for edge in found] == [edge[:2] for edge in expected]
    assert [edge.product for edge in found] == pytest.approx([product for *_, product in expected])


def test_only_inputs_that_are_drawn_take_part_by_the_place_of_their_dot() -> None:
    values, weights = torch.tensor([9.0, 1.0, 2.0]), torch.ones(3, 1)
    assert [tuple(edge) for edge in strongest.edges(values, weights, [1, 2], 1)] == [(1, 0, 2.0), (0, 0, 1.0)]


def test_what_is_zero_or_has_overflowed_is_no_edge() -> None:
    values, weights = torch.tensor([math.inf, math.nan, 0.0, 1.0]), torch.ones(4, 1)
    assert [tuple(edge) for edge in strongest.edges(values, weights, range(4), 1)] == [(3, 0, 1.0)]


@pytest.mark.parametrize("changes", [{}, {"hidden": 1}, {"hidden": 400, "embedding_dim": 64, "block_size": 8}], ids=str)
def test_blue_lines_raise_and_red_ones_lower(changes: dict) -> None:
    trainer = mlp.Trainer(mlp.Settings(**changes))
    x, characters = trainer.dataset.train.X[5], trainer.dataset.vocabulary.characters
    drawn = network.figure(trainer.model, x, 3, characters)
    lines = {trace.name: trace for trace in drawn.data if trace.name in strongest.SIGNS}
    forward = trainer.model.forward(x[None])
    dots = {trace.name: list(zip(trace.x, trace.y, strict=True)) for trace in drawn.data if trace.name in LAYERS}
    count = upper = 0
    for sign, name in ((1, "raising"), (-1, "lowering")):
        trace = lines[name]
        points = list(zip(trace.x, trace.y, strict=True))
        for (x0, y0), (x1, y1) in zip(points[::3], points[1::3], strict=True):
            count += 1
            if y1 == LAYERS["logits"]:
                unit, out = dots["hidden"].index((x0, y0)), dots["logits"].index((x1, y1))
                upper += 1
                assert sign * forward.hidden[0, unit] * trainer.model.W2[unit, out] > 0
    assert upper >= strongest.COUNT // 2
    assert count <= 2 * strongest.COUNT
    assert count >= strongest.COUNT
