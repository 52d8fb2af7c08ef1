"""A load test: visitors of a real server play, drag, look back, turn pages, leave and come back.

For each number of sessions it starts a server of its own, has so many visitors come (in a process of their own, over
real sockets), and prints a row of a Markdown table: frames a second while a visitor watches its run play, seconds from
a click to the first frame that shows its effect, steps a second of all, the server's memory and what went wrong. Who
sees another's settings or step counts as an error, and so does a loss that does not follow from its settings.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

from tests.load.measuring import watched
from tests.load.report import Found, header
from tests.paths import ROOT


def load(sessions: int, seconds: float, seed: int) -> Found:
    """What so many visitors find, and what they cost."""
    command = [sys.executable, "-m", "tests.load.visitor"]
    with watched() as server:
        arguments = [server.url, str(sessions), str(seconds), str(seed)]
        visiting = subprocess.run([*command, *arguments], cwd=ROOT, stdout=subprocess.PIPE, check=True)
        memory = server.memory_at(0.1), server.memory_at(0.5), server.memory_at(1.0)
        told = json.loads(visiting.stdout)
        return Found(told["visitors"], memory, server.load, told["cpu"], server.complaints)


def machine() -> str:
    """Where and with what it was measured."""
    return (
        f"{_processor()}, {os.cpu_count()} cores, {platform.system()}; load average {os.getloadavg()[0]:.1f} before; "
        f"Python {platform.python_version()}, torch {version('torch')}, streamlit {version('streamlit')}."
    )


def _processor() -> str:
    try:
        lines: Iterator[str] = iter(Path("/proc/cpuinfo").read_text().splitlines())
    except OSError:
        return platform.processor()
    return next((line.split(": ")[1] for line in lines if line.startswith("model name")), platform.machine())


def main() -> None:
    parser = argparse.ArgumentParser("python -m tests.load", description=__doc__.partition("\n\n")[0])
    parser.epilog = " ".join(__doc__.partition("\n\n")[2].split())
    parser.add_argument("--sessions", type=int, nargs="+", default=[1, 10, 30], help="how many, one row each")
    parser.add_argument("--seconds", type=float, default=30, help="that each of them stays (30)")
    parser.add_argument("--seed", type=int, default=1, help="of what they do (1)")
    parser.add_argument("--details", action="store_true", help="also say how late each kind of click was answered")
    wanted = parser.parse_args()
    print(f"{machine()}\n\n{header()}", flush=True)
    errors: list[str] = []
    for sessions in wanted.sessions:
        found = load(sessions, wanted.seconds, wanted.seed)
        errors += found.errors
        print(found.row(), flush=True)
        if wanted.details:
            print(f"  95 % of the clicks within: {found.clicks()}", file=sys.stderr)
    print(f"\nLoad average {os.getloadavg()[0]:.1f} afterwards.")
    for error in errors:
        print(error, file=sys.stderr)
    sys.exit(bool(errors))


if __name__ == "__main__":
    main()
