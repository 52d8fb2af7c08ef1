"""No page may shut anybody out: axe-core on each, untrained and trained, light and dark, wide and narrow; nothing jumps
while it loads, and Tab goes everywhere and sticks nowhere."""

from itertools import pairwise
from pathlib import Path

import pytest

from pages.ui.lessons.lesson import ORDER
from tests.browser.app import App, eventually
from tests.browser.conftest import WIDE
from tests.browser.test_keyboard import WALKED, walk

AXE = (Path(__file__).parent / "axe" / "axe.min.js").read_text(encoding="utf-8")
OTHERS = ["lessons", "lab", "embedding", "generate", "diagnostics", "words", "runs", "classroom", "take_home"]
PAGES = ["", *OTHERS, *(file.removesuffix(".py") for file, _, _ in ORDER)]
STREAMLITS = [
    "[data-testid=stSidebarNavItems]",  # on a phone: its list of pages holds groups that are no list items
    "[data-testid=stTable]",  # where it scrolls sideways, browsers let Tab stop there by themselves
]
PICTURES = [".live-chart .main-svg"]  # hidden from readers, who have the chart's label and table
FOUND = """async (theirs) => {
  for (const _ of "12") await new Promise(requestAnimationFrame); // what looks at its own size has looked
  const { violations } = await axe.run({ exclude: theirs }, { resultTypes: ["violations"] });
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) =>
    `${id}: ${html.slice(0, 200)} ${failureSummary.slice(0, 250)}`));
}"""
HEADINGS = """() => [...document.querySelectorAll("h1, h2, h3, h4, h5, h6")]
  .filter((heading) => heading.checkVisibility())
  .map((heading) => Number(heading.tagName[1]))"""
TOO_WIDE = """() => {
  const main = document.querySelector("[data-testid=stMain]");
  return [main, document.documentElement].some((place) => place.scrollWidth > place.clientWidth);
}"""
SHIFTS = """window.shifts = 0;
let begun = -9999, last = -9999, together = 0; // those within a second of each other count together, for five seconds
new PerformanceObserver((list) => {
  for (const { hadRecentInput, startTime, value } of list.getEntries()) {
    if (hadRecentInput) continue;
    if (startTime - last > 1000 || startTime - begun > 5000) [begun, together] = [startTime, 0];
    [last, together] = [startTime, together + value];
    window.shifts = Math.max(window.shifts, together);
  }
}).observe({ type: "layout-shift", buffered: true });"""
AT_MOST = 0.1  # what a page's parts may move while it loads, as Chromium counts it (CLS)
PHONE, NARROWEST = {"width": 390, "height": 844}, {"width": 320, "height": 640}


def violations(app: App, state: str) -> list[str]:
    return [f"{state}: {each}" for each in app.page.evaluate(FOUND, [*STREAMLITS, *PICTURES])]


def in_colours(app: App, scheme: str) -> None:
    app.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    dark = "document.documentElement.classList.contains('live-dark')"
    eventually(lambda: app.page.evaluate(dark) == (scheme == "dark"), f"the colours of {scheme}")


@pytest.mark.parametrize("path", PAGES)
def test_a_page_shuts_nobody_out(app: App, path: str) -> None:
    app.page.add_init_script(SHIFTS)
    page = app.open(path).page
    page.evaluate(AXE + ";0")
    found = violations(app, "wide, light, untrained")
    assert page.evaluate("window.shifts") < AT_MOST
    if path in WALKED:
        walk(app, path)
    app.press("Step")
    app.wait_for_step(lambda step: step == 1)
    in_colours(app, "dark")
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    found += violations(app, "narrow, dark, trained")
    page.set_viewport_size(NARROWEST)  # type: ignore[arg-type]
    eventually(lambda: not page.evaluate(TOO_WIDE), "a page that need not be scrolled sideways at 320 pixels")
    page.set_viewport_size(WIDE)
    headings = page.evaluate(HEADINGS)
    assert headings.count(1) == 1
    main = headings[headings.index(1) :]
    assert all(below - above <= 1 for above, below in pairwise(main)), main
    assert not found, "\n".join(found)
