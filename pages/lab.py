"""The fitting lab: a map of networks over two settings, to be walked over with sliders; a rate search; remedies."""

import streamlit as st

from mlp.plots import capacity, compare, embedding, fit_map, loss, rates
from mlp.presets import MAP, remedies
from pages.ui import lab_views as views
from pages.ui import live
from pages.ui.lab import lab
from pages.ui.lab_form import axis, build, common

here = lab()
st.title("Fitting lab: too simple, just right, too clever", anchor=False)
st.markdown(
    "A network can be **too small** to learn the pattern (*under-fitting*: train and dev loss both stay high), or so "
    "large for so few examples that it learns the examples **by heart** (*over-fitting*: the train loss falls, the dev "
    "loss rises). To see where one becomes the other, train a whole map of networks at once and walk over it."
)
st.header("The map of fits", anchor=False)
left, right, rest = st.columns([4, 4, 3], gap="medium")
x = axis(left, "Across", "x", MAP.x[0])
y = axis(right, "Upwards", "y", MAP.y[0])
settings, steps = common(rest)
if st.button("Train the map", type="primary", icon=":material/grid_on:", disabled=not (x and y)) and x and y:
    build(here, settings, x, y, steps)

if here.map is None:
    st.info("Every cell of the map will be a network of its own. Press **Train the map**: it takes some seconds.")
else:
    fits = here.map.fits
    left, right = st.columns([5, 6], gap="large")
    with left:
        split = st.segmented_control(
            "The colour shows", list(fit_map.SHOWN), default="dev", required=True, key="lab_split",
            format_func=lambda name: fit_map.SHOWN[name], persist_state="session",
        )  # fmt: skip
        drawn = views.still_axes(fit_map.figure(fits.x, fits.y, 430))
        live.chart("lab-map", fit_map.TITLE, drawn, views.heat(here, split or "dev"), command="cursor")
        live.scrub("lab-scrub", views.scrub(here))
        st.caption(
            "Each cell is one network. **Darker is a lower loss** (for the gap: a smaller one). The square is your "
            "cursor: drag a slider, or click a cell. The star marks the lowest loss, a cross a network that "
            "*diverged*: its loss grew until it was no number any more."
        )
    with right:
        live.text("lab-numbers", "The network under the cursor", views.numbers(here))
        live.verdict("lab-verdict", views.of_network(here, views.verdict))
        one, two = st.columns(2)
        with one:
            st.subheader("Loss curve", anchor=False, help="This network’s train and dev loss while it was trained.")
            live.chart("lab-loss", loss.TITLE, views.plain_loss(300), views.of_network(here, views.curve))
        with two:
            st.subheader("Character embedding", anchor=False, help="Each character is a point of this network’s C.")
            live.chart(
                "lab-embedding", embedding.TITLE, embedding.figure(300), views.of_network(here, views.characters)
            )
        live.words("lab-names", "Names this network makes", views.of_network(here, views.names))
        if st.button("Open in playground", icon=":material/open_in_new:", key="lab_open"):
            here.open()
            st.switch_page("playground.py")
    st.subheader("Capacity curve", anchor=False)
    st.caption(
        "Train and dev loss of the row or column under the cursor, along the slider you dragged last. Where both are "
        "high, the networks are too simple; where dev rises again while train falls, they learn by heart."
    )
    live.chart("lab-capacity", capacity.TITLE, capacity.figure(*fits.x), views.capacities(here))

st.header("Learning-rate finder", anchor=False)
st.markdown(
    "A copy of your network from the playground tries ever higher rates, one small batch each. Where the loss falls, "
    "the rate works; where it shoots up, it is too high. Your own network is not touched."
)
live.chart("lab-rates", rates.TITLE, rates.figure(), views.rate_curve(here))
live.text("lab-rate", "Suggested learning rate", views.rate_text(here))
with st.container(horizontal=True):
    st.button("Find a rate", on_click=here.find_rate)
    st.button("Use this rate", on_click=here.use_rate, help="Gives your network the suggested rate, live.")

st.header("Remedies", anchor=False)
st.markdown(
    "The same over-fitting network four times more, each with one thing done against it. Compare where the dev loss, "
    "the unbroken line of each run, ends."
)
preset, tried = remedies()
st.button("Train the comparison", on_click=here.compare)
shown = st.pills("Remedy", [remedy.label for remedy in tried.values()], key="lab_remedy", persist_state="session")
live.chart("lab-compared", compare.TITLE, compare.figure(420), views.compared(here, shown))
live.text("lab-results", "How each remedy ends", views.results(here))
