"""The playground as a class sees it: what the page shows is what the tensors hold."""

import math
import time
from pathlib import Path

import pytest

import mlp
from tests.browser.app import App, eventually

EMBEDDING, LOSS = "Character embedding", "Loss curve"


def test_shows_the_numbers_of_the_network_before_and_after_each_button(app: App) -> None:
    trainer = mlp.Trainer(mlp.Settings())
    app.open()

    def shows_the_trainer() -> None:
        app.wait_for_step(lambda step: step == trainer.steps_done)
        for label, split in (("Train loss", "train"), ("Dev loss", "dev")):
            loss = trainer.evaluate(split)
            eventually(lambda: math.isclose(app.number(label), loss, abs_tol=2e-4), f"{label} {loss}")  # noqa: B023

    shows_the_trainer()
    assert app.number("Parameters") == sum(p.numel() for p in trainer.model.parameters.values())
    app.press("Step")
    trainer.step()
    shows_the_trainer()
    app.press("Epoch")
    trainer.epoch()
    shows_the_trainer()
    assert app.text("Epoch") == "1.00"
    app.press("Reset")
    trainer = mlp.Trainer(mlp.Settings())
    shows_the_trainer()


def test_plays_pauses_and_goes_on_by_mouse_and_by_keys(app: App) -> None:
    app.open()
    app.page.keyboard.press("ArrowRight")
    app.wait_for_step(lambda step: step == 1)
    app.page.keyboard.press("Space")
    app.button("Pause").wait_for()
    app.page.keyboard.press("Space")
    app.button("Play").wait_for()
    assert app.step() > 1
    app.press("Play")
    app.wait_for_step(lambda step: step > 500)
    app.press("Pause")
    app.button("Play").wait_for()
    paused = app.step()
    time.sleep(0.5)
    assert app.step() == paused
    app.press("Play")
    app.wait_for_step(lambda step: step > paused)


def test_a_new_learning_rate_keeps_the_run(app: App) -> None:
    app.open()
    app.press("Play")
    before = app.wait_for_step(lambda step: step > 200)
    app.type("Learning rate", "0.01")
    eventually(lambda: "Learning rate changed from 0.1 to 0.01 at step" in app.note(), "the note")
    assert app.step() > before
    assert "learning_rate=0.01" in app.link()
    app.wait_for_step(lambda step: step > before + 500)


def test_a_slider_acts_while_it_is_dragged(app: App) -> None:
    app.open()
    app.press("Play")
    box = app.slider("Hidden units").bounding_box()
    assert box
    seen = set()
    app.page.mouse.move(box["x"] + box["width"] * 0.45, box["y"] + box["height"] / 2)
    app.page.mouse.down()
    for i in range(12):
        app.page.mouse.move(box["x"] + box["width"] * (0.45 + 0.03 * i), box["y"] + box["height"] / 2)
        time.sleep(0.15)
        seen.add(app.number("Parameters"))
    assert len(seen) >= 5, "the network follows the finger, not the release"
    app.page.mouse.up()
    assert "Hidden units changed, so this is a new network" in app.note()
    app.button("Pause").wait_for()
    chosen = int(app.field("Hidden units").input_value().replace(",", ""))
    eventually(lambda: app.number("Parameters") == 34 * 2 + 7 * chosen + 34 * (chosen + 1), "the chosen network")
    assert f"hidden={chosen}" in app.link()


def test_a_slider_listens_to_the_keyboard_and_its_field_puts_nonsense_right(app: App) -> None:
    app.open()
    app.slider("Block size").focus()
    app.page.keyboard.press("ArrowRight")
    eventually(lambda: app.number("Parameters") == 34 * 2 + 9 * 100 + 34 * 101, "block size 4")
    assert app.slider("Block size").get_attribute("aria-valuetext") == "4 characters"
    app.type("Hidden units", "many")
    eventually(lambda: app.field("Hidden units").input_value() == "100", "the old value")
    app.type("Block size", "99")
    eventually(lambda: app.field("Block size").input_value() == "12", "the nearest legal value")


@pytest.mark.parametrize("context", [{"viewport": {"width": 390, "height": 844}, "has_touch": True}], indirect=True)
def test_fits_a_phone_and_listens_to_touch(app: App) -> None:
    app.open()
    width = app.page.evaluate("document.documentElement.scrollWidth")
    assert width <= 390
    for _ in range(5):  # Tab does not walk through the sidebar, which is beside the screen
        app.page.keyboard.press("Tab")
        assert app.page.evaluate("document.activeElement.getBoundingClientRect().x") >= 0
    app.page.get_by_test_id("stExpandSidebarButton").tap()
    slider = app.slider("Hidden units")
    slider.scroll_into_view_if_needed()
    time.sleep(0.5)
    box = slider.bounding_box()
    assert box
    app.page.touchscreen.tap(box["x"] + box["width"] * 0.9, box["y"] + box["height"] / 2)
    eventually(lambda: app.number("Parameters") > 10_000, "a larger network")


def test_runs_a_number_of_epochs_with_progress_and_can_be_stopped(app: App) -> None:
    app.open("?train_examples=320")
    app.page.get_by_text("More", exact=True).click()
    app.write(app.page.get_by_role("spinbutton", name="Number of epochs"), "3")
    app.press("Run epochs")
    app.wait_for_step(lambda step: step == 30)
    assert app.text("Epoch") == "3.00"
    app.page.get_by_text("More", exact=True).click()
    app.write(app.page.get_by_role("spinbutton", name="Number of epochs"), "100000")
    app.press("Run epochs")
    app.page.get_by_role("progressbar", name="Progress", exact=True).wait_for()
    app.press("Stop")
    app.button("Play").wait_for()
    assert app.step() < 1_000_000


