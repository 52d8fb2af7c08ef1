"""The app on a free port, in a process of its own, for tests and benchmarks."""

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

from tests.paths import ROOT


@contextmanager
def serve(more: dict[str, str] | None = None) -> Iterator[tuple[str, int]]:
    """A running app: its address and the id of its process, which is ended afterwards; `more` is of its environment."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {**os.environ, "MLP_DATABASE": f"sqlite:///{tempfile.mkdtemp()}/runs.db", **(more or {})}
    command = [sys.executable, "-m", "streamlit", "run", "streamlit_app.py", "--server.port", str(port)]
    process = subprocess.Popen([*command, "--server.address", "127.0.0.1"], cwd=ROOT, env=environment)
    url = f"http://127.0.0.1:{port}/"
    try:
        _wait_for(url, process)
        yield url, process.pid
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()


def _wait_for(url: str, process: subprocess.Popen) -> None:
    deadline = time.monotonic() + 90
    while time.monotonic() < deadline and process.poll() is None:
        try:
            urllib.request.urlopen(f"{url}_stcore/health", timeout=2)
            return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError("The app did not start.")
