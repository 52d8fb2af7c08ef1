"""What takes a second to import, PyTorch above all: imported while the browser already fetches the page's frame.

pandas, which only tables need, comes later. While it is imported no page may be drawn: as soon as there is anything of
that name, Plotly asks of every value that it is given whether it is one of pandas', and half of pandas makes it fail.
"""

import gc
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from pages.ui.live import after_start

_alone = threading.RLock()
_whole = threading.Event()
_one_at_a_time = threading.Lock()  # two threads that import the same modules in turn may each meet half of one


def begin() -> None:
    """Import, and compile, in a thread of its own; who needs it sooner waits for it."""
    threading.Thread(target=_load_and_compile, name="mlp-load", daemon=True).start()
    after_start.later(load_rest)


def load() -> None:
    """Import what the pages and the live channel need, unless that is done."""
    with _one_at_a_time:
        _load()


def load_rest() -> None:
    """Import what the first page can do without, while no page is drawn."""
    with _alone:
        import pandas  # noqa: F401
    _whole.set()


@contextmanager
def drawing() -> Iterator[None]:
    """Draw a page: until all is imported, one at a time, since a page with a table may begin to import pandas."""
    if _whole.is_set():
        yield
        return
    with _alone:
        yield


def _load_and_compile() -> None:
    gc.disable()  # hardly anything that is imported is garbage: to look for it takes a quarter of a second
    try:
        load()
        from mlp.kernel.choice import compile_now

        compile_now()
    finally:
        gc.enable()
    gc.freeze()  # what the imports made will stay; no collection need look at it, which would take half a second


@cache
def _load() -> None:
    import torch

    import pages.ui.live.channel
    import pages.ui.live.components  # noqa: F401

    torch.set_num_threads(1)  # many small sums for many tabs: a second thread for each only gets in the way
