"""What is taken home from the page: code that prints the losses of the screen, a run to open, charts as files."""

import subprocess
import sys
from pathlib import Path

from playwright.sync_api import Locator

from tests.browser.app import App, eventually


def saved(app: App, button: Locator, folder: Path) -> Path:
    with app.page.expect_download(timeout=60_000) as download:
        button.click()
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    return path


def test_the_script_prints_the_losses_and_the_run_opens_elsewhere(app: App, tmp_path: Path) -> None:
    app.open("take_home?hidden=20&train_examples=512")
    app.press("Epoch")
    eventually(lambda: app.button("Play").is_visible() and app.step() == 16, "an epoch")
    losses = app.text("Train loss"), app.text("Dev loss")
    script = saved(app, app.page.get_by_role("button", name="Python script"), tmp_path)
    made = subprocess.run([sys.executable, "-I", str(script)], capture_output=True, text=True, check=True, cwd=tmp_path)
    rows = [line.split() for line in made.stdout.splitlines()]
    assert ["16", *losses] in rows
    run = saved(app, app.page.get_by_role("button", name="The whole run"), tmp_path)
    other = App(app.page.context.browser.new_context().new_page(), app.url)  # type: ignore[union-attr]
    other.open()
    other.page.get_by_role("button", name="Open a run’s file").click()
    other.page.locator("input[type=file]").set_input_files(run)
    eventually(lambda: other.step() == 16, "the run")
    eventually(lambda: (other.text("Train loss"), other.text("Dev loss")) == losses, "its losses")
    assert other.field("Hidden units").input_value() == "20"
    other.page.context.close()


def test_a_chart_is_saved_as_picture_and_as_a_page_that_works_offline(app: App, tmp_path: Path) -> None:
    app.open()
    app.press("Step")
    eventually(lambda: app.chart("Loss curve").get_attribute("data-step") == "1", "the curve")
    tools = app.page.locator(".modebar-btn").evaluate_all("buttons => buttons.map((button) => button.dataset.title)")
    assert tools
    assert not [tool for tool in tools if "loud" in tool or "hare" in tool], "nothing is sent to another host"
    charts = app.page.locator("details.live-data")
    box = charts.filter(has=app.page.locator("summary[aria-label^='Loss curve']"))
    box.locator("summary").click()
    kinds = "PNG", "SVG", "Interactive page"
    files = {name: saved(app, box.get_by_role("button", name=name), tmp_path) for name in kinds}
    assert files["PNG"].read_bytes().startswith(b"\x89PNG")
    svg = files["SVG"].read_text(encoding="utf-8")
    assert svg.startswith("<svg")
    assert "Loss curve, step 1" in svg
    page = app.page.context.browser.new_context(offline=True).new_page()  # type: ignore[union-attr]
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.goto(files["Interactive page"].as_uri())
    page.wait_for_selector(".js-plotly-plot .scatterlayer")
    names = page.locator(".js-plotly-plot").evaluate("plot => plot.data.map(trace => trace.name)")
    assert {"train", "dev"} <= set(names)
    assert not said
    page.context.close()
