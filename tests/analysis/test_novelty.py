"""Where generated names are from, against a count by hand; and the surprise of a bigram, against its counts."""

import math
from collections import Counter
from itertools import pairwise

import pytest

import mlp
from mlp.analysis.baselines import SMOOTHING, baselines, bigram_surprise
from mlp.analysis.novelty import ORIGINS, origins


def test_shares_are_those_of_a_count_and_add_up():
    trainer = mlp.Trainer(mlp.Settings(train_examples=300))
    dataset = trainer.dataset
    words = [dataset.train.words[0], dataset.train.words[0], dataset.dev.words[3], "qqq", dataset.unused[5]]
    assert origins(words, dataset) == {"new": 0.2, "train": 0.4, "dev": 0.2, "test": 0.0, "unused": 0.2}
    assert origins([], dataset) == dict.fromkeys(ORIGINS, 0.0)


def test_a_network_that_knows_its_words_by_heart_copies_more_than_one_that_does_not():
    trainer = mlp.Trainer(mlp.Settings(train_examples=64, embedding_dim=10))
    before = origins(trainer.sample(100), trainer.dataset)["train"]
    trainer.step(3000)
    assert origins(trainer.sample(100), trainer.dataset)["train"] > before + 0.3


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
