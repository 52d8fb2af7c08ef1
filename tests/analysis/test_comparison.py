"""The remedies do what they promise, and the comparison shows the runs as they are alone."""

import math

import pytest

import mlp
from mlp.analysis.comparison import Attempt, Comparison, in_front, stopped
from mlp.analysis.presets import Preset, Remedy, remedies


@pytest.fixture(scope="module")
def finished() -> Comparison:
    comparison = Comparison(*remedies())
    comparison.run_for()
    return comparison


def test_every_remedy_ends_with_a_lower_dev_loss(finished: Comparison) -> None:
    first, *tried = finished.attempts
    assert finished.done
    assert [attempt.label for attempt in tried] == [remedy.label for remedy in remedies()[1].values()]
    for attempt in tried:
        assert attempt.final[1] < first.final[1] - 0.05, attempt.label


def test_runs_within_chance_of_the_lowest_dev_loss_are_ties(finished: Comparison) -> None:
    ends = {"a": 2.80, "b": 2.77, "c": 2.81, "d": math.nan}
    attempts = [Attempt(label, (5,), (2.0,), (dev,), 5) for label, dev in ends.items()]
    assert in_front(attempts) == ["b", "a"]
    front, finals = in_front(finished.attempts), {attempt.label: attempt.final[1] for attempt in finished.attempts}
    assert len(front) == sum(dev <= min(finals.values()) + 0.03 for dev in finals.values())
    assert in_front([]) == []


def test_its_numbers_are_those_of_the_runs_alone(finished: Comparison) -> None:
    preset, changes = remedies()
    for number, changed in ((0, {}), (1, changes["weight_decay"].changes)):
        alone = mlp.Trainer(preset.settings).fork(**changed)
        alone.step(preset.steps)
        assert finished.attempts[number].final == (alone.evaluate("train"), alone.evaluate("dev"))


def test_early_stopping_keeps_the_best_network_and_ends_its_curve_there() -> None:
    attempt = Attempt("", (0, 10, 20, 30, 40), (3.0, 2.0, 1.5, 1.2, 1.0), (3.0, 2.5, 2.6, 2.7, 2.4), 40)
    early = stopped(attempt, "early", 20)
    assert early.steps == (0, 10, 20, 30)
    assert early.kept == 10
    assert early.final == (2.0, 2.5)
    assert stopped(attempt, "late", 1000).final == (1.0, 2.4)


def test_comes_in_slices_and_shows_what_is_known_so_far() -> None:
    preset = Preset("Small", "", mlp.Settings(train_examples=64, hidden=8), 60, "")
    comparison = Comparison(preset, {"decay": Remedy("Decay", "", {"weight_decay": 0.01})})
    assert math.isnan(comparison.attempts[0].final[1])
    seen = set()
    while not comparison.done:
        comparison.run_for(0.001)
        seen.add(comparison.steps_done)
    assert len(seen) > 3
    assert comparison.attempts[0].steps[-1] == 60


def test_a_run_that_diverges_holds_up_nobody() -> None:
    settings = mlp.Settings(learning_rate=10, direct=True)
    comparison = Comparison(
        Preset("Diverges", "", settings, 120, ""), {"low": Remedy("Low", "", {"learning_rate": 0.1})}
    )
    comparison.run_for()
    assert comparison.done
    assert comparison.attempts[1].steps[-1] == 120
