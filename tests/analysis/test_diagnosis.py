"""Each verdict on runs that are known to be that, on curves made by hand, and under noise."""

import math
from dataclasses import asdict
from functools import lru_cache

import numpy as np
import pytest

import mlp
from mlp.analysis.baselines import baselines
from mlp.analysis.diagnosis import SAMPLES, VERDICTS, diagnose_view
from mlp.analysis.presets import PRESETS
from mlp.analysis.verdict_rules import hidden_saturation, rounded
from mlp.analysis.verdict_words import WORDS
from mlp.engine.transport import Transport
from mlp.training.curves import Smoothed, reading_steps
from pages.ui.playground.verdicts import make_view

STEPS = [0, *(round(10 * 1.1**n) for n in range(75))]  # up to some 11,500


@pytest.fixture(scope="module")
def trainer():
    return mlp.Trainer(mlp.Settings(hidden=20))


def judge(trainer, train, dev, steps=STEPS, **more):
    return diagnose_view(steps, train, dev, trainer.model, trainer.dataset, trainer.settings, **more)


def falling(start, end, steps=STEPS):
    """A loss that falls from start to end, quickly at first."""
    return [end + (start - end) / (1 + step / 100) for step in steps]


def turning(low, turn, steps=STEPS):
    """A dev loss that falls to `low` at step `turn` and then rises again."""
    return [low + 0.3 * abs(math.log((step + 10) / (turn + 10))) for step in steps]


def on_the_page(trainer):
    """What the playground says of a run at rest, when no more of its losses are known than are needed."""
    played = Transport(trainer, lambda: False, lambda: None)
    played.evaluation.go_on(0.0, None)  # the losses of the network as it is, and no others
    return make_view()(played.take_snapshot())


@lru_cache
def trained(settings, steps):
    trainer = mlp.Trainer(settings)
    trainer.step(steps)
    return trainer


DEFAULT_STOPS = [
    0, 1, 50, 150, 222, 500, 1000, 1500, 2000, 2220, 3000, 4000, 4440, 5000, 6660, 8000, 10_000, 11_100, 15_000, 17_760,
    20_000, 22_200,
]  # fmt: skip
SCALED = mlp.Settings(init="scaled", embedding_dim=10)
RUNS = {
    "default": (mlp.Settings(), dict.fromkeys(DEFAULT_STOPS, "untrained learning slow-progress bigram-level")),
    "rate 1.7": (mlp.Settings(learning_rate=1.7), dict.fromkeys((300, 1000, 3000), "rate-too-high")),
    "scaled, rate 1.7": (SCALED.with_changes(learning_rate=1.7), {15_000: "rate-too-high"}),
    "one example a step": (mlp.Settings(batch_size=1), {2000: "rate-too-high"}),
    "rate 0.01": (
        mlp.Settings(learning_rate=0.01),
        {1000: "learning", **dict.fromkeys((5000, 10_000, 20_000), "rate-too-low")},
    ),
    "one unit": (mlp.Settings(hidden=1), {200: "learning", 5000: "learning", 10_000: "underfitting"}),
    "200 units": (PRESETS["over_fit"].settings, {100: "learning", 1000: "overfitting", 3000: "overfitting"}),
    "32 examples": (PRESETS["notes"].settings, {30: "learning", 1000: "memorising"}),
    "one character": (SCALED.with_changes(block_size=1), {500: "learning", 5000: "underfitting"}),
    "much decay": (mlp.Settings(weight_decay=0.03), {3000: "underfitting"}),
}  # fmt: skip


@pytest.mark.parametrize("name", RUNS)
def test_page_and_package_say_the_same_of_known_runs_and_what_is_known_of_them(name):
    settings, stops = RUNS[name]
    trainer = mlp.Trainer(settings)
    for stop, expected in stops.items():
        trainer.step(stop - trainer.steps_done)
        found, shown = mlp.diagnose(trainer), on_the_page(trainer)
        assert shown == {**asdict(found), "reasons": list(found.reasons)}, stop
        assert found.verdict.replace(" ", "-") in expected.split(), (stop, found)


