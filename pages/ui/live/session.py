"""The browser session's one run, and what its pages show of it."""

import os
import re
import secrets
import threading
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any
from weakref import WeakValueDictionary

import streamlit as st

from mlp.engine.run import Run
from mlp.engine.scheduler import Engine
from mlp.engine.snapshot import Snapshot
from mlp.engine.tally import Tally
from mlp.limits import LIMITS, Limits
from mlp.settings import Settings
from mlp.store.faults import StoreError
from mlp.training.trainer import Trainer
from mlp.words import OWN_LIST
from pages.ui.live import after_start, replica
from pages.ui.live.address import opened
from pages.ui.live.classroom import PARAMETER as CLASS
from pages.ui.live.classroom import Classes, Classroom, Member
from pages.ui.live.keeper import PARAMETER, RELOAD_SECONDS, Keeper, Kept, reopened
from pages.ui.live.look import Look

if TYPE_CHECKING:
    from mlp.store.run_store import RunStore

DATABASE = "MLP_DATABASE"  # the environment variable with the URL of the saved runs; empty to save none
HERE = "sqlite:///runs.db"
LESSON = "lesson"  # in the address: the guided lesson's id, and behind a dot its step, counted from 1
OWNER = "mlp_owner"  # the cookie
OWNER_FORM = re.compile(r"[A-Za-z0-9_-]{32}")

NOT_THERE = (
    "This link is of a run with somebody’s own words, which a link cannot hold; here are its other settings, with "
    "Pokémon names. Ask for the words, or for the run’s file."
)

NOT_KEPT = "The run of this address is not kept on this server (any more); what the address says of it was opened."

View = Callable[[Snapshot], dict[str, Any]]


class Application:
    """What all browser tabs of a server share: the engine, and the sessions by the token that lets a socket in.

    Attributes:
        wants_store: whether runs are to be saved.
        frames, refused, failed_saves: how many frames went to browsers, how many of their messages made no sense, and
            how often a run could not be kept.
    """

    def __init__(self, limits: Limits = LIMITS, database: str = "") -> None:
        self.limits, self.engine = limits, Engine(limits)
        self.classes = Classes()
        self.sessions: WeakValueDictionary[str, Session] = WeakValueDictionary()
        self.watchers = 0  # pages that are open now
        self.frames, self.refused, self.failed_saves = Tally(), Tally(), Tally()
        self.wants_store = bool(database)
        self._database = database
        self._opening, self._opened = threading.Lock(), not database
        self._store: RunStore | None = None
        self._keeper: Keeper | None = None
        self._store_fault = "" if database else "Runs are not saved on this server."
        if database:
            after_start.later(self._open)

    @property
    def store(self) -> "RunStore | None":
        """The saved runs; None where none are to be saved, or the database cannot be used, as `store_fault` says."""
        self._open()
        return self._store

    @property
    def store_fault(self) -> str:
        """Why there are no saved runs, or ""."""
        self._open()
        return self._store_fault

    @property
    def keeper(self) -> Keeper | None:
        """Keeps the run of every session, where there are saved runs."""
        self._open()
        return self._keeper

    def _open(self) -> None:
        """Open the database, unless that is done: a quarter of a second, which the first page need not wait for."""
        with self._opening:
            if self._opened:
                return
            self._opened = True
            from mlp.store.run_store import RunStore

            try:
                self._store = RunStore(self._database, self.limits)
                self._keeper = Keeper(self, self._store)
            except StoreError as error:
                self._store_fault = str(error)

    def open_sessions(self) -> "list[Session]":
        """The sessions of now. Others may come meanwhile, which going through the dictionary itself does not bear."""
        found = (reference() for reference in self.sessions.valuerefs())
        return [session for session in found if session is not None]

    @property
    def full(self) -> str:
        """Why no more sessions can begin now, or ""."""
        most = self.limits.sessions
        if len(self.sessions) < most:
            return ""
        return f"This server is full: {most:,} tabs are open. Close one that you no longer need, or try again later."


_one_at_a_time = threading.Lock()  # the first socket and the first page may ask at once


def application() -> Application:
    """The application of this process, made when the server or the first page asks for it."""
    with _one_at_a_time:
        return _application()


@cache
def _application() -> Application:
    return Application(LIMITS, os.environ.get(DATABASE, HERE))


