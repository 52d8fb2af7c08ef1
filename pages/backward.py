"""Backward pass: from the loss back to every parameter, by hand and with autograd, and what one step does."""

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
from mlp.lessons.snippets import SYMBOLS, backward_lines, forward_lines, page_lines
from mlp.lessons.trace import trace
from mlp.plots import movement
from pages.ui.lessons import answers_gradients, backward_tables, backward_walk, lesson, nudge, predict_backward
from pages.ui.lessons.arrows import Arrows
from pages.ui.live import components as live
from pages.ui.live.session import View
from pages.ui.shared import tensor_chart
from pages.ui.shared.throttle import Throttled, if_same_shape

now = lesson.snapshot()
st.title("Backward pass", anchor=False)
st.write(
    "How should each parameter change to lower the loss? The *gradient* tells us: for each number, how fast the loss "
    "goes up when that number goes up a little. The backward pass computes all gradients in one sweep, from the loss "
    "back to the lookup table, using the chain rule."
)
picked = lesson.pick(now)
whole = st.segmented_control(
    "Batch", [True, False], default=True, required=True, key="backward_whole", persist_state="session",
    format_func=lambda every: f"all {len(picked.Y)} examples of the word" if every else "only the selected example",
)  # fmt: skip
X, Y = (picked.X, picked.Y) if whole else (picked.x, picked.y)
rows = picked.examples.rows if whole else (picked.row,)
characters, direct = now.dataset.vocabulary.characters, now.settings.direct
lines, snippets = backward_lines(direct), page_lines(direct)
traced = trace(now.model, X, Y)
names = list(now.model.parameters)

st.header("Walk the graph backwards", anchor=False)
st.write(
    "Each dot is a tensor with its name and shape; a grey arrow leads from an input to what is computed from it. Walk "
    "back from the loss: green marks the tensors whose gradient is known (“grad ±” is its largest absolute value), "
    "orange is where you are. Below are the values and the gradient, which always has the same shape. Blue gradient "
    "(positive): raising that number raises the loss. Red (negative): raising it lowers the loss. Keys B and U step "
    "back and undo; or click a dot."
)
backward_walk.show(now, traced, X, Y, rows)

st.header("By hand and with autograd", anchor=False)
st.write(
    "PyTorch computes the same gradients with `loss.backward()`: its *autograd* engine records every operation of the "
    "forward pass and applies the chain rule backwards. Each row shows the formula, the code by hand, and the largest "
    "entry computed both ways. *Max diff.* is the largest difference over all entries; up to a few millionths of "
    "the largest entry is rounding error, since float32 keeps about seven digits. The numbers refresh a few times per "
    "second during training."
)
checks = Throttled(lambda s: {found.name: found for found in check_gradients(s.model, X, Y)})


def check_view(name: str) -> View:
    return if_same_shape(now, lambda s: backward_tables.check(checks(s)[name]))


walked = st.container(key="backward_checks")
for place, name in enumerate(traced.backward):
    formula, line, numbers = walked.columns([4, 7, 7], gap="small", vertical_alignment="center")
    formula.latex(traced.nodes[name].gradient_formula)
    with line:
        lesson.code(lines[name])
    with numbers:
        live.live_table(
            f"backward-check-{name}",
            f"Gradient of {SYMBOLS[name]}, by hand and with autograd",
            check_view(name),
            mono=True,
            row="first" if place == 0 else "next",
        )
with st.expander("Show the code: the whole backward pass by hand"):
    forward = forward_lines(direct)
    lesson.code("\n".join([*forward.values(), *(lines[name] for name in traced.backward)]))
with st.expander("Show the code: the same with autograd"):
    lesson.code(snippets["autograd"])
    answers_gradients.recording(traced.nodes["logits"].value, Y)

st.header("Check a gradient by nudging one number", anchor=False)
nudge.show(now, X, Y)
predict_backward.signs(now, X, Y, (picked.word, whole, None if whole else picked.position))

st.header("Why set p.grad = None?", anchor=False)
left, right = st.columns(2, gap="medium")
with left:
    st.write(
        "`loss.backward()` *adds* to what is already in `p.grad`, so the old gradient must be cleared before each "
        "step. Here it is not cleared: three backward passes of the same network on the same examples, and the "
        "gradient doubles, then triples, although nothing has changed."
    )
    st.write(answers_gradients.NONE)
with right:
    piled = Throttled(lambda s: backward_tables.piled_up(without_zeroing(s.model, X, Y)))
    live.live_table("backward-piled", "Gradients that were not cleared", if_same_shape(now, piled), mono=True)
st.write(
    "What that does to training: without clearing, every step also repeats all earlier gradients, like a ball rolling "
    "without friction."
)
predict_backward.forget_to_clear(now)
with st.expander("Show the code"):
    lesson.code(last_lines.descent(direct))

st.header("The step: p.data += -lr * p.grad", anchor=False)
left, right = st.columns(2, gap="medium")
update_now = Throttled(lambda s: plain_update(s.model, X, Y, s.settings.learning_rate), rest=3.0, least=0.0)
with left:
    st.write(
        "Each number moves a little in the direction opposite to its gradient. If the learning rate `lr` is not too "
        "large, the loss on these examples falls. Shown: one plain SGD step on the batch above with the learning rate "
        "from the settings. The table shows the entry with the largest gradient."
    )
    moved = st.segmented_control(
        "Parameter", names, default="C", required=True, key=f"backward_step_{direct}", persist_state="session"
    )
    lesson.code(snippets["update"])
    answers_gradients.why_data(now.model.b2)
with right:
    view = if_same_shape(now, lambda s: backward_tables.update(update_now(s), moved))
    live.live_table("backward-update", "One number of the step", view)


def stage_of(stage: str) -> Callable[[Snapshot], Tensor]:
    return lambda s: getattr(update_now(s), stage)[moved]


places = st.columns(3) if now.model.shapes[moved][0] > 12 and len(now.model.shapes[moved]) > 1 else [st.container()] * 3
stages = {"before": f"{moved} before", "gradient": f"{moved}.grad", "after": f"{moved} after"}
for where, (stage, title) in zip(places, stages.items(), strict=True):
    with where:
        tensor_chart.show(f"backward-step-{stage}", now, moved, stage_of(stage), rows, title=title)

answers_gradients.whole_loop(now)
answers_gradients.known_by_heart()

st.header(movement.TITLE, anchor=False)
arrows = Arrows(now)
arrows.chart()
left, right = st.columns(2, gap="medium")
with left:
    arrows.explanation()
    lesson.code(last_lines.ARROWS)
with right:
    arrows.table()
lesson.way_on("backward.py")
