"""The live channel: a socket that streams frames and takes commands.

The browser sets the pace: it says which frame it has drawn, and gets the next one when it is at most one behind. So
a slow browser sees fewer frames, never late ones. An idle run sends nothing.
"""

import asyncio
import contextlib
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlsplit

import orjson
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.websockets import WebSocket, WebSocketDisconnect
from streamlit.web.server.server_util import is_url_from_allowed_origins

from mlp.engine.snapshot import Snapshot
from pages.ui.live.address import link_of, sentence
from pages.ui.live.commands import handle
from pages.ui.live.frames import Frames, encode
from pages.ui.live.rate import Rate
from pages.ui.live.session import Application, Session

SHORTEST_GAP, LONGEST_GAP = 1 / 40, 1 / 17  # seconds from one frame to the next
FRAMES_A_SECOND = 240  # of all pages, for as long as none gets fewer than the longest gap allows
FRAMES_AHEAD = 2
ACK_SECONDS = 2.0
LARGEST = 2**53 - 1

# what a message may run into that no page of ours sends; half characters, infinite numbers and depths orjson refuses
NONSENSE = (ValueError, TypeError, LookupError, AttributeError, ArithmeticError, RecursionError)

FRAME_MAKER = ThreadPoolExecutor(1, "frames")  # more threads would only hand the interpreter to each other


def serve_run(request: Request, app: Application) -> Response:
    """A session's run as it is now: the parameters of its "link", or its recipe as a "file"."""
    session, what = app.sessions.get(request.path_params["token"]), request.path_params["what"]
    if session is None or what not in ("link", "file"):
        return Response("Not found", status_code=404)
    snapshot = session.run.now()
    told = snapshot.recipe.model_dump_json()
    if what == "file":
        headers = {"Content-Disposition": 'attachment; filename="run.json"'}
        return Response(told, media_type="application/json", headers=headers)
    try:
        answer = {"parameters": {**link_of(snapshot), **session.lesson_address}, "sentence": sentence(snapshot)}
    except ValueError as error:
        answer = {"fault": str(error), "size": f"{len(told) / 1000:,.0f} kB"}
    return JSONResponse(answer)


async def serve_socket(socket: WebSocket, app: Application) -> None:
    """Frames out, commands in, until the tab closes."""
    session = app.sessions.get(socket.path_params["token"])
    if session is None or not await asyncio.to_thread(same_origin, socket.headers):
        await socket.close(code=4403)
        return
    await socket.accept()
    app.watchers += 1
    watcher = Watcher(session, socket, app)
    sending = asyncio.create_task(watcher.send())
    try:
        await watcher.receive()
    except (WebSocketDisconnect, RuntimeError):
        pass
    finally:
        app.watchers -= 1
        sending.cancel()
        with contextlib.suppress(asyncio.CancelledError, WebSocketDisconnect):  # it may have found out first
            await sending


def same_origin(headers: Mapping[str, str]) -> bool:
    """True where the page that opens a socket came from this server, or from where Streamlit's own settings allow.

    Ports are not compared: a proxy has one of its own. No page of another site can set the header of a proxy.
    """
    origin = headers.get("origin")
    if origin is None:
        return True
    known = {_host_name(headers[name]) for name in ("host", "x-forwarded-host") if name in headers}
    return urlsplit(origin).hostname in known or is_url_from_allowed_origins(origin)


def _host_name(host: str) -> str | None:
    """The name in a Host header, of the first proxy where there are several."""
    return urlsplit(f"//{host.split(',')[0].strip()}").hostname


