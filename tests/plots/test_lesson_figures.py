"""Every lesson figure keeps the contract of live charts, at every size of network, trained or ruined, and shows what
plain PyTorch says."""

import json
import math
import re

import numpy as np
import pytest
import torch
import torch.nn.functional as F

import mlp
from mlp.lessons.backward import embedding_movement, next_batch
from mlp.lessons.descent import descent
from mlp.lessons.examples import pair_counts, word_examples
from mlp.lessons.hidden import saturation
from mlp.lessons.lookup import lookup
from mlp.lessons.output import example_losses as losses_of
from mlp.lessons.saturate import saturate
from mlp.lessons.short_runs import Curve
from mlp.lessons.trace import trace
from mlp.plots import (
    activations,
    example_losses,
    graph,
    movement,
    network,
    pairs,
    price,
    probabilities,
    short_runs,
    tanh,
    tensors,
)
from mlp.plots import descent as race
from mlp.plots import lookup as product
from mlp.plots import saturation as saturation_map
from mlp.plots.theme import LIGHT

SIZES = [
    {}, {"block_size": 1, "embedding_dim": 1, "hidden": 1}, {"block_size": 12, "embedding_dim": 64, "hidden": 1024},
    {"direct": True}, {"hidden": 1024, "direct": True},
]  # fmt: skip


def charts(trainer, word="ralts"):
    """Every figure of the lesson pages as (module, arguments, keywords), for one word."""
    model, vocabulary = trainer.model, trainer.dataset.vocabulary
    found = word_examples(word, vocabulary, trainer.settings.block_size)
    X, Y, characters, last = found.X, found.Y, vocabulary.characters, len(found.Y) - 1
    forward, traced = model.forward(X), trace(model, X, Y)
    moved = embedding_movement(model, trainer.settings, X, Y)
    return {
        "C": (tensors, ("C", model.C, characters), {"mark": 5}),
        "W1": (tensors, ("W1", model.W1), {}),
        "dW1": (tensors, ("W1", traced.nodes["W1"].gradient), {"title": "gradient of W1"}),
        "W2 corner": (tensors, ("W2", model.W2), {"corner": (min(60, trainer.settings.hidden - 1), 0)}),
        "b1": (tensors, ("b1", model.b1), {}),
        "X": (tensors, ("X", X), {"positive": True}),
        "emb": (tensors, ("emb", forward.embedded), {"mark": last}),
        "loss": (tensors, ("loss", traced.nodes["loss"].value), {}),
        "lookup": (product, (model.C, lookup(model.C, 5), characters), {}),
        "pairs": (pairs, (pair_counts(trainer.dataset), characters), {}),
        "tanh": (tanh, (forward.preactivation[0], 7), {}),
        "saturation": (saturation_map, (forward.hidden,), {}),
        "probabilities": (probabilities, (forward.logits[0], int(Y[0]), characters), {}),
        "losses": (example_losses, (forward.logits, Y, found.rows), {}),
        "descent": (race, (descent(model, [(X, Y)] * 4, trainer.settings.learning_rate),), {}),
        "price": (price, (0.5, losses_of(forward.logits, Y).tolist(), [row.label for row in found.rows]), {}),
        "activations": (activations, (forward.hidden, saturate(model, X, Y, 3.0).hidden), {}),
        "short runs": (
            short_runs,
            ([Curve("a", (0, 9), (3.0, math.nan)), Curve("b", (), ())], 9, "dev", ("bigram", 2.7)),
            {},
        ),
        "movement": (movement, (moved.before, moved.move, characters, movement.stable_range(model.C)), {}),
        **{f"graph {steps}": (graph, (traced, steps), {}) for steps in (0, 1, 5, 99)},
        **{
            f"network {lit}": (network, (model, X[0], int(Y[0]), characters, lit), {})
            for lit in (None, "C", "hidden", "probabilities")
        },
    }


def ruined(trainer):
    """The network with numbers that are not finite."""
    trainer.model.theta[::3] = math.nan
    trainer.model.theta[1::7] = math.inf
    return trainer


