"""How fast one page may send messages: what comes faster waits, and nothing is lost."""

import time

from mlp.limits import Limits


class Rate:
    """A bucket of messages that fills up at the allowed rate; each message takes one out."""

    def __init__(self, limits: Limits) -> None:
        self._a_second, self._burst = limits.messages_a_second, float(limits.message_burst)
        self._left, self._seen = self._burst, time.monotonic()

    def wait(self) -> float:
        """Count one message; the seconds that it must wait."""
        now = time.monotonic()
        self._left = min(self._burst, self._left + (now - self._seen) * self._a_second) - 1
        self._seen = now
        return max(0.0, -self._left / self._a_second)
