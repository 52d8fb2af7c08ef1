"""Frames: what goes down the socket. Only what has changed since the last frame is sent."""

import logging
import math
from collections.abc import Iterable
from typing import Any

import orjson

from mlp.analysis.verdict_words import divergence_sentence
from mlp.engine.snapshot import Snapshot
from mlp.model import parameter_count
from mlp.settings import SPECS
from pages.ui.live.address import Address
from pages.ui.live.difference import Change, difference
from pages.ui.live.session import Session, View

log = logging.getLogger(__name__)


class Frames:
    """Makes the frames of one watcher, and remembers what that watcher has."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._sent: dict[str, Any] = {}
        self._address = Address()

    def forget(self) -> None:
        """The watcher has nothing any more, as after a chart was mounted anew."""
        self._sent = {}

    def frame(self, snapshot: Snapshot, keys: Iterable[str]) -> dict[str, Any]:
        """The changes of the status and of each view since the last frame (see `pages.ui.live.difference`)."""
        seen = self._session.look(snapshot)
        address = {**self._address(snapshot), **self._session.mine}
        frame: dict[str, Any] = {
            "step": seen.step,
            "status": self._change("", status(seen, address, self._session.look.wish)),
        }
        views = {key: self._session.views.get(key) for key in keys}
        frame["views"] = {key: self._view(key, view, seen) for key, view in views.items() if view}
        return frame

    def _view(self, key: str, view: View, snapshot: Snapshot) -> Change:
        try:
            new = view(snapshot)
        except Exception:  # one chart's fault must not stop the others
            log.exception("The view %s failed", key)
            new = {"label": "This chart could not be drawn."}
        return self._change(key, new) if new else {}  # a view with nothing to say leaves what is there

    def _change(self, key: str, new: Any) -> Change:
        old = self._sent.get(key)
        self._sent[key] = new
        return difference(old, new)


def encode(frame: dict[str, Any]) -> str:
    """A frame as JSON; a number that JSON does not have becomes null. A numpy number, a named tuple are as others."""
    return orjson.dumps(frame, default=tuple, option=orjson.OPT_SERIALIZE_NUMPY).decode()


def status(seen: Snapshot, link: dict[str, str], wish: int | None = None) -> dict[str, Any]:
    """What the transport bar, the timeline and the settings panel show.

    Args:
        seen: the moment that the page looks at. link: the address of its run. wish: the step that it asked for.
    """
    at, train, dev = seen.losses
    snapshot = seen.now
    settings = snapshot.settings
    return {
        "step": seen.step,
        "epoch": seen.epoch,
        "latest": snapshot.step,
        "looking": None if snapshot is seen else wish,
        "playing": snapshot.playing,
        "train": number(train),
        "dev": number(dev),
        "lossesAt": at,
        "parameters": parameter_count(settings, len(snapshot.dataset.vocabulary)),
        "speed": round(snapshot.speed),
        "goal": list(snapshot.goal) if snapshot.goal else None,
        "pace": snapshot.pace,
        "diverged": divergence_sentence(snapshot.diverged) if snapshot.diverged else None,
        "note": snapshot.note,
        "network": snapshot.network,
        "examples": len(snapshot.dataset.train),
        "available": snapshot.dataset.available,
        "own": f"{snapshot.own.name} ({len(snapshot.own):,})" if snapshot.own else None,
        "settings": {name: getattr(settings, name) for name in SPECS},
        "undo": snapshot.undo,
        "link": link,
    }


def number(value: float) -> float | None:
    """A loss to four decimals, or None where it is not a finite number."""
    return round(value, 4) if math.isfinite(value) else None