@pytest.mark.parametrize("state", ["untrained", "trained", "ruined"])
@pytest.mark.parametrize("size", SIZES, ids=str)
def test_the_contract_of_live_charts(size, state):
    trainer = mlp.Trainer(mlp.Settings(**size))
    if state != "untrained":
        trainer.step(3)
    for name, (module, arguments, keywords) in charts(ruined(trainer) if state == "ruined" else trainer).items():
        drawn = module.figure(*arguments, **keywords)
        patch = module.update(*arguments, **keywords)
        assert len(drawn.data) == len(patch["data"]), name
        json.dumps(patch, allow_nan=False)
        json.dumps(drawn.to_plotly_json(), allow_nan=False)
        assert set(patch) <= {"data", "layout", "label"}, name
        title = getattr(module, "TITLE", keywords.get("title") or arguments[0])
        assert patch["label"].startswith(title), name
        assert "nan" not in patch["label"].split(), name
        colours = set(re.findall(r"#[0-9a-fA-F]{3,8}\b", json.dumps([drawn.to_plotly_json(), patch])))
        assert colours <= set(LIGHT.values()), name
        assert set(re.findall(r"rgba?\([^)]*\)", drawn.to_json())) <= {"rgba(0,0,0,0)"}, name


def test_an_update_of_another_word_fits_the_same_figure():
    trainer = mlp.Trainer(mlp.Settings())
    long, short = charts(trainer, "charmander"), charts(trainer, "a")
    for name, (module, arguments, keywords) in short.items():
        drawn = module.figure(*long[name][1], **long[name][2])
        patch = module.update(*arguments, **keywords)
        assert len(drawn.data) == len(patch["data"]), name
        assert [set(change) for change in patch["data"]] == [
            set(change) for change in module.update(*long[name][1], **long[name][2])["data"]
        ], name


def test_a_heatmap_holds_the_numbers():
    tensor = torch.randn(50, 60, generator=torch.Generator().manual_seed(1))
    patch = tensors.update("W1", tensor, corner=(8, 30))
    z = torch.tensor(patch["data"][0]["z"])
    assert z.shape == (40, 30)
    assert torch.allclose(z, tensor[8:48, 30:], atol=1e-3)
    assert (
        patch["data"][0]["zmax"]
        == -patch["data"][0]["zmin"]
        == pytest.approx(tensor[8:48, 30:].abs().max().item(), rel=1e-3)
    )
    assert "rows 8–47 of 50 and columns 30–59 of 60" in patch["layout"]["title.text"]
    assert patch["layout"]["yaxis.ticktext"][0] == "8"


def test_tiny_gradients_keep_their_digits():
    tensor = torch.tensor([[1.2345e-7, -9.876e-9], [math.nan, math.inf]])
    patch = tensors.update("W1", tensor)
    assert patch["data"][0]["z"][0] == pytest.approx([1.2345e-7, -9.876e-9], abs=1e-10)
    assert patch["data"][0]["z"][1] == [None, None]
    assert "2 not finite" in patch["label"]


def test_names_are_made_safe():
    drawn = tensors.figure("<b>", torch.zeros(1, 1))
    assert "&lt;b&gt;" in drawn.layout.title.text


def test_the_product_is_the_row():
    C = mlp.Trainer(mlp.Settings()).model.C
    one_hot, table, products, total, frame, _ = product.update(C, lookup(C, 5), tuple("x" * 34))["data"]
    factors, shown_table, shown_products = (torch.tensor(trace_["z"]) for trace_ in (one_hot, table, products))
    assert factors.T.tolist() == [F.one_hot(torch.tensor(5), num_classes=34).tolist()]
    assert torch.allclose(factors * shown_table, shown_products, atol=1e-3)
    assert shown_products.count_nonzero(1).tolist() == [2 if row == 5 else 0 for row in range(34)]
    assert torch.allclose(shown_products.sum(0), torch.tensor(total["z"][0]), atol=1e-3)
    assert torch.allclose(torch.tensor(total["z"][0]), C[5], atol=1e-3)
    assert frame["y"][:3] == [4.5, 4.5, 5.5]


def test_the_points_sit_on_tanh_and_on_its_slope():
    preactivation = torch.randn(100, generator=torch.Generator().manual_seed(0)) * 3
    patches = tanh.update(preactivation, 7)["data"]
    on_tanh, tangent, on_slope = patches[:4], patches[4], patches[5:]
    for traces, of in ((on_tanh, torch.tanh), (on_slope, tanh_slope)):
        for trace_ in traces:
            x = torch.tensor(trace_["x"])
            assert torch.allclose(of(x), torch.tensor(trace_["y"]), atol=2e-3)
        _, units, saturated, chosen = ([name for (name,) in trace_.get("customdata", [])] for trace_ in traces)
        assert sorted(map(int, units + saturated)) == list(range(100))
        assert list(map(int, saturated)) == (torch.tanh(preactivation).abs() > 0.97).nonzero()[:, 0].tolist()
        assert chosen == ["7"]
    rise = (tangent["y"][1] - tangent["y"][0]) / (tangent["x"][1] - tangent["x"][0])
    assert rise == pytest.approx(tanh_slope(preactivation[7]).item(), abs=1e-5)


