"""The parts of figure 1, and parameter counts that add up: ours to the model's, the paper's to its own formula."""

import pytest

import mlp
from mlp.lessons.architecture import PAPER, counts, edges, feeds, parts
from mlp.model import parameter_count


@pytest.mark.parametrize("direct", [False, True])
def test_counts_add_up(direct):
    for kw in ({}, {"block_size": 12, "embedding_dim": 64, "hidden": 1024}, {"hidden": 1, "embedding_dim": 1}):
        settings = mlp.Settings(**kw, direct=direct)
        rows = counts(settings, 34)
        model = mlp.Trainer(settings).model
        assert sum(row.count for row in rows) == parameter_count(settings, 34) == model.theta.nelement()
        assert {row.name: row.shape for row in rows} == {n: tuple(p.shape) for n, p in model.parameters.items()}
    assert counts(mlp.Settings(), 34)[0].sum == "34 × 2"


def test_the_papers_formula():
    for network in PAPER:
        V, n, h, m = network.vocabulary, network.order, network.hidden, network.dim
        formula = V * (1 + n * m + h) + h * (1 + (n - 1) * m)
        without = 0 if network.direct else V * (n - 1) * m
        assert network.parameters == formula - without
    assert [network.parameters for network in PAPER] == [
        16_383 * (1 + 5 * 60 + 50) + 50 * (1 + 4 * 60),
        16_383 * (1 + 5 * 60),
        16_383 * (1 + 5 * 30 + 50) + 50 * (1 + 4 * 30),
        16_383 * (1 + 3 * 30 + 50) + 50 * (1 + 2 * 30),
        16_383 * (30 + 1 + 100) + 100 * (1 + 4 * 30),
        11_904_264,
    ]
    assert PAPER[-1].parameters == 17_964 * (1 + 6 * 100 + 60) + 60 * (1 + 5 * 100)


@pytest.mark.parametrize("direct", [False, True])
def test_ours_is_the_papers_network_of_our_size(direct):
    from mlp.lessons.architecture import PaperNetwork

    settings = mlp.Settings(direct=direct)
    same = PaperNetwork("ours", "pokemon", 34, settings.block_size + 1, 100, 2, direct)
    assert same.parameters == parameter_count(settings, 34)


@pytest.mark.parametrize("direct", [False, True])
def test_what_feeds_what(direct):
    settings = mlp.Settings(direct=direct)
    names = parts(settings, 34).keys()
    assert {name for edge in edges(settings) for name in edge} == set(names)
    before, after = feeds(settings, "hidden")
    assert before == {"X", "C", "embedded", "concatenated", "W1", "b1"}
    assert after == {"logits", "probabilities"}
    before, after = feeds(settings, "probabilities")
    assert before == names - {"probabilities"}
    assert not after
    assert ("W" in feeds(settings, "concatenated")[1]) is direct


def test_shapes_are_those_of_a_forward_pass():
    trainer = mlp.Trainer(mlp.Settings(block_size=4, embedding_dim=5, direct=True))
    forward = trainer.model.forward(trainer.dataset.train.X[:9])
    for name, part in parts(trainer.settings, 34).items():
        tensor = trainer.model.parameters.get(name, getattr(forward, name, None))
        if tensor is not None:
            assert tuple(9 if size == "B" else size for size in part.batch_shape) == tensor.shape
        assert part.parameter == (name in trainer.model.parameters)
