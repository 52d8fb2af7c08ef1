"""Backward pass: from the loss back to every parameter, by hand, beside autograd, and what one step makes of it."""

from collections.abc import Callable
from typing import Any

import streamlit as st
from torch import Tensor

from mlp.lessons.backward import (
    check_gradients,
    finite_difference,
    next_movement,
    plain_update,
    without_zeroing,
)
from mlp.lessons.snippets import SYMBOLS, backward_lines, forward_lines, page_lines
from mlp.lessons.trace import trace
from mlp.plots import embedding, graph, movement
from mlp.snapshot import Snapshot
from pages.ui import backward_tables, lesson, live, tensor_chart
from pages.ui.session import View
from pages.ui.views import Seldom, fitting

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
    "orange one is where you are. Click a dot to go there; point at it for its numbers."
)
LAST = len(traced.backward)
st.session_state.setdefault("backward_steps", 0)
st.session_state.backward_steps = min(st.session_state.backward_steps, LAST)


def walk(steps: int) -> None:
    st.session_state.backward_steps = min(max(st.session_state.backward_steps + steps, 0), LAST)


def go_to(name: str) -> None:
    if name in traced.backward:
        st.session_state.backward_steps = traced.backward.index(name) + 1


def named_step(steps: int) -> str:
    return f"d{traced.nodes[traced.backward[steps - 1]].symbol}" if steps else "forward pass done"


at = st.select_slider(
    "Where the gradient has come to", range(LAST + 1), key="backward_steps", format_func=named_step,
    persist_state="session",
)  # fmt: skip
on, back, _ = st.columns([1, 1, 3])
on.button("Walk back", on_click=walk, args=(1,), icon=":material/arrow_back:", width="stretch", type="primary")
back.button("Undo", on_click=walk, args=(-1,), icon=":material/arrow_forward:", width="stretch")
trace_now = Seldom(lambda s: trace(s.model, X, Y), rest=3.0, least=0.0)
view = fitting(now, lambda s: graph.update(trace_now(s), at))
live.diagram("backward-graph", graph.TITLE, graph.figure(traced, at), view, on_click=go_to)

here = traced.nodes[traced.backward[at - 1] if at else "loss"]


def slope(snapshot: Snapshot) -> Tensor:
    gradient = trace_now(snapshot).nodes[here.name].gradient
    assert gradient is not None
    return gradient


if at:
    st.write(
        f"First `{here.symbol}`, then its gradient `d{here.symbol}`, of the same shape. Where a gradient is above 0, "
        "blue, raising that number would raise the loss; below 0, red, it would lower the loss."
    )
left, right = st.columns(2, gap="medium")
with left:
    st.write(f"**{here.symbol}**: {here.meaning}.")
    if here.formula:
        st.latex(here.formula)
        lesson.code(here.code)
    tensor_chart.show("backward-value", now, here.name, lambda s: trace_now(s).nodes[here.name].value, rows)
with right:
    if at:
        st.write(f"**d{here.symbol}**, made from the gradients that are there already:")
        st.latex(here.gradient_formula)
        lesson.code(here.gradient_code)
        tensor_chart.show("backward-gradient", now, here.name, slope, rows, title=f"d{here.symbol}")
    else:
        st.write("Nothing has a gradient yet. Walk back: the first one is that of the loss itself, which is 1.")

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
    formula, line = st.columns([2, 5], gap="medium", vertical_alignment="center")
    formula.latex(traced.nodes[name].gradient_formula)
    with line:
        lesson.code(lines[name])
        live.text(
            f"backward-check-{name}",
            f"Gradient of {SYMBOLS[name]}, by hand and by autograd",
            check_view(name),
            mono=True,
        )
with st.expander("Show the code: the whole pass by hand"):
    forward = forward_lines(direct)
    lesson.code("\n".join([*forward.values(), *(lines[name] for name in traced.backward)]))

st.subheader("Nudge one number, and see", anchor=False)
left, right = st.columns(2, gap="medium")
with left:
    st.write(
        "A gradient can be checked without any calculus: make one number a little smaller and a little larger, and see "
        "what the loss does. The slope between the two losses is the gradient, nearly. Worked out in float64, because "
        "the difference of two nearly equal numbers keeps few digits. Too large a nudge misses the bend of the loss; "
        "too small a one drowns in rounding."
    )
    chosen = st.segmented_control(
        "Parameter", names, default="W1", required=True, key=f"backward_nudge_{direct}", persist_state="session"
    )
    shape = now.model.shapes[chosen]
    fields = st.columns(len(shape) + 1)
    entry = tuple(
        fields[axis].number_input(
            ("row", "column")[axis] if len(shape) > 1 else "index", 0, size - 1, 0, 1,
            key=f"backward_entry_{chosen}_{axis}_{size}", persist_state="session",
        )
        for axis, size in enumerate(shape)
    )  # fmt: skip
    epsilon = fields[-1].selectbox("Nudge", [1.0, 0.1, 1e-2, 1e-3, 1e-4, 1e-6, 1e-8], 4, format_func="{:g}".format)
with right:
    nudge = Seldom(lambda s: backward_tables.nudge(finite_difference(s.model, X, Y, chosen, entry, epsilon)))
    live.text("backward-nudge", "A finite difference", fitting(now, nudge))
with st.expander("Show the code, here for W1[0, 0]"):
    lesson.code(snippets["finite_difference"])

st.subheader("Why p.grad = None", anchor=False)
left, right = st.columns(2, gap="medium")
with left:
    st.write(
        "`loss.backward()` *adds* to what already stands in `p.grad`. So the old gradient has to be taken away before "
        "each step. Here it is not: three backward passes of the same network on the same examples, and the gradient "
        "is doubled, then tripled, though nothing has changed. A step would go twice, then three times as far, and in "
        "training mostly in old directions."
    )
    lesson.code(snippets["autograd"])
with right:
    piled = Seldom(lambda s: backward_tables.piled_up(without_zeroing(s.model, X, Y)))
    live.text("backward-piled", "Gradients that nobody took away", fitting(now, piled))

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
next_now = Seldom(lambda s: next_movement(s.model, s.settings, s.dataset.train, s.epoch), rest=3.0, least=0.0)


def arrows_of(snapshot: Snapshot) -> tuple[Any, ...]:
    found = next_now(snapshot)[0]
    return embedding.project(found.before, None), embedding.project(found.move, None), characters


left, right = st.columns([2, 1], gap="medium")
with left:
    view = fitting(now, lambda s: movement.update(*arrows_of(s)))
    live.chart("backward-movement", movement.TITLE, movement.figure(*arrows_of(now)), view)
with right:
    st.write(
        "The map of the lookup table C, one dot for each character (of more than two dimensions, the first two). An "
        "arrow shows where the next step of training takes that character: against its gradient, times the learning "
        "rate. A character that no context of the next batch holds has no gradient and stays, unless weight decay "
        "pulls it towards 0."
    )
    live.text(
        "backward-arrows",
        "What the arrows show",
        fitting(now, lambda s: backward_tables.arrows(next_now(s), *arrows_of(s))),
    )
lesson.way_on("backward.py")