def test_what_is_no_better_than_a_bigram_is_no_good_fit_and_small_differences_are_ties(trainer):
    bigram = baselines(trainer.dataset).dev.bigram
    found = {ahead: judge(trainer, falling(4, 2.45), falling(4, bigram - ahead - 0.03)) for ahead in (0.08, 0, -0.08)}
    assert found[0.08].verdict == "good fit"
    assert found[0].verdict == found[-0.08].verdict == "bigram level"
    assert "about as good as a bigram model" in found[0].sentence
    assert "worse than a bigram model" in found[-0.08].sentence


BLAMED = {  # settings, steps, what the verdict blames, what is changed
    "rate too high": (mlp.Settings(learning_rate=1.7), 2000, "rate is 1.7", {"learning_rate": 0.17}),
    "rate too low": (mlp.Settings(learning_rate=0.01), 10_000, "rate is 0.01", {"learning_rate": 0.1}),
    "decay": (mlp.Settings(weight_decay=0.03), 5000, "weight decay of 0.03", {"weight_decay": 0.003}),
    "context": (SCALED.with_changes(block_size=1), 5000, "block size of 1", {"block_size": 3}),
    "units": (mlp.Settings(hidden=1), 10_000, "Hidden units: 1.", {"hidden": 100}),
    "dimensions": (mlp.Settings(), 10_000, "embedding dimensions than 2", {"embedding_dim": 10}),
    "start": (mlp.Settings(), 10_000, "these are normal", {"init": "scaled"}),
    "tuning": (
        mlp.Settings(), 15_000, "together would help; here they are normal, 2 and 0",
        {"embedding_dim": 10, "init": "scaled", "weight_decay": 0.003},
    ),
}  # fmt: skip


@pytest.mark.parametrize("cause", BLAMED)
def test_what_is_blamed_is_what_helps_when_it_is_changed(cause):
    settings, steps, says, change = BLAMED[cause]
    trainer = trained(settings, steps)
    found = mlp.diagnose(trainer)
    assert says in " ".join([found.sentence, *found.reasons])
    other = trained(settings.with_changes(**change), steps)
    split = "dev" if cause == "tuning" else "train"
    assert lately(other, split) < lately(trainer, split) - 0.05


def lately(trainer, split):
    """The mean loss over the latest remembered steps, in which the luck of single steps is evened out."""
    which = ("train", "dev").index(split)
    return np.mean([trainer.timeline.losses_at(step)[which] for step in trainer.timeline.steps[-15:]])


def test_a_partly_known_curve_gets_no_verdict(trainer):
    train, dev = falling(4, 1.5), turning(2.5, 1000)
    half = [loss if n % 2 else math.nan for n, loss in enumerate(train)]
    found = judge(trainer, half, dev)
    assert (found.verdict, found.sentence) == ("not known yet", "Working out the losses…")
    few = [math.nan if n == 10 else loss for n, loss in enumerate(train)]
    assert judge(trainer, few, dev).verdict == "not known yet"
    assert judge(trainer, few, dev, unknown=0.1).verdict == "overfitting"
    assert judge(trainer, [*train[:-1], math.nan], dev).verdict == "overfitting"


def test_a_denser_curve_makes_no_other_verdict(trainer):
    """Everyone reads a run at the same steps, however many more they know of."""
    dense = list(range(3000))
    read = reading_steps(dense)
    train, dev = falling(4, 1.5, dense), turning(2.5, 500, dense)
    whole = judge(trainer, train, dev, dense)
    assert whole == judge(trainer, [train[step] for step in read], [dev[step] for step in read], read)
    holes = [loss if step in set(read) else math.nan for step, loss in enumerate(train)]
    assert whole == judge(trainer, holes, dev, dense)


def test_every_case_has_a_verdict_and_a_sentence():
    assert {words.verdict for words in WORDS.values()} == set(VERDICTS)
    assert all(words.sentence for words in WORDS.values())


def test_a_step_that_is_said_with_about_has_two_digits():
    assert [rounded(step) for step in (7, 97, 246, 1949, 11_949)] == [7, 97, 250, 1900, 12_000]


@pytest.mark.parametrize("name", PRESETS)
def test_each_preset_shows_its_regime(name):
    preset = PRESETS[name]
    trainer = trained(preset.settings, preset.steps)
    found = mlp.diagnose(trainer)
    assert found.verdict == preset.verdict in VERDICTS
    assert on_the_page(trainer)["sentence"] == found.sentence


