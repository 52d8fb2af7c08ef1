"""The live views of the page on generating names: each turns a snapshot into plain data."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from mlp.analysis.baselines import bigram_surprise
from mlp.analysis.novelty import origins
from mlp.engine.over_time import OverTime
from mlp.engine.snapshot import Snapshot
from mlp.plots import novelty
from mlp.plots import surprise as heat
from mlp.plots.patches import Patch
from mlp.scoring import most_probable, origin, surprises
from mlp.scoring import surprise as surprise_of
from pages.ui.generate import tables
from pages.ui.generate.choices import Choices
from pages.ui.live.session import Session, View
from pages.ui.shared.throttle import Throttled

SHOWN, COUNTED = 12, 200
LIKELIEST = 10
SECONDS = 1.2  # between two batches while the network learns, so that they can be read


def batch(choices: Choices) -> View:
    """Names with their probabilities, and where all that were drawn like these are from."""

    def work_out(now: Snapshot) -> Patch:
        drawn, dataset = choices.draw(now, COUNTED), now.dataset
        words = [each.word for each in drawn]
        nats = surprises(now.model, dataset.vocabulary, words[:SHOWN])
        sources = [origin(dataset, word) for word in words[:SHOWN]]
        unended = sum(not each.ended for each in drawn)
        text = tables.batch_text(origins(words, dataset), COUNTED, unended)
        return {"text": text, **tables.batch(drawn[:SHOWN], nats, sources)}

    return Throttled(work_out, least=SECONDS)


def curve(session: Session, choices: Choices) -> View:
    """Where the names are from over the training, worked out beside it."""
    made_for, series = st.session_state.get("generate_series", (None, None))
    if series is None or made_for != choices:

        def measure(present: Snapshot, step: int) -> dict[str, float]:
            model = present.model.at(present.thetas[step])
            return origins([each.word for each in choices.draw_with(model, present.dataset, COUNTED)], present.dataset)

        series = OverTime(session.engine, measure, session.run.notify)
        st.session_state.generate_series = choices, series
    over_time: OverTime = series

    def view(now: Snapshot) -> Patch:
        return {**novelty.update(over_time(now), COUNTED, now.now.step), "step": now.step}

    return view


def likeliest() -> View:
    """The most probable names."""

    def work_out(now: Snapshot) -> Patch:
        found = most_probable(now.model, now.dataset.vocabulary, LIKELIEST)
        return tables.likeliest(found, [origin(now.dataset, each.word) for each in found])

    return Throttled(work_out, least=SECONDS)


def surprise(word: str) -> tuple[View, View]:
    """A word letter by letter, as a chart and as a table."""

    def of(use: Callable[[list[float], list[float], Snapshot], Any]) -> View:
        def view(now: Snapshot) -> Any:
            network = surprise_of(now.model, now.dataset.vocabulary, word)
            return use(network, bigram_surprise(now.dataset, word), now)

        return view

    def chart(network: list[float], bigram: list[float], now: Snapshot) -> Patch:
        return heat.update(word, network, bigram, len(now.dataset.vocabulary))

    def table(network: list[float], bigram: list[float], now: Snapshot) -> Patch:
        return tables.surprise(network, bigram, origin(now.dataset, word))

    return of(chart), of(table)
