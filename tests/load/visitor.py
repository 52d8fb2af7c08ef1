"""A visitor: plays, drags, looks back, turns pages, leaves and comes back, in an order that follows from a seed.

It measures what it is given, and looks at every status whether it is its own: no other visitor has its seed and its
number of hidden units. Run as a module this prints what so many visitors saw, as JSON:

    python -m tests.load.visitor http://127.0.0.1:8501/ 30 60 1
"""

import asyncio
import json
import random
import secrets
import sys
import time
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass, field
from typing import Any
from urllib.parse import urlencode

from tests.tab import Status, Tab

PAGES = "embedding", "generate", "diagnostics", "lookup", "hidden", "output", "backward", "network", "examples", "runs"
DRAG_EVERY, DRAG_MOVES = 0.04, 25
LONG = 5.0  # seconds without a frame of a run that plays: something is wrong
BURST = 0.2  # seconds for all to open their tabs one after another


@dataclass
class Seen:
    """What one visitor saw.

    Attributes:
        frames, seconds: while it watched its run play. steps: trained while it was there. gaps: seconds between two
            frames of them. clicks: by what was pressed, seconds from each command to the first frame that shows its
            effect. pages: seconds from a click on a page's name until its views were there.
        end: a moment whose losses follow from settings and step alone: (settings, step, train loss).
        faults: what should not have happened.
    """

    frames: int = 0
    seconds: float = 0.0
    bytes: int = 0
    steps: int = 0
    longest_gap: float = 0.0
    clicks: dict[str, list[float]] = field(default_factory=dict)
    pages: list[float] = field(default_factory=list)
    end: tuple[dict[str, Any], int, float] | None = None
    faults: list[str] = field(default_factory=list)


