"""Hidden layer: joining the embeddings, W1 and b1, tanh, and where it saturates."""

import streamlit as st

from mlp.lessons import first_lines
from mlp.lessons import hidden as facts
from mlp.lessons.snippets import forward_lines, page_lines
from mlp.plots import saturation, tanh, tensors
from mlp.plots.patches import Patch
from mlp.saturation import SATURATED
from mlp.snapshot import Snapshot
from pages.ui import hidden_views as views
from pages.ui import lesson, live
from pages.ui.example_views import contexts, corner
from pages.ui.once import shared
from pages.ui.views import fitting

now = lesson.snapshot()
s, lines, forward_code = now.settings, page_lines(now.settings.direct), forward_lines(now.settings.direct)
T, dim, H = s.block_size, s.embedding_dim, s.hidden
st.title("Hidden layer: concatenation, W1, b1 and tanh", anchor=False)
st.markdown(
    "The embeddings of a context are laid end to end. Each *hidden unit* adds them up with weights of its own and "
    "passes the sum through a curve called tanh. From many such units the network makes its prediction."
)
picked = lesson.pick(now)
key = f"hidden_unit_{H}"
unit = st.columns([1, 2], gap="medium")[0].number_input(
    f"Hidden unit to follow (0 to {H - 1:,})", 0, H - 1, min(7, H - 1), key=key, persist_state="session"
)


def follow(part: str) -> None:
    """Follow the unit that was clicked."""
    st.session_state[key] = int(part)


forward = shared(lambda then: then.model.forward(picked.X))
first, labels = now.model.forward(picked.X), contexts(picked)


def heatmap(name: str, title: str, column: int | None = None) -> None:
    """A live tensor with a row an example; the chosen row is framed, and the column that is followed."""
    value = getattr(first, name)
    mark, start = picked.position, corner(picked.position, value, column or 0)

    def view(then: Snapshot) -> Patch:
        return tensors.update(title, getattr(forward(then), name), labels, mark=mark, mark_column=column, corner=start)

    drawn = tensors.figure(title, value, labels, mark=mark, mark_column=column, corner=start)
    live.chart(f"hidden-{name}", title, drawn, fitting(now, view))


st.subheader("Concatenation, three ways", anchor=False)
st.markdown(
    f"`emb` has three dimensions: the examples of your word, the {T} place{'s' if T > 1 else ''} of the context, the "
    f"{dim} number{'s' if dim > 1 else ''} of each embedding. A picture has two, so it lays the places of an "
    "example side by side: above the columns stand their place and the number within it, and a line parts the places. "
    "A hidden unit wants it just so, a single row an example: `embcat`. The two hold the same numbers in the same "
    "order; only the shape and the way of counting differ. Blue is above zero, red below, faint close to it; an empty "
    "cell holds no finite number any more. The frame marks your position."
)
left, right = st.columns([3, 2], gap="medium")
with left:
    heatmap("embedded", "emb")
    heatmap("concatenated", "embcat")
with right:
    st.markdown("Take the slice of each place and join the slices:")
    lesson.code(lines["cat_slices"])
    st.markdown("Let PyTorch cut it into slices, whatever the block size:")
    lesson.code(lines["cat_unbind"])
    st.markdown("Or only read the same memory with another shape:")
    lesson.code(lines["view"])
    numbers = first.embedded.numel()
    st.markdown(
        f"Why `-1`? It leaves that size to PyTorch: {numbers:,} numbers in rows of {T * dim} make "
        f"{numbers // (T * dim)} rows. So the line works for one word, a batch, or all the examples. The rows must "
        "come out even:"
    )
    uneven = facts.uneven(first.embedded)
    lesson.code(uneven.code)
    st.error(f"**{uneven.error}**: {uneven.message}", icon=":material/error:")
st.markdown(
    "All three give the same numbers. *Copied* says how many of them had to be written to a new place in memory: the "
    "view needs none."
)
live.text("hidden-ways", "Three ways to concatenate", fitting(now, views.ways_view(forward)), mono=True)

st.subheader("Why the view is free", anchor=False)
left, right = st.columns([3, 2], gap="medium")
with left:
    st.markdown(
        "In memory there are no rows, only one long line of numbers: the *storage*. The *stride* says how many places "
        "to go on for the next index of each dimension. `cat` makes a new storage and copies every number into it; "
        f"`view` changes only shape and stride. For `emb` the strides are {(T * dim, dim, 1)}: the next example is "
        f"{T * dim} numbers on, the next place {dim}, the next number 1. For `embcat` they are {(T * dim, 1)}, and "
        "each index leads to the very same spot:"
    )
    live.text("hidden-memory", "The storage of emb", fitting(now, views.memory_view(forward)), mono=True)
with right:
    lesson.code(first_lines.MEMORY)
    live.text("hidden-storage", "Shape, stride and storage", fitting(now, views.storage_view(forward)), mono=True)

