"""The pages from words to the hidden layer, in a browser: they show the network's own numbers, and change in place."""

import math
import re

import pytest
import torch
from playwright.sync_api import Locator

import mlp
from mlp.lessons.examples import word_examples
from mlp.training.backprop import gradients
from tests.browser.app import App, at_rest, eventually

CHARTS = {
    "examples": ["Window over the word", "X", "Y", "Characters by frequency", "Pairs of characters",
                 "What follows this context"],
    "lookup": ["C", "Character embedding", "Lookup as a matrix product", "Result", "emb = C[X]"],
    "hidden": ["emb", "embcat", "W1", "b1", "hpreact", "tanh and this example’s hidden units", "h,",
               "Saturation of the hidden units"],
}  # fmt: skip
LINKS = ["", "?block_size=12&embedding_dim=64&hidden=1024", "?learning_rate=10&weight_decay=1"]
PLACES = """() => {
    const main = document.querySelector('[data-testid=stMain]');
    return [...document.querySelectorAll('h2')].map(h => Math.round(h.getBoundingClientRect().top + main.scrollTop));
}"""
DRAWN = """() => [...document.querySelectorAll('.live-chart')].every(box => +box.dataset.draws > 0)"""


def open_page(app: App, page: str, link: str = "") -> App:
    app.open(f"{page}{link}")
    for title in CHARTS[page]:
        app.page.locator(f'.live-chart[aria-label^="{title}"]').first.wait_for(state="attached")
    eventually(lambda: app.page.evaluate(DRAWN), "all charts")
    at_rest(lambda: str(app.page.evaluate(PLACES)), "everything in its place", 0.4)
    return app


def cells(app: App, table: str) -> list[list[str]]:
    rows = app.page.get_by_role("group", name=table, exact=True).locator("tbody tr")
    return rows.evaluate_all("rows => rows.map(row => [...row.cells].map(cell => cell.innerText))")


def number(text: str) -> float:
    return float(text.replace("−", "-").replace(",", ""))


def choose_word(app: App, word: str) -> None:
    field = app.page.get_by_role("textbox", name="Word", exact=True)
    app.write(field, word)
    field.press("Enter")


def close(text: str, value: float) -> bool:
    return math.isclose(number(text), value, abs_tol=6e-5)


def test_the_notes_picture_for_any_word_and_block_size(app: App) -> None:
    open_page(app, "examples")
    arrows = ["... ---> r", "..r ---> a", ".ra ---> l", "ral ---> t", "alt ---> s", "lts ---> ."]
    assert [row[0] for row in cells(app, "Examples of the word")] == arrows
    choose_word(app, "Mew")
    eventually(lambda: cells(app, "Examples of the word")[-1][0] == "mew ---> .", "the other word")
    choose_word(app, "mew√")
    app.page.get_by_text("The network does not know √").wait_for()
    assert cells(app, "Examples of the word")[0][0] == "... ---> m"
    app.type("Block size", "2")
    eventually(lambda: cells(app, "Examples of the word")[0][0] == ".. ---> m", "the smaller block")
    vocabulary = mlp.Trainer(mlp.Settings()).dataset.vocabulary
    indices = word_examples("mew", vocabulary, 2).X.tolist()
    assert [row[1].split(" ---> ")[0] for row in cells(app, "Examples of the word")] == [str(x) for x in indices]
    eventually(lambda: cells(app, "Shapes of X and Y")[0][1:] == ["(4, 2)", "(4,)"], "the shapes")


def test_the_window_slides_by_keys_also_over_repeated_contexts(app: App) -> None:
    open_page(app, "examples")
    thumb = app.page.get_by_role("slider", name="Example (position of the window)")
    thumb.focus()
    thumb.press("ArrowRight")
    thumb.press("ArrowRight")
    app.page.locator('.live-chart[aria-label*="position 3 of 6; after the context “.ra” comes “l”"]').wait_for()
    assert app.step() == 0  # the arrow slides the window, it does not train
    choose_word(app, "aaaaaaaa")
    app.page.locator('.live-chart[aria-label*="position 1 of 9"]').wait_for()
    thumb.focus()
    for position in range(2, 8):
        thumb.press("ArrowRight")
        app.page.locator(f'.live-chart[aria-label*="position {position} of 9"]').wait_for()


