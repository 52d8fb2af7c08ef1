"""Makes the pictures of the README from the real app: `python -m tests.pictures`, or only some of them by their names.

They are taken in headless Chromium at the default settings and seed, so another run gives the same but for the moment.
"""

import io
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from tests.paths import ROOT
from tests.serving import serve

DOCS = ROOT / "docs"
LEARNING_SECONDS, FRAMES_A_SECOND, LAST_SECONDS = 24.0, 5, 2.0
WIDTH = 860  # pixels of the moving picture
COLOURS = 64
READY = "[data-testid=stApp][data-test-script-state=notRunning]"


@contextmanager
def tab(browser: Browser, url: str, scheme: str = "light", width: int = 1440, height: int = 900) -> Iterator[Page]:
    """A page of the app, drawn; not somebody's first visit."""
    context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)  # type: ignore[arg-type]
    page = context.new_page()
    page.add_init_script("localStorage.setItem('live-greeted', 'yes')")
    page.goto(url)
    page.wait_for_selector(READY, timeout=60_000)
    page.wait_for_timeout(3000)
    yield page
    context.close()


def trained(page: Page, step: int) -> None:
    """Train past a step at full speed, and rest."""
    page.get_by_label("Speed").select_option("")
    page.get_by_role("button", name="Play", exact=True).click()
    page.wait_for_function(
        "step => Number(document.querySelector('[data-number=step]').textContent.replaceAll(',', '')) > step", arg=step
    )
    page.get_by_role("button", name="Pause", exact=True).click()
    page.wait_for_timeout(2500)


def learning(browser: Browser, url: str) -> None:
    """The moving picture: from “mmmddd” to names while the letters gather."""
    with tab(browser, url, width=1180, height=830) as page:
        page.add_style_tag(
            content="[data-testid=stSidebar], [data-testid=stHeader], .st-key-live-timeline, .st-key-guess_row,"
            ".live-buttons, .st-key-live-untrained, p.welcome { display: none !important }"
        )
        page.wait_for_timeout(800)
        page.keyboard.press("Space")
        frames, begin = list[Image.Image](), time.monotonic()
        while (due := begin + len(frames) / FRAMES_A_SECOND) < begin + LEARNING_SECONDS:
            page.wait_for_timeout(max(0.0, 1000 * (due - time.monotonic())))
            shot = Image.open(io.BytesIO(page.screenshot(clip={"x": 0, "y": 60, "width": 1180, "height": 660})))
            frames.append(shot.convert("RGB").resize((WIDTH, WIDTH * 660 // 1180), Image.Resampling.LANCZOS))
    palette = frames[-1].quantize(COLOURS, method=Image.Quantize.MEDIANCUT)
    small = [frame.quantize(palette=palette, dither=Image.Dither.NONE) for frame in frames]
    gap = 1000 // FRAMES_A_SECOND
    durations = [gap] * (len(small) - 1) + [int(1000 * LAST_SECONDS)]
    small[0].save(
        DOCS / "learning.gif", save_all=True, append_images=small[1:], duration=durations, loop=0, optimize=True
    )


def playground(browser: Browser, url: str) -> None:
    with tab(browser, url) as page:
        trained(page, 20_000)
        page.screenshot(path=DOCS / "playground.png")


def lab(browser: Browser, url: str) -> None:
    with tab(browser, f"{url}lab", "dark") as page:
        page.wait_for_timeout(9000)
        page.evaluate("document.querySelector('.st-key-lab_walk').scrollIntoView({block: 'center'})")
        page.wait_for_timeout(1500)
        page.screenshot(path=DOCS / "lab.png")


def backward(browser: Browser, url: str) -> None:
    with tab(browser, f"{url}backward") as page:
        for _ in range(5):
            page.keyboard.press("b")
            page.wait_for_timeout(900)
        page.get_by_role("heading", name="Walk the graph backwards").scroll_into_view_if_needed()
        page.wait_for_timeout(1500)
        page.screenshot(path=DOCS / "backward.png")


def network(browser: Browser, url: str) -> None:
    with tab(browser, f"{url}network", height=1000) as page:
        trained(page, 20_000)
        page.screenshot(path=DOCS / "network.png")


def lesson(browser: Browser, url: str) -> None:
    with tab(browser, f"{url}?lesson=first-look") as page:
        page.get_by_role("button", name="It is very confident, and wrong").click()
        page.wait_for_timeout(1000)
        page.screenshot(path=DOCS / "lesson.png")


PICTURES: dict[str, Callable[[Browser, str], None]] = {
    "learning": learning, "playground": playground, "lab": lab, "backward": backward, "network": network,
    "lesson": lesson,
}  # fmt: skip


def main(names: list[str]) -> None:
    with serve() as (url, _), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for name in names or PICTURES:
            PICTURES[name](browser, url)
            print(name)
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1:])
