"""The embedding page in a real browser: letters that are dragged, a view that stays, files, and the plot as a table."""

import pytest
import torch

import mlp
from tests.browser.app import App, eventually
from tests.browser.reading import label, table

PLANE = "Probability over the plane"
CHANGES = "What moved letters change"


def trained(app: App, link: str = "") -> App:
    app.open(f"embedding{link}")
    app.press("Epoch")
    eventually(lambda: app.step() > 200, "an epoch")
    eventually(lambda: app.draws("Character embedding") > 0, "the letters")
    return app


def place(app: App, letter: str) -> tuple[float, float]:
    """Where a letter of the plane is in the window."""
    x, y = app.chart(PLANE).evaluate(
        """(box, letter) => {
          const plot = box.querySelector(".js-plotly-plot");
          plot.scrollIntoView({ block: "center" });
          const { x, y } = plot.getBoundingClientRect();
          const { xaxis, yaxis } = plot._fullLayout;
          const i = plot.data[1].text.indexOf(letter);
          return [x + xaxis._offset + xaxis.l2p(plot.data[1].x[i]), y + yaxis._offset + yaxis.l2p(plot.data[1].y[i])];
        }""",
        letter,
    )
    return x, y


def losses(app: App) -> list[str]:
    return {row[0]: row[1:] for row in table(app, CHANGES)}.get("train loss (nats)", [])


def test_a_letter_is_dragged_and_put_back_and_the_run_goes_on_unchanged(app: App) -> None:
    trained(app)
    eventually(lambda: app.draws(PLANE) > 0, "the plane")
    place(app, "a")
    app.page.wait_for_timeout(300)  # until the page has scrolled
    x, y = place(app, "a")
    app.page.mouse.move(x, y)
    app.page.mouse.down()
    for i in range(1, 7):
        app.page.mouse.move(x + 15 * i, y - 15 * i)
        app.page.wait_for_timeout(50)
    app.page.mouse.up()
    eventually(lambda: len(set(losses(app))) == 2, "another loss")
    there = pytest.approx((x + 90, y - 90), abs=12)
    eventually(lambda: place(app, "a") == there, "the letter where it was let go, once it is drawn whole")
    trainer = mlp.Trainer(mlp.Settings())
    trainer.epoch()
    assert float(losses(app)[0]) == pytest.approx(trainer.evaluate("train"), abs=1e-3)
    app.press("Put it back")
    eventually(lambda: len(set(losses(app))) == 1, "the loss of the network itself")
    app.press("Step")
    trainer.step()
    eventually(lambda: app.text("Train loss") == f"{trainer.evaluate('train'):.4f}", "the run that was never changed")


def test_what_was_turned_in_3_d_stays_as_the_run_goes_on(app: App) -> None:
    trained(app, "?embedding_dim=3")
    eye = "plot => Object.values(plot._fullLayout.scene._scene.getCamera().eye)"
    plot = app.chart("Character embedding").locator(".js-plotly-plot")
    plot.evaluate("plot => plot.scrollIntoView({ block: 'center' })")
    app.page.wait_for_timeout(300)
    before = plot.evaluate(eye)
    box = plot.bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    app.page.mouse.move(x, y)
    app.page.mouse.down()
    app.page.mouse.move(x + 120, y + 40, steps=6)
    app.page.mouse.up()
    eventually(lambda: plot.evaluate(eye) != before, "another view")
    app.page.wait_for_timeout(300)
    turned, draws = plot.evaluate(eye), app.draws("Character embedding")
    app.press("Epoch")
    eventually(lambda: app.draws("Character embedding") > draws and app.step() > 400, "a later step")
    assert plot.evaluate(eye) == pytest.approx(turned, abs=1e-6)


def test_numbers_can_be_read_as_a_table_by_keys_and_taken_away_as_files(app: App) -> None:
    trained(app)
    trainer = mlp.Trainer(mlp.Settings())
    trainer.epoch()
    app.page.get_by_label("Character embedding in words and as a table").focus()
    app.page.keyboard.press("Enter")
    rows = app.page.locator(".live-data[open] tbody tr")
    eventually(lambda: rows.count() == 34, "a row for each character")
    words = app.page.locator(".live-data[open] > p:not(.live-save)").inner_text()
    assert words == label(app, "Character embedding")
    with app.page.expect_download() as download:
        app.press("vectors.tsv")
    text = download.value.path().read_text(encoding="utf-8")
    numbers = [[float(cell) for cell in line.split("\t")] for line in text.splitlines()]
    assert torch.equal(torch.tensor(numbers), trainer.model.C)


CALM_PHONE = {"viewport": {"width": 390, "height": 844}, "reduced_motion": "reduce"}


@pytest.mark.parametrize("context", [CALM_PHONE], indirect=True)
def test_a_phone_shows_all_without_scrolling_sideways_and_calmly(app: App) -> None:
    trained(app)
    width = app.page.evaluate("document.scrollingElement.scrollWidth")
    assert width <= 390
    trails = "plot => plot.data.filter((trace) => trace.name === 'trail').map((trace) => trace.visible)"
    assert app.chart("Character embedding").locator(".js-plotly-plot").evaluate(trails) == [False] * 3
