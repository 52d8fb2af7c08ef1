"""Views that several sections share: for networks of the shapes that the page was made for, and not too often."""

import time
from collections.abc import Callable
from typing import Any, Generic, TypeVar

from mlp.engine.snapshot import Snapshot
from pages.ui.live.session import View

T = TypeVar("T")


def if_same_shape(now: Snapshot, view: View) -> View:
    """The view where a snapshot has the shapes of `now`, else no change: the page's script soon runs again."""

    def guarded(snapshot: Snapshot) -> dict[str, Any]:
        return view(snapshot) if same_shapes(now, snapshot) else {}

    return guarded


def same_shapes(now: Snapshot, then: Snapshot) -> bool:
    """True where two snapshots are of networks of the same shapes and characters, so the same figures fit both."""
    characters = now.dataset.vocabulary.characters == then.dataset.vocabulary.characters
    return characters and now.model.shapes == then.model.shapes


class Throttled(Generic[T]):
    """Something that costs more than a glance, worked out from snapshots: always when paused, now and then in play.

    After each time it rests `rest` times as long as it took, and at least so many seconds. Several views may share
    one, so that it is worked out once for all. `also` is what else of a snapshot it depends on, beside the network, its
    step and its settings.
    """

    def __init__(
        self,
        work_out: Callable[[Snapshot], T],
        rest: float = 10.0,
        least: float = 0.25,
        also: Callable[[Snapshot], Any] = lambda snapshot: None,
    ) -> None:
        self._work_out, self._rest, self._least, self._also = work_out, rest, least, also
        self._of: tuple[Any, ...] | None = None
        self._due = 0.0

    def __call__(self, snapshot: Snapshot) -> T:
        of = (snapshot.network, snapshot.step, snapshot.settings, self._also(snapshot))
        begin = time.monotonic()
        resting = snapshot.playing and begin < self._due and self._of is not None and self._of[0] == of[0]
        if of != self._of and not resting:
            self._known = self._work_out(snapshot)
            self._of = of
            took = time.monotonic() - begin
            self._due = begin + took + max(self._least, self._rest * took)
        return self._known
