"""By the keyboard alone: what Tab reaches has a name and works. Whole pages are walked in `test_access.py`."""

import mlp
from pages.ui.lessons.lesson import ORDER
from tests.browser.app import App, eventually

LESSONS = [file for file, _, _ in ORDER]  # where the settings are folded
WALKED = ["", "lessons", "lab", "embedding", "words", "classroom", "lookup", "backward"]  # between them all there is
AT_MOST = 400  # places where Tab stops
FOCUSED = """() => {
  let place = document.activeElement;
  while (place?.shadowRoot?.activeElement) place = place.shadowRoot.activeElement;
  if (!place || place === document.body) return null;
  window.tabbed ??= new Map();
  if (!window.tabbed.has(place)) window.tabbed.set(place, window.tabbed.size);
  const of = (id) => place.getRootNode().getElementById(id)?.textContent ?? "";
  const described = (place.getAttribute("aria-labelledby") ?? "").split(" ").map(of).join(" ");
  const names = [place.getAttribute("aria-label"), described,
                 [...(place.labels ?? [])].map((label) => label.textContent).join(" "), place.textContent, place.title];
  return { number: window.tabbed.get(place), name: names.find((name) => name?.trim())?.trim() ?? "", tag: place.tagName,
           html: place.outerHTML.slice(0, 200) };
}"""


PASSED_OVER = """() => [...document.querySelectorAll("button, summary, select, input, a[href]")]
  .filter((place) => place.checkVisibility({ visibilityProperty: true }) && place.tabIndex >= 0 && !place.disabled)
  .filter((place) => !window.tabbed.has(place))
  .filter((place) => ![...window.tabbed.keys()].some(
    (other) => (other.role === "radio" && other.parentElement === place.parentElement)
      || (other.type === "radio" && other.name === place.name))) // arrows go on from there
  .map((place) => place.outerHTML.slice(0, 200))"""


def tab_through(app: App, key: str = "Tab") -> list[dict]:
    """Where Tab stops, from the top of the page until it leaves it."""
    stops: list[dict] = []
    for _ in range(AT_MOST):
        app.page.keyboard.press(key)
        stop = app.page.evaluate(FOCUSED)
        if stop is None or any(stop["number"] == earlier["number"] for earlier in stops):
            return stops
        stops.append(stop)
    raise AssertionError("Tab never came to the page's end.")


def walk(app: App, path: str) -> None:
    """Tab reaches everything on a page, and leaves it; each stop has a name."""
    stops = tab_through(app)
    names = [stop["name"] for stop in stops]
    settings = ("Network", "Training") if f"{path}.py" in LESSONS else ("Hidden units", "Hidden units, exact value")
    for name in ("Play", "Step", "More", *settings):
        assert name in names
    nameless = [stop["html"] for stop in stops if not stop["name"]]
    assert not nameless
    assert not app.page.evaluate(PASSED_OVER)


def test_a_field_takes_what_is_typed_and_lets_tab_go(app: App) -> None:
    app.open()
    app.slider("Hidden units").focus()
    app.page.keyboard.press("Shift+Tab")  # to the field before it
    app.page.keyboard.press("ControlOrMeta+a")
    app.page.keyboard.type("37")
    app.page.keyboard.press("Tab")
    eventually(lambda: app.number("Parameters") == 34 * 2 + 7 * 37 + 34 * 38, "37 hidden units")
    assert app.page.evaluate(FOCUSED)["name"] == "Hidden units"


def test_a_run_from_first_to_last_by_keys(app: App) -> None:
    """Tab to a field, type a rate, Tab to Step and press it, Tab to Play and press it."""
    app.open()
    press_tab_until(app, "Learning rate, exact value")
    app.page.keyboard.press("ControlOrMeta+a")
    app.page.keyboard.type("0.5")
    press_tab_until(app, "Step")
    app.page.keyboard.press("Enter")
    trainer = mlp.Trainer(mlp.Settings(learning_rate=0.5))
    trainer.step()
    app.wait_for_step(lambda step: step == 1)
    eventually(lambda: abs(app.number("Train loss") - trainer.evaluate("train")) < 2e-4, "the loss at that rate")
    press_tab_until(app, "Play")
    app.page.keyboard.press("Space")
    app.wait_for_step(lambda step: step > 100)
    app.page.keyboard.press("Space")
    app.button("Play").wait_for()


def press_tab_until(app: App, name: str) -> None:
    for _ in range(AT_MOST):
        app.page.keyboard.press("Tab")
        stop = app.page.evaluate(FOCUSED)
        if stop and stop["name"] == name:
            return
    raise AssertionError(f"Tab does not reach {name}.")
