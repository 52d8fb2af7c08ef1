"""Players without browsers: each has a tab of its own on a real server, watches the playground, and clicks.

Run as a module it prints what its players saw, as JSON:

    python -m tests.benchmarks.players http://127.0.0.1:8501/ 30 10
"""

import asyncio
import json
import sys
import time
from dataclasses import asdict, dataclass, field

from tests.tab import Status, Tab

CLICK_EVERY, WARM_UP = 1.0, 20.0


@dataclass
class Seen:
    """What one player saw: frames and bytes while it watched, steps trained, seconds until each click was answered."""

    frames: int = 0
    bytes: int = 0
    steps: int = 0
    gaps: list[float] = field(default_factory=list)
    clicks: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


class Player(Tab):
    """One player."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self._seen, self._last = Seen(), 0.0

    async def play(self, seconds: float, late: float) -> Seen:
        """Watch a run that plays; now and then pause it, and go on. Its first click comes `late` seconds later."""
        self._seen, self._last = Seen(), 0.0
        assert self.status
        frames, size, step, end = self.frames, self.bytes, self.status["latest"], time.monotonic() + seconds
        await self._click("play", playing=True)
        await asyncio.sleep(late)
        while (left := end - time.monotonic()) > 0:
            await asyncio.sleep(min(CLICK_EVERY, left))
            if left > CLICK_EVERY:
                self._last = 0.0
                for name, playing in (("pause", False), ("play", True)):
                    self._seen.clicks.append(await self._click(name, playing=playing))
        seen = self._seen
        seen.frames, seen.bytes, seen.steps = self.frames - frames, self.bytes - size, self.status["latest"] - step
        seen.errors = self.faults + self.refused
        return seen

    async def _click(self, name: str, *, playing: bool) -> float:
        """Seconds from a command to the first frame that shows its effect."""
        begin = time.monotonic()
        await self.command(name)
        return await self.until(lambda status: status["playing"] == playing) - begin

    def on_frame(self, status: Status) -> None:
        now = time.monotonic()
        if self._last and status["playing"]:
            self._seen.gaps.append(now - self._last)
        self._last = now


async def play(url: str, count: int, seconds: float) -> list[Seen]:
    """So many players, who all watch and click for so long."""
    players = [Player(url) for _ in range(count)]
    for player in players:
        await player.open()
        await player.command("pace", None)
    for length in (WARM_UP, seconds):  # first past the first steps
        late = [CLICK_EVERY * number / count for number in range(count)]
        seen = await asyncio.gather(*(player.play(length, after) for player, after in zip(players, late, strict=True)))
    for player in players:
        await player.close()
    return seen


if __name__ == "__main__":
    address, count, seconds = sys.argv[1], int(sys.argv[2]), float(sys.argv[3])
    print(json.dumps([asdict(seen) for seen in asyncio.run(play(address, count, seconds))]))