def test_the_lookup_shows_the_networks_own_row(app: App) -> None:
    open_page(app, "lookup")
    trainer = mlp.Trainer(mlp.Settings())

    def shows_the_row() -> bool:
        found = [number(part) for part in re.findall(r"[−\d.]+", cells(app, "The row in two ways")[0][1])]
        return torch.allclose(torch.tensor(found), trainer.model.C[5], atol=6e-5)

    eventually(shows_the_row, "row 5 before training")
    app.press("Epoch")
    trainer.epoch()
    eventually(shows_the_row, "row 5 after an epoch")
    assert cells(app, "The row in two ways")[2][1] == "True"
    assert cells(app, "The same embedding in two orders")[2][1] == "True"
    assert cells(app, "Shapes of indexing")[-1] == ["C[X]", "(32, 3)", "(32, 3, 2)", "all contexts at once"]
    for said in ("must be Tensor, not int", "same dtype", "cannot be multiplied", "index 34 is out of bounds"):
        assert app.page.get_by_test_id("stAlert").filter(has_text=said).count() == 1
    own = app.page.get_by_role("textbox", name="Your own index")
    app.write(own, "[5, 99]")
    own.press("Enter")
    app.page.get_by_text("index 99 is out of bounds").wait_for()
    app.write(own, "five")
    own.press("Enter")
    app.page.get_by_text("Type an integer").wait_for()
    app.press("Measure again")
    app.settle()


def test_a_click_on_a_row_looks_it_up(app: App) -> None:
    open_page(app, "lookup")
    table = app.chart("C, shape")
    centre(table)
    place = table.locator(".nsewdrag").bounding_box()
    assert place is not None
    point_at(table, place["x"] + 20, place["y"] + place["height"] * 18.5 / 34, "row n")
    app.chart("Lookup as a matrix product").and_(app.page.locator('[aria-label*="of “n” (index 18)"]')).wait_for()
    eventually(lambda: cells(app, "The row in two ways")[0][0] == "C[18]", "row 18")


def test_the_hidden_layer_shows_the_units_own_sum(app: App) -> None:
    open_page(app, "hidden")
    trainer = mlp.Trainer(mlp.Settings())
    word = word_examples("ralts", trainer.dataset.vocabulary, 3)
    X, Y = word.X, word.Y

    def shows_the_unit() -> bool:
        forward = trainer.model.forward(X)
        a, h = forward.preactivation[0, 7].item(), forward.hidden[0, 7].item()
        dh = gradients(trainer.model, trainer.model.forward(X[:1]), X[:1], Y[:1])["hidden"][0, 7].item()
        shown = [
            cells(app, "The pre-activation of one unit")[-1][-1],
            *(row[1] for row in cells(app, "The unit you follow")),
        ]
        return all(map(close, shown, (a, a, h, 1 - h * h, dh, (1 - h * h) * dh)))

    eventually(shows_the_unit, "unit 7 before training")
    app.press("Epoch")
    trainer.epoch()
    eventually(shows_the_unit, "unit 7 after an epoch")
    hidden = trainer.model.forward(trainer.dataset.train.X[:32]).hidden
    share = f"{(hidden.abs() > 0.97).float().mean().item():.1%}"
    eventually(lambda: share in app.page.get_by_role("group", name="Dead units").inner_text(), "the share")


def centre(chart: Locator) -> None:
    chart.evaluate("chart => chart.scrollIntoView({block: 'center'})")
    chart.page.wait_for_timeout(300)


def point_at(chart: Locator, x: float, y: float, said: str) -> None:
    """Hover until the chart says what is there, and click."""

    def says() -> bool:
        chart.page.mouse.move(x + 1, y)
        chart.page.mouse.move(x, y)
        chart.page.wait_for_timeout(200)
        return said in (chart.locator(".hoverlayer").text_content() or "")

    eventually(says, said)
    chart.page.mouse.click(x, y)


