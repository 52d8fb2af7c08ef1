"""Two predictions on the page of the hidden layer: a larger W1, and a network without tanh."""

import math
from typing import Any

import streamlit as st

from mlp.analysis.baselines import baselines
from mlp.dataset import Split
from mlp.engine.job import Job
from mlp.engine.snapshot import Snapshot
from mlp.lessons.saturate import FACTORS, Saturated, saturate
from mlp.lessons.short_runs import BEND_STEPS, EARLY_CHANCE, ShortRuns, Variant
from mlp.plots import activations
from mlp.plots.patches import Patch
from pages.ui.lessons import predict, side_runs
from pages.ui.live import components as live
from pages.ui.shared.formatting import number
from pages.ui.shared.throttle import if_same_shape

ASKED = 3.0
WITHIN = 10.0  # percentage points
WITHOUT, WITH = "without tanh", "with tanh"


def saturation(now: Snapshot, batch: Split) -> None:
    """How much of the layer saturates when W1 is three times as large; once guessed, with a slider for others."""

    def find(guesses: tuple[Any, ...], then: Snapshot) -> tuple[Saturated, Saturated]:
        one, many = (saturate(then.model, batch.X, batch.Y, factor) for factor in (1.0, ASKED))
        return one, many

    units = now.settings.hidden
    seen, place = predict.ask(
        "saturate",
        None,
        "saturate it",
        f"Take a copy of your network and multiply every number of W1 by {ASKED:g}. Of its {len(batch)} × {units:,} "
        "activations, how many are saturated then? And how much of the gradient that arrives gets through tanh?",
        [predict.Number("Saturated, in %", 0, 100, 1), predict.Number("Gets through, in %", 0, 100, 1)],
        find,
    )
    if seen:
        with place:
            _compare_saturation(now, seen, batch)


def _compare_saturation(now: Snapshot, seen: predict.Seen[tuple[Saturated, Saturated]], batch: Split) -> None:
    one, many = seen.truth
    rows = [
        [name, _percent(before), f"{guess:g}%", _percent(after), predict.verdict(guess, 100 * after, WITHIN)]
        for name, before, guess, after in (
            ("saturated", one.fraction, seen.guesses[0], many.fraction),
            ("gets through", one.passed, seen.guesses[1], many.passed),
        )
    ]
    columns = ["measure", "W1 as it is", "your guess", f"W1 × {ASKED:g}", "verdict"]
    predict.compare(
        "saturated", "Your guess and the copy", columns, rows,
        "Larger weights make larger pre-activations. tanh is flat there, so its slope 1 − h² lets little through. "
        f"(A guess within {WITHIN:g} percentage points counts as right.)",
        seen.step,
    )  # fmt: skip
    factor = st.select_slider(
        "Multiply W1 by", FACTORS, ASKED, format_func="{:g}".format, key="predict_factor", persist_state="session"
    )

    def view(then: Snapshot) -> Patch:
        layers = (saturate(then.model, batch.X, batch.Y, each) for each in (1.0, factor))
        return activations.update(*(found.hidden for found in layers))

    def numbers(then: Snapshot) -> Patch:
        found = saturate(then.model, batch.X, batch.Y, factor)
        return {
            "text": f"With W1 × {factor:g}: {found.fraction:.1%} saturated, {_percent(found.passed)} of the gradient "
            "gets through."
        }

    hidden = now.model.forward(batch.X).hidden
    drawn = activations.figure(hidden, saturate(now.model, batch.X, batch.Y, factor).hidden)
    live.chart("predict-activations", activations.TITLE, drawn, if_same_shape(now, view))
    live.live_table("predict-factor", "What the factor does", if_same_shape(now, numbers))


def _percent(fraction: float) -> str:
    return f"{fraction:.1%}" if math.isfinite(fraction) else "none arrives"


def without_bend(now: Snapshot) -> None:
    """Two short runs, with tanh and without it, and whether the second can beat the bigram."""

    def find(guesses: tuple[Any, ...], then: Snapshot) -> tuple[Job, float]:
        job = side_runs.start("bend", then, [Variant(WITH), Variant(WITHOUT, bend=False)], BEND_STEPS)
        known, split = baselines(then.dataset), side_runs.work_of(job).short.split
        return job, (known.dev if split == "dev" else known.train).bigram

    seen, place = predict.ask(
        "bend",
        None,
        "remove the bend",
        f"Take tanh away, so that `h` is the pre-activation itself, and train a new network for {BEND_STEPS:,} steps. "
        "Does it beat the bigram model, which knows only one character of context?",
        [predict.Choice("Its loss will be", ["below the bigram’s", "above the bigram’s"])],
        find,
    )
    if seen:
        job, bigram = seen.truth
        with place:
            side_runs.show(
                "predict-bend", job, lambda work: _bend_table(work, seen.guesses[0], bigram), ("bigram", bigram)
            )


def _bend_table(work: ShortRuns, guess: str, bigram: float) -> dict[str, object]:
    bent, straight = (curve.last for curve in work.curves)
    truth = "below the bigram’s" if straight < bigram else "above the bigram’s"
    return {
        "text": f"{predict.right_or_not(right=guess == truth)}: you said {guess}, and the loss without tanh ends "
        f"{truth}. {_difference(bent, straight)}",
        "columns": [f"{work.short.split} loss after {work.steps:,} steps", "nats"],
        "rows": [[WITH, number(bent)], [WITHOUT, number(straight)], ["bigram model", number(bigram)]],
        "strong": [1],
    }


def _difference(bent: float, straight: float) -> str:
    """What the two runs say of the bend, as far as they say anything."""
    why = (
        "Without the bend the logits are a weighted sum of the embeddings: every position adds its share, whatever "
        "stands beside it."
    )
    if not (math.isfinite(bent) and math.isfinite(straight)):
        return f"A run has overflowed at this learning rate. {why}"
    if abs(straight - bent) <= EARLY_CHANCE:
        luck = f"another seed makes the losses of the default network differ (about {EARLY_CHANCE})"
        return f"So early the runs with and without tanh differ by no more than {luck}. {why}"
    return f"It is {abs(straight - bent):.2f} nats {'worse' if straight > bent else 'better'} than with tanh. {why}"
