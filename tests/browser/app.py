"""The app as a person uses it: open, press, drag, read."""

import re
import time
from collections.abc import Callable
from contextlib import suppress

from playwright.sync_api import ConsoleMessage, Locator, Page, TimeoutError

from tests.waiting import eventually as eventually

AFTER_THE_NOTE = {"Parameters": "parameters", "Steps per second": "speed"}
NOTHING = "none"


class App:
    """One tab."""

    def __init__(self, page: Page, url: str, *, first_visit: bool = False) -> None:
        self.page, self.url = page, url
        self.complaints: list[str] = []
        if not first_visit:  # on which the network begins by itself
            page.add_init_script("localStorage.setItem('live-greeted', 'yes')")
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _hear(self, message: ConsoleMessage) -> None:
        probing = "/_stcore/" in message.location.get("url", "")  # Streamlit looks for its base path below a page's
        if message.type == "error" and not probing:
            self.complaints.append(message.text)

    def check_console(self) -> None:
        assert not self.complaints, f"The console says: {self.complaints}"

    def open(self, path: str = "", title: str = "Step") -> "App":
        """Open a page and wait until the live channel has brought the first numbers."""
        self.page.goto(self.url + path)
        self.settle()
        eventually(lambda: self.text(title) not in ("–", NOTHING), "the first numbers")
        return self

    def settle(self) -> None:
        """Wait until the script has run, and look for an exception on the page."""
        self.page.wait_for_timeout(150)  # a click takes a moment to reach the server and start the script
        self.page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]", timeout=60_000)
        exceptions = self.page.get_by_test_id("stException").all_inner_texts()
        assert not exceptions, exceptions

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name, exact=True)

    def press(self, name: str) -> None:
        self.unfold("button", name)
        self.button(name).click()

    def unfold(self, role: str, name: str) -> None:
        """Wait for something, and open what it is folded away in, as a person does who looks for it."""
        there = self.page.get_by_role(role, name=name, exact=True)  # type: ignore[arg-type]
        anywhere = self.page.get_by_role(role, name=name, exact=True, include_hidden=True)  # type: ignore[arg-type]
        folded = anywhere.last.locator("xpath=ancestor::details[not(@open)]/summary").last

        def open_it() -> bool:
            if not there.count() and folded.count():
                folded.click()
            return there.count() > 0

        eventually(open_it, name)

    def choose(self, box: str, option: str) -> None:
        """Take one option of a select box; a list that a passing script has shut is opened again, as a person does."""
        listed = self.page.get_by_role("option", name=option, exact=True)

        def open_it() -> bool:
            self.page.get_by_role("combobox", name=box).click()
            with suppress(TimeoutError):
                listed.wait_for(timeout=3000)
            return listed.count() > 0

        eventually(open_it, option)
        listed.click()
        self.settle()

    def slider(self, name: str) -> Locator:
        return self.page.get_by_role("slider", name=name, exact=True)

    def field(self, name: str) -> Locator:
        return self.page.get_by_role("textbox", name=f"{name}, exact value")

    def type(self, name: str, value: str) -> None:
        """Give a setting a value in its field, by keys."""
        self.unfold("textbox", f"{name}, exact value")
        self.write(self.field(name), value)
        self.page.keyboard.press("Enter")

    def enter(self, box: str, text: str) -> None:
        """Type into a text box of the page, and let the page take it."""
        self.unfold("textbox", box)
        self.write(self.page.get_by_role("textbox", name=box), text)
        self.page.keyboard.press("Enter")
        self.settle()

    def write(self, field: Locator, text: str) -> None:
        """Type over what stands in a field, key by key as a person does: setting its value would pass over the keys."""
        field.click()
        self.page.keyboard.press("ControlOrMeta+a")
        self.page.keyboard.press("Delete")
        self.page.keyboard.type(text)

    def text(self, label: str) -> str:
        """One of the numbers of the transport bar, as it is written."""
        if label in AFTER_THE_NOTE:
            return self.page.locator(f".live-note [data-number={AFTER_THE_NOTE[label]}]").inner_text().split(" ")[0]
        return (
            self.page.locator(".live-numbers div", has=self.page.locator("dt", has_text=re.compile(f"^{label}$")))
            .locator("dd")
            .inner_text()
        )

    def number(self, label: str) -> float:
        text = self.text(label).replace(",", "")
        return float("nan") if text in ("–", NOTHING) else float(text)

    def step(self) -> int:
        return int(self.number("Step"))

    def note(self) -> str:
        return self.page.locator(".live-note > span").inner_text()

    def link(self) -> str:
        return self.page.evaluate("window.location.href")

    def chart(self, title: str) -> Locator:
        return self.page.locator(f'.live-chart[aria-label^="{title}"]')

    def letters(self, title: str) -> dict[str, tuple[float, float]]:
        """Where the letters of an embedding plot say that they are, to three decimals; they make room for others."""
        told = (
            self.chart(title)
            .locator(".js-plotly-plot")
            .evaluate(
                "plot => plot.data.flatMap(trace => (trace.text ?? []).map((text, i) => [text, trace.customdata[i]]))"
            )
        )
        places = {text: re.findall(r"-?[\d.]+", said)[:2] for text, said in told}
        return {text.replace("␣", " "): (float(x), float(y)) for text, (x, y) in places.items()}

    def draws(self, title: str) -> int:
        return int(self.chart(title).get_attribute("data-draws") or 0)

    def wait_for_step(self, reached: Callable[[int], bool]) -> int:
        eventually(lambda: reached(self.step()), "the step")
        return self.step()


def at_rest(read: Callable[[], str], what: str, quiet: float = 0.7) -> str:
    """Wait until what is read has stayed the same for some seconds, and return it."""
    last, since = read(), time.monotonic()

    def rests() -> bool:
        nonlocal last, since
        if (now := read()) != last:
            last, since = now, time.monotonic()
        return time.monotonic() - since > quiet

    eventually(rests, what)
    return last
