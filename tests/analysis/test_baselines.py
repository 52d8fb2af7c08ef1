"""The reference losses, against counting by hand in plain Python and against the notes."""

import math
from collections import Counter

import pytest
import torch

import mlp
from mlp.analysis.baselines import EM_ROUNDS, SMOOTHING, Counts, baselines, lowest_loss, mixed_loss
from mlp.dataset import make_dataset

POKEMON = mlp.load_words("pokemon")


def dataset(words=POKEMON, **changes):
    return make_dataset(mlp.Settings(**changes), words)


def by_hand(train, dev, V, n, k=SMOOTHING):
    """The add-k n-gram's loss on the words of dev, counted character by character."""

    def grams(words):
        for word in words:
            text = "." * (n - 1) + word + "."
            yield from (text[i : i + n] for i in range(len(text) - n + 1))

    grams_seen = Counter(grams(train))
    contexts = Counter(gram[:-1] for gram in grams(train))
    losses = [-math.log((grams_seen[g] + k) / (contexts[g[:-1]] + k * V)) for g in grams(dev)]
    return sum(losses) / len(losses)


@pytest.mark.parametrize("block_size", [1, 2, 5])
def test_the_counts_are_those_counted_by_hand_at_any_block_size(block_size):
    data = dataset(block_size=block_size)
    reference = baselines(data)
    for n, name in ((1, "unigram"), (2, "bigram"), (3, "trigram")):
        for split in ("train", "dev"):
            wanted = by_hand(data.train.words, data.split(split).words, len(data.vocabulary), n)
            assert getattr(getattr(reference, split), name) == pytest.approx(wanted, rel=1e-12)


def test_the_names_give_the_numbers_that_others_measured():
    runs = [baselines(dataset(seed=seed)).dev for seed in (1, 2, 3, 1337)]
    for name, wanted in (("unigram", 3.01), ("bigram", 2.67), ("trigram", 2.73), ("interpolated", 2.54)):
        assert sum(getattr(run, name) for run in runs) / len(runs) == pytest.approx(wanted, abs=0.06)


def test_guessing_loses_ln_of_the_vocabulary():
    assert baselines(dataset()).random == pytest.approx(math.log(34))


def test_the_lowest_loss_of_the_notes_32_examples_is_what_one_reckons_by_hand():
    """Four of the names begin "...", each on with another character, so no network can do better than 4 ln 4 / 32."""
    assert baselines(dataset(train_examples=32)).lowest == pytest.approx(4 * math.log(4) / 32)
    assert baselines(dataset(train_share=1, dev_share=0)).lowest == pytest.approx(1.246, abs=5e-4)


def test_the_lowest_loss_is_the_entropy_of_what_follows_each_context():
    train = dataset(block_size=2).train
    following = {}
    for context, label in zip(train.X.tolist(), train.Y.tolist(), strict=True):
        following.setdefault(tuple(context), Counter())[label] += 1
    total = -sum(n * math.log(n / c.total()) for c in following.values() for n in c.values())
    assert lowest_loss(train) == pytest.approx(total / len(train), rel=1e-12)


def test_what_is_certain_loses_nothing():
    assert str(lowest_loss(dataset(["ab"]).train)) == "0.0"


def test_long_contexts_do_not_run_out_of_numbers():
    assert 0 <= lowest_loss(dataset(block_size=12).train) < lowest_loss(dataset(block_size=4).train)


def test_interpolated_probabilities_sum_to_one():
    data = dataset()
    counts, V = Counts(data.train, len(data.vocabulary)), len(data.vocabulary)
    for row in (0, 5, 100):
        X = data.dev.X[row : row + 1].clone()
        X[0, 0] = 0  # one context is a whole word's beginning, so no example stands before it
        if X[0, -1] != 0:
            X = torch.tensor([[0, 0, int(data.dev.X[row, -1])]])
        every = [
            counts.interpolated(mlp.Split((), torch.cat([torch.zeros_like(X), X]), torch.tensor([X[0, -1], label])))[1]
            for label in range(V)
        ]
        assert sum(every) == pytest.approx(1, abs=1e-9)


def test_the_weights_are_fitted_without_looking_at_dev():
    first, other = dataset(), dataset()
    hidden = mlp.Dataset(other.vocabulary, other.train, other.test, other.test, other.available)
    assert (Counts(first.train, 34).weights == Counts(hidden.train, 34).weights).all()
    assert EM_ROUNDS > 5


def test_interpolation_beats_every_count_alone_on_words_not_counted():
    for words in (POKEMON, mlp.load_words("names")):
        dev = baselines(dataset(words)).dev
        assert dev.interpolated < min(dev.unigram, dev.bigram, dev.trigram)


def test_mixing_network_and_counts_is_the_mean_of_their_probabilities():
    trainer = mlp.Trainer(mlp.Settings(hidden=50))
    trainer.step(8000)
    data, dev = trainer.dataset, trainer.dataset.dev
    network = torch.softmax(trainer.model.forward(dev.X).logits, 1)[torch.arange(len(dev)), dev.Y].double()
    counted = torch.from_numpy(Counts(data.train, 34).interpolated(dev))
    mixed = -(0.5 * network + 0.5 * counted).log().mean().item()
    assert mixed_loss(trainer.model, data) == pytest.approx(mixed, rel=1e-6)
    assert mixed_loss(trainer.model, data, share=1.0) == pytest.approx(trainer.evaluate("dev"), rel=1e-5)
    assert mixed < min(trainer.evaluate("dev"), baselines(data).dev.interpolated)  # as the paper found


def test_without_dev_words_there_is_no_dev_loss():
    data = dataset(train_share=1, dev_share=0)
    assert math.isnan(baselines(data).dev.bigram)
    assert math.isnan(mixed_loss(mlp.Trainer(mlp.Settings(train_share=1, dev_share=0)).model, data))


def test_the_same_examples_are_counted_once():
    assert baselines(dataset()) is baselines(dataset())
    assert baselines(dataset()) is not baselines(dataset(train_examples=100))
