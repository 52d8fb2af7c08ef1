"""Backward pass: from the loss back to every parameter, by hand, beside autograd, and what one step makes of it."""

from collections.abc import Callable

import streamlit as st
from torch import Tensor

from mlp.engine.snapshot import Snapshot
from mlp.lessons import last_lines
from mlp.lessons.backward import (
    check_gradients,
    plain_update,
    without_zeroing,
)
from mlp.lessons.descent import Descent, next_descent
from mlp.lessons.snippets import SYMBOLS, backward_lines, forward_lines, page_lines
from mlp.lessons.trace import trace
from mlp.plots import descent as race
from mlp.plots import movement
from pages.ui.lessons import backward_tables, backward_walk, lesson, nudge
from pages.ui.lessons.arrows import Arrows
from pages.ui.live import components as live
from pages.ui.live.session import View
from pages.ui.shared import tensor_chart
from pages.ui.shared.throttle import Seldom, fitting

now = lesson.snapshot()
st.title("Backward pass", anchor=False)
st.write(
    "How should each number of the network change to lower the loss? The *gradient* answers: for each number, how much "
    "the loss rises when that number rises by a little. The backward pass works all gradients out in one go, from the "
    "loss back to the lookup table, by the chain rule."
)
picked = lesson.pick(now)
whole = st.segmented_control(
    "Examples in the batch", [True, False], default=True, required=True, key="backward_whole", persist_state="session",
    format_func=lambda all_of_them: f"all {len(picked.Y)} of the word" if all_of_them else "only the one picked",
)  # fmt: skip
X, Y = (picked.X, picked.Y) if whole else (picked.x, picked.y)
rows = picked.examples.rows if whole else (picked.row,)
characters, direct = now.dataset.vocabulary.characters, now.settings.direct
lines, snippets = backward_lines(direct), page_lines(direct)
traced = trace(now.model, X, Y)
names = list(now.model.parameters)

st.subheader("The graph, walked backwards", anchor=False)
st.write(
    "Each dot is a tensor with its name and shape; grey arrows show what it is computed from. Walk back from the loss: "
    "green arrows show the way the gradient has come, green dots have theirs (“grad ±” is its largest size), and the "
    "orange one is where you are. Below stand its numbers and its gradient, of the same shape: where a gradient is "
    "blue, above 0, raising that number would raise the loss; red, below 0, it would lower the loss. The keys B and U "
    "walk too, and a click on a dot goes there."
)
backward_walk.show(now, traced, X, Y, rows)

st.subheader("By hand, beside autograd", anchor=False)
st.write(
    "PyTorch finds the same gradients by itself with `loss.backward()`; that is *autograd*. Each line of the gradient "
    "by hand stands beside its formula and beside both numbers for its largest entry. “Differ by” is the largest "
    "difference of all entries: a few millionths of the largest number or less is rounding, because a float32 keeps "
    "about seven digits. While training plays, the numbers are renewed a few times a second."
)
checks = Seldom(lambda s: {found.name: found for found in check_gradients(s.model, X, Y)})


def check_view(name: str) -> View:
    return fitting(now, lambda s: backward_tables.check(checks(s)[name]))


for name in traced.backward:
    formula, line, numbers = st.columns([4, 7, 7], gap="small", vertical_alignment="center")
    formula.latex(traced.nodes[name].gradient_formula)
    with line:
        lesson.code(lines[name])
    with numbers:
        live.text(
            f"backward-check-{name}",
            f"Gradient of {SYMBOLS[name]}, by hand and by autograd",
            check_view(name),
            mono=True,
        )
with st.expander("Show the code: the whole pass by hand"):
    forward = forward_lines(direct)
    lesson.code("\n".join([*forward.values(), *(lines[name] for name in traced.backward)]))
with st.expander("Show the code: the same by autograd"):
    lesson.code(snippets["autograd"])

st.subheader("Nudge one number, and see", anchor=False)
nudge.show(now, X, Y)


def next_steps(snapshot: Snapshot) -> Descent:
    return next_descent(snapshot.model, snapshot.settings, snapshot.dataset.train, snapshot.epoch)


st.subheader("Why p.grad = None", anchor=False)
left, right = st.columns(2, gap="medium")
with left:
    st.write(
        "`loss.backward()` *adds* to what already stands in `p.grad`. So the old gradient has to be taken away before "
        "each step. Here it is not: three backward passes of the same network on the same examples, and the gradient "
        "is doubled, then tripled, though nothing has changed."
    )
    piled = Seldom(lambda s: backward_tables.piled_up(without_zeroing(s.model, X, Y)))
    live.text("backward-piled", "Gradients that nobody took away", fitting(now, piled), mono=True)
with right:
    often = Seldom(next_steps, rest=20.0, least=0.5)
    racing = st.session_state.setdefault("backward_race", often)  # not again at every click
    drawn, view = race.figure(racing(now)), fitting(now, lambda s: race.update(racing(s)))
    live.chart("backward-descent", race.TITLE, drawn, view)
    st.write(
        f"And this is what it does to training: {len(racing(now).piled_up)} plain steps on the next batches, from the "
        "network as it is now, with and without. Without, each step still goes along with all old gradients, like a "
        "ball that rolls and never slows down: sooner or later it rolls past the valley and up the other side, unless "
        "hardly any gradient is left."
    )
    with st.expander("Show the code"):
        lesson.code(last_lines.descent(direct))

st.subheader("The step: p.data += -lr * p.grad", anchor=False)
left, right = st.columns(2, gap="medium")
update_now = Seldom(lambda s: plain_update(s.model, X, Y, s.settings.learning_rate), rest=3.0, least=0.0)
with left:
    st.write(
        "Each number goes a little against its gradient, and the loss falls if the learning rate `lr` is not too "
        "large. Shown: the plain step on the examples above, at the learning rate of the settings. The table follows "
        "the entry with the largest gradient."
    )
    moved = st.segmented_control(
        "Parameter", names, default="C", required=True, key=f"backward_step_{direct}", persist_state="session"
    )
    lesson.code(snippets["update"])
with right:
    view = fitting(now, lambda s: backward_tables.update(update_now(s), moved))
    live.text("backward-update", "One number of the step", view)


def stage_of(stage: str) -> Callable[[Snapshot], Tensor]:
    return lambda s: getattr(update_now(s), stage)[moved]


places = st.columns(3) if now.model.shapes[moved][0] > 12 and len(now.model.shapes[moved]) > 1 else [st.container()] * 3
stages = {"before": f"{moved} before", "gradient": f"{moved}.grad", "after": f"{moved} after"}
for where, (stage, title) in zip(places, stages.items(), strict=True):
    with where:
        tensor_chart.show(f"backward-step-{stage}", now, moved, stage_of(stage), rows, title=title)

st.subheader(movement.TITLE, anchor=False)
arrows = Arrows(now)
arrows.chart()
left, right = st.columns(2, gap="medium")
with left:
    st.write(
        "The map of the lookup table C, one dot for each character: of more than two dimensions the first two, of one "
        "a line for each. An arrow shows where the next step of training takes that character: against its gradient, "
        "times the learning rate. A green dot without an arrow moves too little to be seen. A grey dot stays: no "
        "context of the next batch holds that character, so it has no gradient, and only weight decay would move it, "
        "towards 0."
    )
    lesson.code(last_lines.ARROWS)
with right:
    arrows.table()
lesson.way_on("backward.py")