def test_an_untrained_network_is_called_so():
    found = mlp.diagnose(mlp.Trainer(mlp.Settings()))
    assert found.verdict == "untrained"
    assert "random" in found.sentence


def test_a_run_that_diverges_truly_ends_in_numbers_that_are_not_finite():
    preset = PRESETS["diverges"]
    trainer = mlp.Trainer(preset.settings)
    assert not math.isfinite(trainer.step(preset.steps))
    found = mlp.diagnose(trainer)
    assert found.sentence == f"Training diverged at step {trainer.diverged.step}: the loss overflowed (inf or nan)."
    assert "learning rate is 10" in found.reasons[0]


def test_a_loss_that_only_grows_is_diverging_though_it_is_finite():
    trainer = mlp.Trainer(mlp.Settings(learning_rate=10))
    trainer.step(300)
    assert not trainer.diverged
    found = mlp.diagnose(trainer)
    assert found.verdict == "diverged"
    assert "learning rate 10 is too high" in found.sentence


def test_ten_dimensions_and_200_units_over_fit_all_names_from_the_turn_of_the_dev_loss_on():
    trainer = mlp.Trainer(mlp.Settings(embedding_dim=10, hidden=200, init="scaled"))
    trainer.step(600)
    assert mlp.diagnose(trainer).verdict in ("learning", "good fit")
    trainer.step(7400)
    found = mlp.diagnose(trainer)
    assert found.verdict == "overfitting"
    since = int(found.sentence.split("step ")[1].split(":")[0].replace(",", ""))
    assert since == rounded(found.turn)
    assert 500 < since < 2500
    assert trainer.at(since).loss(trainer.dataset.dev.X, trainer.dataset.dev.Y) < trainer.evaluate("dev") - 0.2


def test_five_hidden_units_are_not_enough():
    trainer = mlp.Trainer(mlp.Settings(hidden=5))
    trainer.step(30_000)
    assert mlp.diagnose(trainer).verdict == "underfitting"


def test_memorising_counts_the_words_copied():
    trainer = mlp.Trainer(PRESETS["notes"].settings)
    trainer.step(1000)
    found = mlp.diagnose(trainer)
    copies = sum(word in trainer.dataset.train.words for word in trainer.sample(10))
    assert copies >= 5
    assert f"{copies} of {SAMPLES} generated names are training names" in found.sentence


def test_the_early_noise_of_a_run_is_learning(trainer):
    for count in range(2, 20):
        assert judge(trainer, falling(9, 2.4)[:count], falling(9, 2.5)[:count], STEPS[:count]).verdict == "learning"


def test_a_turn_is_seen_and_dated(trainer):
    found = judge(trainer, falling(4, 1.5), turning(2.5, 1000))
    assert found.verdict == "overfitting"
    assert found.turn == pytest.approx(1000, rel=0.15)
    assert f"since about step {rounded(found.turn):,}:" in found.sentence


@pytest.mark.parametrize("seed", range(20))
def test_noise_changes_no_verdict(trainer, seed):
    noise = np.random.default_rng(seed).normal(0, 0.03, (2, len(STEPS)))
    cases = {
        "overfitting": (falling(4, 2.2), turning(2.5, 300)),
        "good fit": (falling(4, 2.40), falling(4, 2.55)),
        "slow progress": (falling(4, 2.9), falling(4, 2.91)),
    }
    for verdict, (train, dev) in cases.items():
        assert judge(trainer, (train + noise[0]).tolist(), (dev + noise[1]).tolist()).verdict == verdict


def test_a_dev_loss_that_rises_with_the_train_loss_is_no_overfitting(trainer):
    together = turning(2.8, 300)
    assert judge(trainer, together, together).verdict != "overfitting"


def test_a_wide_gap_is_overfitting_even_before_the_dev_loss_rises(trainer):
    assert judge(trainer, falling(4, 1.9), falling(4, 2.6)).verdict == "overfitting"
    assert judge(trainer, falling(4, 2.2), falling(4, 2.6)).verdict == "good fit"


def test_memorising_needs_copies_however_low_the_train_loss(trainer):
    lowest = baselines(trainer.dataset).lowest
    found = judge(trainer, falling(4, lowest + 0.1), turning(2.6, 300), samples=["none"] * SAMPLES)
    assert found.verdict == "overfitting"
    assert "above the lowest possible" in found.reasons[-1]
    assert "lowest" not in " ".join(judge(trainer, falling(4, lowest + 0.6), turning(2.6, 300)).reasons)


