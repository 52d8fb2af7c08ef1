"""What is drawn around every page: title, navigation, settings and transport."""

from functools import partial
from pathlib import Path

import streamlit as st

from pages.ui.live.loading import drawing, load

load()  # in the thread that began it with the server, or else now: what follows needs it

from mlp.kernel.choice import compile_now, is_compiled
from pages.ui.classroom import member
from pages.ui.guide import panel as guide_panel
from pages.ui.lessons.lesson import ORDER
from pages.ui.live import components as live
from pages.ui.live.session import current
from pages.ui.playground import pins
from pages.ui.shared import presets, run_file
from pages.ui.shared.plain import plain
from pages.ui.shared.style import apply_style

ICON = str(Path(__file__).resolve().parent / "ui" / "icon.png")

lessons = [st.Page(file, title=title, help=about) for file, title, about in ORDER]
page = st.navigation(
    {
        "": [
            st.Page("playground.py", title="Playground", default=True, help="Train the network and watch it learn"),
            st.Page("lessons.py", title="Lessons", help="Guided tours through the app, with questions"),
            st.Page("lab.py", title="Fitting lab", help="Drag a slider and watch underfitting turn into overfitting"),
            st.Page("embedding.py", title="Embedding", help="Who is near whom, and what if a letter were elsewhere"),
            st.Page("generate.py", title="Generate", help="New words, character by character, and how new they are"),
            st.Page("diagnostics.py", title="Diagnostics", help="Activations, gradients and updates, tensor by tensor"),
        ],
        "The notes, line by line": lessons,
        "Yours": [
            st.Page("words.py", title="Own words", help="Bring a list of your own for the network to learn from"),
            st.Page("runs.py", title="Saved runs", help="Keep this run, and open, compare or copy earlier ones"),
            st.Page("classroom.py", title="Class", help="One link for a class, and how each network in it is doing"),
            st.Page("take_home.py", title="Take it home", help="The run as code, notebook, replay, weights or numbers"),
        ],
    },
    position="top",
    expanded=True,  # on a phone, where they are a list, all pages are in sight
)
title = f"{page.title} – See a network learn"
st.set_page_config(title, ICON, layout="wide", initial_sidebar_state="auto")
if not is_compiled():
    with st.spinner("Getting ready: the training code is compiled, once on this machine…", show_time=True):
        compile_now()
session = current()
session.dump_extra, session.extra_version = partial(pins.dump, session), partial(pins.version, session)
if session.extra:
    pins.restore(session, session.extra)
    session.extra = {}
session.activate(page.title)
here = page.url_path or "playground"
guide_panel.lead(session, here)
apply_style()
is_lesson = f"{here}.py" in [file for file, _, _ in ORDER]
with st.sidebar:
    if is_lesson:
        live.contents()
    st.header("Settings", anchor=False)
    member.nickname(session)
    if not session.refuses("preset"):
        presets.choose(session)
    live.panel(folded=is_lesson)
    if not session.refuses("preset"):
        run_file.choose(session)
for note in session.notes:
    st.info(plain(note), icon=":material/link:")
live.transport()
with drawing():
    page.run()
guide_panel.show(session, here)
live.timeline(partial(pins.continue_from, session))
live.bridge(session)
