"""Keeps the current run of every session, so that a reload, a lost connection or a killed server costs a few seconds.

A thread looks at all sessions now and then. Of a run that has changed it has the engine make the file, with some states
of its past, and saves it under an id that nobody can guess; the id is in the page's address. Whoever opens an address
with such an id gets a copy of that run, under an id of its own.
"""

import logging
import math
import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from mlp.limits import MEGABYTE
from mlp.settings import Settings
from mlp.store.faults import StoreError
from mlp.training.trainer import Trainer

if TYPE_CHECKING:
    from mlp.store.run_store import RunStore
    from pages.ui.live.session import Application, Session

PARAMETER = "mine"  # in the address
LOOK_SECONDS = 0.5
SAVE_SECONDS = 4.0  # from one save of a run that plays to the next
REST = 60  # times the work of a save, at least: saving takes less than 2 % of the time
WAIT_SECONDS = 0.5  # for the run's next turn: all sessions are looked at by one thread
RELOAD_SECONDS = 5.0  # the same, where somebody waits for this very run and many others play
CLEAR_SECONDS = 3600.0
ROOM_BYTES = MEGABYTE  # for the states of the past

UNKNOWN = math.nan, math.nan  # nobody reads the losses of a run that is kept by itself

log = logging.getLogger(__name__)


@dataclass
class Kept:
    """What is kept of one session.

    Attributes:
        id: of its saved run, "" before the first save. of: what was saved last. due: when the next save may be.
        fault: why it could not be saved last, "" where it could.
    """

    id: str = ""
    of: tuple[Any, ...] = ()
    due: float = 0.0
    fault: str = ""
    lock: threading.Lock = field(default_factory=threading.Lock)


class Keeper:
    """The thread that saves; it starts with the first session."""

    def __init__(self, app: "Application", store: "RunStore") -> None:
        self._app, self._store = app, store
        self._stopped = threading.Event()
        self._cleared = -CLEAR_SECONDS
        self._thread = threading.Thread(target=self._work, name="mlp-keeper", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the thread after a running save."""
        self._stopped.set()
        self._thread.join(10)

    def save(self, session: "Session", wait: float = WAIT_SECONDS) -> None:
        """Save the run of a session now, if it has changed; its next turn must come within `wait` seconds.

        Raises:
            StoreError: it could not be saved.
        """
        kept, begin = session.kept, time.thread_time()
        with kept.lock:
            of = _state(session)
            if of == kept.of or (not kept.id and not session.run.trainer.steps_done):
                return
            made = threading.Event()
            found: list[tuple[Trainer, bytes, float]] = []

            def make(trainer: Trainer) -> None:
                begun = time.thread_time()
                try:
                    found.append((trainer, trainer.to_bytes(ROOM_BYTES), time.thread_time() - begun))
                finally:
                    made.set()

            session.run.glance(make)
            if not made.wait(wait) or not found:
                return  # in the midst of a long step; the next look tries again
            trainer, data, spent = found[0]
            name = f"Step {trainer.steps_done:,}"
            extra = session.dump_extra()
            kept.id = self._store.save(
                trainer,
                name,
                owner=session.owner,
                id=kept.id or None,
                kind="auto",
                extra=extra,
                data=data,
                losses=UNKNOWN,
            )
            kept.of = of
            spent += time.thread_time() - begin  # of this thread and of the engine's
            kept.due = time.monotonic() + max(SAVE_SECONDS, REST * spent)
        session.run.notify()  # the address now holds the id

    def _work(self) -> None:
        while not self._stopped.wait(LOOK_SECONDS):
            for session in self._app.open_sessions():
                if not self._stopped.is_set():
                    self._look_at(session)
            if time.monotonic() - self._cleared > CLEAR_SECONDS:
                self._clear()

    def _look_at(self, session: "Session") -> None:
        kept = session.kept
        now = time.monotonic()
        if session.room and not session.room.keep:
            return  # nothing is kept unless the class says so
        if now < kept.due and session.run.snapshot.playing:
            return
        try:
            self.save(session)
            kept.fault = ""
        except StoreError as error:
            self._app.failed_saves.add()
            kept.due = now + SAVE_SECONDS
            if str(error) != kept.fault:
                kept.fault = str(error)
                session.run.tell(f"Your run is not being saved: {error}")
        except Exception:  # one session's fault must not stop the others
            self._app.failed_saves.add()
            log.exception("A run could not be kept")
            kept.due = now + 10 * SAVE_SECONDS

    def _clear(self) -> None:
        self._cleared = time.monotonic()
        try:
            self._store.clear_old()
        except StoreError as error:
            log.warning("Old runs could not be cleared: %s", error)


def reopened(store: "RunStore", id: str, settings: Settings) -> tuple[Trainer, dict[str, Any]] | None:
    """A kept run, and what was kept beside it; None where an address asks for other settings than it has.

    Raises:
        StoreError: it is not there any more, or cannot be read.
    """
    saved = store.get(id)
    if Settings(**saved.settings) != settings:
        return None
    return store.load(id), saved.extra


def _state(session: "Session") -> tuple[Any, ...]:
    """What a saved run follows from: where this has not changed, nothing need be saved."""
    run = session.run
    trainer = run.trainer
    return run.snapshot.network, id(trainer), trainer.steps_done, trainer.settings, session.extra_version()
