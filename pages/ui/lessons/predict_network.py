"""Two predictions on the page of the whole network: which frozen part hurts most, and how many parameters there are."""

import math
from typing import Any

import streamlit as st

from mlp.engine.job import Job
from mlp.engine.snapshot import Snapshot
from mlp.lessons.architecture import Count, counts, first_wrong
from mlp.lessons.short_runs import CUT_STEPS, EARLY_CHANCE, ShortRuns, Variant
from pages.ui.lessons import predict, side_runs
from pages.ui.live import components as live
from pages.ui.shared.formatting import number
from pages.ui.shared.once import static_view

NOTHING = "nothing"
MOST = 2_000_000


def cut_a_wire(now: Snapshot) -> None:
    """Each part frozen in turn in a short run: which makes it worst, and by how much."""
    names = list(now.model.parameters)

    def find(guesses: tuple[Any, ...], then: Snapshot) -> Job:
        variants = [Variant(NOTHING), *(Variant(name, name) for name in then.model.parameters)]
        return side_runs.start("cut", then, variants, CUT_STEPS)

    split = "dev" if len(now.dataset.dev) else "train"
    seen, place = predict.ask(
        "cut", None, "cut a wire",
        "Train a new network, but freeze one part: it keeps the random numbers it started with, and the others must do "
        f"without. Which part hurts most after {CUT_STEPS:,} steps, and how much higher is the {split} loss then?",
        [predict.Choice("Frozen part that hurts most", names), predict.Number("Higher by (nats)", 0.0, 20.0, 0.05)],
        find, level=2,
    )  # fmt: skip
    if seen:
        with place:
            side_runs.show("predict-cut", seen.truth, lambda work: _cut_table(work, seen.guesses))


def _cut_table(work: ShortRuns, guesses: tuple[Any, ...]) -> dict[str, object]:
    whole = work.curves[0].last
    ordered = sorted(work.curves, key=lambda curve: (not math.isfinite(curve.last), curve.last))
    worst = max(work.curves[1:], key=lambda curve: curve.last if math.isfinite(curve.last) else math.inf)
    higher = worst.last - whole
    said = "A run has overflowed at this learning rate."
    if math.isfinite(higher):
        said = f"It is {worst.label}: {number(higher, 2)} nats above the run with nothing frozen."
        if higher <= EARLY_CHANCE:
            said += " That may be luck: the other parts make up for it."
        said += f" So early another seed alone makes the default network’s loss differ by about {EARLY_CHANCE}."
    return {
        "text": f"{_judged(guesses, worst.label, higher)} {said}",
        "columns": ["frozen", f"{work.short.split} loss after {work.steps:,} steps", "higher by"],
        "rows": [
            [curve.label, number(curve.last), "–" if curve is work.curves[0] else number(curve.last - whole, 3)]
            for curve in ordered
        ],
        "strong": [ordered.index(worst)],
    }


def _judged(guesses: tuple[Any, ...], worst: str, higher: float) -> str:
    """The guess, the part and by how much, with what it was."""
    part, much = guesses
    if not math.isfinite(higher):
        return f"Your guess: {part}, {much:g} nats."
    by = predict.verdict(much, higher, EARLY_CHANCE)
    return f"Your guess: {part} ({'right' if part == worst else 'not so'}), {much:g} nats ({by})."


def count_it(now: Snapshot) -> bool:
    """How many numbers each parameter has; whether the reader has committed a guess."""
    s, V = now.settings, len(now.dataset.vocabulary)
    rows = counts(s, V)
    seen, place = predict.ask(
        "count", None, "count it",
        f"The vocabulary has {V} characters, the block size is {s.block_size}, the embedding dimension "
        f"{s.embedding_dim}, and there are {s.hidden:,} hidden units. How many numbers does each parameter have?",
        [predict.Number(f"{row.name} has", 0, MOST, 1) for row in rows],
        lambda guesses, then: first_wrong(rows, guesses),
    )  # fmt: skip
    if seen:
        with place:
            _compare_counts(rows, seen)
    return seen is not None


def _compare_counts(rows: list[Count], seen: predict.Seen[Count | None]) -> None:
    wrong, total = seen.truth, sum(row.count for row in rows)
    table = {
        "columns": ["parameter", "product", "numbers", "your guess"],
        "rows": [
            *(
                [row.name, row.sum, f"{row.count:,}", f"{guess:,} ({'right' if guess == row.count else 'wrong'})"]
                for row, guess in zip(rows, seen.guesses, strict=True)
            ),
            ["all", "", f"{total:,}", f"{sum(seen.guesses):,}"],
        ],
        "strong": [rows.index(wrong)] if wrong else [],
    }
    live.live_table("predict-counts", "Your count and the products", static_view(table), mono=True)
    st.markdown(
        f"The first to correct is **{wrong.name}**: its shape is {wrong.shape}, so it has "
        f"{f'{wrong.sum} = ' if len(wrong.shape) > 1 else ''}{wrong.count:,} numbers."
        if wrong
        else f"All right: {total:,} numbers in all."
    )
