"""A browser tab without a browser: it speaks to a real server as a browser does.

It fetches the page, opens Streamlit's own socket, so that the page's script runs, and then the live channel, where it
says of each frame that it has drawn it. It keeps the status, as the transport bar would show it, and cookies.
"""

import asyncio
import json
import re
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import httpx
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

LARGEST = 50 * 2**20
SECONDS = 60.0

Status = dict[str, Any]


class Tab:
    """One tab.

    Attributes:
        status: what the transport bar shows, None before the first frame. views: the keys of what the page shows.
        cookies: by name, as its browser has them, which is one that takes new ones where `keep_cookies` is True.
        frames, bytes: what the live channel has brought so far. refused, faults: what should not have come: messages
            that the server did not take, exceptions on a page, and sockets that it has closed.
    """

    def __init__(self, url: str, owner: str = "") -> None:
        self._address, self._url = url, url.replace("http", "ws", 1)
        self.cookies, self.keep_cookies = {"mlp_owner": owner} if owner else {}, True
        self.token, self.views, self.wish = "", [""], 0
        self.status: Status | None = None
        self.frames = self.bytes = 0
        self.refused: list[str] = []
        self.faults: list[str] = []
        self._waiting: list[tuple[Callable[[Status], Any], asyncio.Future[float]]] = []
        self._page: ClientConnection | None = None
        self._live: ClientConnection | None = None
        self._listening: list[asyncio.Task[None]] = []

    async def open(self, query: str = "") -> None:
        """Open the address of a page, run its script, and watch its run."""
        self._pages: dict[str, str] = {}
        await self.fetch(f"?{query}")
        self._page = await self._socket("_stcore/stream")
        self._scripts: asyncio.Queue[str] = asyncio.Queue()
        self._listening = [asyncio.create_task(self._read_page(self._page))]
        await self._run_script(query_string=query)
        await self.connect()

    async def connect(self) -> None:
        """Open the live channel, or open it anew."""
        if self._live:
            await self._live.close()
        self._live = await self._socket(f"live/socket/{self.token}")
        self._listening.append(asyncio.create_task(self._read_frames(self._live)))
        await self.watch()

    async def fetch(self, path: str) -> int:
        """Ask for something of the server with the tab's cookies, and keep those that come; the answer's HTTP code."""
        async with httpx.AsyncClient(headers=self._headers) as browser:
            answer = await browser.get(self._address + path)
        if self.keep_cookies:
            self.cookies |= dict(answer.cookies)
        return answer.status_code

    async def go(self, page: str) -> None:
        """Go to another page by its name in the address; "" is the playground."""
        await self._run_script(page_script_hash=self._pages[page])
        await self.watch()

    async def rerun(self) -> None:
        """Have the page's script run again, as where a setting has made another network."""
        await self._run_script(page_script_hash=self._here)

    async def watch(self) -> None:
        """Ask for the views of the page, and wait until they are here."""
        self.wish += 1
        wish = self.wish
        await self.send({"type": "watch", "wish": wish, "views": self.views})
        await self.until(lambda _: self._granted == wish)

    async def command(self, name: str, value: object = None, **more: object) -> None:
        """Press a button, or move a control."""
        await self.send({"type": "command", "name": name, "value": value, **more})

    async def send(self, message: object) -> None:
        await self.send_raw(json.dumps(message))

    async def send_raw(self, message: str | bytes) -> None:
        """Send what no page would; the server may have closed the socket."""
        assert self._live, "The tab is not open."
        await self._live.send(message)

    async def until(self, true: Callable[[Status], Any], seconds: float = SECONDS) -> float:
        """Wait for a status of which something is true; the moment at which its frame came (`time.monotonic`)."""
        arrived: asyncio.Future[float] = asyncio.get_running_loop().create_future()
        self._waiting.append((true, arrived))
        try:
            return await asyncio.wait_for(arrived, seconds)
        finally:
            self._waiting = [waiting for waiting in self._waiting if waiting[1] is not arrived]

    async def close(self) -> None:
        """Leave, as by closing the tab."""
        for task in self._listening:
            task.cancel()
        for socket in (self._live, self._page):
            if socket:
                await socket.close()
        self._live = self._page = None

    def cut_off(self) -> None:
        """Be gone from the network, without a goodbye."""
        for task in self._listening:
            task.cancel()
        for socket in (self._live, self._page):
            if socket:
                socket.transport.abort()
        self._live = self._page = None

    async def _socket(self, path: str) -> ClientConnection:
        return await connect(self._url + path, max_size=LARGEST, additional_headers=self._headers)

    @property
    def _headers(self) -> dict[str, str]:
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        return {"Cookie": cookies} if cookies else {}

    async def _run_script(self, **request: str) -> None:
        assert self._page
        await self._page.send(BackMsg(rerun_script=request).SerializeToString())
        text = await asyncio.wait_for(self._scripts.get(), SECONDS)
        self.views = sorted(
            set(re.findall(r'"kind": ?"(?:chart|words|text|verdict|writer|scrub)", ?"key": ?"([^"]+)"', text))
        )
        self.token = re.findall(r'"token": ?"([\w-]+)"', text)[0]

    async def _read_page(self, page: ClientConnection) -> None:
        """What Streamlit's own socket brings: the end of each run of the script gives the text of all it has shown."""
        text = ""
        with suppress(ConnectionClosed):
            async for data in page:
                message = ForwardMsg.FromString(data)
                kind = message.WhichOneof("type")
                if kind == "new_session":
                    text = ""
                elif kind == "navigation":
                    self._here = message.navigation.page_script_hash
                    self._pages = {page.url_pathname: page.page_script_hash for page in message.navigation.app_pages}
                elif kind == "delta":
                    text += self._shown(message)
                elif kind == "script_finished":
                    self._scripts.put_nowait(text)

    def _shown(self, message: ForwardMsg) -> str:
        element = message.delta.new_element
        if element.WhichOneof("type") == "exception":
            self.faults.append(f"{element.exception.type}: {element.exception.message[:200]}")
        return str(message).replace("\\", "") if element.WhichOneof("type") == "bidi_component" else ""

    async def _read_frames(self, live: ClientConnection) -> None:
        try:
            async for text in live:
                if text.startswith('{"frame"'):
                    await self._take(live, text)
                elif "refused" in text:
                    self.refused.append(text[:200])
        except ConnectionClosed as closed:
            if closed.sent and closed.sent.code == 1000 and not closed.rcvd_then_sent:
                return  # it was this tab that left
            self.faults.append(f"The server closed the socket: {closed}")

    async def _take(self, live: ClientConnection, text: str) -> None:
        head = json.loads(text[: text.index(',"views":{')] + "}")  # what the views hold is for the eyes alone
        self.status, self._granted = apply(self.status, head["status"]), head["wish"]
        now = time.monotonic()
        self.frames += 1
        self.bytes += len(text)
        self.on_frame(self.status)
        for true, arrived in self._waiting:
            if not arrived.done() and true(self.status):
                arrived.set_result(now)
        await live.send(f'{{"type":"drawn","frame":{head["frame"]}}}')

    def on_frame(self, status: Status) -> None:
        """Called with every status; nothing is done with it here."""


def apply(old: Any, change: dict[str, Any]) -> Any:
    """What `difference.js` does in the browser (see `pages.ui.live.difference`)."""
    if "=" in change:
        return change["="]
    if "+" in change:
        return old + change["+"]
    if "@" in change:
        places = dict(change["@"])
        return [apply(part, places[place]) if place in places else part for place, part in enumerate(old)]
    if not change:
        return old
    whole = {key: part for key, part in old.items() if key not in change.get("-", ())}
    return whole | {key: apply(old.get(key), part) for key, part in change.get("~", {}).items()}
