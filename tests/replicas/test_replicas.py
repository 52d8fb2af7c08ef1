"""Several replicas behind nginx: a visitor stays on one of them, and what one has saved is there in the other."""

import asyncio
import secrets
from urllib.parse import urlencode

import pytest

import mlp
from tests.replicas.gateway import House, Served
from tests.tab import Status, Tab

CLOSE = 5e-5  # nats: a status has four decimals


async def opened(house: House, query: str = "", like: Tab | None = None) -> Tab:
    """A tab of a new visitor, or another one in the browser of an earlier tab."""
    tab = Tab(house.url, secrets.token_urlsafe(24))
    tab.cookies = dict(like.cookies) if like else tab.cookies
    await tab.open(query)
    await tab.command("pace", None)
    return tab


async def home(house: House, tab: Tab) -> str:
    """The one replica that knows a tab's session."""
    answers = {name: await Tab(replica.url).fetch(f"live/run/{tab.token}/link")
               for name, replica in house.replicas.items()}  # fmt: skip
    assert sorted(answers.values()) == [200, 404]
    return next(name for name, answer in answers.items() if answer == 200)


async def played(house: House, tab: Tab, steps: int) -> Status:
    """The status when a run has come that far, rests, and is kept."""
    await tab.command("play")
    await tab.until(lambda status: status["latest"] > steps)
    await tab.command("pause")
    await tab.until(lambda s: not s["playing"] and s["lossesAt"] == s["step"] and s["train"] is not None)
    await tab.until(lambda status: "mine" in status["link"])
    assert tab.status
    async with asyncio.timeout(20):
        while house.store.get(tab.status["link"]["mine"]).step != tab.status["step"]:
            await asyncio.sleep(0.05)
    return tab.status


def loss_alone(status: Status) -> float:
    """The train loss of a status' settings at its step, worked out here, in nats."""
    trainer = mlp.Trainer(mlp.Settings(**status["settings"]), mlp.load_words("pokemon"))
    trainer.step(status["step"])
    return trainer.evaluate("train")


def test_page_sockets_and_all_else_of_a_visitor_go_to_one_replica(house: House) -> None:
    async def visit() -> str:
        before = len(house.gateway.served())
        tab = await opened(house, "hidden=31")
        await played(house, tab, 300)
        await tab.connect()
        assert await tab.fetch(f"live/run/{tab.token}/link") == 200
        other = await opened(house, like=tab)
        where = await home(house, tab)
        assert await home(house, other) == where
        for closing in (tab, other):
            await closing.close()
        wanted = {"/", "/_stcore/stream", f"/live/run/{tab.token}/link"}
        wanted |= {f"/live/socket/{token}" for token in (tab.token, other.token)}
        served = await until_served(house, wanted, before)
        assert {one.by for one in served} == {where}
        return where

    async def visits() -> None:
        assert {await visit(), await visit()} == {"a", "b"}  # new visitors are shared out

    asyncio.run(visits())


async def until_served(house: House, paths: set[str], before: int) -> list[Served]:
    """What has been asked for since; waits until all these paths have been."""
    async with asyncio.timeout(10):
        while True:
            served = house.gateway.served()[before:]
            if paths <= {one.path for one in served}:
                return served
            await asyncio.sleep(0.02)


def test_a_run_that_one_replica_has_kept_is_opened_by_the_other(house: House) -> None:
    async def visit() -> None:
        first = await opened(house, "hidden=32&train_examples=512")
        left = await played(house, first, 500)
        second = await opened(house, urlencode(left["link"]))
        found = second.status
        assert await home(house, first) != await home(house, second)
        assert found is not None
        assert (found["latest"], found["settings"], found["playing"]) == (left["step"], left["settings"], False)
        await second.command("step")
        await second.until(lambda s: s["latest"] == left["step"] + 1 == s["lossesAt"] and s["train"] is not None)
        assert second.status is not None
        assert second.status["train"] == pytest.approx(loss_alone(second.status), abs=CLOSE)
        for tab in (first, second):
            assert (tab.refused, tab.faults) == ([], [])
            await tab.close()

    asyncio.run(visit())


def test_an_address_that_names_a_replica_leads_there_whatever_the_cookie_says(house: House) -> None:
    async def visit() -> None:
        for name in "abba":
            tab = await opened(house)
            await tab.close()
            other = await opened(house, f"replica={name}", like=tab)
            assert await home(house, other) == name
            assert other.cookies["mlp_replica"] == name
            await other.close()
        stranger = await opened(house, "replica=nowhere")
        assert stranger.cookies["mlp_replica"] in ("a", "b")
        await stranger.close()

    asyncio.run(visit())


def test_who_keeps_no_cookies_stays_on_one_replica_too(house: House) -> None:
    async def visit() -> None:
        for _ in range(2):
            tab = Tab(house.url)
            tab.keep_cookies = False
            await tab.open("hidden=33")
            await played(house, tab, 100)
            assert tab.cookies == {}
            await tab.close()

    asyncio.run(visit())


def test_health_and_metrics_are_not_shown_to_visitors(house: House) -> None:
    async def visit() -> None:
        for path in ("live/health", "live/metrics", "_stcore/metrics"):
            assert await Tab(house.url).fetch(path) == 404
        assert await Tab(house.url).fetch("_stcore/health") == 200

    asyncio.run(visit())


def test_a_replica_that_is_killed_costs_a_visitor_some_seconds(house: House) -> None:
    async def visit() -> None:
        tab = await opened(house, "hidden=34&train_examples=512")
        lost = await home(house, tab)
        kept = await played(house, tab, 1000)
        await tab.command("play")
        await tab.until(lambda status: status["latest"] > kept["step"] + 100)
        house.replicas[lost].kill()
        await tab.close()
        again = await opened(house, urlencode(kept["link"]), like=tab)  # what a page does by itself: channel.js
        found = again.status
        assert await _knows(house, again)
        assert found is not None
        assert (found["settings"], found["playing"]) == (kept["settings"], False)
        assert found["latest"] >= kept["step"]
        await again.until(lambda status: status["lossesAt"] == status["step"] and status["train"] is not None)
        assert again.status is not None
        assert again.status["train"] == pytest.approx(loss_alone(again.status), abs=CLOSE)
        await asyncio.to_thread(house.replicas[lost].start)
        assert await _knows(house, again), "The replica is there again, and its visitors stay where they went."
        assert again.cookies["mlp_replica"] != lost
        await again.close()

    asyncio.run(visit())


async def _knows(house: House, tab: Tab) -> bool:
    """Whether what a tab asks for comes to the replica that has its session."""
    return await tab.fetch(f"live/run/{tab.token}/link") == 200
