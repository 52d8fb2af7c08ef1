"""New words: drawn from the network's own distribution, one character at a time, the same for the same seed."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

import mlp
from mlp.sampling import MAX_LENGTH, _stream, pick, trace


@pytest.fixture(scope="module")
def trained():
    trainer = mlp.Trainer(mlp.Settings(embedding_dim=4))
    trainer.step(500)
    return trainer


def test_the_same_seed_draws_the_same_words(trained):
    assert trained.sample(20) == trained.sample(20, seed=1337)
    assert trained.sample(20, seed=1) == trained.sample(20, seed=1)
    assert trained.sample(20, seed=1) != trained.sample(20, seed=2)


@given(st.integers(0, 12), st.integers(0, 12), st.integers(-(2**40), 2**40))
def test_few_words_are_the_first_of_many(trained, few, more, seed):
    assert trained.sample(few, seed) == trained.sample(few + more, seed)[:few]


def test_no_two_words_or_seeds_share_their_luck():
    streams = [tuple(_stream(seed, number).tolist()) for seed in range(30) for number in range(30)]
    assert len({luck[0] for luck in streams}) == len(streams)
    first = torch.tensor(streams, dtype=torch.float64)
    assert torch.corrcoef(first.T).fill_diagonal_(0).abs().max() < 5 / len(streams) ** 0.5
    assert (first.mean(0) - 0.5).abs().max() < 5 * (1 / 12 / len(streams)) ** 0.5  # five standard errors


def test_no_words_are_no_words(trained):
    assert trained.sample(0) == []


def test_sampling_changes_nothing(trained):
    before = trained.model.theta.clone(), torch.get_rng_state()
    trained.sample(5)
    assert torch.equal(before[0], trained.model.theta)
    assert torch.equal(before[1], torch.get_rng_state())


def test_a_word_ends_at_its_first_boundary(trained):
    words = trained.sample(300)
    draws = trace(trained.model, 300, 1337)
    known = set(trained.dataset.vocabulary.characters) - {"."}
    for word, drawn in zip(words, draws, strict=True):
        indices = [draw.index for draw in drawn]
        assert set(word) <= known
        assert len(word) <= MAX_LENGTH
        assert all(indices[:-1])
        assert indices[-1] == 0 or len(indices) == MAX_LENGTH
        assert trained.dataset.vocabulary.decode(indices).rstrip(".") == word


def test_each_distribution_is_the_networks_own(trained):
    for drawn in trace(trained.model, 5, 3):
        context = [0, 0, 0]
        for draw in drawn:
            assert draw.context == tuple(context)
            expected = trained.model.forward(torch.tensor([context])).logits.softmax(1)[0]
            assert torch.allclose(draw.probabilities, expected, atol=1e-6)
            context = [*context[1:], draw.index]


def test_first_characters_come_as_often_as_their_probability(trained):
    count = 20_000
    drawn = [draws[0].index for draws in trace(trained.model, count, 5)]
    counts = torch.bincount(torch.tensor(drawn), minlength=len(trained.dataset.vocabulary)) / count
    p = trained.model.forward(torch.zeros(1, 3, dtype=torch.int64)).logits.softmax(1)[0]
    assert ((counts - p).abs() <= 5 * (p * (1 - p) / count).sqrt() + 1 / count).all()  # five standard errors


def test_pick_inverts_the_summed_distribution():
    probabilities = torch.tensor([[0.25, 0.0, 0.5, 0.25]])
    luck = torch.linspace(0, 1, 1001)[:-1]
    picked = pick(probabilities.expand(len(luck), -1), luck)
    expected = torch.where(luck < 0.25, 0, torch.where(luck < 0.75, 2, 3))
    assert torch.equal(picked, expected)


def test_pick_is_never_off_the_end():
    short = torch.tensor([[0.3, 0.3, 0.3999999]])  # rounding can leave a sum a little below one
    assert pick(short, torch.tensor([0.99999999])).tolist() == [2]
