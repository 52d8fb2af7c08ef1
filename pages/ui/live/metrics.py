"""Watching the server run: its health as JSON, and its numbers in Prometheus' text format. Both are off by default."""

import asyncio
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.responses import JSONResponse, Response

from mlp.store.faults import StoreError

if TYPE_CHECKING:
    from prometheus_client.core import Metric

    from pages.ui.live.session import Application

ANSWER_SECONDS = 5.0
PROJECT = Path(__file__).parents[3] / "pyproject.toml"  # the app runs from its repository
VERSION: str = tomllib.loads(PROJECT.read_text(encoding="utf-8"))["project"]["version"]


async def health(app: "Application") -> Response:
    """What a monitor asks: 200, or 503 where runs should be saved and the database does not answer."""
    try:
        saved_runs = await asyncio.wait_for(asyncio.to_thread(_saved_runs, app), ANSWER_SECONDS)
    except TimeoutError:
        saved_runs = f"The database has not answered within {ANSWER_SECONDS:.0f} seconds."
    well = saved_runs in ("ok", "off")
    told = {"status": "ok" if well else "degraded", "saved_runs": saved_runs, "version": VERSION}
    return JSONResponse(told, status_code=200 if well else 503)


def _saved_runs(app: "Application") -> str:
    """ "ok"; "off" where none are to be saved; or what is the matter with the database, in a sentence."""
    if app.store is None:
        return app.store_fault if app.wants_store else "off"
    try:
        app.store.check()
    except StoreError as error:
        return str(error)
    return "ok"


def metrics(app: "Application") -> Response:
    """What Prometheus collects: our numbers, and of the process its memory, processor time and open files (Linux)."""
    from prometheus_client import CollectorRegistry, ProcessCollector, generate_latest
    from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

    registry = CollectorRegistry()
    registry.register(_Numbers(app))
    ProcessCollector(registry=registry)
    return Response(generate_latest(registry), media_type=CONTENT_TYPE_PLAIN_0_0_4)


class _Numbers:
    """The application's numbers, looked up only when they are asked for. None is of one user."""

    def __init__(self, app: "Application") -> None:
        self._app = app

    def collect(self) -> "Iterator[Metric]":
        from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily

        app = self._app
        sessions = app.open_sessions()
        for name, about, value in (
            ("mlp_sessions", "Open browser tabs, with those that Streamlit keeps for a reconnection.", len(sessions)),
            ("mlp_sessions_limit", "How many tabs may be open; the next one is told that the server is full.",
             app.limits.sessions),
            ("mlp_watchers", "Open sockets of the live channel.", app.watchers),
            ("mlp_playing_runs", "Runs that train by themselves just now.", sum(s.run.playing for s in sessions)),
        ):  # fmt: skip
            yield GaugeMetricFamily(name, about, value)
        for name, about, tally in (
            ("mlp_steps", "Updates made by all runs; not those of maps and other jobs beside them.", app.engine.made),
            ("mlp_frames", "Frames sent to browsers.", app.frames),
            ("mlp_refused_messages", "Messages from browsers that were refused.", app.refused),
            ("mlp_failed_saves", "Times that a run could not be kept by itself.", app.failed_saves),
        ):
            yield CounterMetricFamily(name, about, tally.count)
