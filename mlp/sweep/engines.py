"""Where a sweep trains, by one setting: "threads" of this process, or a Dask cluster as "dask:tcp://HOST:8786".

A cluster's workers need this package, of the same version. Dask runs whatever its scheduler is sent, and pickles it:
whoever can reach the scheduler can run code on its workers, so it belongs in a network of its own.
"""

from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager

THREADS, DASK = "threads", "dask:"
ANSWER_SECONDS = 10


class EngineError(RuntimeError):
    """What a sweep trains on cannot be reached, could not finish, or works with other code than the sweep's process."""


@contextmanager
def open_engine(name: str = THREADS) -> Iterator[Executor | None]:
    """The executor that an engine's name stands for, for `FitMap`; None for the threads of this process.

    Raises:
        ValueError: there is no such engine.
        EngineError: the cluster cannot be reached, or Dask is not installed; one sentence says which.
    """
    if name == THREADS:
        yield None
        return
    address = name.removeprefix(DASK)
    if address == name or not address:
        raise ValueError(f"“{name}” is no engine. Write {THREADS}, or {DASK}tcp://HOST:8786 for a Dask cluster.")
    try:
        from distributed import Client

        client = Client(address, timeout=ANSWER_SECONDS, set_as_default=False)
    except ImportError as error:
        raise EngineError("A Dask cluster needs the package “distributed”. Install it on this machine.") from error
    except (OSError, ValueError) as error:
        raise EngineError(f"The Dask cluster at {address} does not answer.") from error
    with client:
        yield client.get_executor(pure=False)
