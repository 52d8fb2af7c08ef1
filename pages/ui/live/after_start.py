"""What a start can do without: it comes when the server's first page is there."""

import threading
from collections.abc import Callable

SECONDS = 3.0


def later(action: Callable[[], None]) -> None:
    """Do something in a thread of its own, in a while."""
    timer = threading.Timer(SECONDS, action)
    timer.daemon = True
    timer.start()
