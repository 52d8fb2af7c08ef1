"""What takes a second to import, PyTorch above all: imported while the browser already fetches the page's frame."""

import gc
import threading
from functools import cache

_one_at_a_time = threading.Lock()  # two threads that import the same modules in turn may each meet half of one


def begin() -> None:
    """Import, and compile, in a thread of its own; who needs it sooner waits for it."""
    threading.Thread(target=_load_and_compile, name="mlp-load", daemon=True).start()


def load() -> None:
    """Import what the pages and the live channel need, unless that is done."""
    with _one_at_a_time:
        _load()


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
