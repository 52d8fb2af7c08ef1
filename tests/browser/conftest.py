"""A real server and a real browser. Where there is no browser these tests fail: a skipped check checks nothing."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Playwright, ViewportSize, sync_playwright

from tests.browser.app import App
from tests.serving import serve

ROOT = Path(__file__).parents[2]
FULL_SPEED = "localStorage.setItem('live-pace', '')"  # as somebody who was here before and chose it
WIDE: ViewportSize = {"width": 1440, "height": 900}
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
]  # fmt: skip


@pytest.fixture(scope="session")
def server() -> Iterator[tuple[str, int]]:
    """The address of a running app, and the id of its process."""
    with serve() as running:
        yield running


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def chromium_path() -> str:
    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    assert path, "The browser tests need Chromium: install it (apt-get install chromium) or set CHROMIUM to its path."
    return path


@pytest.fixture(scope="session")
def browser(playwright: Playwright, chromium_path: str) -> Iterator[Browser]:
    """For the tests that want a window of another kind."""
    chromium = playwright.chromium.launch(executable_path=chromium_path, args=ARGUMENTS)
    yield chromium
    chromium.close()


@pytest.fixture(scope="session")
def shared_context(
    playwright: Playwright, chromium_path: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[BrowserContext]:
    """A wide screen for most tests, with a profile on disk: it keeps the compiled scripts, and opens tabs, not windows.

    So a page opens in 1.5 instead of 2.4 seconds.
    """
    profile = tmp_path_factory.mktemp("chromium")
    made = playwright.chromium.launch_persistent_context(
        profile, executable_path=chromium_path, args=ARGUMENTS, viewport=WIDE
    )
    made.add_init_script(FULL_SPEED)
    yield made
    made.close()


@pytest.fixture
def context(request: pytest.FixtureRequest) -> Iterator[BrowserContext]:
    """A window without any page; one of its own where the test asks for another kind (a phone, dark, a newcomer's)."""
    options = dict(getattr(request, "param", {}))
    if options:
        newcomer = options.pop("newcomer", False)
        made = request.getfixturevalue("browser").new_context(**{"viewport": WIDE, **options})
        if not newcomer:
            made.add_init_script(FULL_SPEED)
        yield made
        made.close()
        return
    shared = request.getfixturevalue("shared_context")
    yield shared
    for page in shared.pages:
        page.close()
    shared.clear_cookies()
    shared.clear_permissions()


@pytest.fixture
def app(context: BrowserContext, server: tuple[str, int]) -> Iterator[App]:
    """A tab of the app, not opened yet; at the end nothing may stand in its console."""
    tab = App(context.new_page(), server[0])
    yield tab
    tab.check_console()
