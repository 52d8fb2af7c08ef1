"""An executor that breaks, for tests of what becomes of a sweep then."""

from concurrent.futures import BrokenExecutor, Executor, Future
from typing import Any


class Failing(Executor):
    """Does some pieces, then breaks, as a pool of processes does that loses one."""

    def __init__(self, pieces: int) -> None:
        self._left = pieces

    def submit(self, function: Any, /, *args: Any, **kwargs: Any) -> Future:
        future: Future = Future()
        self._left -= 1
        if self._left < 0:
            future.set_exception(BrokenExecutor("a process ended"))
        else:
            future.set_result(function(*args, **kwargs))
        return future
