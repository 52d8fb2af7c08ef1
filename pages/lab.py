"""The fitting lab: a grid of networks over two settings, selected with sliders; a rate search; remedies."""

import streamlit as st

from mlp.analysis.presets import MAP, remedies
from mlp.plots import capacity, compare, embedding, fit_map, loss, rates
from mlp.words import singular
from pages.ui.lab import jobs as jobs
from pages.ui.lab import views as views
from pages.ui.lab.bench import lab
from pages.ui.lab.form import axis, both, build, common, first_map
from pages.ui.live import components as live
from pages.ui.live.session import current

here = lab()
st.title("Fitting lab: underfitting, good fit, overfitting", anchor=False)
st.markdown(
    "A network can be **too small** to learn the pattern: both losses stay high (*underfitting*). Or it can be so "
    "large, with so few examples, that it **memorises** them: the train loss keeps falling while the dev loss rises "
    "(*overfitting*). Train a whole grid of networks at once to see where one turns into the other."
)
st.header("The map of fits", anchor=False)
with st.expander("Other axes, values or steps", icon=":material/tune:"):
    left, right, rest = st.columns([4, 4, 3], gap="medium")
    axes = both(axis(left, "Horizontal axis", "x", MAP.x[0]), axis(right, "Vertical axis", "y", MAP.y[0]))
    settings, steps = common(rest)
    if st.button("Train the map", type="primary", icon=":material/grid_on:", disabled=not axes) and axes:
        build(here, settings, *axes, steps)
if axes and first_map(here):
    build(here, settings, *axes, steps, asked=False)

if here.map is None:
    st.info("Every cell will be a separate network. Press **Train the map**; it takes a few seconds.")
else:
    fits = here.map.fits
    left, right = st.container(key="lab_walk").columns([5, 6], gap="large")
    with left:
        split = st.segmented_control(
            "Colour by", list(views.COLOURS), default="dev", required=True, key="lab_split",
            format_func=lambda name: views.COLOURS[name], persist_state="session",
        )  # fmt: skip
        drawn = views.still_axes(fit_map.figure(fits.x, fits.y, 410))
        live.chart("lab-map", fit_map.TITLE, drawn, views.heat(here, split or "dev"), command="cursor")
        live.grid_sliders("lab-scrub", views.grid_sliders(here), here.asked, "lab_walk")
        st.caption(
            "Each cell is one network: **the stronger the blue, the lower the loss** (or the gap). A cell with no blue "
            "is no better than a uniform guess. The double frame is the selected network; move it with the sliders or "
            "click a cell. The star marks the lowest loss, a cross a network that *diverged* (its loss overflowed)."
        )
        if alike := views.alike(fits):
            st.caption(alike)
    with right.container(key="lab_network"):
        live.live_table("lab-numbers", "The selected network", views.numbers(here))
        live.verdict("lab-verdict", views.of_network(here, views.verdict))
        one, two = st.columns(2)
        with one:
            st.markdown("**Loss curve** of this network", help=views.LOSS_HELP)
            live.chart("lab-loss", loss.TITLE, views.small_loss(), views.of_network(here, views.curve))
        with two:
            st.markdown("**Capacity curve** along the row or column", help=views.CAPACITY_HELP)
            live.chart("lab-capacity", capacity.TITLE, views.small_capacity(*fits.x), views.capacities(here))
        one, two = st.columns(2)
        with one:
            st.markdown("**Character embedding**", help=views.EMBEDDING_HELP)
            live.chart("lab-embedding", embedding.TITLE, views.small_map(), views.of_network(here, views.characters))
        with two:
            noun = here.map.fits.snapshot().fits[0][0].dataset.noun
            st.markdown(f"**Generated {noun}**", help=f"Pale with a frame: a training {singular(noun)}, not a new one.")
            live.live_words("lab-names", f"Generated {noun}", views.of_network(here, views.names))
            if st.button("Open in the playground", icon=":material/open_in_new:", key="lab_open", help=views.OPEN_HELP):
                here.open()
                st.switch_page("playground.py")

st.header("Learning-rate finder", anchor=False)
left, right = st.columns([5, 6], gap="large")
with left:
    st.markdown(
        "The *learning rate* sets how far each step moves the weights. This test takes a **copy** of your network (the "
        "one controlled by the bar above) and trains it for one step at each of 1,000 rates, rising from 0.001 to 10. "
        "Where the curve falls, the rate works; where it shoots up, the steps overshoot. A good rate for a fast fall "
        "of the train loss lies a little before the end of the valley: the app suggests half the rate there. That says "
        "nothing about overfitting. Your network itself does not change."
    )
    with st.container(horizontal=True):
        st.button("Find a learning rate", on_click=here.find_rate, icon=":material/search:")
        st.button("Use this rate", on_click=here.use_rate, help="Sets the learning rate of your network.")
    live.live_table("lab-rate", "Suggested learning rate", jobs.rate_text(here))
with right:
    live.chart("lab-rates", rates.TITLE, rates.figure(340), jobs.rate_curve(here))

st.header("Remedies for overfitting", anchor=False)
preset, tried = remedies(current().run.snapshot.settings.word_list)
left, right = st.columns([5, 6], gap="large")
with left:
    st.markdown(jobs.introduction(preset))
    labels = [remedy.label for remedy in tried.values()]
    guess = st.radio(
        "Guess first: which remedy ends with the lowest dev loss?", labels, index=None, key="lab_guess",
        horizontal=True, persist_state="session",
    )  # fmt: skip
    st.segmented_control(
        "Steps", [1, 10], default=1, required=True, key="lab_times", persist_state="session",
        format_func=lambda times: f"{times * preset.steps:,}",
    )  # fmt: skip
    st.button(
        "Compare the remedies",
        on_click=jobs.compare_remedies,
        args=(here, "lab_times"),
        icon=":material/compare_arrows:",
    )
    shown = st.pills(
        "Show next to the overfitting run", labels, key="lab_remedy",
        persist_state="session", help="Choose one to see it alone; click it again to see all.",
    )  # fmt: skip
    st.caption(f"Drawn through: dev loss; dotted: train loss.  \n{jobs.explain(tried.values(), shown)}")
with right:
    live.chart("lab-compared", compare.TITLE, jobs.comparison(), jobs.compared(here, shown))
live.live_table("lab-results", "Results of the remedies", jobs.results(here, guess))
