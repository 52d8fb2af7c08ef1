"""Two replicas behind nginx, in a real browser: a class finds its members, a page whose replica is killed the other."""

import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext

from tests.browser.app import App, eventually
from tests.replicas.gateway import House, standing


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with standing(tmp_path_factory.mktemp("house")) as built:
        yield built


def replica_of(context: BrowserContext) -> str:
    """The replica that a browser's cookie names."""
    return next(cookie["value"] for cookie in context.cookies() if cookie["name"] == "mlp_replica")


def test_all_members_come_to_the_replica_of_their_class(
    house: House, context: BrowserContext, browser: Browser
) -> None:
    teacher = App(context.new_page(), house.url).open("classroom?hidden=20&train_examples=512")
    teacher.page.get_by_role("button", name="Open the class").click()
    teacher.settle()
    link = teacher.page.locator("code").first.inner_text()
    for place in (1, 2):  # new visitors are shared out, so one of the two would be on the other replica
        member = App(browser.new_context().new_page(), link).open()
        assert member.page.get_by_role("textbox", name="Your nickname in the class").is_visible()
        assert replica_of(member.page.context) == replica_of(context)
        table = teacher.page.get_by_role("group", name="Members")
        eventually(lambda: table.locator("tbody tr").count() == place, "the member's row")  # noqa: B023
        member.check_console()
        member.page.context.close()
    teacher.check_console()


def test_a_page_whose_replica_is_killed_goes_on_with_the_other(house: House, context: BrowserContext) -> None:
    tab = App(context.new_page(), house.url).open("?train_examples=512&seed=5")
    lost = replica_of(context)
    tab.press("Play")
    tab.wait_for_step(lambda step: step > 3000)
    eventually(lambda: "mine=" in tab.link(), "an address with the run's id")
    house.replicas[lost].kill()
    began = time.monotonic()
    tab.page.get_by_text("This is the run as it was left").wait_for()
    print(f"Back after {time.monotonic() - began:.1f} s.")
    assert replica_of(context) != lost
    assert "seed=5" in tab.link()
    step = tab.step()
    assert step > 0
    tab.settle()
    tab.press("Step")
    tab.wait_for_step(lambda now: now == step + 1)
