"""Nothing is lost: a reload, a killed server and a second tab, in a real browser; and the page of saved runs."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext

import mlp
from tests.browser.app import App, eventually
from tests.serving import Server


@pytest.fixture
def server_to_kill() -> Iterator[Server]:
    server = Server()
    server.start()
    yield server
    server.kill()


def test_a_killed_server_costs_a_few_seconds(context: BrowserContext, server_to_kill: Server) -> None:
    app = App(context.new_page(), server_to_kill.url)
    app.open("?train_examples=512")
    app.press("Play")
    app.wait_for_step(lambda step: step > 3000)
    app.press("Pin this run")
    app.press("Pause")
    eventually(lambda: "mine=" in app.link(), "an address with the run's id")
    app.page.wait_for_timeout(2000)  # a look of the keeper, and its save
    step, train = app.step(), app.text("Train loss")
    server_to_kill.kill()
    server_to_kill.start()
    app.page.goto(app.link())
    app.settle()
    eventually(lambda: app.text("Step") not in ("–", "none") and app.step() == step, "the run at its step")
    assert app.text("Train loss") == train
    assert app.button("Play").is_visible()
    eventually(lambda: app.button("Open 1").is_visible(), "the pinned run")
    true = mlp.Trainer(mlp.Settings(train_examples=512))
    true.step(step + 1)
    app.press("Step")
    eventually(lambda: app.text("Train loss") == f"{true.evaluate('train'):.4f}", "the next step of the same run")


def test_open_pages_come_back_by_themselves_when_the_server_is_there_again(
    context: BrowserContext, server_to_kill: Server
) -> None:
    tabs = [App(context.new_page(), server_to_kill.url) for _ in range(2)]
    kept = []
    for tab, path in zip(tabs, ("?train_examples=512&seed=5", "embedding?train_examples=512&seed=6"), strict=True):
        tab.open(path)
        tab.press("Play")
        tab.wait_for_step(lambda step: step > 3000)
        eventually(lambda: "mine=" in tab.link(), "an address with the run's id")  # noqa: B023
        kept.append(tab.step())
    server_to_kill.kill()
    for tab in tabs:
        tab.page.get_by_text("The connection was lost. Reconnecting…").wait_for()
    server_to_kill.start()
    for tab, step, seed in zip(tabs, kept, (5, 6), strict=True):
        tab.page.get_by_text("This is the run as it was left").wait_for()
        assert tab.step() > 0, f"of a run that was at step {step}: what is lost is seconds, which may be many steps"
        assert f"seed={seed}" in tab.link()
        before = tab.step()
        tab.settle()
        tab.press("Step")
        tab.wait_for_step(lambda step: step == before + 1)  # noqa: B023
    assert "/embedding?" in tabs[1].link()


def test_a_second_tab_gets_a_copy_and_another_browser_nothing(app: App, context: BrowserContext) -> None:
    app.open()
    app.press("Epoch")
    eventually(lambda: "mine=" in app.link(), "an address with the run's id")
    other = App(context.new_page(), app.url)
    other.page.goto(app.link())
    other.settle()
    eventually(lambda: other.text("Step") == app.text("Step"), "the copy")
    other.press("Step")
    other.wait_for_step(lambda step: step == app.step() + 1)
    stranger = App(context.new_page(), app.url).open()
    assert stranger.step() == 0


def test_runs_are_saved_and_opened_by_hand(app: App) -> None:
    app.open("runs?train_examples=512")
    app.press("Epoch")
    app.wait_for_step(lambda step: step == 16)
    app.enter("Name", "the first")
    app.press("Save this run")
    app.page.get_by_text("Saved as “the first”.").wait_for()
    app.press("Epoch")
    app.wait_for_step(lambda step: step == 32)
    app.press("Open this run")
    app.wait_for_step(lambda step: step == 16)
    true = mlp.Trainer(mlp.Settings(train_examples=512))
    true.step(16)
    eventually(lambda: app.text("Train loss") == f"{true.evaluate('train'):.4f}", "the saved run")
    app.press("Delete")
    app.page.get_by_text("“the first” is deleted.").wait_for()
    app.settle()  # or else the button is made anew under the click
    app.press("Undo the deletion")
    app.page.get_by_text("“the first” is back.").wait_for()


def test_a_renamed_run_stays_the_chosen_one(app: App) -> None:
    def typed(box: str, text: str) -> None:
        app.write(app.page.get_by_role("textbox", name=box, exact=True), text)
        app.page.keyboard.press("Tab")
        app.settle()

    app.open("runs")
    for name in ("alpha", "beta"):
        typed("Name", name)
        app.press("Save this run")
        app.page.get_by_text(f"Saved as “{name}”.").wait_for()
    field = app.page.get_by_role("textbox", name="New name")
    eventually(lambda: field.input_value() == "alpha", "the first one, which is chosen")
    chosen = app.page.get_by_test_id("stSelectbox").last.get_by_role("combobox")
    for name in ("gamma", "delta"):
        typed("New name", name)
        app.press("Rename")
        eventually(lambda: chosen.input_value().startswith(f"{name} (saved"), f"{name} as the chosen one")  # noqa: B023
        assert field.input_value() == name