def test_training_words_among_the_samples_are_memorising(trainer):
    words, curves = trainer.dataset.train.words, (falling(4, 1.9), turning(2.6, 300))
    assert judge(trainer, *curves, samples=[*words[:5], *"abcde"]).verdict == "memorising"
    assert judge(trainer, *curves, samples=[*words[:4], *"abcdef"]).verdict == "overfitting"


def test_a_capacity_of_one_character_is_no_memorising_at_its_lowest_loss():
    trainer = mlp.Trainer(mlp.Settings(block_size=1))
    lowest = baselines(trainer.dataset).lowest
    assert judge(trainer, falling(4, lowest), falling(4, lowest + 0.1)).verdict in ("good fit", "underfitting")


def test_saturation_is_measured_over_units_and_examples():
    trainer = mlp.Trainer(mlp.Settings(hidden=10))
    assert hidden_saturation(trainer.model, trainer.dataset) < 0.5
    trainer.model.b1.fill_(50.0)
    assert hidden_saturation(trainer.model, trainer.dataset) == 1.0
    assert judge(trainer, falling(4, 2.9), falling(4, 3.0)).verdict == "saturated"
    assert judge(trainer, falling(4, 2.4), falling(4, 2.5)).verdict == "good fit"  # stuck units that do no harm


def test_losses_not_yet_known_and_a_missing_dev_split_are_borne(trainer):
    nan = [math.nan] * len(STEPS)
    assert judge(trainer, nan, nan).verdict == "not known yet"
    assert judge(trainer, [], [], []).verdict == "not known yet"
    assert judge(trainer, falling(4, 2.9), nan).verdict == "rate too low"  # no noise at all
    assert judge(trainer, falling(4, 2.4), nan).verdict == "levelled off"
    assert judge(trainer, falling(4, 2.4), nan).reasons[-1].startswith("There are no dev names")
    assert judge(trainer, falling(4, 2.4), nan, samples=trainer.dataset.train.words[:10]).verdict == "memorising"
    holes = [value if n % 3 == 0 else math.nan for n, value in enumerate(turning(2.5, 1000))]
    assert judge(trainer, falling(4, 1.5), holes).verdict == "overfitting"
    assert judge(trainer, [*falling(4, 2.4)[:-1], math.inf], falling(4, 2.5)).verdict == "diverged"


def test_a_map_of_fits_gets_its_verdicts_from_a_snapshot():
    fits = mlp.FitMap(PRESETS["over_fit"].settings, x=("hidden", [2, 200]), y=("train_examples", [256, None]))
    fits.step(1500)
    fits.loss("dev")
    small, large = fits.snapshot().fits[0][1], fits.snapshot().fits[1][0]
    verdicts = [
        diagnose_view(f.steps, f.train, f.dev, f.model, f.dataset, f.settings, f.diverged).verdict
        for f in (small, large)
    ]
    assert verdicts[0] in ("overfitting", "memorising")
    assert verdicts[1] in ("learning", "slow progress")


def test_smoothing_averages_near_steps_and_nothing_else():
    smooth = Smoothed.of([0, 85, 100, 110, 200], [9.0, 1.0, 2.0, 3.0, 5.0], [math.nan] * 5)
    assert smooth.train.tolist() == [9.0, 1.5, 2.0, 2.5, 5.0]
    assert np.isnan(smooth.dev).all()
    assert (smooth.at(150).step, smooth.at(150).train) == (110, 2.5)


def test_noise_is_measured_about_the_trend():
    steps, luck = list(range(100, 400)), np.random.default_rng(1).normal(0, 0.1, 300)
    steady = [5 - step / 100 for step in steps]
    assert Smoothed.of(steps, steady, steady).train_error.max() < 1e-9
    noisy = Smoothed.of(steps, (steady + luck).tolist(), steady)
    last = sum(step >= 399 * 0.8 for step in steps)
    assert noisy.train_error[-1] * last**0.5 == pytest.approx(0.1, rel=0.5)
    assert noisy.train_noise == pytest.approx(0.1, rel=0.25)
