"""Hidden layer: joining the embeddings, W1 and b1, tanh, and where it saturates."""

import streamlit as st

from mlp.engine.snapshot import Snapshot
from mlp.lessons import first_lines
from mlp.lessons import hidden as facts
from mlp.lessons.snippets import forward_lines, page_lines
from mlp.plots import saturation, tanh, tensors
from mlp.plots.patches import Patch
from mlp.saturation import SATURATED
from pages.ui.lessons import answers_words, lesson, predict_hidden
from pages.ui.lessons import hidden_views as views
from pages.ui.lessons.example_views import contexts, corner
from pages.ui.live import components as live
from pages.ui.shared.once import cached_per_snapshot
from pages.ui.shared.throttle import if_same_shape

now = lesson.snapshot()
s, lines, forward_code = now.settings, page_lines(now.settings.direct), forward_lines(now.settings.direct)
T, dim, H = s.block_size, s.embedding_dim, s.hidden
st.title("Hidden layer: concatenation, W1, b1 and tanh", anchor=False)
st.markdown(
    "The embeddings of a context are joined into one row. Each *hidden unit* (also called a *neuron*) computes a "
    "weighted sum of that row plus a bias and passes it through tanh. The prediction is made from all these units "
    "together."
)
picked = lesson.pick(now)
key = f"hidden_unit_{H}"
unit = st.columns([1, 2], gap="medium")[0].number_input(
    f"Hidden unit to follow (0–{H - 1:,})", 0, H - 1, min(7, H - 1), key=key, persist_state="session"
)


def follow(part: str) -> None:
    """Follow the unit that was clicked."""
    st.session_state[key] = int(part)


forward = cached_per_snapshot(lambda then: then.model.forward(picked.X))
first, labels = now.model.forward(picked.X), contexts(picked)


def heatmap(name: str, title: str, column: int | None = None, *, end: bool = False) -> None:
    """A live tensor with a row an example; the chosen row is framed, and the column that is followed.

    Of a large one the part around that column is drawn, or its `end`.
    """
    value = getattr(first, name)
    mark, start = picked.position, corner(picked.position, value, value[0].numel() - 1 if end else column or 0)

    def view(then: Snapshot) -> Patch:
        return tensors.update(title, getattr(forward(then), name), labels, mark=mark, mark_column=column, corner=start)

    drawn = tensors.figure(title, value, labels, mark=mark, mark_column=column, corner=start)
    live.chart(f"hidden-{name}", title, drawn, if_same_shape(now, view))


st.header("Concatenation, three ways", anchor=False)
st.markdown(
    f"`emb` has three dimensions: the examples of your word, the {T} position{'s' if T > 1 else ''} of the context, "
    f"the {dim} number{'s' if dim > 1 else ''} of each embedding. A picture has only two, so the positions are drawn "
    "side by side, separated by lines; the labels above give position and dimension. The hidden layer needs exactly "
    "this, one flat row per example: `embcat`. Both hold the same numbers in the same order; only the shape differs. "
    "Blue is positive, red negative, faint near zero; an empty cell has overflowed. The frame marks your example."
)
left, right = st.columns(2, gap="medium")
with left:
    heatmap("embedded", "emb", end=True)
with right:
    heatmap("concatenated", "embcat", end=True)
left, right = st.columns(2, gap="medium")
with left:
    answers_words.not_joined(first, now)
    st.markdown(
        "Take the slice at each position and concatenate (the notes write out `emb[:, 0, :], emb[:, 1, :], "
        "emb[:, 2, :]`, which works for block size 3 only):"
    )
    lesson.code(lines["cat_slices"])
with right:
    st.markdown("Let PyTorch make the slices, for any block size:")
    lesson.code(lines["cat_unbind"])
    st.markdown("Or just give the same memory a new shape:")
    lesson.code(lines["view"])
    numbers = first.embedded.numel()
    st.markdown(
        f"Why `-1`? It tells PyTorch to work out that size: {numbers:,} numbers in rows of {T * dim} make "
        f"{numbers // (T * dim)} rows. So the same line works for one word, a batch or all examples. The numbers must "
        "fit exactly:"
    )
    lesson.refused(facts.uneven(first.embedded))
st.markdown(
    "All three give the same numbers. *Copied* counts the numbers that had to be copied to new memory: for the view, "
    "none."
)
live.live_table("hidden-ways", "Three ways to concatenate", if_same_shape(now, views.ways_view(forward)), mono=True)

st.header("Why `view` costs nothing", anchor=False)
left, right = st.columns([3, 2], gap="medium")
with left:
    st.markdown(
        "Memory has no rows, only one long list of numbers: the *storage*. The *stride* says how far to jump in it "
        "when an index goes up by one. `cat` allocates new storage and copies every number; `view` only changes shape "
        f"and stride. `emb` has strides {(T * dim, dim, 1)}: the next example is {T * dim} numbers on, the next "
        f"position {dim}, the next dimension 1. `embcat` has strides {(T * dim, 1)}, and both names lead to the same "
        "numbers:"
    )
    live.live_table("hidden-memory", "The storage of emb", if_same_shape(now, views.memory_view(forward)), mono=True)
