"""What the benchmarks found, in a few lines under the conditions in which they were found."""

import os
import platform
from collections.abc import Callable

import pytest
import torch

FOUND = pytest.StashKey[list[str]]()


def pytest_configure(config: pytest.Config) -> None:
    config.stash[FOUND] = []


@pytest.fixture
def report(request: pytest.FixtureRequest) -> Callable[[str], None]:
    """Says a finding in the summary, and keeps it with the benchmark's other numbers."""

    def say(finding: str) -> None:
        request.config.stash[FOUND].append(finding)
        request.getfixturevalue("benchmark").extra_info["finding"] = finding

    return say


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if not config.stash[FOUND]:
        return
    terminalreporter.section("Speed")
    for finding in config.stash[FOUND]:
        terminalreporter.line(finding)
    terminalreporter.line(
        f"On {os.cpu_count()} cores at a load average of {os.getloadavg()[0]:.1f}; "
        f"Python {platform.python_version()}, torch {torch.__version__}."
    )