class Session:
    """One browser tab: its run, and the views that its page has on the screen.

    A view turns a snapshot into a patch for one chart or text: a plain dict (see `mlp.plots`). The socket asks for
    the views that are on the screen, of the moment that `look` says; `token` lets a socket in. `handlers` are commands
    of single pages, by name.

    Attributes:
        owner: whose saved runs it sees, unguessable and kept by the browser. replica: the server that it is on, by the
            name that a proxy gives it. kept: how its run is kept (see `Keeper`).
        lesson: which guided lesson leads, and where it is; "" for none (see `pages.ui.guide.guide`).
        room, member: the class that its link belongs to, and who it is there; None for most.
        extra: what was kept beside a run that was reopened, until a page takes it up.
        dump_extra, extra_version: what is to be kept beside the run as plain data, and something that changes with it.
    """

    def __init__(self, app: Application, settings: Settings, notes: list[str], owner: str = "") -> None:
        self.token = secrets.token_urlsafe(24)
        self.owner = owner or secrets.token_urlsafe(24)
        self.replica = ""
        self.app = app
        self.kept = Kept()
        self.extra: dict[str, Any] = {}
        self.dump_extra: Callable[[], dict[str, Any]] = dict
        self.extra_version: Callable[[], Any] = lambda: None
        self.engine = app.engine
        self.run: Run = app.engine.start(settings)
        self.look = Look(app.engine, self.run)
        self.views: dict[str, View] = {}
        self.page = ""
        self.handlers: dict[str, Callable[[Any], None]] = {}
        self.on_leave: Callable[[], None] = _nothing
        self.notes = notes
        self.lesson = ""
        self.room: Classroom | None = None
        self.member: Member | None = None
        app.sessions[self.token] = self

    @property
    def mine(self) -> dict[str, str]:
        """What the address holds so that a reload finds this run, its class and its guided lesson again."""
        run = {PARAMETER: self.kept.id} if self.kept.id else {}
        return run | self.lesson_address | (self.room.address if self.room else {})

    @property
    def lesson_address(self) -> dict[str, str]:
        """What the address, and a link that is given to somebody, holds of the guided lesson."""
        return {LESSON: self.lesson} if self.lesson else {}

    def join(self, room: Classroom) -> None:
        """Become a member of a class, with its network.

        Raises:
            ValueError: it is full.
        """
        self.member, self.room = room.join(self), room
        self.run.adopt(Trainer(room.settings, room.words, self.app.limits), "This is the network of the class.")

    def refuses(self, name: str) -> bool:
        """Whether the class hides a setting, or one of `classroom.CONTROLS`."""
        return self.room is not None and name in self.room.hidden

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
        parameters = st.query_params.to_dict()
        wanted, recipe, notes = opened(parameters)
        own = wanted.word_list == OWN_LIST  # which are with the kept run, if anywhere
        settings = wanted.with_changes(word_list=Settings().word_list) if own else wanted
        owner = str(st.context.cookies.get(OWNER, ""))
        session = Session(application(), settings, notes, owner if OWNER_FORM.fullmatch(owner) else "")
        session.replica = replica.of(st.context.cookies)
        st.session_state.live = session
        _join(session, parameters.get(CLASS, ""))
        if reopen(session, parameters.get(PARAMETER, ""), wanted):
            return session
        if session.room and not (recipe and session.room.allows(recipe)):
            return session
        if own:
            notes.append(NOT_THERE)
        if recipe:
            try:
                session.run.open(recipe, f"This is the run of the link, at step {recipe.step:,}.")
            except ValueError as error:
                notes.append(str(error))
    return st.session_state.live


def _join(session: Session, id: str) -> None:
    """Let a tab into the class of its address, if there is one."""
    if not id:
        return
    room = session.app.classes.get(id)
    try:
        if room is None:
            raise ValueError("The class of this link is over (or its server was started anew).")
        session.join(room)
    except ValueError as error:
        session.notes.append(str(error))


def reopen(session: Session, id: str, settings: Settings) -> bool:
    """Go on with the kept run of an address, paused at its step; whether there was one of these settings."""
    if not id or (store := session.app.store) is None:
        return False
    try:
        _save_what_plays(session.app, id)
        found = reopened(store, id, settings)
    except StoreError:  # cleared, or damaged: the address still holds the run's recipe
        session.notes.append(NOT_KEPT)
        return False
    if found is None:
        return False
    trainer, extra = found
    if session.room and not session.room.allows(trainer.recipe()):
        return False
    session.extra = extra
    session.run.adopt(trainer, f"This is the run as it was left, at step {trainer.steps_done:,}.")
    return True


def _save_what_plays(app: Application, id: str) -> None:
    """The tab that is reloaded, or another, may have come further than what was kept last."""
    for other in app.open_sessions():
        if other.kept.id == id and app.keeper:
            app.keeper.save(other, RELOAD_SECONDS)
