"""The browser session's one run, and what its pages show of it."""

import secrets
from collections.abc import Callable
from typing import Any
from weakref import WeakValueDictionary

import streamlit as st

from mlp.engine.run import Run
from mlp.engine.scheduler import Engine
from mlp.engine.snapshot import Snapshot
from mlp.settings import Settings, from_link

View = Callable[[Snapshot], dict[str, Any]]

ENGINE = Engine()
SESSIONS: WeakValueDictionary[str, "Session"] = WeakValueDictionary()


class Session:
    """One browser tab: its run, and the views that its page has on the screen.

    A view turns a snapshot into a patch for one chart or text: a plain dict (see `mlp.plots`). The socket asks for
    the views that are on the screen; `token` is what lets a socket in. `hears` are commands of single pages, by name.
    """

    def __init__(self, settings: Settings, notes: list[str]) -> None:
        self.token = secrets.token_urlsafe(24)
        self.run: Run = ENGINE.start(settings)
        self.views: dict[str, View] = {}
        self.page = ""
        self.hears: dict[str, Callable[[Any], None]] = {}
        self.leave: Callable[[], None] = _nothing
        self.notes = notes
        self.pins: list[Any] = []  # of pages.ui.playground.pins.Pin
        self.pinned = 0
        SESSIONS[self.token] = self

    def enter(self, page: str) -> None:
        """Let another page `leave`, and forget what it showed, so that nothing is worked out for it any more."""
        if page != self.page:
            self.leave()
            self.page, self.views, self.leave = page, {}, _nothing

    def show(self, key: str, view: View) -> None:
        """Put a view on the screen, or change the one of that key."""
        self.views[key] = view
        self.run.poke()


def _nothing() -> None:
    """What most pages have to do when they are left."""


def current() -> Session:
    """The session of the script that calls; made from the link when the tab opens."""
    if "live" not in st.session_state:
        settings, notes = from_link(st.query_params.to_dict())
        st.session_state.live = Session(settings, notes)
    return st.session_state.live