def test_a_click_on_a_point_or_a_cell_follows_its_unit(app: App) -> None:
    open_page(app, "hidden")
    followed = app.page.get_by_role("spinbutton", name="Hidden unit to follow (0–99)")
    curve = app.chart("tanh and this")
    centre(curve)
    a = mlp.Trainer(mlp.Settings()).model.forward(torch.tensor([[0, 0, 0]])).preactivation[0]
    farthest = int(a.argmin())  # the leftmost stands alone
    place = curve.locator(".nsewdrag").first.bounding_box()
    assert place is not None
    x = place["x"] + place["width"] * (a[farthest].item() + 4) / 8
    y = place["y"] + place["height"] * (1.15 - math.tanh(a[farthest].item())) / 2.3
    point_at(curve, x, y, f"unit {farthest}")
    eventually(lambda: followed.input_value() == str(farthest), "the unit of the point")
    app.settle()
    curve.and_(app.page.locator(f'[aria-label*="Unit {farthest} has"]')).wait_for()
    cells_ = app.chart("Saturation of the hidden units")
    centre(cells_)
    place = cells_.locator(".nsewdrag").first.bounding_box()
    assert place is not None
    x, y = place["x"] + place["width"] * 0.425, place["y"] + place["height"] / 2
    point_at(cells_, x, y, "unit 42")
    eventually(lambda: followed.input_value() == "42", "the unit of the cell")


WANTED = {"examples": ("X", "shape (6, 1)"), "lookup": ("C", "shape (34, 3)"), "hidden": ("W1", "shape (3, {hidden})")}
LARGE, DIVERGING = "?block_size=12&embedding_dim=64&hidden=1024", "?learning_rate=10&weight_decay=1"


@pytest.mark.parametrize(
    ("page", "link"),
    [("examples", ""), ("lookup", LARGE), ("hidden", LARGE), ("examples", DIVERGING), ("hidden", DIVERGING)],
)
def test_charts_change_in_place_while_playing_and_show_another_shape_soon(app: App, page: str, link: str) -> None:
    open_page(app, page, link)
    plots = app.page.locator(".js-plotly-plot")
    plots.evaluate_all("plots => plots.forEach(plot => { plot.mark = 'the same'; })")
    places = app.page.evaluate(PLACES)
    app.press("Play")
    if "weight_decay" in link:
        app.page.locator(".live-note.live-bad").wait_for()
    else:
        app.wait_for_step(lambda step: step > 5)
        assert app.page.evaluate(PLACES) == places, "the text jumps"
        app.press("Pause")
    app.settle()
    assert plots.evaluate_all("plots => plots.every(plot => plot.mark === 'the same')")
    assert app.page.locator('[aria-label="This chart could not be drawn."]').count() == 0
    assert app.page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth <= innerWidth")
    if "weight_decay" not in link:
        app.press("Play")
    app.type("Block size", "1")
    app.type("Embedding dimension", "3")
    app.settle()
    title, shape = WANTED[page]
    shape = shape.format(hidden=1024 if link == LARGE else 100)
    app.page.locator(f'.live-chart[aria-label^="{title}, {shape}"]').wait_for()


@pytest.mark.parametrize("context", [{"viewport": {"width": 390, "height": 844}, "has_touch": True}], indirect=True)
@pytest.mark.parametrize("page", CHARTS)
@pytest.mark.parametrize("link", ["?block_size=12&embedding_dim=64&hidden=1024&word_list=names"])
def test_the_page_fits_a_phone(app: App, page: str, link: str) -> None:
    open_page(app, page, link)
    assert app.page.get_by_test_id("stMain").evaluate("main => main.scrollWidth") <= 390
    for table in ("The pre-activation of one unit", "The unit you follow", "The storage of emb", "The row in two ways"):
        held = app.page.get_by_role("group", name=table, exact=True).locator("> div")
        assert all(held.evaluate_all("boxes => boxes.map(box => box.scrollWidth <= box.clientWidth)")), table
