"""The live views of the page on generating names or words: each turns a snapshot into plain data."""

from collections.abc import Callable
from typing import Any

from mlp.analysis.baselines import bigram_surprise
from mlp.analysis.novelty import origin_of, origins
from mlp.engine.snapshot import Snapshot
from mlp.plots import novelty
from mlp.plots import surprise as heat
from mlp.plots.patches import Patch
from mlp.sampling import Drawn
from mlp.scoring import most_probable, origin, surprises
from mlp.scoring import surprise as surprise_of
from pages.ui.generate import tables
from pages.ui.generate.choices import Choices
from pages.ui.live.session import Session, View
from pages.ui.shared.series import kept_series, up_to_now
from pages.ui.shared.throttle import Throttled

SHOWN, COUNTED = 12, 200
LIKELIEST = 10
Drawings = Throttled[list[Drawn]]

SECONDS = 1.2  # between two batches while the network learns, so that they can be read


def drawings(choices: Choices) -> Drawings:
    """The words that the batch shows and the curve ends with."""
    return Throttled(lambda now: choices.draw(now, COUNTED), least=SECONDS)


def batch(drawings: Drawings) -> View:
    """Words with their probabilities, and where all that were drawn like these are from."""

    def work_out(now: Snapshot) -> Patch:
        if not now.model.theta.isfinite().all():
            return {"text": tables.OVERFLOWED, "columns": [], "rows": []}
        drawn, dataset = drawings(now), now.dataset
        nats = surprises(now.model, dataset.vocabulary, [each.word for each in drawn[:SHOWN]])
        sources = [origin_of(each, dataset) for each in drawn[:SHOWN]]
        text = tables.batch_text(origins(drawn, dataset), COUNTED, now.step, dataset.noun)
        return {"text": text, **tables.batch(drawn[:SHOWN], nats, sources, dataset.noun)}

    return Throttled(work_out, least=SECONDS)


def curve(session: Session, choices: Choices, drawings: Drawings) -> View:
    """Where the words are from over the training, worked out beside it."""

    def measure(present: Snapshot, step: int) -> dict[str, float]:
        model = present.model.at(present.thetas[step])
        return origins(choices.draw_with(model, present.dataset, COUNTED), present.dataset)

    series = kept_series(session, "origins", measure, choices)

    def view(now: Snapshot) -> Patch:
        points = up_to_now(series(now), now, lambda: origins(drawings(now), now.dataset))
        return {**novelty.update(points, COUNTED, now.now.step, now.dataset.noun), "step": now.step}

    return view


def likeliest() -> View:
    """The most probable words."""

    def work_out(now: Snapshot) -> Patch:
        found = most_probable(now.model, now.dataset.vocabulary, LIKELIEST)
        sources = [origin_of(Drawn(each.word, True), now.dataset) for each in found]
        return tables.likeliest(found, sources, now.dataset.noun)

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