def tanh_slope(x):
    """Autograd's."""
    x = x.clone().requires_grad_()
    torch.tanh(x).sum().backward()
    return x.grad


def test_three_dimensions_are_told_apart_and_what_is_followed_is_framed():
    emb = torch.arange(24.0).view(2, 3, 4)
    drawn = tensors.figure("emb", emb, mark=1, mark_column=5)
    heatmap, frame = drawn.data
    for row in range(2):
        for column, name in enumerate(heatmap.text[row]):
            place, number = map(int, name.split(","))
            assert heatmap.z[row][column] == emb[row, place, number]
    assert list(drawn.layout.xaxis.ticktext[:5]) == ["0,0", "0,1", "0,2", "0,3", "1,0"]
    crowded = tensors.figure(
        "emb", torch.zeros(2, 8, 10), corner=(0, 35)
    )  # then each position has the name of its first
    assert list(crowded.layout.xaxis.ticktext) == ["4,0", "5,0", "6,0", "7,0"]
    assert list(crowded.layout.xaxis.tickvals) == [5, 15, 25, 35]
    assert [line.x0 for line in drawn.layout.shapes] == [3.5, 7.5]
    assert set(frame.x[:5]) == {-0.5, 11.5}  # all of row 1
    assert set(frame.y[:5]) == {0.5, 1.5}
    assert set(frame.x[6:11]) == {4.5, 5.5}  # all of column 5
    assert set(frame.y[6:11]) == {-0.5, 1.5}
    far = tensors.update("W", torch.zeros(5, 100), corner=(0, 40), mark_column=39)["data"][1]
    assert far == {"x": [], "y": []}  # not among the columns shown


def test_units_beyond_the_chart_are_counted():
    patch = tanh.update(torch.tensor([0.1, 20.0, -30.0]))
    assert patch["layout"]["xaxis.range"] == [-13.5, 13.5]
    assert "2 of 3 units saturated (beyond ±0.97), 2 of them beyond the edges" in patch["label"]


def test_the_saturation_map():
    hidden = torch.tensor([[0.5, -0.99], [0.98, 1.0]])
    heatmap, dead = saturation_map.update(hidden)["data"]
    assert heatmap["z"] == [[0.5, 0.99], [0.98, 1.0]]
    assert dead["x"] == list(saturation(hidden).dead) == [1]


def test_the_bars_are_the_softmax():
    logits = torch.randn(34, generator=torch.Generator().manual_seed(0)) * 3
    others, true, even = probabilities.update(logits, 7, tuple("x" * 34))["data"]
    heights = [true["y"][0] if height is None else height for height in others["y"]]
    assert torch.allclose(torch.tensor(heights), torch.softmax(logits, 0), atol=1e-4)
    assert true["x"] == [7]
    assert even["y"] == [1 / 34, 1 / 34]


@pytest.mark.parametrize(("learning_rate", "dimensions"), [(1e-4, 2), (1e-3, 1), (0.1, 5), (5.0, 2)])
def test_the_arrows_are_the_move(learning_rate, dimensions):
    trainer = mlp.Trainer(mlp.Settings(learning_rate=learning_rate, embedding_dim=dimensions))
    X, Y = next_batch(trainer.settings, trainer.dataset.train, 0.0)
    found = embedding_movement(trainer.model, trainer.settings, X, Y)
    reach = movement.stable_range(found.before)
    times = movement.magnification(found.move, reach)
    patch = movement.update(found.before, found.move, trainer.dataset.vocabulary.characters, reach)
    arrows, points = patch["data"]
    rows = found.move.any(1).nonzero()[:, 0]
    for axis in range(min(2, dimensions)):
        low, high = patch["layout"][f"{'xy'[axis]}axis.range"]
        assert low < found.before[:, axis].min() < found.before[:, axis].max() < high
        assert times * found.move[:, axis].abs().max() <= 0.12 * (high - low)
        starts, tips = (torch.tensor(arrows["xy"[axis]][part::3]) for part in (0, 1))
        assert torch.allclose(starts, found.before[rows, axis], atol=2e-3)
        assert torch.allclose(tips - starts, times * found.move[rows, axis], atol=4e-3)
    assert torch.allclose(torch.tensor(points["customdata"]), found.move[:, :2], rtol=1e-2, atol=1e-3 * learning_rate)
    assert 0 < max(arrows["marker"]["size"]) <= 13
    still = [dot == LIGHT["line"] for dot in points["marker"]["color"]]
    assert still == [row not in rows.tolist() for row in range(34)]


