"""What the fitting lab shows of its rate search and of its comparison of remedies: a view for each chart and text.

Each says that it was looked at, which is what keeps the work going.
"""

from collections.abc import Iterable

import plotly.graph_objects as go
import streamlit as st

from mlp.analysis.comparison import Comparison, in_front
from mlp.analysis.presets import MEASURED_ON, Preset, Remedy
from mlp.analysis.rate_finder import RateCurve, RateFinder
from mlp.engine.snapshot import Snapshot
from mlp.plots import compare, rates
from mlp.training.curves import CHANCE
from pages.ui.lab.bench import Lab
from pages.ui.lab.views import Patch, nats, other_list
from pages.ui.live.session import View


def rate_curve(lab: Lab) -> View:
    """The rate search so far."""
    nothing = {"label": f"{rates.TITLE}: no rate has been tried yet."}
    return lambda _: rates.update(found) if (found := _found(lab)) else nothing


def rate_text(lab: Lab) -> View:
    """The suggested rate, in words."""

    def view(_: Snapshot) -> Patch:
        found = _found(lab)
        if not found or not lab.search:
            return {"text": "Not started yet."}
        tried = f"{len(found.losses):,} rates tried, one batch each."
        if not lab.search.done:
            return {"text": f"{lab.search.note or 'Searching…'} {tried}"}
        blown = (
            f" Stopped at {10 ** found.exponents[-1]:.2g}, where the loss had risen far above its lowest."
            if found.stopped
            else ""
        )
        valley = f"half of the rate where the valley ends ({10 ** found.exponents[found.valley]:.2g})"
        return {"text": f"Suggested rate: {found.suggested:.2g}, {valley}. {tried}{blown}"}

    return view


def _found(lab: Lab) -> RateCurve | None:
    if not lab.search or not isinstance(lab.search.work, RateFinder):
        return None
    lab.search.keep_alive()
    return lab.search.work.curve()


def compare_remedies(lab: Lab, key: str) -> None:
    """Start the comparison, with the number of steps that is chosen now: a click may come sooner than the script."""
    lab.compare(st.session_state[key] or 1)


def compared(lab: Lab, shown: str | None) -> View:
    """The overfitting run, and before it one remedy or all."""

    def view(_: Snapshot) -> Patch:
        work = _comparison(lab)
        if work is None:
            return {"label": f"{compare.TITLE}: no remedy has been compared yet."}
        first, *tried = (
            compare.Line(attempt.label, "", attempt.steps, attempt.train, attempt.dev) for attempt in work.attempts
        )
        patch = compare.update(first, [line for line in tried if shown in (None, line.name)])
        return {**patch, "step": work.steps_done}

    return view


def results(lab: Lab, guess: str | None = None) -> View:
    """Each run's end in numbers, and how a guess of the best remedy stands."""

    def view(now: Snapshot) -> Patch:
        work = _comparison(lab)
        if work is None or lab.comparison is None:
            return {"text": "Press “Compare the remedies” to start."}
        worst = work.attempts[0].final[1]
        rows = [
            [attempt.label, *map(nats, attempt.final), nats(worst - attempt.final[1]), f"{attempt.kept:,}"]
            for attempt in work.attempts
        ]
        rows[0][3] = "–"
        said = "Done:" if work.done else lab.comparison.note or "Training:"
        end = f"{_in_front(work, guess) if work.done else ''}{other_list(work.words, now)}"
        return {
            "text": f"{said} step {work.steps_done:,} of {work.goal:,}.{end}",
            "columns": ["Run", "Train loss", "Dev loss", "Improvement in dev loss", "Result from step"],
            "rows": rows,
        }

    return view


def _in_front(work: Comparison, guess: str | None) -> str:
    """Which run ends with the lowest dev loss, whether that is more than chance, and whether it was guessed."""
    first, *ties = best = in_front(work.attempts)
    tied = f", a tie with {' and '.join(ties)}" if ties else ""
    guessed = f" You guessed {guess}: {'right' if guess in best else 'not this one'}." if guess else ""
    return f" Lowest dev loss: {first}{tied} (with another seed a dev loss differs by about {CHANCE}).{guessed}"


def introduction(preset: Preset) -> str:
    """What is compared, and on the list where it was measured, what comes of it."""
    if preset.settings.word_list == MEASURED_ON:
        return (
            f"The preset *{preset.label}* overfits its {preset.settings.train_examples:,} examples: the train loss "
            "keeps falling, the dev loss starts to rise. Here it is trained again next to the same network with **one "
            "remedy** each. Compare where each dev loss ends: lower is better. Then train ten times as many steps: "
            "which remedies prevent overfitting, and which only postpone it?"
        )
    return (
        f"The preset *{preset.label}*: {preset.description} Here it is trained next to the same network with **one "
        "remedy** each. Compare where each dev loss ends: lower is better."
    )


def explain(tried: Iterable[Remedy], label: str | None) -> str:
    """What is done in a remedy and why; of all where none is chosen."""
    chosen = [remedy for remedy in tried if label in (None, remedy.label)]
    return "  \n".join(f"**{remedy.label}.** {remedy.description}" for remedy in chosen)


def _comparison(lab: Lab) -> Comparison | None:
    if not lab.comparison or not isinstance(lab.comparison.work, Comparison):
        return None
    lab.comparison.keep_alive()
    return lab.comparison.work


def comparison() -> go.Figure:
    """The chart of the remedies: the overfitting run is a broad pale band, so that a remedy on top of it is seen."""
    drawn = compare.figure(400)
    drawn.update_traces(line_width=2.5, opacity=1)
    for trace in drawn.data[-2:]:
        trace.update(line_width=7, opacity=0.4)
    return drawn
