"""How the whole network is drawn: hidden units in rows, bars of the likeliest characters, layers that come in turn."""

from itertools import pairwise

import pytest
import torch

import mlp
from mlp.plots import network
from mlp.plots.network_places import LAYERS, places


def drawn(**changes: object):
    trainer = mlp.Trainer(mlp.Settings(**changes))
    x = trainer.dataset.train.X[5]
    figure = network.figure(trainer.model, x, 3, trainer.dataset.vocabulary.characters)
    return trainer.model, x, {trace.name: trace for trace in figure.data}, figure


@pytest.mark.parametrize(
    ("hidden", "rows", "columns"), [(1, 1, 1), (32, 1, 32), (33, 4, 9), (100, 4, 25), (400, 4, 32)]
)
def test_many_hidden_units_stand_in_four_rows_each_after_the_other(hidden: int, rows: int, columns: int) -> None:
    model, x, traces, _ = drawn(hidden=hidden)
    dots = list(zip(traces["hidden"].x, traces["hidden"].y, strict=True))
    assert len(set(dots)) == len(dots) == min(hidden, 128)
    assert len({y for _, y in dots}) == rows
    assert len({x for x, _ in dots}) == columns
    assert dots == sorted(dots, key=lambda dot: (-dot[1], dot[0]))  # as one reads
    assert sum({y for _, y in dots}) / rows == pytest.approx(LAYERS["hidden"])
    values = model.forward(x[None]).hidden[0, : len(dots)]
    assert list(traces["hidden"].marker.color) == pytest.approx(values.tolist(), abs=1e-3)


def test_the_three_likeliest_have_bars_as_high_as_they_are_likely() -> None:
    model, x, traces, _ = drawn()
    probabilities = torch.softmax(model.forward(x[None]).logits[0].double(), 0).tolist()
    expected = sorted(range(len(probabilities)), key=lambda place: -probabilities[place])[:3]
    bars = traces["likeliest"]
    for i, place in enumerate(expected):
        begin, end = 3 * i, 3 * i + 1
        assert bars.x[begin] == bars.x[end] == traces["probabilities"].x[place]
        assert bars.y[end] - bars.y[begin] == pytest.approx(network.TALLEST * probabilities[place], abs=1e-6)
    named = [f"{probabilities[place]:.0%}" for place in expected if probabilities[place] >= 0.005]
    assert list(traces["percentages"].text) == named


def test_labels_of_bars_that_stand_close_by_do_not_cover_one_another() -> None:
    where = places(3, 2, 100, 34, False)
    spread = torch.full((34,), 0.001)
    spread[[10, 11, 12]] = torch.tensor([0.31, 0.32, 0.33])
    _, labels = network._likeliest(where, spread)
    assert len(labels["text"]) == 3
    heights = sorted(labels["y"])
    assert min(b - a for a, b in pairwise(heights)) >= network.LABEL_HEIGHT


@pytest.mark.parametrize("direct", [False, True])
def test_every_trace_comes_after_what_it_is_worked_out_from(direct: bool) -> None:
    _, _, _, figure = drawn(direct=direct)
    turns = dict(zip((trace.name for trace in figure.data), figure.layout.meta["flow"]["turns"], strict=True))
    assert [turns[layer] for layer in LAYERS] == list(range(6))
    assert turns["W1"] == turns["W1 to hidden"] == turns["b1 to hidden"] == turns["hidden"]
    assert turns["C to embeddings"] == turns["embedded"]
    assert turns["likeliest"] == turns["softmax"] == turns["probabilities"]
    assert turns["parameters"] == turns["shapes"] == -1
    assert not direct or turns["direct connections"] == turns["logits"]


def test_the_flow_is_about_the_example() -> None:
    keys = set()
    for place in (5, 6):
        trainer = mlp.Trainer(mlp.Settings())
        x, label = trainer.dataset.train.X[place], int(trainer.dataset.train.Y[place])
        figure = network.figure(trainer.model, x, label, trainer.dataset.vocabulary.characters)
        keys.add(figure.layout.meta["flow"]["key"])
        trainer.step()
        again = network.figure(trainer.model, x, label, trainer.dataset.vocabulary.characters)
        assert again.layout.meta["flow"]["key"] in keys
    assert len(keys) == 2