st.subheader("W1, b1 and the sum of each unit", anchor=False)
left, right = st.columns([3, 2], gap="medium")
with left:
    for name in ("W1", "b1"):
        start = corner(0, now.model.parameters[name], unit)
        live.chart(
            f"hidden-{name}",
            name,
            tensors.figure(name, now.model.parameters[name], mark_column=unit, corner=start),
            fitting(now, views.parameter_view(name, start, unit)),
        )
    heatmap("preactivation", "hpreact", unit)
with right:
    lesson.code(forward_code["preactivation"])
    st.latex(r"a_u = \sum_{k} x_k \, W_{1\,k,u} + b_{1\,u}")
    st.markdown(
        f"**W1** has a row for each number that comes in ({T * dim} of them) and a column for each hidden unit "
        f"({H:,}); **b1** has one number for each unit. The upright frame is unit {unit}: it multiplies each number "
        "that comes in by its own weight, adds all up and adds its bias. That sum is called the *pre-activation*. At "
        f"your position, `{labels[picked.position]}`:"
    )
    live.text("hidden-sum", "The sum of one unit", fitting(now, views.sum_view(forward, picked, unit)), mono=True)
    lesson.code(first_lines.one_unit(picked.position, unit))

st.subheader("tanh, a curve that flattens out", anchor=False)
left, right = st.columns([3, 2], gap="medium")
with left:
    live.diagram(
        "hidden-tanh",
        tanh.TITLE,
        tanh.figure(first.preactivation[picked.position], unit),
        fitting(now, lambda then: tanh.update(forward(then).preactivation[picked.position], unit)),
        on_click=follow,
        wide=False,
    )
    st.markdown(
        "Each point is a hidden unit at your position: its sum to the right, its tanh upwards. Point at one to see "
        f"which it is, click it to follow it. The ring is unit {unit}; the dashed line touches the curve there and is "
        f"as steep as it. Dotted lines stand at ±{SATURATED}; units beyond them are red. Below, the same units "
        "on the curve of the slopes: how steep tanh is at each sum."
    )
    heatmap("hidden", "h", unit)
with right:
    lesson.code(forward_code["hidden"])
    st.latex(r"\tanh(a) = \frac{e^{a} - e^{-a}}{e^{a} + e^{-a}}")
    st.markdown(
        "tanh (“tan-h”, the hyperbolic tangent) takes any number and gives one between −1 and 1. Around 0 it hardly "
        "changes it; large sums are squeezed towards the ends. Without such a bend, two layers would only be one "
        "layer in disguise: a weighted sum of weighted sums is again a weighted sum."
    )
    live.text("hidden-values", "tanh at a few points", views.values_view())
    st.markdown(
        "The **slope** says how much h moves when the sum moves a little. Learning goes backwards through it: the "
        "gradient `dh`, which says how the loss would change with h, is multiplied by the slope before it reaches the "
        "weights. Where the curve is flat the slope is nearly 0 and next to nothing gets through: the unit is "
        "**saturated**, it hardly learns from this example, however wrong the prediction was."
    )
    lesson.code(first_lines.SLOPE)
    live.text("hidden-unit", "The unit you follow", fitting(now, views.unit_view(forward, picked, unit)), mono=True)

st.subheader("Saturation of a batch, and dead units", anchor=False)
batch = now.dataset.train.first(views.EXAMPLES)
of_batch = shared(lambda then: then.model.forward(batch.X))
st.markdown(
    f"The same for the first {len(batch)} training examples. A row is an example, a column a hidden unit; a blue cell "
    f"means |h| > {SATURATED}, saturated, and below that the cell is the greyer the larger |h|. A unit whose "
    "column is blue from top to bottom is **dead** here (red triangle): next to nothing gets through it from any "
    "example, so it hardly learns. Click a cell to follow its unit."
)
live.diagram(
    "hidden-saturation",
    saturation.TITLE,
    saturation.figure(now.model.forward(batch.X).hidden),
    fitting(now, lambda then: saturation.update(of_batch(then).hidden)),
    on_click=follow,
    wide=False,
)
left, right = st.columns([3, 2], gap="medium")
with left:
    live.text("hidden-dead", "Dead units", fitting(now, views.dead_view(of_batch)))
    st.markdown("What saturation does to learning, as the mean size of the gradient before and after the slope:")
    live.text("hidden-passage", "What gets through", fitting(now, views.passage_view(of_batch, batch)))
with right:
    lesson.code(lines["saturation"] + "\n\n" + first_lines.PASSAGE)
    st.markdown(
        "With N(0, 1) weights many sums are large from the start; “Scaled to the layer” among the *initial weights* "
        "keeps them small. To meet dead units, set the *block size* to 8 and press Play: more numbers come in, the "
        "sums grow, and after 2,000 steps some twenty units of 100 are dead."
    )
lesson.way_on("hidden.py")
