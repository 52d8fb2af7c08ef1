"""The guided lesson of a tab, carried out and shown on whatever page is open."""

import streamlit as st

from pages.ui.guide.guide import Guide
from pages.ui.live import components as live
from pages.ui.live.session import LESSON, Session


def guide_of(session: Session) -> Guide:
    """The guide of the tab whose script calls; made from the link, or the class, when the tab opens."""
    if "guide" not in st.session_state:
        given = session.room.lesson if session.room else None
        st.session_state.guide = Guide(session, st.query_params.get(LESSON, given.id if given else ""))
    return st.session_state.guide


def lead(session: Session, page: str) -> None:
    """Do what the lesson does next, which may open another page."""
    if wanted := guide_of(session).go_on(page):
        st.switch_page(f"{wanted}.py")


def show(session: Session, page: str) -> None:
    """The panel, while a lesson leads."""
    guide = guide_of(session)
    if not guide.active:
        return

    def press(name: str) -> None:
        if name == "leave":
            guide.leave()
        elif name in ("next", "back"):
            guide.turn(1 if name == "next" else -1)

    live.guide(guide.view(page), press)
