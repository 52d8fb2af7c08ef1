"""The rows of a word are the notes' own, and the counts are plain counts."""

import math
from collections import Counter

import pytest
import torch.nn.functional as F

import mlp
from mlp.analysis.baselines import lowest_loss
from mlp.lessons.examples import (
    ambiguous_contexts,
    character_counts,
    expected_loss,
    followers,
    lowest_losses,
    pair_counts,
    parts,
    split_of,
    word_examples,
)


@pytest.fixture(scope="module")
def trainer():
    return mlp.Trainer(mlp.Settings())


def test_the_picture_of_the_notes(trainer):
    found = word_examples("Ralts", trainer.dataset.vocabulary, 3)
    assert [row.arrow() for row in found.rows] == [
        "... ---> r", "..r ---> a", ".ra ---> l", "ral ---> t", "alt ---> s", "lts ---> .",
    ]  # fmt: skip
    assert found.X.shape == (6, 3)
    assert found.Y.shape == (6,)
    assert [list(row.context_indices) for row in found.rows] == found.X.tolist()
    assert [row.label_index for row in found.rows] == found.Y.tolist()


@pytest.mark.parametrize("block_size", [1, 2, 12])
def test_a_word_of_the_list_gives_the_rows_it_is_trained_on(block_size):
    dataset = mlp.Trainer(mlp.Settings(block_size=block_size)).dataset
    first = dataset.train.words[0]
    found = word_examples(first, dataset.vocabulary, block_size)
    assert found.X.tolist() == dataset.train.X[: len(first) + 1].tolist()
    assert found.Y.tolist() == dataset.train.Y[: len(first) + 1].tolist()


def test_the_plain_apostrophe_is_read_as_the_one_of_the_list(trainer):
    assert word_examples("farfetch'd", trainer.dataset.vocabulary, 3).word == "farfetch’d"


@pytest.mark.parametrize(
    ("text", "message"), [("ça", "ç"), ("", "Type a word"), ("...", "Type a word"), ("a" * 99, "64")]
)
def test_what_cannot_be_read_says_why(trainer, text, message):
    with pytest.raises(ValueError, match=message):
        word_examples(text, trainer.dataset.vocabulary, 3)


def test_counts_are_plain_counts(trainer):
    dataset = trainer.dataset
    words = [*dataset.train.words, *dataset.dev.words, *dataset.test.words]
    pairs = Counter(pair for word in words for pair in zip(f".{word}", f"{word}.", strict=True))
    counts = pair_counts(dataset)
    for i, first in enumerate(dataset.vocabulary.characters):
        for j, then in enumerate(dataset.vocabulary.characters):
            assert counts[i, j] == pairs[first, then]
    assert counts.sum() == 8887
    letters = Counter("".join(f"{word}." for word in words))
    assert character_counts(dataset).tolist() == [letters[character] for character in dataset.vocabulary.characters]


def test_the_split_by_word(trainer):
    dataset = trainer.dataset
    assert [part.words for part in parts(dataset)] == [len(dataset.split(s).words) for s in ("train", "dev", "test")]
    assert sum(part.fraction for part in parts(dataset)) == pytest.approx(1)
    assert split_of(dataset, dataset.dev.words[3]) == "dev"
    assert split_of(dataset, "nosuchname") is None


@pytest.mark.parametrize("block_size", [1, 3, 12])
def test_ambiguous_contexts_are_why_the_loss_stays_up(block_size):
    dataset = mlp.Trainer(mlp.Settings(block_size=block_size)).dataset
    found = ambiguous_contexts(dataset.train, dataset.vocabulary)
    total = sum(followed.total * followed.lowest for followed in found)
    assert total / len(dataset.train) == pytest.approx(lowest_loss(dataset.train))
    first = found[0]
    assert sum(count for _, count in first.counts) == first.total
    shares = [count / first.total for _, count in first.counts]
    assert first.lowest == pytest.approx(-sum(share * math.log(share) for share in shares))
    assert ambiguous_contexts(dataset.train, dataset.vocabulary, 2) == found[:2]


@pytest.mark.parametrize(
    "settings", [{}, {"seed": 7, "block_size": 5}, {"word_list": "names"}, {"train_examples": 100}, {"block_size": 12}]
)
def test_the_lowest_loss_at_other_block_sizes_is_that_of_their_own_runs(settings):
    found = lowest_losses(mlp.Trainer(mlp.Settings(**settings)).dataset, {1, 4, 12})
    for block_size, loss in found.items():
        own = mlp.Trainer(mlp.Settings(**{**settings, "block_size": block_size}))
        assert loss == pytest.approx(lowest_loss(own.dataset.train), abs=1e-9)
    assert list(found.values()) == sorted(found.values(), reverse=True)  # a larger block size never raises it


@pytest.mark.parametrize("block_size", [1, 3])
def test_the_loss_on_one_context_is_cross_entropys(block_size):
    trainer = mlp.Trainer(mlp.Settings(block_size=block_size))
    trainer.step(50)
    train, vocabulary = trainer.dataset.train, trainer.dataset.vocabulary
    for row in (0, 1, 40):
        same = (train.X[row] == train.X).all(1)
        logits = trainer.model.forward(train.X[same]).logits
        found = followers(train, vocabulary, train.X[row])
        ours = expected_loss(found, logits[0], vocabulary)
        assert ours == pytest.approx(F.cross_entropy(logits, train.Y[same]).item(), rel=1e-4)
        assert ours >= found.lowest


def test_the_start_of_a_word_leaves_the_most_open():
    dataset = mlp.Trainer(mlp.Settings(train_examples=32)).dataset
    followed = {found.context: found.counts for found in ambiguous_contexts(dataset.train, dataset.vocabulary)}
    assert followed == {"...": (("b", 1), ("c", 1), ("i", 1), ("v", 1))}
    assert lowest_loss(dataset.train) == pytest.approx(0.1733, abs=1e-4)
