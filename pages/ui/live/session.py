"""The browser session's one run, and what its pages show of it."""

import secrets
from collections.abc import Callable
from functools import cache
from typing import Any
from weakref import WeakValueDictionary

import streamlit as st

from mlp.engine.run import Run
from mlp.engine.scheduler import Engine
from mlp.engine.snapshot import Snapshot
from mlp.limits import LIMITS, Limits
from mlp.settings import Settings
from pages.ui.live.address import opened
from pages.ui.live.look import Look

View = Callable[[Snapshot], dict[str, Any]]


class Application:
    """What all browser tabs of a server share: the engine, and the sessions by the token that lets a socket in."""

    def __init__(self, limits: Limits = LIMITS) -> None:
        self.limits, self.engine = limits, Engine(limits)
        self.sessions: WeakValueDictionary[str, Session] = WeakValueDictionary()
        self.watchers = 0  # pages that are open now

    @property
    def full(self) -> str:
        """Why no more sessions can begin now, or ""."""
        most = self.limits.sessions
        if len(self.sessions) < most:
            return ""
        return f"This server is full: {most:,} tabs are open. Close one that you no longer need, or try again later."


@cache
def application() -> Application:
    """The application of this process, made when the server or the first page asks for it."""
    return Application()


class Session:
    """One browser tab: its run, and the views that its page has on the screen.

    A view turns a snapshot into a patch for one chart or text: a plain dict (see `mlp.plots`). The socket asks for
    the views that are on the screen, of the moment that `look` says; `token` lets a socket in. `handlers` are commands
    of single pages, by name.
    """

    def __init__(self, app: Application, settings: Settings, notes: list[str]) -> None:
        self.token = secrets.token_urlsafe(24)
        self.engine = app.engine
        self.run: Run = app.engine.start(settings)
        self.look = Look(app.engine, self.run)
        self.views: dict[str, View] = {}
        self.page = ""
        self.handlers: dict[str, Callable[[Any], None]] = {}
        self.on_leave: Callable[[], None] = _nothing
        self.notes = notes
        app.sessions[self.token] = self

    def activate(self, page: str) -> None:
        """Let another page `on_leave`, and forget what it showed, so that nothing is worked out for it any more."""
        if page != self.page:
            self.on_leave()
            self.page, self.views, self.on_leave = page, {}, _nothing

    def show(self, key: str, view: View) -> None:
        """Put a view on the screen, or change the one of that key."""
        self.views[key] = view
        self.run.notify()


def _nothing() -> None:
    """What most pages have to do when they are left."""


def current() -> Session:
    """The session of the script that calls; made from the link when the tab opens."""
    if "live" not in st.session_state:
        if full := application().full:
            st.info(full, icon=":material/hourglass_top:")
            st.stop()
        settings, recipe, notes = opened(st.query_params.to_dict())
        session = st.session_state.live = Session(application(), settings, notes)
        if recipe:
            session.run.open(recipe, f"This is the run of the link, at step {recipe.step:,}.")
    return st.session_state.live
