"""Examples as the notes make them, and splits that hold back whole words."""

from itertools import combinations

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

import mlp
from mlp.dataset import Vocabulary, deal, examples, make_dataset, opening_words

POKEMON = mlp.load_words("pokemon")


def notes_examples(words, block_size):
    """The notes' own loop."""
    characters = sorted(set("".join(words)))
    index = {s: i + 1 for i, s in enumerate(characters)}
    index["."] = 0
    X, Y = [], []
    for word in words:
        context = [0] * block_size
        for ch in word + ".":
            X.append(context)
            Y.append(index[ch])
            context = [*context[1:], index[ch]]
    return torch.tensor(X), torch.tensor(Y)


def test_published_counts():
    vocabulary = Vocabulary(POKEMON)
    assert len(vocabulary) == 34
    X, Y = examples(tuple(POKEMON), vocabulary, 3)
    assert X.shape == (8887, 3)
    assert Y.shape == (8887,)
    assert opening_words(tuple(POKEMON), 32) == 4  # they end inside "charmander"


@pytest.mark.parametrize("block_size", [1, 3, 8, 12])
@pytest.mark.parametrize("name", ["pokemon", "names"])
def test_examples_are_the_notes_own(name, block_size):
    words = mlp.load_words(name)
    X, Y = examples(tuple(words), Vocabulary(words), block_size)
    X_notes, Y_notes = notes_examples(words, block_size)
    assert X.dtype == Y.dtype == torch.int64
    assert torch.equal(X, X_notes)
    assert torch.equal(Y, Y_notes)


def test_vocabulary_goes_both_ways():
    vocabulary = Vocabulary(["ba", "♀c"])
    assert vocabulary.characters == (".", "a", "b", "c", "♀")
    assert vocabulary.encode("cab.") == [3, 1, 2, 0]
    assert vocabulary.decode([3, 1, 2, 0]) == "cab."
    with pytest.raises(ValueError, match="does not know x z: not in its word list"):
        vocabulary.encode("zax")


@pytest.mark.parametrize("seed", [0, 1337, 99])
def test_thirty_two_training_examples_are_the_notes_own_whatever_the_seed(seed):
    X, Y = notes_examples(POKEMON, 3)
    train = make_dataset(mlp.Settings(train_examples=32, seed=seed), POKEMON).train
    assert torch.equal(train.X, X[:32])
    assert torch.equal(train.Y, Y[:32])
    assert train.words == ("bulbasaur", "ivysaur", "venusaur", "charmander")


def test_train_examples_keeps_dev_and_test():
    whole = make_dataset(mlp.Settings(), POKEMON)
    for count in (8, 32, 1000, 1_000_000):
        part = make_dataset(mlp.Settings(train_examples=count), POKEMON)
        assert len(part.train) == min(count, len(whole.train))
        assert torch.equal(part.train.X, whole.train.X[:count])
        for name in ("dev", "test"):
            assert part.split(name).words == whole.split(name).words
            assert torch.equal(part.split(name).X, whole.split(name).X)


def test_the_seed_decides_the_split():
    first, again, other = (make_dataset(mlp.Settings(seed=seed), POKEMON) for seed in (1, 1, 2))
    assert first.dev.words == again.dev.words
    assert set(first.dev.words) != set(other.dev.words)


@st.composite
def lists_and_shares(draw):
    words = draw(st.lists(st.text("abcdef", min_size=1, max_size=9), min_size=3, max_size=60, unique=True))
    train = draw(st.floats(0.1, 1))
    return tuple(words), train, draw(st.floats(0, 1 - train)), draw(st.integers(0, 2**31 - 1))


@given(lists_and_shares())
def test_splits_share_no_word_lose_none_and_keep_the_order(case):
    words, train_share, dev_share, seed = case
    parts = deal(words, train_share, dev_share, seed)
    assert sorted(sum(parts, ())) == sorted(words)
    assert not any(set(a) & set(b) for a, b in combinations(parts, 2))
    assert all(list(part) == sorted(part, key=words.index) for part in parts)
    train, dev, test = map(len, parts)
    assert train >= 1
    assert abs(dev - dev_share * len(words)) <= 1
    assert abs(test - (1 - train_share - dev_share) * len(words)) <= 1.5  # one word at least is left for train


@given(lists_and_shares())
def test_the_words_that_open_the_list_are_trained_on_while_the_shares_allow(case):
    words, train_share, dev_share, seed = case
    train = deal(words, train_share, dev_share, seed)[0]
    opening = min(opening_words(words, 32), len(train))
    assert train[:opening] == words[:opening]


def test_shares_of_the_real_list():
    train, dev, test = deal(tuple(POKEMON), 0.8, 0.1, 1337)
    assert (len(train), len(dev), len(test)) == (821, 102, 102)
    train, dev, test = deal(tuple(POKEMON), 1.0, 0.0, 1337)
    assert (len(train), len(dev), len(test)) == (1025, 0, 0)


def test_unknown_split_is_refused():
    with pytest.raises(ValueError, match="no split “valid”"):
        make_dataset(mlp.Settings(), POKEMON).split("valid")


def test_a_word_that_was_never_made_clean_is_refused():
    with pytest.raises(ValueError, match="No word may hold"):
        mlp.Trainer(mlp.Settings(), ["mr. mime", "mew", "abra"])


@pytest.mark.parametrize(("count", "block_size"), [(None, 3), (32, 3), (32, 1)])
def test_untrained_characters_are_those_without_a_gradient(count, block_size):
    settings = mlp.Settings(train_examples=count, block_size=block_size, batch_size=None)
    trainer = mlp.Trainer(settings)
    before = trainer.model.C.clone()
    trainer.step(3)
    still = (before == trainer.model.C).all(1).nonzero().flatten().tolist()
    assert list(trainer.dataset.untrained) == still


def test_who_is_dealt_where_follows_from_the_seed_alone():
    words = tuple(POKEMON)
    torch.manual_seed(1)
    first = deal(words, 0.8, 0.1, 7)
    torch.manual_seed(2)
    torch.rand(5)
    assert deal(words, 0.8, 0.1, 7) == first
    assert deal(words, 0.8, 0.1, 8) != first


@pytest.mark.parametrize(("count", "sizes"), [(1, [1, 0, 0]), (2, [1, 1, 0]), (3, [1, 2, 0]), (10, [1, 9, 0])])
def test_of_a_short_list_all_but_one_word_can_be_dev(count, sizes):
    words = tuple(f"word{'abcdefghij'[i]}" for i in range(count))
    assert [len(part) for part in deal(words, 0.0, 1.0, 1)] == sizes
