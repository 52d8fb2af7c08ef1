"""The lessons to choose from, and the form for a file of one's own."""

import streamlit as st

from mlp.guided.lesson import Lesson
from mlp.guided.reading import LARGEST, example
from mlp.limits import MEGABYTE
from pages.ui.guide.guide import Guide
from pages.ui.shared.plain import plain

COLUMNS = 3
FAULT = "lesson_file_fault"


def choose(guide: Guide) -> None:
    """A card for each lesson."""
    lessons = list(guide.lessons)
    for begin in range(0, len(lessons), COLUMNS):
        for column, lesson in zip(st.columns(COLUMNS, gap="small"), lessons[begin : begin + COLUMNS], strict=False):
            with column.container(border=True, height="stretch", key=f"lesson_card_{lesson.id}"):
                _card(guide, lesson)


def _card(guide: Guide, lesson: Lesson) -> None:
    st.markdown(f"## {plain(lesson.title)}")
    st.write(plain(lesson.goal))
    progress = guide.progress.get(lesson.id)
    begun = progress is not None and progress.furthest > 0
    done = "Done. " if progress is not None and progress.done else ""
    st.caption(f"{done}{lesson.minutes} minutes, {len(lesson.steps)} steps")
    with st.container(horizontal=True):
        if begun and progress:
            st.button(
                f"Resume at step {progress.place + 1}", type="primary", key=f"resume_{lesson.id}",
                on_click=guide.resume, args=(lesson.id,),
            )  # fmt: skip
        st.button(
            "Start again" if begun or done else "Start", type="secondary" if begun or done else "primary",
            key=f"start_{lesson.id}", on_click=guide.begin, args=(lesson.id,),
            help="It begins with a network of its own.",
        )  # fmt: skip


def own_file(guide: Guide) -> None:
    """Where a teacher's own lesson file is read."""
    with st.expander("Load a lesson file of your own"):
        st.markdown(
            "A lesson is a short text file in YAML: what is said, what the app does, what it waits for and what it "
            "asks. The lessons above are written in it: take one as an example and change it. (All keys are told in "
            "`docs/lesson-format.md` of the project.) What you load is there until you close or reload this tab; in "
            "*Class* you can give it to a whole class."
        )
        st.download_button(
            "Download “First look” as an example", example(), "lesson.yaml", "application/yaml", on_click="ignore",
            icon=":material/download:",
        )  # fmt: skip

        def read() -> None:
            file = st.session_state.lesson_file
            st.session_state[FAULT] = ""
            if file:
                try:
                    guide.load(file.getvalue())
                except ValueError as error:
                    st.session_state[FAULT] = str(error)

        st.file_uploader(
            "Lesson file", type=["yaml", "yml"], key="lesson_file", on_change=read,
            max_upload_size=max(1, LARGEST // MEGABYTE),
        )  # fmt: skip
        if fault := st.session_state.get(FAULT):
            st.warning("This file was not loaded.  \n" + plain(fault).replace("\n", "  \n"), icon=":material/edit:")
        elif guide.own:
            st.success(f"Loaded: {plain(', '.join(lesson.title for lesson in guide.own))}.")
