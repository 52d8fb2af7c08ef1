"""The app on a free port, in a process of its own, for tests and benchmarks."""

import os
import random
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path

from tests.paths import ROOT


class Server:
    """A running app on a port of its own, which can be killed and started again there.

    What it says is appended to the file `log`, where one is given. Its saved runs are in a database of its own, or in
    the one at the URL `database`.
    """

    def __init__(self, log: Path | None = None, database: str = "") -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}/"
        self._log = log
        database = database or f"sqlite:///{tempfile.mkdtemp()}/runs.db"
        self._environment = {**os.environ, "MLP_DATABASE": database}

    def start(self) -> None:
        """Start it, and wait until it answers."""
        command = [sys.executable, "-m", "streamlit", "run", "streamlit_app.py", "--server.port", str(self.port)]
        command += ["--server.address", "127.0.0.1"]
        with self._log.open("ab") if self._log else nullcontext() as log:
            self.process = subprocess.Popen(command, cwd=ROOT, env=self._environment, stdout=log, stderr=log)
        wait_for(f"{self.url}_stcore/health", self.process)

    def kill(self) -> None:
        """End it at once, as a fault would."""
        self.process.kill()
        self.process.wait()

    def stop(self) -> None:
        """End it."""
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.kill()


@contextmanager
def serve() -> Iterator[tuple[str, int]]:
    """A running app: its address and the id of its process, which is ended afterwards."""
    server = Server()
    try:
        server.start()
        yield server.url, server.process.pid
    finally:
        server.stop()


def free_port() -> int:
    """A port that nobody listens on, of those that no client is given: tests at its side make many clients."""
    while True:
        port = random.SystemRandom().randrange(10_000, 32_000)
        with socket.socket() as free, suppress(OSError):
            free.bind(("127.0.0.1", port))
            return port


def wait_for(url: str, process: subprocess.Popen) -> None:
    """Wait until a process that was started answers at an address."""
    deadline = time.monotonic() + 90
    while time.monotonic() < deadline and process.poll() is None:
        try:
            urllib.request.urlopen(url, timeout=2)
            return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError(f"Nothing answers at {url}.")
