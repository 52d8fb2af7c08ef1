"""Waiting for what other threads, or a browser, will have done in a moment."""

import time
from collections.abc import Callable

WAIT = 20.0


def eventually(true: Callable[[], object], what: str = "it", seconds: float = WAIT) -> None:
    """Wait until something is true."""
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, f"Waited in vain for {what}."
        time.sleep(0.02)
