"""Diagnostics: activations, gradients and updates, tensor by tensor, now and over the training."""

import plotly.graph_objects as go
import streamlit as st

from mlp.lessons.inside import GUIDE, LAYERS
from mlp.plots import histogram, tensor_lines
from mlp.saturation import SATURATED
from pages.ui.diagnostics import views
from pages.ui.lessons import lesson
from pages.ui.live import components as live
from pages.ui.live.session import View, current
from pages.ui.shared.series import kept_series
from pages.ui.shared.throttle import if_same_shape

session = current()
now = lesson.snapshot()
names = list(now.model.parameters)
series = kept_series(session, "inside", views.measure)


def spread(key: str, title: str, drawn: go.Figure, view: View) -> None:
    """A histogram of the step that the page looks at, and below it what it has found."""
    live.chart(f"inside-{key}", title, drawn, if_same_shape(now, view))
    live.live_table(f"inside-{key}-said", f"{title} in words", if_same_shape(now, views.finding(view)))


st.title("Diagnostics: what goes on inside", anchor=False)
st.write(
    "The loss says how well a network does, not why. These charts show the numbers inside: on the left at the step you "
    "look at, on the right over the whole training so far. Drag the timeline to see them at an earlier step."
)

st.header("Activations", anchor=False)
left, right = st.columns(2, gap="medium")
with left:
    drawn = histogram.figure(["hidden"], "output of a hidden unit, tanh", (-SATURATED, SATURATED))
    spread("outputs", views.OUTPUTS, drawn, views.outputs())
    st.write(
        "*How to read it:* a healthy layer uses the whole range. A heap at −1 and 1 means that the pre-activations are "
        "too large: choose scaled initial weights, or a lower learning rate."
    )
with right:
    drawn = tensor_lines.figure(views.SHARES, "share", share=True)
    live.chart("inside-shares", views.SATURATION, drawn, views.shares(series))
    drawn = tensor_lines.figure(LAYERS, "standard deviation")
    live.chart("inside-spreads", views.SPREADS, drawn, if_same_shape(now, views.spreads(series)))
    st.write(
        "*How to read it:* each layer’s spread should settle, neither vanish nor grow without end. The hidden layer "
        "cannot exceed 1; growing logits mean growing confidence."
    )
st.page_link("hidden.py", label="The page that explains the hidden layer", icon=":material/menu_book:")

st.header("Gradients", anchor=False)
left, right = st.columns(2, gap="medium")
with left:
    spread(
        "sizes", views.SIZES, histogram.figure(names, "log₁₀ of the size of a gradient’s numbers"), views.sizes(names)
    )
    st.write(
        "*How to read it:* one line per parameter, of the batch that the next step learns from. Lines far to the left "
        "belong to parameters that hardly learn; look for saturated units before them."
    )
with right:
    drawn = tensor_lines.figure(names, "norm of the gradient")
    live.chart("inside-norms", views.NORMS, drawn, if_same_shape(now, views.norms(series, names)))
    st.write(
        "*How to read it:* norms fall as the network learns and then rattle, since each batch is different. If they "
        "climb step after step, the run is about to diverge: lower the learning rate. A larger batch rattles less."
    )
st.page_link("backward.py", label="The page that explains gradients", icon=":material/menu_book:")

st.header("Updates", anchor=False)
left, right = st.columns(2, gap="medium")
with left:
    live.live_table("inside-table", "The last update that was measured", if_same_shape(now, views.table(series, names)))
    st.write(
        f"*How to read it:* the ratio compares how far one update moves a tensor with how large the tensor is. "
        f"{GUIDE:g} means a thousandth of its size, a good pace as a rule of thumb. Well above it, the learning rate "
        "is probably too high; well below, training takes longer than it needs to.".replace("-3", "−3")
    )
    st.write(
        "Small batches make noisy, larger updates. Biases often start near 0, so that their ratio is high at first. "
        "Sizes are root mean squares; the update includes weight decay and what the optimizer remembers."
    )
with right:
    drawn = tensor_lines.figure(names, "log₁₀ (update / data)", GUIDE)
    live.chart("inside-ratios", views.RATIOS, drawn, if_same_shape(now, views.ratios(series, names)))
st.page_link("backward.py", label="The page that explains an update", icon=":material/menu_book:")
