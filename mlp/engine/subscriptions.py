"""Those who watch a run: each asks for the next snapshot, and gets it once."""

import logging
import threading
import time
from collections.abc import Callable

from mlp.engine.snapshot import Snapshot

WATCH_SECONDS = 4.0

Deliver = Callable[[Snapshot], None]

log = logging.getLogger(__name__)


class Subscribers:
    """The open requests for snapshots. Any thread may ask; the thread whose turn it is delivers."""

    def __init__(self) -> None:
        self._requests: list[tuple[int, Deliver]] = []
        self._lock = threading.Lock()
        self.touch()

    def touch(self) -> None:
        """Say that somebody is looking."""
        self._looked_at = time.monotonic()

    def request(self, after: int, deliver: Deliver) -> None:
        """Ask for the first snapshot whose number is above `after`."""
        with self._lock:
            self.touch()
            self._requests.append((after, deliver))

    def cancel(self, deliver: Deliver) -> None:
        """Take back a request."""
        with self._lock:
            self._requests = [request for request in self._requests if request[1] != deliver]

    @property
    def idle(self) -> bool:
        """True where nobody asks and nobody has asked for a while."""
        return not self._requests and time.monotonic() - self._looked_at > WATCH_SECONDS

    def publish(self, number: int, take: Callable[[], Snapshot]) -> None:
        """Give all who asked for something below `number` one snapshot, taken only if there are any."""
        with self._lock:
            due = [deliver for after, deliver in self._requests if after < number]
            self._requests = [request for request in self._requests if request[0] >= number]
            if due:
                self.touch()
        if not due:
            return
        snapshot = take()
        for deliver in due:
            try:
                deliver(snapshot)
            except Exception:  # one watcher's fault, as when its page has gone, is no one else's
                log.exception("A watcher failed")