class Visitor(Tab):
    """One visitor; its seed and its number of hidden units are nobody else's."""

    def __init__(self, url: str, number: int, seed: int) -> None:
        super().__init__(url, secrets.token_urlsafe(24))
        self._random = random.Random(f"{seed}/{number}")
        self._mine = {"seed": 1000 * (seed % 1000) + number, "hidden": 40 + number}
        self.seen = Seen()
        self._last: Status | None = None
        self._played: float | None = None  # when the last frame of the run that plays came
        self._act = "open"

    async def visit(self, seconds: float) -> None:
        """Open the playground, do this and that for so long, and end where the losses can be worked out."""
        try:
            await self.open(urlencode(self._mine))
            await self.command("pace", None)
            await self._click("play", lambda status: status["playing"])
            end = time.monotonic() + seconds
            while time.monotonic() < end:
                await self._next(end)
            self._act = "end"
            await self._end()
        except Exception as error:  # the others go on, and the report tells
            self.seen.faults.append(f"{self._act}: {type(error).__name__}: {error}"[:300])
        await self.close()
        self.seen.faults += self.faults + self.refused

    async def _next(self, end: float) -> None:
        acts: dict[Callable[[], Awaitable[None]], int] = {
            self._pause: 4, self._drag: 4, self._look_back: 3, self._turn_page: 3, self._reset: 1, self._return: 1,
        }  # fmt: skip
        await self._watch_it_play(min(self._random.uniform(1.5, 4), max(0.1, end - time.monotonic())))
        act = self._random.choices(list(acts), list(acts.values()))[0]
        self._act = act.__name__
        if time.monotonic() < end:
            await act()

    async def _watch_it_play(self, seconds: float) -> None:
        assert self.status
        before, frames, begin = self.status["latest"], self.frames, time.monotonic()
        self._played = begin
        await asyncio.sleep(seconds)
        self._played = None
        self.seen.seconds += time.monotonic() - begin
        self.seen.frames += self.frames - frames
        self.seen.steps += self.status["latest"] - before

    async def _pause(self) -> None:
        await self._click("pause", lambda status: not status["playing"])
        assert self.status
        step = self.status["latest"]
        await self._click("step", lambda status: status["latest"] == step + 1)
        await self._click("play", lambda status: status["playing"])

    async def _drag(self) -> None:
        """A slider under the finger: many values, and the last is the one that stays. It may make new networks."""
        setting = self._random.choice(["learning_rate", "learning_rate", "weight_decay", "train_examples"])
        low, high = {"learning_rate": (0.01, 0.3), "weight_decay": (1e-5, 1e-3), "train_examples": (64, 6000)}[setting]
        value: float = 0
        for _ in range(DRAG_MOVES):
            value = self._random.uniform(low, high)
            value = round(value) if setting == "train_examples" else float(f"{value:.3g}")
            await self.command("set", value, setting=setting)
            await asyncio.sleep(DRAG_EVERY)
        await self._click("set", lambda status: status["settings"][setting] == value, value, setting=setting)
        if setting == "train_examples":
            await self.rerun()
            await self._click("play", lambda status: status["playing"])

    async def _look_back(self) -> None:
        assert self.status
        for exact in (False, False, True):
            wish = self._random.randint(0, max(0, self.status["latest"] - 1))
            true = lambda status, wish=wish: status["looking"] == wish  # noqa: E731
            await self._click("look", true, {"step": wish, "exact": exact})
            await asyncio.sleep(0.1)
        await self._click("now", lambda status: status["looking"] is None)

    async def _turn_page(self) -> None:
        for page in (self._random.choice(PAGES), ""):
            begin = time.monotonic()
            await self.go(page)
            self.seen.pages.append(time.monotonic() - begin)
            await self._watch_it_play(self._random.uniform(1, 3))

    async def _reset(self) -> None:
        network = self.status and self.status["network"]
        await self._click("reset", lambda status: status["network"] != network)
        self._last = None
        await self._click("play", lambda status: status["playing"])

    async def _return(self) -> None:
        """Close the tab, and open its address again: the run is where it was, or a little further."""
        await self._click("pause", lambda status: not status["playing"])
        await self.until(lambda status: "mine" in status["link"])
        await self.watch()
        assert self.status
        step, query = self.status["latest"], urlencode(self.status["link"])
        await self.close()
        await asyncio.sleep(self._random.uniform(0.1, 1))
        await self.open(query)
        if self.status["latest"] != step:
            self.seen.faults.append(f"Left at step {step}, and found it at step {self.status['latest']}.")
        await self.command("pace", None)
        await self._click("play", lambda status: status["playing"])

    async def _end(self) -> None:
        await self._reset()
        await self._click("pause", lambda status: not status["playing"])
        await self.until(lambda status: status["lossesAt"] == status["step"] and status["train"] is not None)
        assert self.status
        self.seen.end = self.status["settings"], self.status["step"], self.status["train"]

    async def _click(self, name: str, true: Callable[[Status], Any], value: object = None, **more: object) -> None:
        begin = time.monotonic()
        waiting = asyncio.ensure_future(self.until(true))
        await asyncio.sleep(0)
        await self.command(name, value, **more)
        self.seen.clicks.setdefault(name, []).append(await waiting - begin)

    def on_frame(self, status: Status) -> None:
        """See whether it is one's own: the seed, the hidden units, and a step that never falls within one network."""
        now, last = time.monotonic(), self._last
        foreign = [
            f"{name} {status['settings'][name]}" for name, my in self._mine.items() if status["settings"][name] != my
        ]
        if foreign:
            self.seen.faults.append(f"Saw what is not mine: {', '.join(foreign)}")
        if last and last["network"] == status["network"] and status["latest"] < last["latest"]:
            self.seen.faults.append(f"After step {last['latest']} came step {status['latest']}.")
        if self._played:
            self.seen.longest_gap = max(self.seen.longest_gap, now - self._played)
            self._played = now
        self._last = status


async def visits(url: str, count: int, seconds: float, seed: int) -> list[Seen]:
    """So many visitors at once, who come one after another and stay for so long."""

    async def visit(visitor: Visitor, number: int) -> None:
        await asyncio.sleep(BURST * number)
        await visitor.visit(seconds)

    visitors = [Visitor(url, number, seed) for number in range(count)]
    await asyncio.gather(*(visit(visitor, number) for number, visitor in enumerate(visitors)))
    return [visitor.seen for visitor in visitors]


if __name__ == "__main__":
    address, count, seconds, seed = sys.argv[1], int(sys.argv[2]), float(sys.argv[3]), int(sys.argv[4])
    begin = time.monotonic()
    seen = asyncio.run(visits(address, count, seconds, seed))
    share = time.process_time() / (time.monotonic() - begin)
    print(json.dumps({"cpu": share, "visitors": [asdict(one) for one in seen]}))
