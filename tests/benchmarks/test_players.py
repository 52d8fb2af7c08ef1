"""A class on one server: frames a second for each, steps a second for all, and how soon a click is answered."""

import json
import subprocess
import sys
from statistics import mean, quantiles

import pytest

from tests.paths import ROOT
from tests.serving import serve

SECONDS = 8


@pytest.fixture(scope="module")
def url():
    with serve() as (address, _):
        yield address


@pytest.mark.parametrize("count", [1, 10, 30])
def test_players_on_one_server(benchmark, report, url, count):
    command = [sys.executable, "-m", "tests.benchmarks.players", url, str(count), str(SECONDS)]
    playing = benchmark.pedantic(subprocess.run, (command,), {"cwd": ROOT, "stdout": subprocess.PIPE, "check": True})
    players = json.loads(playing.stdout)
    assert not [error for player in players for error in player["errors"]]
    frames = [player["frames"] / SECONDS for player in players]
    clicks = [seconds for player in players for seconds in player["clicks"]]
    slowest = quantiles(clicks, n=20)[-1]
    report(
        f"{count} playing: {mean(frames):.1f} frames/s each ({min(frames):.1f} the slowest), "
        f"{sum(player['steps'] for player in players) / SECONDS:,.0f} steps/s in all, "
        f"95 % of the clicks answered within {slowest:.3f} s."
    )
