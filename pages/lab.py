"""The fitting lab: a map of networks over two settings, to be walked over with sliders; a rate search; remedies."""

import streamlit as st

from mlp.analysis.presets import MAP, remedies
from mlp.plots import capacity, compare, embedding, fit_map, loss, rates
from pages.ui.lab import jobs as jobs
from pages.ui.lab import views as views
from pages.ui.lab.bench import lab
from pages.ui.lab.form import axis, both, build, common
from pages.ui.live import components as live

here = lab()
st.title("Fitting lab: too simple, just right, too clever", anchor=False)
st.markdown(
    "A network can be **too small** to learn the pattern (*under-fitting*: train and dev loss both stay high), or so "
    "large for so few examples that it learns the examples **by heart** (*over-fitting*: the train loss falls, the dev "
    "loss rises). To see where one becomes the other, train a whole map of networks at once and walk over it."
)
st.header("The map of fits", anchor=False)
left, right, rest = st.columns([4, 4, 3], gap="medium")
axes = both(axis(left, "Across", "x", MAP.x[0]), axis(right, "Upwards", "y", MAP.y[0]))
settings, steps = common(rest)
if st.button("Train the map", type="primary", icon=":material/grid_on:", disabled=not axes) and axes:
    build(here, settings, *axes, steps)

if here.map is None:
    st.info("Every cell of the map will be a network of its own. Press **Train the map**: it takes some seconds.")
else:
    fits = here.map.fits
    left, right = st.container(key="lab_walk").columns([5, 6], gap="large")
    with left:
        split = st.segmented_control(
            "The colour shows", list(views.COLOURS), default="dev", required=True, key="lab_split",
            format_func=lambda name: views.COLOURS[name], persist_state="session",
        )  # fmt: skip
        drawn = views.still_axes(fit_map.figure(fits.x, fits.y, 410))
        live.chart("lab-map", fit_map.TITLE, drawn, views.heat(here, split or "dev"), command="cursor")
        live.scrub("lab-scrub", views.scrub(here), here.maps, "lab_walk")
        st.caption(
            "Each cell is one network. **The stronger the blue, the lower the loss** (or the smaller the gap); cells "
            "without blue are no better than guessing. The frame is your cursor: drag a slider, or click a cell. The "
            "star marks the lowest loss, a cross a network that *diverged*: its loss grew until it was no number."
        )
    with right.container(key="lab_network"):
        live.text("lab-numbers", "The network under the cursor", views.numbers(here))
        live.verdict("lab-verdict", views.of_network(here, views.verdict))
        one, two = st.columns(2)
        with one:
            st.markdown("**Loss curve** while it was trained", help=views.LOSS_HELP)
            live.chart("lab-loss", loss.TITLE, views.small_loss(), views.of_network(here, views.curve))
        with two:
            st.markdown("**Capacity curve** along your slider", help=views.CAPACITY_HELP)
            live.chart("lab-capacity", capacity.TITLE, views.small_capacity(*fits.x), views.capacities(here))
        one, two = st.columns(2)
        with one:
            st.markdown("**Character embedding**", help=views.EMBEDDING_HELP)
            live.chart("lab-embedding", embedding.TITLE, views.small_map(), views.of_network(here, views.characters))
        with two:
            st.markdown("**Names it makes**", help="Framed and pale: a word of the training list, not a new one.")
            live.words("lab-names", "Names this network makes", views.of_network(here, views.names))
            if st.button("Open in playground", icon=":material/open_in_new:", key="lab_open", help=views.OPEN_HELP):
                here.open()
                st.switch_page("playground.py")

st.header("Learning-rate finder", anchor=False)
left, right = st.columns([5, 6], gap="large")
with left:
    st.markdown(
        "The *learning rate* says how far each step moves the weights. A **copy** of your own network, the one that "
        "the bar above plays, makes one step each at ever higher rates, from 0.001 to 10. Where the curve falls, the "
        "rate works; where it shoots up, each step overshoots. Best is a rate a little before the valley’s end. Your "
        "own network is not touched by the search."
    )
    with st.container(horizontal=True):
        st.button("Find a rate", on_click=here.find_rate, icon=":material/search:")
        st.button("Use this rate", on_click=here.use_rate, help="Sets the learning rate of your own network.")
    live.text("lab-rate", "Suggested learning rate", jobs.rate_text(here))
with right:
    live.chart("lab-rates", rates.TITLE, rates.figure(340), jobs.rate_curve(here))

st.header("Remedies against over-fitting", anchor=False)
preset, tried = remedies()
left, right = st.columns([5, 6], gap="large")
with left:
    st.markdown(
        f"The preset *{preset.label}* learns its {preset.settings.train_examples:,} examples by heart: its train loss "
        "falls and falls, its dev loss turns and rises. Here it is trained again, and beside it the same network with "
        "**one thing done against it**. Look where each dev loss ends: lower is better."
    )
    st.button("Train the comparison", on_click=here.compare, icon=":material/compare_arrows:")
    shown = st.pills(
        "Show beside the over-fit run", [remedy.label for remedy in tried.values()], key="lab_remedy",
        persist_state="session", help="Choose one to look at it alone; choose it again for all.",
    )  # fmt: skip
    st.caption(jobs.explain(shown))
with right:
    live.chart("lab-compared", compare.TITLE, jobs.comparison(), jobs.compared(here, shown))
live.text("lab-results", "How each remedy ends", jobs.results(here))
