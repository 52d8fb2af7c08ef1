"""A soak: hostile tabs send legal and illegal messages at random for an hour, while others go on with their work.

The seed fixes what each tab sends. Afterwards the server must answer, its log hold no traceback, the harmless tabs have
seen their own run all the time, and its memory have stopped growing after a warm-up, which is told.
"""

import argparse
import asyncio
import random
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, field

from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake

from tests.load.hostile import LINKS, TOKENS, Hostile
from tests.load.measuring import Watched, watched
from tests.load.visitor import Visitor
from tests.tab import Tab

HOSTILE, HARMLESS = 3, 2
TURN_MESSAGES = 30
WARM_UP = 0.3  # of the time
PROBE_SECONDS = 30.0


@dataclass
class Soaked:
    """What a soak found: messages sent and floods, how late a harmless tab saw a frame at most, and what was wrong."""

    messages: int = 0
    floods: int = 0
    tabs: int = 0
    longest_gap: float = 0.0
    memory: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    @property
    def grown(self) -> float:
        """Megabytes from the end of the warm-up to the end."""
        return self.memory[-1] - self.memory[0]


async def soak(server: Watched, seconds: float, seed: int) -> Soaked:
    """Hostile tabs beside harmless ones, for so long."""
    found, end = Soaked(), time.monotonic() + seconds
    visitors = [Visitor(server.url, number, seed) for number in range(HARMLESS)]
    hostile = [_attack(server.url, f"{seed}/{number}", end, found) for number in range(HOSTILE)]
    await asyncio.gather(*(visitor.visit(seconds) for visitor in visitors), *hostile)
    found.memory = [server.memory_at(WARM_UP + (1 - WARM_UP) * part / 4) for part in range(5)]
    for visitor in visitors:
        found.longest_gap = max(found.longest_gap, visitor.seen.longest_gap)
        found.errors += [f"A harmless tab: {fault}" for fault in visitor.seen.faults]
    await _check_health(server.url, found)
    found.errors += server.complaints
    return found


async def _attack(url: str, seed: str, end: float, found: Soaked) -> None:
    """One tab after another, each hostile; after every turn the server must still answer this very tab."""
    source = Hostile(seed)
    while time.monotonic() < end:
        tab = Tab(url)
        await _knock(url, source)
        try:
            await tab.open(source.chance.choice(LINKS))
            found.tabs += 1
            for turn in range(source.chance.randint(1, 6)):
                if not turn or time.monotonic() < end:  # one at least, however slow the machine is
                    await _turn(tab, source, found)
        except Exception as error:
            found.errors.append(f"A hostile tab ({seed}): {type(error).__name__}: {error}"[:300])
        found.errors += [f"A hostile tab ({seed}): {fault}" for fault in tab.faults]
        if source.chance.random() < 0.5:
            tab.cut_off()
        else:
            await tab.close()


async def _turn(tab: Tab, source: Hostile, found: Soaked) -> None:
    flood = source.chance.random() < 0.1
    messages = source.flood() if flood else [source.message() for _ in range(TURN_MESSAGES)]
    for message in messages:
        await tab.send_raw(message)
        if not flood:
            await asyncio.sleep(source.chance.choice([0, 0, 0.01, 0.05]))
    found.messages += len(messages)
    found.floods += flood
    tab.wish += 10**6  # none that a message before has asked for
    await asyncio.wait_for(tab.watch(), PROBE_SECONDS)
    if source.chance.random() < 0.2:
        await tab.connect()


async def _knock(url: str, source: Hostile) -> None:
    """Try to get in without a token, or from another site; nobody may."""
    token, origin = source.chance.choice(TOKENS), source.chance.choice([None, "https://evil.example", "null"])
    with suppress(InvalidHandshake, ConnectionClosed, OSError):
        async with connect(f"{url.replace('http', 'ws', 1)}live/socket/{token}", origin=origin) as socket:  # type: ignore[arg-type]
            await socket.recv()
            raise AssertionError(f"Got in with the token {token[:20]}.")


async def _check_health(url: str, found: Soaked) -> None:
    """A newcomer opens the page, and its run obeys."""
    tab = Tab(url)
    await tab.open(f"seed={random.randint(1, 9999)}")
    begin = time.monotonic()
    await tab.command("step")
    if await tab.until(lambda status: status["latest"] == 1) - begin > 2:
        found.errors.append("A newcomer's click was answered late.")
    await tab.close()
    found.errors += [f"A newcomer: {fault}" for fault in tab.faults]


def main() -> None:
    parser = argparse.ArgumentParser("python -m tests.load.soak", description=" ".join(__doc__.split()))
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--seed", type=int, default=1)
    wanted = parser.parse_args()
    with watched() as server:
        found = asyncio.run(soak(server, 60 * wanted.minutes, wanted.seed))
    print(f"{found.messages:,} messages of {found.tabs} hostile tabs, {found.floods} floods, seed {wanted.seed}.")
    print(f"Megabytes from the end of the warm-up to the end: {', '.join(f'{at:.0f}' for at in found.memory)}.")
    print(f"A harmless tab waited at most {found.longest_gap:.2f} s for a frame.")
    print("\n".join(found.errors) or "No error.")
    sys.exit(bool(found.errors))


if __name__ == "__main__":
    main()
