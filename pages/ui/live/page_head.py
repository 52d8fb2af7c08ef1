"""What a page has before its script has run, put into the head of Streamlit's page: `first.css`, and our scripts.

Streamlit knows of no such place. A style that comes with the script comes a second later, and would then move all that
is already there; and the browser would sit idle for that second, and fetch and read our scripts only after it.
"""

from pathlib import Path

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pages.ui.live.room import rules
from pages.ui.live.static_files import PLOTLY_ADDRESS

HEAD_ENDS = b"</head>"
NOT_ASKED = {b"accept-encoding", b"if-none-match", b"if-modified-since"}  # the page comes whole, as text
NOT_TOLD = ("etag", "last-modified")  # they would be those of Streamlit's page alone
SCRIPTS = (
    f'<script async src="./live/{PLOTLY_ADDRESS}" onerror="this.remove()"></script>'  # see static/plotly.js
    '<script type="module" src="./live/mount.js"></script>'
)


class PageHead:
    """Middleware that adds both to every page, and leaves all other answers alone."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        style = Path(__file__).with_name("first.css").read_text(encoding="utf-8")
        self.head = f"<style>{style}{rules()}</style>{SCRIPTS}".encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or "text/html" not in Headers(scope=scope).get("accept", ""):
            await self.app(scope, receive, send)
            return
        asked = [(name, value) for name, value in scope["headers"] if name not in NOT_ASKED]
        begun: list[Message] = []
        body = bytearray()

        async def send_with_head(message: Message) -> None:
            if message["type"] == "http.response.start":
                begun.append(message)
                return
            body.extend(message.get("body", b""))
            if message.get("more_body"):
                return
            headers = MutableHeaders(raw=begun[0]["headers"])
            whole = bytes(body)
            if headers.get("content-type", "").startswith("text/html"):
                whole = whole.replace(HEAD_ENDS, self.head + HEAD_ENDS, 1)
                for name in NOT_TOLD:
                    del headers[name]
                if scope["method"] != "HEAD":
                    headers["content-length"] = str(len(whole))
            await send(begun[0])
            await send({"type": "http.response.body", "body": whole})

        await self.app({**scope, "headers": asked}, receive, send_with_head)
