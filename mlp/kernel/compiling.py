"""How the kernel is compiled: once a machine, kept on disk where there is room, without the interpreter's lock."""

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any

import numba

ROOM = Path(__file__).parent


def compiled(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function as machine code, made at its first call or read from the cache; it lets other threads run."""
    with _cache_in(PLACE):
        return numba.njit(nogil=True, fastmath={"contract"}, error_model="numpy", cache=PLACE is not None)(function)


def _place() -> Path | None:
    """A folder for what was compiled from these very sources; None where nothing can be written."""
    sources = b"".join(path.read_bytes() for path in sorted(ROOM.glob("*.py")))
    name = sha256(sources).hexdigest()[:16]  # Numba looks at one file's date alone, and each here builds on others
    user = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    for folder in (ROOM / "__pycache__", user / "mlp"):
        place = folder / "kernel" / name
        try:
            place.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=place):
                return place
        except OSError:
            continue
    return None


@contextmanager
def _cache_in(place: Path | None) -> Iterator[None]:
    """Numba keeps what it compiles in this folder; what else uses Numba is left alone."""
    config: Any = numba.config
    before = config.CACHE_DIR
    config.CACHE_DIR = str(place) if place else before
    try:
        yield
    finally:
        config.CACHE_DIR = before


PLACE = _place()
