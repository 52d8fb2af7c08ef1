"""A short soak: whatever is sent, nothing breaks, and who sits beside it notices nothing."""

import asyncio

from tests.load.hostile import Hostile
from tests.load.measuring import watched
from tests.load.soak import HOSTILE, TURN_MESSAGES, soak


def test_hostile_tabs_harm_nobody() -> None:
    with watched() as server:
        found = asyncio.run(soak(server, seconds=8, seed=3))
    assert found.errors == []
    assert found.messages >= HOSTILE * TURN_MESSAGES


def test_a_seed_fixes_what_is_sent() -> None:
    one, two, other = Hostile("1/0"), Hostile("1/0"), Hostile("2/0")
    sent = [one.message() for _ in range(200)]
    assert sent == [two.message() for _ in range(200)]
    assert sent != [other.message() for _ in range(200)]
