"""What a reader waits for: the start, and how often both charts are drawn while the network trains at full speed."""

import time
from collections.abc import Callable, Iterator
from itertools import pairwise

import pytest
from playwright.sync_api import BrowserContext

from tests.browser.app import App, eventually
from tests.browser.conftest import browser, chromium_path, playwright, shared_context  # noqa: F401
from tests.serving import Server, serve

SECONDS = 6
BOTH_DRAWN = "[...document.querySelectorAll('.live-chart')].filter((chart) => +chart.dataset.draws).length >= 2"
COUNT_DRAWS = """async (seconds) => {
  const boxes = [...document.querySelectorAll(".live-chart")].slice(0, 2);
  const times = boxes.map(() => []);
  boxes.forEach((box, i) => new MutationObserver(() => times[i].push(performance.now()))
    .observe(box, { attributes: true, attributeFilter: ["data-draws"] }));
  await new Promise((resolve) => setTimeout(resolve, 1000 * seconds));
  return times;
}"""


@pytest.fixture
def app(shared_context: BrowserContext) -> Iterator[Callable[[str], App]]:  # noqa: F811
    pages = []

    def tab(url: str) -> App:
        pages.append(shared_context.new_page())
        return App(pages[-1], url)

    yield tab
    for page in pages:
        page.close()


def test_from_the_start_to_a_usable_page(benchmark, report, app):
    """With everything installed and compiled, as `make run` finds it; the browser is open already.

    Usable: the bar has its numbers, and both charts are drawn.
    """

    def start(server: Server) -> float:
        begin = time.perf_counter()
        server.start()
        try:
            tab = app(server.url).open()
            tab.page.wait_for_function(BOTH_DRAWN)
            taken = time.perf_counter() - begin
            tab.page.close()  # it would come back to the next server
            return taken
        finally:
            server.stop()

    usual = Server()  # at the same address each time, as a person’s is: the browser has kept its scripts from before
    start(usual)  # after which Python, too, has kept what it compiled
    first_visit = start(Server())
    benchmark.pedantic(start, (usual,), rounds=3)
    usable = benchmark.stats.stats.mean
    report(f"From the start to a page with numbers and charts: {usable:.1f} s; new to the browser {first_visit:.1f} s.")


def test_draws_a_second_at_full_speed(benchmark, report, app):
    with serve() as (url, _):
        tab = app(url).open()
        tab.press("Play")
        eventually(lambda: int(tab.text("Step").replace(",", "")) > 20_000, "a run in full swing")
        charts = benchmark.pedantic(tab.page.evaluate, (COUNT_DRAWS, SECONDS), rounds=1)
    rates = [len(times) / SECONDS for times in charts]
    gaps = [max(b - a for a, b in pairwise(times)) / 1000 for times in charts]
    report(f"Both charts at full speed: {min(rates):.0f} draws/s, at most {max(gaps):.2f} s between two.")