with right:
    lesson.code(first_lines.MEMORY)
    live.live_table(
        "hidden-storage", "Shape, stride and storage", if_same_shape(now, views.storage_view(forward)), mono=True
    )
    answers_words.in_order(first)

st.header("W1, b1 and the pre-activations", anchor=False)
left, right = st.columns([3, 2], gap="medium")
with left:
    for name in ("W1", "b1"):
        start = corner(0, now.model.parameters[name], unit)
        live.chart(
            f"hidden-{name}",
            name,
            tensors.figure(name, now.model.parameters[name], mark_column=unit, corner=start),
            if_same_shape(now, views.parameter_view(name, start, unit)),
        )
    heatmap("preactivation", "hpreact", unit)
with right:
    lesson.code(forward_code["preactivation"])
    st.latex(r"a_u = \sum_{k} x_k \, W_{1\,k,u} + b_{1\,u}")
    st.markdown(
        f"**W1** has one row per input ({T * dim}) and one column per hidden unit ({H:,}); **b1** has one bias per "
        f"unit. The framed column is unit {unit}: it multiplies each input by its weight, adds the products and then "
        f"its bias. The total is the unit’s *pre-activation* $a$. For your example, `{labels[picked.position]}`:"
    )
    live.live_table(
        "hidden-sum",
        "The pre-activation of one unit",
        if_same_shape(now, views.sum_view(forward, picked, unit)),
        mono=True,
    )
    lesson.code(first_lines.one_unit(picked.position, unit))
    st.markdown(answers_words.like_a_line(T * dim, H))
    answers_words.how_many_units()
    answers_words.rand_or_randn(now)

st.header("tanh: an S-shaped curve", anchor=False)
left, right = st.columns([3, 2], gap="medium")
with left:
    live.diagram(
        "hidden-tanh",
        tanh.TITLE,
        tanh.figure(first.preactivation[picked.position], unit),
        if_same_shape(now, lambda then: tanh.update(forward(then).preactivation[picked.position], unit)),
        on_click=follow,
        wide=False,
    )
    st.markdown(
        "Each point is one hidden unit for your example: pre-activation on the x-axis, tanh on the y-axis. Hover to "
        f"see its number, click to follow it. The ring is unit {unit}, the dashed line its tangent. Units beyond the "
        f"dotted lines at ±{SATURATED} are red. Below: the same units on the derivative of tanh."
    )
    heatmap("hidden", "h", unit)
with right:
    lesson.code(forward_code["hidden"])
    st.latex(r"\tanh(a) = \frac{e^{a} - e^{-a}}{e^{a} + e^{-a}}")
    st.markdown(
        "tanh, the hyperbolic tangent (say “tanch” or “tan-h”), maps any number into −1 to 1. Near 0 it changes the "
        "number very little; large values are squashed towards ±1. The bend matters: without it, two layers would be "
        "no better than one, because a weighted sum of weighted sums is again a weighted sum."
    )
    st.markdown(answers_words.HYPERBOLIC)
    live.live_table("hidden-values", "tanh at a few points", views.values_view())
    st.markdown(
        "The **slope** (derivative) 1 − h² says how much h changes when the pre-activation changes a little. In the "
        "backward pass, the gradient `dh` is multiplied by this slope before it reaches the weights. Where the curve "
        f"is flat the slope is nearly 0 ({1 - SATURATED**2:.2f} at h = {SATURATED}) and almost nothing gets through: "
        "the unit is **saturated** and hardly learns from this example, however wrong the prediction."
    )
    lesson.code(first_lines.SLOPE)
    live.live_table(
        "hidden-unit", "The unit you follow", if_same_shape(now, views.unit_view(forward, picked, unit)), mono=True
    )
predict_hidden.without_bend(now)

st.header("Saturation across a batch, and dead units", anchor=False)
batch = now.dataset.train.first(views.EXAMPLES)
of_batch = cached_per_snapshot(lambda then: then.model.forward(batch.X))
st.markdown(
    f"The same for the first {len(batch)} training examples: one row per example, one column per hidden unit. Blue "
    f"means saturated (|h| > {SATURATED}); otherwise, the stronger the grey, the larger |h|. If a whole column is "
    "blue, the unit is **dead** for these examples (red triangle): hardly any gradient gets through it, so it hardly "
    "learns. Click a cell to follow its unit."
)
live.diagram(
    "hidden-saturation",
    saturation.TITLE,
    saturation.figure(now.model.forward(batch.X).hidden),
    if_same_shape(now, lambda then: saturation.update(of_batch(then).hidden)),
    on_click=follow,
    wide=False,
)
left, right = st.columns([3, 2], gap="medium")
with left:
    live.live_table("hidden-dead", "Dead units", if_same_shape(now, views.dead_view(of_batch)))
    st.markdown("How much gradient gets through: mean |gradient| before and after multiplying by the slope")
    live.live_table("hidden-passage", "What gets through", if_same_shape(now, views.passage_view(of_batch, batch)))
with right:
    lesson.code(lines["saturation"] + "\n\n" + first_lines.PASSAGE)
    st.markdown(views.remedy(s))
predict_hidden.saturation(now, batch)
lesson.way_on("hidden.py")
