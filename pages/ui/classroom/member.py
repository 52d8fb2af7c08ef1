"""What a member of a class sees: a field for the nickname beside the settings, and the board where there is one."""

import streamlit as st

from pages.ui.classroom.tables import board
from pages.ui.live.classroom import NICKNAME_LENGTH, Classroom
from pages.ui.live.session import Session
from pages.ui.shared.plain import plain


def nickname(session: Session) -> None:
    """Who one is in the class; a nickname will do."""
    room, me = session.room, session.member
    if room is None or me is None:
        return
    if session.app.classes.get(room.id) is None:
        st.info("The class has ended. Your network is still here.", icon=":material/school:")
        return

    def rename() -> None:
        st.session_state.nickname_fault = room.rename(me, st.session_state.nickname)

    st.text_input(
        "Your nickname in the class", me.nickname, NICKNAME_LENGTH, key="nickname", on_change=rename,
        help="Your teacher sees it beside your network’s step, losses and settings. Nothing else is known of you.",
    )  # fmt: skip
    if fault := st.session_state.get("nickname_fault"):
        st.warning(plain(fault), icon=":material/edit:")


def show(session: Session, room: Classroom) -> None:
    """The page of a member."""
    assert session.member
    st.write(plain(f"You are in a class, as “{session.member.nickname}”. Change the nickname on the left."))
    if room.board:
        _board(room)
    else:
        st.info("Your teacher has not opened a board.", icon=":material/leaderboard:")


@st.fragment(run_every=2.0)
def _board(room: Classroom) -> None:
    st.header("Best dev losses", anchor=False)
    board(room, room.take_down())
