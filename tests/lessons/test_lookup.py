"""Both ways of looking up give the same numbers, and every message is PyTorch's own."""

import pytest
import torch
import torch.nn.functional as F

import mlp
from mlp.lessons.lookup import indexings, lookup, measure, mistakes, same_embedding


@pytest.fixture(scope="module", params=[(3, 2), (1, 1), (12, 64)])
def run(request):
    block_size, embedding_dim = request.param
    return mlp.Trainer(mlp.Settings(block_size=block_size, embedding_dim=embedding_dim))


def test_a_row_of_C_is_the_one_hot_product(run):
    C = run.model.C
    for index in (0, 5, 33):
        found = lookup(C, index)
        assert torch.equal(found.one_hot, torch.eye(34)[index])
        assert torch.equal(found.row, C[index])
        assert torch.equal(found.product, F.one_hot(torch.tensor(index), num_classes=34).float() @ C)
        assert found.equal


def test_the_messages_are_real(run):
    C = run.model.C
    python_int, dtype, too_few, int32, no_call, out_of_range, three = mistakes(C, 5)
    with pytest.raises(TypeError) as caught:
        F.one_hot(5, num_classes=34)
    assert python_int.message == str(caught.value).partition("\n")[0]
    with pytest.raises(RuntimeError) as caught:
        F.one_hot(torch.tensor(5), num_classes=34) @ C
    assert dtype.message == str(caught.value).partition("\n")[0]
    with pytest.raises(RuntimeError) as caught:
        F.one_hot(torch.tensor(5)).float() @ C
    assert too_few.message == str(caught.value).partition("\n")[0]
    with pytest.raises(RuntimeError) as caught:
        F.one_hot(torch.tensor(5, dtype=torch.int32), num_classes=34)
    assert int32.message == str(caught.value).partition("\n")[0]
    with pytest.raises(TypeError) as caught:
        F.one_hot(torch.tensor(5), num_classes=34).float @ C
    assert no_call.message == str(caught.value)
    with pytest.raises(IndexError) as caught:
        C[5, 6, 7]
    assert three.message == str(caught.value)
    assert three.code == "C[5, 6, 7]"
    with pytest.raises(IndexError) as caught:
        C[34]
    assert out_of_range.message == str(caught.value)
    errors = [mistake.error for mistake in (python_int, dtype, too_few, out_of_range)]
    assert errors == ["TypeError", "RuntimeError", "RuntimeError", "IndexError"]


@pytest.mark.parametrize("index", [0, 32, 33])
def test_every_mistake_is_one_at_every_index(run, index):
    assert all(mistake.error for mistake in mistakes(run.model.C, index))


def test_indexing_gives_the_shape_of_the_index_and_then_a_row(run):
    C, X = run.model.C, run.dataset.train.X[:32]
    for found in indexings(C, X, 5):
        assert found.result.shape == (*found.index_shape, C.shape[1])
        assert torch.equal(found.result, eval(found.code, {"C": C, "X": X, "torch": torch}))
    assert torch.equal(indexings(C, X, 5)[-1].result, C[X])


def test_indexing_before_or_after_is_the_same(run):
    C, X = run.model.C, run.dataset.train.X[:32]
    place = min(2, X.shape[1] - 1)
    first, second = same_embedding(C, X, 13, place)
    assert torch.equal(first, second)
    assert torch.equal(first, C[X][13, place])


def test_both_ways_are_timed(run):
    timing = measure(run.model.C, run.dataset.train.X, rounds=3)
    assert timing.index > 0
    assert timing.one_hot > 0
    assert timing.ratio == timing.one_hot / timing.index
    assert timing.rows == 1024
