"""Tokens are scored as a loop over the examples would score them, and shapes are those that PyTorch gives."""

import math

import pytest
import torch

import mlp
from mlp.lessons.examples import followers, word_examples
from mlp.lessons.lookup import mixed
from mlp.lessons.shapes import outcomes, read_shape, x_fault, y_fault
from mlp.lessons.tokens import SMOOTHING, TOKENS, read_tokens, token_loss


@pytest.fixture(scope="module")
def dataset():
    return mlp.Trainer(mlp.Settings()).dataset


def test_tokens_lose_what_a_loop_over_the_examples_says(dataset):
    vocabulary, train = dataset.vocabulary, dataset.train
    context = torch.tensor(vocabulary.encode("cha"))
    text = "r" * 12 + "n" * 5 + "..."
    tokens, V = read_tokens(text, vocabulary), len(vocabulary)
    losses = []
    for x, y in zip(train.X.tolist(), train.Y.tolist(), strict=True):
        if x == context.tolist():
            share = (text.count(vocabulary.characters[y]) + SMOOTHING) / (TOKENS + SMOOTHING * V)
            losses.append(-math.log(share))
    followed = followers(train, vocabulary, context)
    assert token_loss(tokens, followed, V) == pytest.approx(sum(losses) / len(losses))
    assert token_loss(tokens, followed, V) > followed.lowest
    never = followers(train.first(0), vocabulary, context)
    assert math.isnan(token_loss(tokens, never, V))


def test_what_is_no_sharing_out(dataset):
    with pytest.raises(ValueError, match="you have placed 3"):
        read_tokens("abc", dataset.vocabulary)
    with pytest.raises(ValueError, match="does not know"):
        read_tokens("ж" * TOKENS, dataset.vocabulary)
    assert read_tokens("A" * TOKENS, dataset.vocabulary) == {"a": TOKENS}


@pytest.mark.parametrize(
    ("text", "shape"),
    [("(6, 3)", (6, 3)), ("6,3", (6, 3)), ("6 x 3", (6, 3)), ("[6 × 3]", (6, 3)), ("(6,)", (6,)), ("6", (6,)),
     ("()", ()), ("torch.Size([6, 3])", (6, 3))],
)  # fmt: skip
def test_a_shape_as_people_type_it(text, shape):
    assert read_shape(text) == shape


@pytest.mark.parametrize("text", ["six", "(6, -3)", "6.5", "1" * 30, "((6, 3))"])
def test_what_is_no_shape(text):
    with pytest.raises(ValueError, match="shape like"):
        read_shape(text)


@pytest.mark.parametrize("block_size", [1, 3, 12])
def test_only_the_shapes_of_the_words_own_tensors_are_right(dataset, block_size):
    made = word_examples("ralts", dataset.vocabulary, block_size)
    assert x_fault(tuple(made.X.shape), 5, block_size) == ""
    assert y_fault(tuple(made.Y.shape), 5) == ""
    assert "the end counts too" in x_fault((5, block_size), 5, block_size)
    assert "the end counts too" in y_fault((5,), 5)
    assert f"block size is {block_size}" in x_fault((6, block_size + 1), 5, block_size)
    assert "your guess has 1" in x_fault((6,), 5, block_size)
    assert "your guess has 2" in y_fault((6, 1), 5)


@pytest.mark.parametrize("V", [2, 34])
def test_outcomes_are_those_of_the_code_shown(V):
    C, X = torch.randn(V, 2), torch.zeros(7, 3, dtype=torch.int64)
    for outcome in outcomes(C, X):
        if outcome.shape is None:
            with pytest.raises(IndexError) as refused:
                eval(outcome.code, {"C": C, "X": X})
            assert str(refused.value) in outcome.error
        else:
            assert outcome.shape == tuple(eval(outcome.code, {"C": C, "X": X}).shape)
    assert [outcome.shape for outcome in outcomes(C, X)] == [(3, 2), None, (7, 3, 2)]


def test_a_mixture_of_rows_is_the_sum_written_out():
    C = torch.randn(6, 3)
    assert torch.allclose(mixed(C, {1: 0.5, 4: 0.5}), (C[1] + C[4]) / 2)
    assert torch.allclose(mixed(C, {2: 1.0}), C[2])
    assert torch.allclose(mixed(C, {2: -1.5, 0: 2.0}), 2 * C[0] - 1.5 * C[2])
