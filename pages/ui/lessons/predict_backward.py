"""Two predictions on the page of the backward pass: the sign of a gradient, and where old gradients begin to hurt."""

from typing import Any

import streamlit as st
from torch import Tensor

from mlp.engine.snapshot import Snapshot
from mlp.lessons.backward import FiniteDifference, finite_difference
from mlp.lessons.descent import Descent, next_descent
from mlp.lessons.sign_quiz import QUESTIONS, question
from mlp.plots import descent as race
from mlp.plots.patches import Patch
from pages.ui.lessons import predict
from pages.ui.lessons.backward_tables import entry_of
from pages.ui.live import components as live
from pages.ui.shared.formatting import format_number
from pages.ui.shared.once import show_spaces
from pages.ui.shared.plain import plain
from pages.ui.shared.throttle import Throttled, if_same_shape

RISES, FALLS = "the loss rises", "the loss falls"
AFTER = 6  # steps from the crossing on that are drawn, so that it is seen
BEGUN = 2  # steps of the race that are shown before a guess: the two are still alike


def signs(now: Snapshot, X: Tensor, Y: Tensor, about: tuple[Any, ...]) -> None:
    """Ten entries, one after the other: will raising it raise or lower the loss? With a score."""
    key = (now.network, *about)
    quiz = st.session_state.get("predict_quiz")
    if quiz is None or quiz["about"] != key:
        quiz = st.session_state.predict_quiz = {"about": key, "number": 0, "right": {}}
    number, right = quiz["number"], quiz["right"]
    if quiz.get("entry") is None:
        quiz["entry"] = question(now.model, X, Y, now.settings.seed, number)
    asked = quiz["entry"]
    if asked is None:
        st.markdown(
            "### Predict, then see: sign quiz\n\nThere is no gradient to ask about now: all are zero or not finite."
        )
        return

    def find(guesses: tuple[Any, ...], then: Snapshot) -> tuple[FiniteDifference, float]:
        found = finite_difference(then.model, X, Y, asked.name, asked.entry)
        right.setdefault(number, guesses[0] == _answer(found))
        return found, then.model.parameters[asked.name][asked.entry].item()

    seen, place = predict.ask(
        "sign", (*about, number), "sign quiz",
        f"Question {number + 1} of {QUESTIONS}. What happens to the loss on the examples above if we make the entry "
        f"`{entry_of(asked.name, asked.entry)}`{_owner(now, asked)} a little larger?",
        [predict.Choice("If it gets larger,", [RISES, FALLS])], find,
    )  # fmt: skip
    if seen:
        with place:
            _compare_signs(seen, quiz)


def _answer(found: FiniteDifference) -> str:
    return RISES if found.loss_above > found.loss_below else FALLS


def _owner(now: Snapshot, asked: FiniteDifference) -> str:
    """Which character an entry belongs to, where it belongs to one."""
    characters, place = now.dataset.vocabulary.characters, asked.entry
    if asked.name == "C":
        return f", of the row of “{plain(show_spaces(characters[place[0]]))}”,"
    if asked.name in ("W2", "b2", "W"):
        return f", for the logit of “{plain(show_spaces(characters[place[-1]]))}”,"
    return ""


def _compare_signs(seen: predict.Seen[tuple[FiniteDifference, float]], quiz: dict[str, Any]) -> None:
    found, value = seen.truth
    truth = _answer(found)
    sign = "positive" if truth == RISES else "negative"
    name = entry_of(found.name, found.entry)
    predict.compare(
        "signs", "Your sign and the nudge", ["what", "value"],
        [
            ["your guess", seen.guesses[0]], ["nudged", truth], [name, format_number(value, 4)],
            [f"loss with {name} − {found.epsilon:g}", f"{found.loss_below:.9f}"],
            [f"loss with {name} + {found.epsilon:g}", f"{found.loss_above:.9f}"],
            ["gradient by hand", format_number(found.by_hand)],
        ],
        f"{predict.right_or_not(right=seen.guesses[0] == truth)}: the gradient is {sign}, so a plain step on these "
        f"examples makes this entry {'smaller' if truth == RISES else 'larger'}. "
        f"**Score: {sum(quiz['right'].values())} of {len(quiz['right'])}** (first answers count).",
        seen.step,
    )  # fmt: skip
    last = quiz["number"] + 1 == QUESTIONS
    st.button("Start the quiz again" if last else "Next question", on_click=_go_on, args=(quiz, last), key="quiz_next")


def _go_on(quiz: dict[str, Any], last: bool) -> None:
    """The next question; after the last one the first, with no score yet."""
    if last:
        quiz["right"].clear()
    quiz["number"] = 0 if last else quiz["number"] + 1
    del quiz["entry"]


def next_steps(snapshot: Snapshot) -> Descent:
    """The next plain steps of a snapshot's network, with and without clearing."""
    return next_descent(snapshot.model, snapshot.settings, snapshot.dataset.train, snapshot.epoch)


def forget_to_clear(now: Snapshot) -> int:
    """The race of cleared and piled-up gradients: its first steps, and after a guess all; how many steps it has."""
    often = Throttled(next_steps, rest=20.0, least=0.5)
    racing = st.session_state.setdefault("backward_race", often)  # not again at every click
    steps = len(racing(now).cleared)
    seen, place = predict.ask(
        "clear", None, "forget to clear",
        f"The next {steps} plain steps, once with clearing `p.grad` and once without. At which step is the loss of the "
        "batch without clearing higher for the first time? (0 for never.)",
        [predict.Number("Step", 0, steps - 1, 1)],
        lambda guesses, then: next_steps(then),
    )  # fmt: skip
    with place:
        if seen:
            _tell_the_crossing(seen)
            _draw(now, seen.truth)
        else:
            view = if_same_shape(now, lambda then: race.update(racing(then), BEGUN))
            live.chart("backward-descent", race.TITLE, race.figure(racing(now)), view)
    return steps


def _tell_the_crossing(seen: predict.Seen[Descent]) -> None:
    crossing = seen.truth.crossing
    said = "never" if not seen.guesses[0] else f"at step {seen.guesses[0]}"
    truth = f"at step {crossing}" if crossing is not None else f"never in these {len(seen.truth.cleared)} steps"
    judged = predict.right_or_not(right=seen.guesses[0] == (crossing or 0))
    st.markdown(
        f"**{judged}.** Your guess: *{said}*. It happens **{truth}** (from step {seen.step:,} of your network). "
        "Old gradients act like momentum: the way is quicker at first, and then overshoots."
    )


def _draw(now: Snapshot, found: Descent) -> None:
    """The race as it was when the guess was made, up to a little after the crossing or as far as the reader wants."""
    steps = len(found.cleared)
    first = steps if found.crossing is None else min(steps, found.crossing + AFTER)
    shown = st.slider("Steps drawn", 1, steps, first, key=f"predict_race_{steps}_{first}")

    def view(_: Snapshot) -> Patch:
        return race.update(found, shown)

    live.chart("backward-descent", race.TITLE, race.figure(found), if_same_shape(now, view))
