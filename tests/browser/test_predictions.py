"""Predict, then see, by keys alone: a guess is typed or chosen and committed, and then what is so stands beside it."""

import re

import pytest
from playwright.sync_api import Locator

import mlp
from tests.browser.app import App, eventually

FORGOTTEN = "Answer first: then you see what is right."


def box(app: App, question: str) -> Locator:
    return app.page.locator(f".st-key-predict_{question}")


def answer(app: App, question: str, *guesses: str | int) -> None:
    """Type each text, choose each option by its number, and commit, with Tab and keys from the first field on."""
    asked = box(app, question)
    asked.locator("input").first.focus()
    for guess in guesses:
        if isinstance(guess, int):
            for key in ("Space", *["ArrowRight"] * guess):
                app.page.keyboard.press(key)
        else:
            app.page.keyboard.press("ControlOrMeta+a")
            app.page.keyboard.type(guess)
        app.page.keyboard.press("Tab")
    button = asked.get_by_role("button", name="Commit my guess")
    while not button.evaluate("element => element === document.activeElement"):
        app.page.keyboard.press("Tab")
    app.page.keyboard.press("Enter")
    app.settle()


def table(app: App, name: str) -> list[list[str]]:
    """The texts of a table, once it has come."""
    rows = app.page.get_by_role("group", name=name, exact=True).locator("tbody tr")
    rows.first.wait_for()
    return rows.evaluate_all("rows => rows.map(row => [...row.cells].map(cell => cell.innerText))")


def focused(app: App) -> str:
    return app.page.evaluate("document.activeElement.innerText")


def test_guesses_about_words_by_keys(app: App) -> None:
    app.open("examples")
    box(app, "shapes").get_by_role("button", name="Commit my guess").focus()
    app.page.keyboard.press("Enter")
    box(app, "shapes").get_by_text(FORGOTTEN).wait_for()
    answer(app, "shapes", "mew", "(3, 3)", "(4,)")
    eventually(lambda: table(app, "Your shapes and PyTorch’s")[0][1:] == ["(3, 3)", "(4, 3)", "wrong"], "the shapes")
    assert focused(app) == "Commit my guess"  # so that another guess is a few keys away
    answer(app, "tokens", "b" * 10 + "s" * 10)
    eventually(lambda: len(table(app, "Your tokens and the network")) == 4, "the losses")
    before = table(app, "Your tokens and the network")
    app.press("Epoch")
    app.wait_for_step(lambda step: step == 222)
    assert table(app, "Your tokens and the network") == before  # what was guessed about stays
    app.enter("Word", "zubat")
    app.page.get_by_role("group", name="Your tokens and the network").wait_for(state="detached")
    answer(app, "tokens", "b" * 10 + "s" * 10)
    eventually(lambda: table(app, "Your tokens and the network")[1] != before[1], "the trained network's loss")


def test_a_vector_and_a_temperature_by_keys(app: App) -> None:
    app.open("lookup")
    answer(app, "halves", 1)
    box(app, "halves").get_by_text("Right: it lands").wait_for()
    C = mlp.Trainer(mlp.Settings()).model.C

    def shows(first: float, second: float) -> bool:
        expected = ", ".join(f"{value:.4f}".replace("-", "−") for value in (first * C[5] + second * C[9]).tolist())
        return table(app, "v @ C in numbers")[-1][1].replace(" ", "") == f"[{expected}]".replace(" ", "")

    eventually(lambda: shows(0.5, 0.5), "the midpoint")
    field = box(app, "halves").get_by_role("spinbutton").first
    app.write(field, "1")
    app.page.keyboard.press("Enter")
    eventually(lambda: shows(1.0, 0.5), "the other product")
    app.open("output")
    answer(app, "temperature", 0, 2)
    eventually(lambda: table(app, "Your guess and the two losses")[3] == ["your guess", "falls", "rises"], "the guess")
    assert table(app, "Your guess and the two losses")[4] == ["its loss", "falls", "rises"]
    thumb = box(app, "temperature").get_by_role("slider", name="Multiply all logits by")
    thumb.focus()
    thumb.press("ArrowRight")
    box(app, "temperature").get_by_text("with the logits × 5").wait_for()


@pytest.mark.parametrize("context", [{"viewport": {"width": 390, "height": 844}}], indirect=True, ids=["phone"])
def test_short_runs_and_a_race_on_a_phone(app: App) -> None:
    app.open("network")
    answer(app, "cut", 0, "0,5")  # with a comma, as many people write
    eventually(lambda: len(table(app, "Where the short runs end")) == 6, "the short runs")
    box(app, "cut").get_by_text(re.compile(r"Your guess: C \((right|not so)\), 0.5 nats")).wait_for()
    assert app.step() == 0  # the reader's own network is where it was
    app.open("backward")
    answer(app, "clear", "7")
    box(app, "clear").get_by_text("Your guess: at step 7").wait_for()
    assert app.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    numbers = app.page.locator(".live-stuck .live-numbers dd:visible")
    named = numbers.evaluate_all("all => all.map(one => getComputedStyle(one, '::before').content)")
    assert named == ['"step "', '"train "', '"dev "']
    app.open("output")
    for field, price in zip(box(app, "price").get_by_role("spinbutton").all(), ("1.4", "2.3", "5"), strict=True):
        field.click()  # though a hint lies over a field that has the focus already
        app.page.keyboard.type(price)
        app.page.keyboard.press("Tab")
    box(app, "price").get_by_role("button", name="Commit my guess").click()
    eventually(lambda: [row[-1] for row in table(app, "Your prices and −ln p")] == ["right", "right", "too high"], "it")
