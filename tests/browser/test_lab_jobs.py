"""The fitting lab beside its map: axes that make none, the search for a rate, and remedies that help."""

import re

from tests.browser.app import App, eventually

BAD = {"5, 5": "twice", "5, many": "many", "0, 5000": "1,024"}  # a part of the sentence that each gets


def test_axes_that_make_no_map_get_a_sentence_before_the_click(app: App) -> None:
    app.open("lab")
    for text, said in BAD.items():
        app.enter("Values of hidden units", text)
        app.page.get_by_test_id("stAlert").filter(has_text=said).first.wait_for()
        eventually(app.button("Train the map").is_disabled, "the button to be disabled")
    app.enter("Values of hidden units", ", ".join(str(units) for units in range(1, 60)))
    app.page.get_by_text("A map can have at most 256 networks; this one has 472.").wait_for()
    assert app.button("Train the map").is_disabled()
    app.choose("Vertical axis", "Hidden units")
    app.page.get_by_text("The two axes must be different settings.").wait_for()
    assert app.button("Train the map").is_disabled()


def test_the_rate_finder_suggests_and_leaves_the_network_alone(app: App) -> None:
    app.open("lab")
    before = app.text("Train loss")
    for chart, idle in (("Learning-rate finder", "no rate has been tried"), ("Compared runs", "no remedy has been")):
        eventually(lambda: idle in (app.chart(chart).get_attribute("aria-label") or ""), chart)  # noqa: B023
    app.press("Find a learning rate")
    result = app.page.get_by_label("Suggested learning rate")
    eventually(lambda: "Suggested rate:" in result.inner_text(), "the suggestion", 60)
    assert app.step() == 0
    assert app.text("Train loss") == before
    suggested = re.search(r"Suggested rate: ([\d.e-]+), half", result.inner_text())
    assert suggested
    app.press("Use this rate")
    eventually(lambda: app.field("Learning rate").input_value() == suggested[1], "the slider")


def test_every_remedy_ends_lower(app: App) -> None:
    app.open("lab")
    app.press("Compare the remedies")
    table = app.page.get_by_label("Results of the remedies")
    eventually(lambda: "Done:" in table.inner_text(), "the comparison", 90)
    rows = [row.locator("td").all_inner_texts() for row in table.locator("tbody tr").all()]
    over_fit, *tried = [float(row[2]) for row in rows]
    assert len(tried) == 4
    assert all(loss < over_fit - 0.1 for loss in tried)