def test_the_axes_of_the_arrows_stay_while_the_points_fill_them():
    C = torch.randn(34, 2, generator=torch.Generator().manual_seed(1))
    reach = movement.stable_range(C)
    assert (reach[0] < C.numpy().min(0)).all()
    assert (reach[1] > C.numpy().max(0)).all()
    for same in (C, 0.95 * C, 0.7 * C, C + 0.01, 1.05 * C):
        assert movement.stable_range(same, reach) is reach
    for other in (0.3 * C, 1.29 * C, 2 * C, C + 3):
        assert np.array_equal(movement.stable_range(other, reach), movement.stable_range(other))
    movement.stable_range(torch.full_like(C, torch.nan), reach)


def test_no_arrow_outgrows_the_map():
    trainer = mlp.Trainer(mlp.Settings())
    C, characters = trainer.model.C, trainer.dataset.vocabulary.characters
    for times, said in ((1e-9, "magnified "), (50.0, "scaled down to "), (1e30, "none drawn"), (0.0, "to scale")):
        patch = movement.update(C, times * torch.ones_like(C), characters, movement.stable_range(C))
        assert said in patch["label"]


def test_the_graph_walks_backwards():
    trainer = mlp.Trainer(mlp.Settings(direct=True))
    traced = trace(trainer.model, trainer.dataset.train.X[:4], trainer.dataset.train.Y[:4])
    for steps in range(len(traced.backward) + 1):
        patch = graph.update(traced, steps)
        *_, waiting, reached, last = ([spot[0] for spot in part["customdata"]] for part in patch["data"][2:])
        assert (*reached, *last) == tuple(sorted(reached, key=list(traced.nodes).index)) + tuple(last)
        assert {*reached, *last} == set(traced.backward[:steps])
        assert len(waiting) + len(reached) + len(last) == len(traced.nodes)
        assert last == list(traced.backward[steps - 1 : steps] if steps else [])


@pytest.mark.parametrize("direct", [False, True])
def test_the_network_shows_the_forward_pass(direct):
    trainer = mlp.Trainer(mlp.Settings(direct=direct))
    x, y = trainer.dataset.train.X[9], int(trainer.dataset.train.Y[9])
    characters = trainer.dataset.vocabulary.characters
    drawn = network.figure(trainer.model, x, y, characters, "W2")
    by_name = {part.name: part for part in drawn.data}
    forward = trainer.model.forward(x[None])
    expected = {
        "embedded": forward.embedded.flatten(), "concatenated": forward.concatenated[0], "hidden": forward.hidden[0],
        "logits": forward.logits[0], "probabilities": torch.softmax(forward.logits[0], 0),
    }  # fmt: skip
    for name, tensor in expected.items():
        assert torch.allclose(torch.tensor(by_name[name].marker.color), tensor, atol=0.02), name
    assert ("direct connections" in by_name) is direct
    if direct:
        assert by_name["direct connections"].line.dash == "dash"
    accent = {part.name for part in drawn.data if part.line and part.line.color == LIGHT["accent"]}
    assert accent == {"W2 to logits", "softmax"}
    assert set(drawn.layout.meta["highlights"]) >= {"X", "C", "hidden", "probabilities"}
    assert all(len(styles) == len(drawn.data) for styles in drawn.layout.meta["highlights"].values())


def test_a_large_network_is_drawn_in_part_and_says_so():
    trainer = mlp.Trainer(mlp.Settings(block_size=12, embedding_dim=64, hidden=1024))
    patch = network.update(trainer.model, trainer.dataset.train.X[0], 3, trainer.dataset.vocabulary.characters)
    assert "the first 10 of 64 dimensions of each embedding; the first 128 of 1,024 hidden units" in patch["label"]
