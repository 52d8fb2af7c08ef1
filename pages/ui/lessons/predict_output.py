"""Two predictions on the page of output and loss: what a temperature does to two losses, and the price of a p."""

import math
from typing import Any

import streamlit as st

from mlp.engine.snapshot import Snapshot
from mlp.lessons.effort import max_examples
from mlp.lessons.output import example_losses, price
from mlp.lessons.temperature import FACTORS, Prediction, right_and_wrong
from mlp.plots import price as curve
from mlp.plots import probabilities
from mlp.plots.patches import Patch
from mlp.sampling import draw
from pages.ui.lessons import predict
from pages.ui.lessons.lesson import Pick
from pages.ui.live import components as live
from pages.ui.shared.formatting import number
from pages.ui.shared.once import show_spaces, static_view
from pages.ui.shared.plain import plain
from pages.ui.shared.throttle import Throttled, if_same_shape

ASKED = 3.0
EFFECTS = ["falls", "stays", "rises"]
ASKED_PRICES = (0.25, 0.1, 0.01)
WITHIN = 0.1  # nats
NAMES = 8
Pair = tuple[Prediction | None, Prediction | None]


def temperature(now: Snapshot) -> None:
    """All logits times three: what happens to the loss of a right and of a wrong prediction."""

    def find(guesses: tuple[Any, ...], then: Snapshot) -> Pair:
        return right_and_wrong(then.model, then.dataset.train.first(max_examples(then.model, len(then.dataset.train))))

    seen, place = predict.ask(
        "temperature",
        None,
        "temperature",
        f"Multiply all logits by {ASKED:g} (sampling calls this a temperature of 1/{ASKED:g}). What happens to the "
        "loss of a training example whose target is already the top prediction, and of one where another character is?",
        [predict.Choice("Right prediction: its loss", EFFECTS), predict.Choice("Wrong prediction: its loss", EFFECTS)],
        find,
    )
    if seen:
        with place:
            _compare_temperature(now, seen)


def _compare_temperature(now: Snapshot, seen: predict.Seen[Pair]) -> None:
    vocabulary = now.dataset.vocabulary
    columns = [
        [
            _arrow(one, vocabulary),
            number(one.loss(1.0)),
            number(one.loss(ASKED)),
            guess,
            one.effect(ASKED),
            "right" if guess == one.effect(ASKED) else "wrong",
        ]
        if one
        else ["there is none", "–", "–", guess, "–", "–"]
        for one, guess in zip(seen.truth, seen.guesses, strict=True)
    ]
    names = ["example", "loss", f"loss, logits × {ASKED:g}", "your guess", "its loss", "verdict"]
    predict.compare(
        "tempered",
        "Your guess and the two losses",
        ["prediction", "right", "wrong"],
        list(zip(names, *columns, strict=True)),
        "A larger factor makes the network surer of its top prediction: good where that is right, costly where it is "
        "wrong. (A wrong prediction that is nearly a tie can be an exception.)",
        seen.step,
    )
    factor = st.select_slider(
        "Multiply all logits by", FACTORS, ASKED, format_func="{:g}".format, key="predict_heat", persist_state="session"
    )
    for kind, one in zip(("right", "wrong"), seen.truth, strict=True):
        if one is not None:
            title = f"{probabilities.TITLE}, {kind} prediction"
            what = factor * one.logits, one.label, vocabulary.characters
            patch = probabilities.update(*what)
            patch = {**patch, "label": patch["label"].replace(probabilities.TITLE, title, 1)}
            st.markdown(
                f"{kind.capitalize()}: “{plain(_arrow(one, vocabulary))}”, loss {number(one.loss(factor))} nats"
            )
            drawn = probabilities.figure(*what)
            drawn.update_layout(height=230)
            live.chart(f"predict-tempered-{kind}", title, drawn, static_view(patch))
    sampled = Throttled(lambda then: _sampled(then, factor))
    live.live_table("predict-sampled", "Sampled at this temperature", if_same_shape(now, sampled))


def _arrow(one: Prediction, vocabulary: Any) -> str:
    context, label = vocabulary.decode(one.context.tolist()), vocabulary.characters[one.label]
    return f"{show_spaces(context)} ---> {show_spaces(label)}"


def _sampled(then: Snapshot, factor: float) -> Patch:
    """Words drawn with the logits multiplied, from the network as it is."""
    if not then.model.theta.isfinite().all():
        return {"text": "Nothing can be drawn: the network has overflowed."}
    drawn = draw(then.model, then.dataset.vocabulary, NAMES, then.settings.seed, temperature=1 / factor)
    words = ", ".join(show_spaces(each.word) or "(an empty one)" for each in drawn)
    return {"text": f"Generated {then.dataset.noun} with the logits × {factor:g}: {words}."}


def prices(now: Snapshot, picked: Pick) -> None:
    """The loss at three probabilities; once guessed, a probability to move along the curve."""
    seen, place = predict.ask(
        "price",
        None,
        "set the price",
        "The loss of an example depends only on the probability p that the target gets. What does it cost, in nats, at "
        f"p = {ASKED_PRICES[0]:g}, {ASKED_PRICES[1]:g} and {ASKED_PRICES[2]:g}?",
        [predict.Number(f"Loss at p = {p:g}", 0.0, 100.0, 0.1) for p in ASKED_PRICES],
        lambda guesses, then: [price(p) for p in ASKED_PRICES],
    )
    if seen:
        with place:
            _compare_prices(now, seen, picked)


def _compare_prices(now: Snapshot, seen: predict.Seen[list[float]], picked: Pick) -> None:
    rows = [
        [f"p = {p:g}", f"{guess:g}", f"{truth:.4f}", predict.verdict(guess, truth, WITHIN)]
        for p, guess, truth in zip(ASKED_PRICES, seen.guesses, seen.truth, strict=True)
    ]
    tenfold = math.log(10)
    live.live_table(
        "predict-prices", "Your prices and −ln p",
        static_view({"columns": ["probability", "your guess", "−ln p", "verdict"], "rows": rows}), mono=True,
    )  # fmt: skip
    st.markdown(
        f"Each time p gets ten times smaller, the loss grows by ln 10 ≈ {tenfold:.2f}: it never stops growing, so a "
        f"target thought impossible is punished hardest. (A guess within {WITHIN:g} nats counts as right.)"
    )
    p = st.slider("Probability of the target", 0.001, 1.0, 0.5, 0.001, format="%.3f", key="predict_p")
    labels = [row.label for row in picked.examples.rows]

    def view(then: Snapshot) -> Patch:
        return curve.update(p, example_losses(then.model.forward(picked.X).logits, picked.Y).tolist(), labels)

    losses = example_losses(now.model.forward(picked.X).logits, picked.Y).tolist()
    live.chart("predict-price", curve.TITLE, curve.figure(p, losses, labels), if_same_shape(now, view))