class Watcher:
    """One socket: what its page shows, and how far it has drawn."""

    def __init__(self, session: Session, socket: WebSocket, app: Application) -> None:
        self._session, self._socket, self._app = session, socket, app
        self._frames = Frames(session)
        self._rate = Rate(session.engine.limits)
        self._keys: list[str] = []
        self._wish = self._granted = 0  # which "watch" message the page sent last, and which one frames follow
        self._number = -1
        self._sent = self._drawn = 0
        self._nudge = asyncio.Event()
        self._loop = asyncio.get_running_loop()

    async def receive(self) -> None:
        """Take what the page sends until it is gone."""
        while True:
            message = await self._socket.receive()
            if message["type"] == "websocket.disconnect":
                return
            await asyncio.sleep(self._rate.wait())
            try:
                self._take(orjson.loads(self._checked(message.get("text"))))
            except NONSENSE as error:
                self._app.refused.add()
                await self._socket.send_text(encode({"refused": str(error)[:200]}))

    def _checked(self, text: str | None) -> str:
        """A message that is text, and not too long.

        Raises:
            ValueError: it is not; of one that is too long the page says so.
        """
        if text is None:
            raise ValueError("A message must be text.")
        most = self._session.engine.limits.message_bytes
        if len(text) > most:
            fault = f"A message of {len(text):,} characters was left out; {most:,} are allowed. Send less at once."
            self._session.run.tell(fault)
            raise ValueError(fault)
        return text

    def _take(self, message: dict[str, Any]) -> None:
        if message["type"] == "drawn":
            self._drawn = int(message["frame"])
        elif message["type"] == "watch":
            self._keys, self._wish = [str(key) for key in message["views"]][:64], _countable(int(message["wish"]))
            self._drawn = self._sent
        else:
            handle(self._session, message)
        self._nudge.set()

    async def send(self) -> None:
        """Send the newest frame whenever there is one and the page is ready for it."""
        while True:
            began = self._loop.time()
            snapshot = await self._newer()
            if snapshot is None:
                continue
            text = await self._loop.run_in_executor(FRAME_MAKER, self._encode, snapshot)
            await self._socket.send_text(text)
            self._app.frames.add()
            await self._until_drawn()
            await asyncio.sleep(max(0.0, self._gap() - (self._loop.time() - began)))

    def _gap(self) -> float:
        """Seconds between two frames: where many watch, training keeps a share of the time."""
        return min(LONGEST_GAP, max(SHORTEST_GAP, self._app.watchers / FRAMES_A_SECOND))

    def _encode(self, snapshot: Snapshot) -> str:
        keys, wish = self._keys, self._wish
        if wish != self._granted:
            self._frames.forget()
            self._granted = wish
        self._sent += 1
        return encode({"frame": self._sent, "wish": wish, **self._frames.frame(snapshot, keys)})

    async def _newer(self) -> Snapshot | None:
        """The first snapshot newer than the last one; None where the page asked for something else meanwhile."""
        arrived: asyncio.Future[Snapshot] = self._loop.create_future()

        def settle(snapshot: Snapshot) -> None:
            if not arrived.done():
                arrived.set_result(snapshot)

        def deliver(snapshot: Snapshot) -> None:
            self._loop.call_soon_threadsafe(settle, snapshot)

        self._nudge.clear()
        nudged = asyncio.ensure_future(self._nudge.wait())
        self._session.run.request(self._number if self._wish == self._granted else -1, deliver)
        try:
            await asyncio.wait((arrived, nudged), return_when=asyncio.FIRST_COMPLETED)
        finally:
            nudged.cancel()
            self._session.run.cancel(deliver)
        if not arrived.done():
            return None
        self._number = arrived.result().number
        return arrived.result()

    async def _until_drawn(self) -> None:
        """Wait while the page is more than one frame behind; a page that says nothing is asked again now and then."""
        deadline = self._loop.time() + ACK_SECONDS
        while self._sent - self._drawn >= FRAMES_AHEAD and (left := deadline - self._loop.time()) > 0:
            self._nudge.clear()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._nudge.wait(), left)


def _countable(number: int) -> int:
    """A number that a browser can hold exactly, which it gets back with each frame.

    Raises:
        ValueError: it is too large.
    """
    if abs(number) > LARGEST:
        raise ValueError("A number is too large.")
    return number
