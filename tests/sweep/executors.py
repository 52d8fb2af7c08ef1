"""What a sweep may be given to train on in the tests: a small Dask cluster, and an executor that breaks."""

from collections.abc import Iterator
from concurrent.futures import BrokenExecutor, Executor, Future
from contextlib import contextmanager
from typing import Any

from distributed import LocalCluster


@contextmanager
def local_cluster() -> Iterator[LocalCluster]:
    """Two workers, each a process of its own."""
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as started:
        yield started


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
