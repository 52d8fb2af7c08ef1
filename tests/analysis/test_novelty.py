"""Where generated names are from, against a count by hand; and the surprise of a bigram, against its counts."""

import math
from collections import Counter
from itertools import pairwise

import pytest

import mlp
from mlp.analysis.baselines import SMOOTHING, baselines, bigram_surprise
from mlp.analysis.novelty import ORIGINS, origins
from mlp.sampling import Drawn, draw


def test_shares_are_those_of_a_count_and_add_up():
    dataset = mlp.Trainer(mlp.Settings(train_examples=300)).dataset
    words = [dataset.train.words[0], dataset.train.words[0], dataset.dev.words[3], "qqq", dataset.unused[5], ""]
    drawn = [*(Drawn(word, True) for word in words), Drawn(dataset.train.words[0], False), Drawn("x" * 24, False)]
    expected = {"new": 1, "train": 2, "dev": 1, "test": 0, "unused": 1, "cut off": 2, "empty": 1}
    assert origins(drawn, dataset) == {name: count / 8 for name, count in expected.items()}
    assert origins([], dataset) == dict.fromkeys(ORIGINS, 0.0)


def test_a_network_that_knows_its_words_by_heart_copies_more_than_one_that_does_not():
    trainer = mlp.Trainer(mlp.Settings(train_examples=64, embedding_dim=10))

    def copied():
        return origins(draw(trainer.model, trainer.dataset.vocabulary, 100, 1), trainer.dataset)["train"]

    before = copied()
    trainer.step(3000)
    assert copied() > before + 0.3


@pytest.mark.parametrize("word", ["ralts", "zzz", "a"])
def test_the_bigrams_surprise_is_minus_the_logarithm_of_its_frequency(word):
    dataset = mlp.Trainer(mlp.Settings(block_size=1)).dataset
    V = len(dataset.vocabulary)
    pairs = Counter(zip(dataset.train.X[:, 0].tolist(), dataset.train.Y.tolist(), strict=True))
    text = dataset.vocabulary.encode(f".{word}.")
    expected = []
    for first, second in pairwise(text):
        context = sum(count for (before, _), count in pairs.items() if before == first)
        expected.append(-math.log((pairs[first, second] + SMOOTHING) / (context + SMOOTHING * V)))
    assert bigram_surprise(dataset, word) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("block_size", [1, 3, 12])
def test_the_bigrams_surprise_of_all_dev_words_is_its_dev_loss(block_size):
    dataset = mlp.Trainer(mlp.Settings(block_size=block_size)).dataset
    nats = [each for word in dataset.dev.words for each in bigram_surprise(dataset, word)]
    assert sum(nats) / len(nats) == pytest.approx(baselines(dataset).dev.bigram, abs=1e-9)
