"""A server under observation: its memory, its share of the processor, and what its log complains of. Linux only."""

import os
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.serving import Server

LOOK_SECONDS = 0.5
MEGABYTE = 2**20
TICKS = os.sysconf("SC_CLK_TCK")


class Watched:
    """A running server.

    Attributes:
        url: its address. memory: (seconds since the start of the watch, megabytes in RAM), twice a second.
    """

    def __init__(self, server: Server, log: Path) -> None:
        self.url, self._log, self._pid = server.url, log, server.process.pid
        self.memory: list[tuple[float, float]] = []
        self._began, self._worked = time.monotonic(), self._processor()
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    @property
    def load(self) -> float:
        """Processors that it has kept busy so far, on average."""
        return (self._processor() - self._worked) / (time.monotonic() - self._began)

    @property
    def complaints(self) -> list[str]:
        """The last line of each traceback in its log, and each line that tells of an error."""
        lines = self._log.read_text(errors="replace").splitlines()
        begins = [place for place, line in enumerate(lines) if "Traceback (most recent call last)" in line]
        last = [next((line for line in lines[place + 1 :] if line and line[0] not in " \t|"), "?") for place in begins]
        return [f"Traceback: {line}" for line in last] + [line for line in lines if "ERROR" in line]

    def memory_at(self, share: float) -> float:
        """Megabytes after such a share of the time, the mean of a few seconds."""
        middle = min(max(round(share * (len(self.memory) - 1)), 2), len(self.memory) - 3)
        near = self.memory[max(0, middle - 2) : middle + 3]
        return sum(megabytes for _, megabytes in near) / len(near)

    def stop(self) -> None:
        """End the watch."""
        self._stopped.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._stopped.is_set():
            pages = int(Path(f"/proc/{self._pid}/statm").read_text().split()[1])
            self.memory.append((time.monotonic() - self._began, pages * os.sysconf("SC_PAGE_SIZE") / MEGABYTE))
            self._stopped.wait(LOOK_SECONDS)

    def _processor(self) -> float:
        """Seconds that it has worked."""
        parts = Path(f"/proc/{self._pid}/stat").read_text().rpartition(")")[2].split()
        return (int(parts[11]) + int(parts[12])) / TICKS


@contextmanager
def watched() -> Iterator[Watched]:
    """A server of its own, with a database of its own, and its log in a file that is deleted afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "server.log"
        server = Server(log)
        try:
            server.start()
            watch = Watched(server, log)
            yield watch
            watch.stop()
        finally:
            server.stop()
