"""What a teacher does with a class: open it, watch it, look at a copy of anybody's run, clear it."""

from urllib.parse import urlencode, urlsplit

import streamlit as st

from mlp.settings import SPECS
from mlp.store.faults import StoreError
from pages.ui.classroom.tables import board, members
from pages.ui.guide.panel import guide_of
from pages.ui.live.classroom import CONTROLS, Classroom, Member
from pages.ui.live.session import Session
from pages.ui.shared.copy_of_run import Busy, copy_of
from pages.ui.shared.plain import plain

KEY = "class_key"  # in the session's state: typed by a teacher on another machine
FAULT = "class_fault"


def room_of(session: Session) -> Classroom | None:
    """The class of which this browser is the teacher's."""
    classes = session.app.classes
    return classes.of_teacher(session.owner) or (
        classes.of_teacher("", st.session_state[KEY]) if st.session_state.get(KEY) else None
    )


def open_class(session: Session) -> None:
    """The form that opens a class with the words and settings of now."""
    now = session.run.snapshot
    st.write(plain(
        f"Open a class with the settings and words of your network as it is now ({now.recipe.words.title}). You get a "
        "link; whoever opens it begins with the same network, and here you see how each is doing."
    ))  # fmt: skip
    names = {**{name: spec.label for name, spec in SPECS.items()}, **CONTROLS}
    hidden = st.multiselect(
        "Hide from the class", list(names), format_func=names.__getitem__, key="class_hidden",
        placeholder="nothing: everything can be changed",
        help="What is hidden keeps the value that it has now; members cannot change it.",
    )  # fmt: skip
    shown = st.checkbox("Show the board of best dev losses to the class", key="class_board")
    keep = st.checkbox(
        "Keep the members’ runs on this server", key="class_keep",
        help="So that a reload brings a member’s run back. Otherwise nothing of it is kept.",
    )  # fmt: skip

    lessons = {lesson.id: lesson for lesson in guide_of(session).lessons}
    given = st.selectbox(
        "Guided lesson", list(lessons), index=None, format_func=lambda id: lessons[id].title, key="class_lesson",
        placeholder="none: everybody looks around alone",
        help="Leads everybody who opens the link, from its first step. A lesson of your own is loaded on *Lessons*.",
    )  # fmt: skip

    def make() -> None:
        now, chosen, lesson = session.run.trainer, frozenset(hidden), lessons.get(given or "")
        room = Classroom(session.owner, now.settings, now.words, chosen, shown, keep, lesson, session.replica)
        try:
            session.app.classes.add(room)
            st.session_state[FAULT] = ""
        except ValueError as error:
            st.session_state[FAULT] = str(error)

    st.button("Open the class", type="primary", icon=":material/school:", on_click=make)
    with st.expander("I am the teacher, on another machine"):
        st.text_input("Key of the class", type="password", key=KEY)
        if st.session_state[KEY]:
            st.warning("No class on this server has that key.", icon=":material/key_off:")
    if fault := st.session_state.get(FAULT):
        st.warning(fault, icon=":material/error:")


def show(session: Session, room: Classroom) -> None:
    """The teacher's page."""
    left, right = st.columns(2, gap="medium")
    left.markdown("**Link for the class**")
    left.code(_link(room), language=None)
    right.markdown("**Your key**", help="With it you see this page on another machine. Keep it to yourself.")
    with right.popover("Show the key", icon=":material/key:"):
        st.code(room.key, language=None)
    st.caption(plain(_given(room)))
    _watch(session, room)
    with st.container(horizontal=True):
        room.board = st.toggle("Show the board to the class", room.board, key=f"class_board_{room.id}")
        st.button(
            "Clear everything", icon=":material/delete_forever:", on_click=_clear, args=(session, room),
            help="Ends the class: link and key no longer work, nicknames, board and kept runs are deleted.",
        )  # fmt: skip


@st.fragment(run_every=2.0)
def _watch(session: Session, room: Classroom) -> None:
    """The members as they are doing now, and the board."""
    st.header("Members", anchor=False)
    found = room.take_down()
    members(room, found)
    there = {member.nickname: member for member, tab in found if tab is not None}
    if there:
        left, right = st.columns([1, 2], vertical_alignment="bottom")
        left.selectbox("Look at the run of", list(there), key="class_chosen")
        right.button(
            "Open a copy", icon=":material/visibility:", on_click=_look, args=(session, there),
            help="Your page then has a copy of the run: nothing that you do changes the member’s own.",
        )  # fmt: skip
        if fault := st.session_state.get(FAULT):
            st.warning(plain(fault), icon=":material/error:")
    st.header("Best dev losses", anchor=False)
    board(room, found)


def _look(session: Session, there: dict[str, Member]) -> None:
    member = there.get(st.session_state.class_chosen)  # as it is chosen now: a click may come sooner than the script
    if member is None:
        st.session_state[FAULT] = "This member has left."
        return
    other = member.session()
    if other is None:
        st.session_state[FAULT] = f"{member.nickname} has left."
        return
    try:
        copy = copy_of(other)
    except Busy as error:
        st.session_state[FAULT] = str(error)
        return
    st.session_state[FAULT] = ""
    session.look.now()
    session.run.adopt(copy, f"This is a copy of the run of {member.nickname}, at step {copy.steps_done:,}.")


def _clear(session: Session, room: Classroom) -> None:
    try:
        for kept in session.app.classes.clear(room):
            if kept.id and session.app.store:
                session.app.store.delete(kept.id)
                kept.id = ""
    except StoreError as error:
        st.session_state[FAULT] = str(error)
    st.session_state[KEY] = ""


def _given(room: Classroom) -> str:
    """What the class was opened with."""
    names = {**{name: spec.label for name, spec in SPECS.items()}, **CONTROLS}
    hidden = ", ".join(names[name] for name in names if name in room.hidden) or "nothing"
    lesson = f"“{room.lesson.title}”" if room.lesson else "none"
    return f"Words: {room.words.title}. Hidden: {hidden}. Guided lesson: {lesson}."


def _link(room: Classroom) -> str:
    """The address that lets members in: of the playground, on this very host."""
    url = urlsplit(str(st.context.url or "http://localhost:8501/"))
    path = url.path.rsplit("/", 1)[0] + "/"
    return f"{url.scheme}://{url.netloc}{path}?{urlencode(room.address)}"
