"""The routes beside Streamlit's own: our scripts, a session's run, and the socket of the live channel.

They are there as soon as the server is; what needs PyTorch waits until it is loaded.
"""

import asyncio
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.websockets import WebSocket

from pages.ui.live.loading import load
from pages.ui.live.static_files import serve_file

if TYPE_CHECKING:
    from pages.ui.live.session import Application


def routes(prefix: str = "", app: "Application | None" = None) -> list[BaseRoute]:
    """The routes to add to Streamlit's server.

    Args:
        prefix: its base path, "" or like "/app". app: the sessions that are let in, those of this process if left out.
    """

    async def serve(socket: WebSocket) -> None:
        await asyncio.to_thread(load)
        from pages.ui.live.channel import serve_socket
        from pages.ui.live.session import application

        await serve_socket(socket, app or application())

    async def tell(request: Request) -> Response:
        await asyncio.to_thread(load)
        from pages.ui.live.channel import serve_run
        from pages.ui.live.session import application

        return await asyncio.to_thread(serve_run, request, app or application())

    return [
        Route(f"{prefix}/live/{{name}}", serve_file),
        Route(f"{prefix}/live/run/{{token}}/{{what}}", tell),
        WebSocketRoute(f"{prefix}/live/socket/{{token}}", serve),
    ]
