"""Whole words: their surprise against PyTorch's loss, beam search against every word there is, and their origin."""

import itertools
import math

import pytest
import torch
import torch.nn.functional as F

import mlp
from mlp.dataset import examples
from mlp.sampling import MAX_LENGTH
from mlp.scoring import most_probable, surprise, surprises


@pytest.fixture(scope="module")
def trained():
    trainer = mlp.Trainer(mlp.Settings(embedding_dim=3, direct=True))
    trainer.step(500)
    return trainer


def tiny(steps, seed=1, **changes):
    """A network of four characters, whose every word can be listed."""
    words = ["ab", "ba", "abc", "cab", "ac", "cc", "bab"]
    settings = {"block_size": 2, "hidden": 8, "batch_size": 4, "train_share": 1.0, "dev_share": 0.0, **changes}
    trainer = mlp.Trainer(mlp.Settings(seed=seed, **settings), words)
    trainer.step(steps)
    return trainer


def by_hand(trainer, word):
    """−ln of each character's probability and of the end's, one forward pass each."""
    characters, T = trainer.dataset.vocabulary.characters, trainer.settings.block_size
    nats, text = [], "." * T + word + "."
    for place in range(T, len(text)):
        X = torch.tensor([[characters.index(character) for character in text[place - T : place]]])
        p = F.softmax(trainer.model.forward(X).logits[0].double(), 0)
        nats.append(-math.log(p[characters.index(text[place])].item()))
    return nats


@pytest.mark.parametrize("word", ["ralts", "a", "", "zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz"])
def test_surprise_is_minus_the_logarithm_of_each_probability(trained, word):
    assert trained.surprise(word) == pytest.approx(by_hand(trained, word), abs=1e-5)


def test_the_mean_surprise_of_a_split_is_its_loss(trained):
    nats = surprises(trained.model, trained.dataset.vocabulary, trained.dataset.dev.words)
    assert sum(map(sum, nats)) / sum(map(len, nats)) == pytest.approx(trained.evaluate("dev"), abs=1e-5)


def test_no_words_have_no_surprise(trained):
    assert surprises(trained.model, trained.dataset.vocabulary, []) == []


@pytest.mark.parametrize("word", ["ß", "a.b"])
def test_a_word_that_cannot_be_scored_is_refused(trained, word):
    with pytest.raises(ValueError, match=r"does not know ß|marks where a word begins"):
        surprise(trained.model, trained.dataset.vocabulary, word)


@pytest.mark.parametrize("steps", [0, 30, 500])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_most_probable_words_are_those_of_all_words(steps, seed):
    trainer = tiny(steps, seed)
    letters = trainer.dataset.vocabulary.characters[1:]
    every = ["".join(word) for length in range(7) for word in itertools.product(letters, repeat=length)]
    nats = surprises(trainer.model, trainer.dataset.vocabulary, every)
    best = sorted((sum(each), word) for each, word in zip(nats, every, strict=True))
    longer = min(sum(each[:-1]) for each, word in zip(nats, every, strict=True) if len(word) == 6)
    expected = [(word, math.exp(-cost)) for cost, word in best[:5] if cost < longer]  # no longer word can be before
    found = trainer.most_probable(5)
    assert [word for word, _ in found][: len(expected)] == [word for word, _ in expected]
    assert [p for _, p in found][: len(expected)] == pytest.approx([p for _, p in expected], rel=1e-6)
    assert expected or not steps


def test_a_narrow_beam_is_certain_only_of_what_it_did_not_cut_off():
    trainer = tiny(30)
    vocabulary = trainer.dataset.vocabulary
    wide = most_probable(trainer.model, vocabulary, 8, beam=10_000)
    assert all(likely.certain for likely in wide)
    for beam in (1, 2, 3, 5):
        narrow = most_probable(trainer.model, vocabulary, 8, beam=beam)
        certain = [(likely.word, likely.probability) for likely in narrow if likely.certain]
        assert certain == [(likely.word, likely.probability) for likely in wide][: len(certain)]
    assert not all(likely.certain for likely in most_probable(trainer.model, vocabulary, 8, beam=1))


def test_of_a_network_that_never_ends_a_word_nothing_is_certain():
    trainer = tiny(30)
    trainer.model.b2[0] = -30.0
    found = most_probable(trainer.model, trainer.dataset.vocabulary, 5, beam=50)
    assert not any(likely.certain for likely in found)
    assert all(len(likely.word) <= MAX_LENGTH for likely in found)


def test_an_overflowed_network_has_no_most_probable_word():
    trainer = tiny(0)
    trainer.model.theta.fill_(math.nan)
    assert most_probable(trainer.model, trainer.dataset.vocabulary, 5) == []
    assert most_probable(tiny(0).model, trainer.dataset.vocabulary, 0) == []


@pytest.mark.parametrize("changes", [{}, {"train_examples": 300}, {"dev_share": 0.0, "train_share": 0.5}])
def test_every_word_is_where_the_split_has_put_it(changes):
    trainer = mlp.Trainer(mlp.Settings(**changes))
    dataset, words = trainer.dataset, mlp.load_words("pokemon")
    for name in ("train", "dev", "test"):
        assert {trainer.origin(word) for word in dataset.split(name).words} <= {name}
    counted = {name: sum(trainer.origin(word) == name for word in words) for name in ("train", "dev", "test", "unused")}
    assert sum(counted.values()) == len(words)
    assert (counted["unused"] > 0) == ("train_examples" in changes)
    X, Y = examples(dataset.train.words, dataset.vocabulary, trainer.settings.block_size)
    assert torch.equal(X[: len(dataset.train)], dataset.train.X)
    assert torch.equal(Y[: len(dataset.train)], dataset.train.Y)
    assert trainer.origin("qqqq") == "new"
