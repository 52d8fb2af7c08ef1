"""New words: drawn from the network's own distribution, one character at a time, the same for the same seed."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

import mlp
from mlp.kernel.choice import network_of
from mlp.model import Model
from mlp.sampling import MAX_LENGTH, stream


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
    streams = [tuple(stream(seed, number).tolist()) for seed in range(30) for number in range(30)]
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


def by_hand(model, luck):
    """The indices of one word, drawn from torch's own probabilities; None where a draw is too close to call."""
    context, drawn = [0] * model.settings.block_size, []
    for number in luck:
        p = model.forward(torch.tensor([context])).logits[0].double().softmax(0)
        passed = p.cumsum(0)
        if (passed - number).abs().min() < 1e-5:
            return None
        drawn.append(int((passed > number).int().argmax()))
        if not drawn[-1]:
            break
        context = [*context[1:], drawn[-1]]
    return drawn


@pytest.mark.parametrize("changes", [{}, {"block_size": 1, "embedding_dim": 1, "hidden": 1}, {"direct": True}])
def test_words_are_drawn_from_the_networks_own_probabilities(changes):
    trainer = mlp.Trainer(mlp.Settings(**changes))
    trainer.step(200)
    luck = np.stack([stream(5, number) for number in range(200)])
    compared = 0
    for numbers, drawn in zip(luck, network_of(trainer.model).draw_words(luck).tolist(), strict=True):
        expected = by_hand(trainer.model, numbers)
        if expected is not None:
            compared += 1
            assert drawn == expected + [0] * (MAX_LENGTH - len(expected))
    assert compared > 150


def test_a_word_ends_at_its_first_boundary(trained):
    luck = np.stack([stream(1337, number) for number in range(300)])
    known = set(trained.dataset.vocabulary.characters) - {"."}
    for word, drawn in zip(trained.sample(300), network_of(trained.model).draw_words(luck).tolist(), strict=True):
        assert set(word) <= known
        assert len(word) <= MAX_LENGTH
        assert all(drawn[: len(word)])
        assert not any(drawn[len(word) :])


def test_first_characters_come_as_often_as_their_probability(trained):
    count = 20_000
    luck = np.random.default_rng(5).random((count, 1))
    drawn = network_of(trained.model).draw_words(luck)[:, 0]
    counts = torch.bincount(torch.from_numpy(drawn), minlength=len(trained.dataset.vocabulary)) / count
    p = trained.model.forward(torch.zeros(1, 3, dtype=torch.int64)).logits.softmax(1)[0]
    assert ((counts - p).abs() <= 5 * (p * (1 - p) / count).sqrt() + 1 / count).all()  # five standard errors


def test_a_draw_inverts_the_summed_distribution_and_is_never_off_the_end():
    model = Model(mlp.Settings(block_size=1, embedding_dim=1, hidden=1), 4)
    model.theta.zero_()
    model.b2.copy_(torch.tensor([0.25, 0.0, 0.5, 0.25]).log().clamp(min=-80))
    luck = np.linspace(0, 1, 1001)[:-1].reshape(-1, 1)
    drawn = network_of(model).draw_words(luck)[:, 0]
    clear = np.abs(luck[:, 0, None] - [0.25, 0.75]).min(1) > 1e-6
    expected = np.where(luck[:, 0] < 0.25, 0, np.where(luck[:, 0] < 0.75, 2, 3))
    assert (drawn[clear] == expected[clear]).all()
    assert network_of(model).draw_words(np.array([[np.nextafter(1, 0)]])).tolist() == [[3]]
