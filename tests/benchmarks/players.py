"""Players without browsers: each has a tab of its own on a real server, watches the playground, and clicks.

A player speaks to the server as a browser does: to Streamlit's socket, so that the page's script runs, then to the
live channel, where it says of each frame that it has drawn it. Run as a module it prints what its players saw, as JSON:

    python -m tests.benchmarks.players http://127.0.0.1:8501/ 30 10
"""

import asyncio
import json
import re
import sys
import time
from contextlib import AsyncExitStack
from dataclasses import asdict, dataclass, field

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect

CLICK_EVERY, WARM_UP = 1.0, 20.0
MEGABYTES = 50


@dataclass
class Player:
    """What one player saw: frames and bytes while it watched, steps trained, seconds until each click was answered."""

    frames: int = 0
    bytes: int = 0
    steps: int = 0
    gaps: list[float] = field(default_factory=list)
    clicks: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    async def open(self, url: str, stack: AsyncExitStack) -> None:
        """Open a tab: run the page's script, and connect to its run."""
        address = url.replace("http", "ws", 1)
        page = await stack.enter_async_context(connect(f"{address}_stcore/stream", max_size=MEGABYTES * 2**20))
        self._live = await stack.enter_async_context(connect(f"{address}live/socket/{await self._token(page)}"))
        stack.push_async_callback(self._stop_listening, asyncio.create_task(_swallow(page)))
        await self._live.send(json.dumps({"type": "watch", "wish": 1, "views": self._views}))

    async def _stop_listening(self, task: asyncio.Task) -> None:
        task.cancel()

    async def _token(self, page: ClientConnection) -> str:
        """Run the script; the name by which the page's run is known, as the page's components are told it."""
        await page.send(BackMsg(rerun_script={"query_string": ""}).SerializeToString())
        text = ""
        while True:
            message = ForwardMsg.FromString(await asyncio.wait_for(page.recv(), 60))
            text += str(message).replace("\\", "")
            if message.WhichOneof("type") == "script_finished":
                break
        self._views = sorted(set(re.findall(r'"kind": ?"(?:chart|words|table|verdict)", ?"key": ?"(\w+)"', text)))
        return re.findall(r'"token": ?"([\w-]+)"', text)[0]

    async def command(self, name: str, value: object = None) -> None:
        await self._live.send(json.dumps({"type": "command", "name": name, "value": value}))

    async def watch(self, seconds: float) -> None:
        """Watch a run that plays; now and then pause it, and go on."""
        end = time.monotonic() + seconds
        clicked, wanted, step, last = 0.0, None, None, None
        await self.command("play")
        due = time.monotonic() + CLICK_EVERY * (1 + id(self) % 97 / 97)
        while (now := time.monotonic()) < end:
            text = await asyncio.wait_for(self._live.recv(), 30)
            now = time.monotonic()
            if not text.startswith('{"frame"'):
                self.errors.append(text[:200])
                continue
            await self._live.send(json.dumps({"type": "drawn", "frame": int(text[9 : text.index(",")])}))
            self.frames += 1
            self.bytes += len(text)
            if last and wanted is None:
                self.gaps.append(now - last)
            last = now
            found = re.search(r'"step":(\d+)', text)
            if found:
                step = step or int(found[1])
                self.steps = int(found[1]) - step
            if wanted is not None and f'"playing":{{"=":{json.dumps(wanted)}}}' in text:
                self.clicks.append(now - clicked)
                if wanted:
                    wanted, due = None, now + CLICK_EVERY
                else:
                    wanted, clicked = True, now
                    await self.command("play")
            if wanted is None and now > due:
                wanted, clicked = False, now
                await self.command("pause")


async def _swallow(page: ClientConnection) -> None:
    """Read what Streamlit's own socket brings, so that nothing waits for it."""
    async for _ in page:
        pass


async def play(url: str, count: int, seconds: float) -> list[Player]:
    """So many players, who all watch and click for so long."""
    players = [Player() for _ in range(count)]
    async with AsyncExitStack() as stack:
        for player in players:
            await player.open(url, stack)
        for player in players:
            await player.command("pace", None)
        await asyncio.gather(*(player.watch(WARM_UP) for player in players))  # past the first steps
        for player in players:
            player.__init__()
        await asyncio.gather(*(player.watch(seconds) for player in players))
    return players


if __name__ == "__main__":
    address, count, seconds = sys.argv[1], int(sys.argv[2]), float(sys.argv[3])
    print(json.dumps([asdict(player) for player in asyncio.run(play(address, count, seconds))]))