def test_slow_motion_makes_one_step_a_second(app: App) -> None:
    app.open()
    app.page.get_by_role("combobox", name="Speed").select_option("1 step per second")
    app.press("Play")
    app.wait_for_step(lambda step: step >= 2)
    time.sleep(2)
    assert 3 <= app.step() <= 6


def test_the_names_are_those_that_the_network_dreams_and_a_new_seed_is_another_network(app: App) -> None:
    app.open()
    names_are_those_that_the_network_dreams(app)
    app.press("Reset")
    app.wait_for_step(lambda step: step == 0)
    first = app.number("Train loss")
    app.press("New seed")
    eventually(lambda: "seed=1338" in app.link(), "the link")
    trainer = mlp.Trainer(mlp.Settings(seed=1338))
    eventually(lambda: math.isclose(app.number("Train loss"), trainer.evaluate("train"), abs_tol=1e-3), "its loss")
    assert app.number("Train loss") != first


def test_a_reload_keeps_the_settings(app: App) -> None:
    app.open()
    app.type("Hidden units", "37")
    eventually(lambda: "hidden=37" in app.link(), "the link")
    app.page.reload()
    app.settle()
    eventually(lambda: app.text("Step") != "–", "the numbers")
    assert app.number("Parameters") == 34 * 2 + 7 * 37 + 34 * 38


def test_a_link_out_of_bounds_says_what_was_changed(app: App) -> None:
    app.open("?hidden=99999&learning_rate=banana&seed=-4&nonsense=1")
    said = app.page.get_by_test_id("stAlert").all_inner_texts()
    assert any("1024" in note or "1,024" in note for note in said)
    assert any("banana" in note for note in said)
    assert app.number("Parameters") == 34 * 2 + 7 * 1024 + 34 * 1025


@pytest.mark.parametrize("settings", ["?embedding_dim=1", "?embedding_dim=64&block_size=12", "?hidden=1&block_size=1"])
def test_works_at_the_ends_of_the_settings(app: App, settings: str) -> None:
    app.open(settings)
    app.press("Play")
    app.wait_for_step(lambda step: step > 20)
    app.press("Pause")
    app.button("Play").wait_for()


def test_a_diverging_run_stops_and_says_so(app: App) -> None:
    app.open("?learning_rate=10&weight_decay=1")
    app.press("Play")
    eventually(lambda: "diverged" in app.note(), "the sentence")
    app.button("Play").wait_for()
    app.press("Reset")
    app.wait_for_step(lambda step: step == 0)
    assert "diverged" not in app.note()


@pytest.mark.parametrize("context", [{"newcomer": True}], indirect=True)
def test_a_newcomer_sees_the_beginning_slowly_and_a_chosen_speed_is_kept(app: App) -> None:
    app.open()
    speed = app.page.get_by_role("combobox", name="Speed")
    eventually(lambda: speed.input_value() == "watch", "the pace for a newcomer")
    begin = time.monotonic()
    app.press("Play")
    app.wait_for_step(lambda step: step > 20)
    assert time.monotonic() - begin > 1.5, "ten steps a second"
    speed.select_option("Full speed")
    app.wait_for_step(lambda step: step > 2000)
    app.press("Pause")
    app.page.reload()
    app.open()
    eventually(lambda: speed.input_value() == "", "the speed that was chosen")


def test_two_tabs_do_not_disturb_each_other(app: App, context, server) -> None:
    app.open()
    other = App(context.new_page(), server[0]).open("?hidden=20")
    app.press("Play")
    app.wait_for_step(lambda step: step > 300)
    assert other.step() == 0
    other.press("Step")
    other.wait_for_step(lambda step: step == 1)
    other.check_console()


def test_closing_the_tab_stops_its_work(app: App, context, server) -> None:
    tab = App(context.new_page(), server[0]).open()
    tab.press("Play")
    tab.wait_for_step(lambda step: step > 300)
    tab.page.close()

    def quiet() -> bool:
        before = cpu_seconds(server[1])
        time.sleep(2)
        return cpu_seconds(server[1]) - before < 0.4

    eventually(quiet, "a server that rests", 40)


def cpu_seconds(pid: int) -> float:
    """Processor time of a process so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / 100


def test_works_without_the_socket(app: App) -> None:
    app.page.add_init_script(
        "const Real = window.WebSocket; window.WebSocket = class extends Real { constructor(url, ...rest) {"
        "super(String(url).replace('/live/socket/', '/nowhere/'), ...rest); } };"
    )
    app.open()
    app.press("Step")
    app.wait_for_step(lambda step: step == 1)
    app.press("Play")
    app.wait_for_step(lambda step: step > 200)
    eventually(lambda: app.draws(EMBEDDING) > 4, "drawings")
    app.press("Pause")
    app.button("Play").wait_for()
    app.complaints = [text for text in app.complaints if "WebSocket" not in text]


@pytest.mark.parametrize("context", [{"color_scheme": "dark"}], indirect=True)
def test_wears_the_dark_theme(app: App) -> None:
    from mlp.plots.theme import DARK

    app.open()
    eventually(lambda: app.draws(LOSS) > 0, "the drawing")
    colour = app.page.locator(".js-plotly-plot").nth(1).evaluate("plot => plot.data[1].line.color")
    assert colour == DARK["train"]


def names_are_those_that_the_network_dreams(app: App) -> None:
    app.press("Epoch")
    trainer = mlp.Trainer(mlp.Settings())
    trainer.epoch()
    expected = [name or "(empty)" for name in trainer.sample(8)]
    words = app.page.locator(".live-words span")
    eventually(lambda: words.all_inner_texts() == expected, f"{expected}")
