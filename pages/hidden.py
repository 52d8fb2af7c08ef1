"""Hidden layer: joining the embeddings, W1 and b1, tanh, and where it saturates."""

import streamlit as st

from mlp.lessons import first_lines
from mlp.lessons import hidden as facts
from mlp.lessons.snippets import forward_lines, page_lines
from mlp.plots import saturation, tanh, tensors
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
unit = st.columns([1, 2], gap="medium")[0].number_input(
    f"Hidden unit to follow (0 to {H - 1})", 0, H - 1, min(7, H - 1), key=f"hidden_unit_{H}", persist_state="session"
)
forward = shared(lambda then: then.model.forward(picked.X))
first, labels = now.model.forward(picked.X), contexts(picked)


def heatmap(name: str, title: str, follow: bool = False) -> None:
    """A live tensor with a row an example; the chosen row is framed, and the chosen unit is within the part shown."""
    value = getattr(first, name)
    mark, start = picked.position, corner(picked.position, value, unit if follow else 0)
    live.chart(
        f"hidden-{name}",
        title,
        tensors.figure(title, value, labels, mark=mark, corner=start),
        fitting(now, lambda then: tensors.update(title, getattr(forward(then), name), labels, mark=mark, corner=start)),
    )


st.subheader("Concatenation, three ways", anchor=False)
st.markdown(
    f"`emb` has three dimensions: the examples of your word, the {T} place{'s' if T > 1 else ''} of the context, the "
    f"{dim} number{'s' if dim > 1 else ''} of each embedding. A hidden unit wants one row an example, so the places "
    "are put side by side. The two pictures show the same numbers in the same order, only the shape above them "
    "differs. Blue is above zero, red below, faint close to it; an empty cell holds no finite number any more. The "
    "frame marks your position."
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
            tensors.figure(name, now.model.parameters[name], corner=start),
            fitting(now, views.parameter_view(name, start)),
        )
    heatmap("preactivation", "hpreact", follow=True)
with right:
    lesson.code(forward_code["preactivation"])
    st.latex(r"a_u = \sum_{k} x_k \, W_{1\,k,u} + b_{1\,u}")
    st.markdown(
        f"**W1** has a row for each of the {T * dim} number{'s' if T * dim > 1 else ''} that come in and a column for "
        f"each of the {H} hidden unit{'s' if H > 1 else ''}; **b1** has a number for each unit. A unit multiplies each "
        "number that comes in by its own weight, adds all up and adds its bias: the *pre-activation*. Here is the sum "
        f"of unit {unit} at your position, `{labels[picked.position]}`:"
    )
    live.text("hidden-sum", "The sum of one unit", fitting(now, views.sum_view(forward, picked, unit)), mono=True)
    lesson.code(first_lines.one_unit(picked.position, unit))

st.subheader("tanh, a curve that flattens out", anchor=False)
left, right = st.columns([3, 2], gap="medium")
with left:
    a = first.preactivation[picked.position]
    live.chart(
        "hidden-tanh",
        tanh.TITLE,
        tanh.figure(a, unit),
        fitting(now, lambda then: tanh.update(forward(then).preactivation[picked.position], unit)),
    )
    st.markdown(
        "Each point is a hidden unit at your position: its sum to the right, its tanh upwards; point at one to see "
        f"which. The ring is unit {unit}, and the dashed line the slope of the curve there. Dotted lines stand at "
        f"±{facts.SATURATED}; units beyond them are red."
    )
    heatmap("hidden", "h", follow=True)
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
        "gradient that arrives at a unit is multiplied by the slope, `1 - h**2`. Where the curve is flat the slope is "
        "nearly 0, and next to nothing reaches the weights below: the unit is **saturated**, it hardly learns from "
        "this example."
    )
    live.text("hidden-unit", "The unit you follow", fitting(now, views.unit_view(forward, picked, unit)))

st.subheader("Saturation of a batch, and dead units", anchor=False)
batch = now.dataset.train.X[: views.EXAMPLES]
of_batch = shared(lambda then: then.model.forward(batch).hidden)
st.markdown(
    f"The same for the first {len(batch)} training examples. A row is an example, a column a hidden unit; a blue cell "
    f"means |h| > {facts.SATURATED}, saturated, and below that the cell is the greyer the larger |h|. A unit whose "
    "column is blue from top to bottom is **dead** here (red triangle): it says the same for every example and learns "
    "next to nothing from any. With N(0, 1) weights many sums are large from the start; “Scaled to the layer” among "
    "the initial weights in the settings keeps them small."
)
live.chart(
    "hidden-saturation",
    saturation.TITLE,
    saturation.figure(now.model.forward(batch).hidden),
    fitting(now, lambda then: saturation.update(of_batch(then))),
)
left, right = st.columns([3, 2], gap="medium")
with left:
    live.text("hidden-dead", "Dead units", fitting(now, views.dead_view(of_batch)))
with right:
    lesson.code(lines["saturation"])
lesson.way_on("hidden.py")
