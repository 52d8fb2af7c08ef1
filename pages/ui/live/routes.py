"""The routes beside Streamlit's own: our scripts, a session's run, the socket of the live channel, and how all is.

They are there as soon as the server is; what needs PyTorch waits until it is loaded.
"""

import asyncio
import os
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.websockets import WebSocket

from pages.ui.live.loading import load
from pages.ui.live.static_files import serve_file

if TYPE_CHECKING:
    from pages.ui.live.session import Application

WATCHED = "MLP_METRICS"  # the environment variable that turns health and metrics on, with "1"
HEADERS = {  # of all that we answer, unless the answer says otherwise
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
}


def routes(prefix: str = "", app: "Application | None" = None) -> list[BaseRoute]:
    """The routes to add to Streamlit's server.

    Args:
        prefix: its base path, "" or like "/app". app: the sessions that are let in, those of this process if left out.
    """

    async def ready() -> "Application":
        await asyncio.to_thread(load)
        from pages.ui.live.session import application

        return app if app else await asyncio.to_thread(application)

    async def serve(socket: WebSocket) -> None:
        shared = await ready()
        from pages.ui.live.channel import serve_socket

        await serve_socket(socket, shared)

    async def tell(request: Request) -> Response:
        shared = await ready()
        from pages.ui.live.channel import serve_run

        return await asyncio.to_thread(serve_run, request, shared)

    async def health(_: Request) -> Response:
        shared = await ready()
        from pages.ui.live.metrics import health

        return await health(shared)

    async def metrics(_: Request) -> Response:
        shared = await ready()
        from pages.ui.live.metrics import metrics

        return await asyncio.to_thread(metrics, shared)

    watched = [
        Route(f"{prefix}/live/health", _with_headers(health)),
        Route(f"{prefix}/live/metrics", _with_headers(metrics)),
    ]
    return [
        *(watched if os.environ.get(WATCHED) == "1" else []),  # before the files, whose names theirs could be
        Route(f"{prefix}/live/{{name}}", _with_headers(serve_file)),
        Route(f"{prefix}/live/run/{{token}}/{{what}}", _with_headers(tell)),
        WebSocketRoute(f"{prefix}/live/socket/{{token}}", serve),
    ]


def _with_headers(answer: Callable[[Request], Awaitable[Response]]) -> Callable[[Request], Awaitable[Response]]:
    """The same answers, with `HEADERS`."""

    async def answer_with_headers(request: Request) -> Response:
        response = await answer(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        return response

    return answer_with_headers
