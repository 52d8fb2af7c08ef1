"""The pages on output and loss, the backward pass and the whole network, as a class sees them: the numbers are the
network's own, charts are drawn in place, and pointing at a part lights it."""

import math

import pytest
import torch
import torch.nn.functional as F

import mlp
from mlp.lessons.backward import check_gradients, embedding_movement, largest_entry, next_batch
from mlp.lessons.examples import word_examples
from mlp.lessons.output import first_loss
from mlp.plots import descent, example_losses, graph, movement, network, probabilities, softmax
from mlp.plots.theme import DARK, LIGHT
from tests.browser.app import App, eventually

TITLES = {
    "output": ["logits", softmax.TITLE, probabilities.TITLE, example_losses.TITLE],
    "backward": [graph.TITLE, "loss", descent.TITLE, "C before", "C.grad", "C after", movement.TITLE],
    "network": [network.TITLE],
}


def opened(app: App, page: str, link: str = "") -> App:
    app.open(page + link)
    for title in TITLES[page]:
        eventually(lambda: app.draws(title) > 0, f"{title} on {page}")  # noqa: B023
    return app


def table(app: App, title: str) -> list[list[str]]:
    """A live table, row by row."""
    rows = app.page.get_by_role("group", name=title, exact=True).locator("tbody tr")
    return [row.locator("td").all_inner_texts() for row in rows.all()]


def cell(app: App, title: str, row: str) -> float:
    """The number in a row of a live table of two columns; nan before it is there."""
    return float(dict(table(app, title)).get(row, "nan"))


def ralts(trainer: mlp.Trainer):
    return word_examples("ralts", trainer.dataset.vocabulary, trainer.settings.block_size)


@pytest.mark.parametrize("page", TITLES)
def test_charts_are_drawn_in_place_untrained_trained_and_playing(app: App, page: str) -> None:
    opened(app, page)
    plots = app.page.locator(".js-plotly-plot")
    plots.evaluate_all("plots => plots.forEach(plot => { plot.mark = 'the same'; })")
    app.press("Epoch")
    app.wait_for_step(lambda step: step == 222)
    for title in TITLES[page]:
        eventually(lambda: app.chart(title).get_attribute("data-step") == "222", title)  # noqa: B023
    app.press("Play")
    before = app.draws(TITLES[page][-1])
    eventually(lambda: app.draws(TITLES[page][-1]) > before + 15, "fifteen drawings")
    app.press("Pause")
    app.button("Play").wait_for()
    marks = plots.evaluate_all("plots => plots.map(plot => plot.mark)")
    assert marks == ["the same"] * len(marks)


def test_the_loss_by_hand_and_fused_are_the_networks_own(app: App) -> None:
    opened(app, "output")
    trainer = mlp.Trainer(mlp.Settings())
    word = ralts(trainer)
    for steps in (0, 1):
        trainer.step(steps)
        expected = F.cross_entropy(trainer.model.forward(word.X).logits, word.Y).item()
        for row in ("by hand", "F.cross_entropy"):
            eventually(lambda: math.isclose(cell(app, "The loss both ways", row), expected, abs_tol=2e-5), row)  # noqa: B023
        app.press("Step")


def test_a_constant_added_to_the_logits_breaks_only_the_loss_by_hand(app: App) -> None:
    opened(app, "output")
    title = "The loss with a constant added"
    eventually(lambda: math.isfinite(cell(app, title, "loss by hand")), "the loss")
    loss = cell(app, title, "loss by F.cross_entropy")
    app.page.get_by_role("slider", name="Constant added to every logit").focus()
    app.page.keyboard.press("End")
    eventually(lambda: table(app, title)[4][1] == "nan", "nan by hand")
    assert math.isclose(cell(app, title, "loss by F.cross_entropy"), loss, abs_tol=1e-3)


def test_the_first_loss_is_shown_for_all_examples_and_for_the_notes_own(app: App) -> None:
    opened(app, "output")
    app.press("Epoch")
    app.wait_for_step(lambda step: step == 222)
    train = mlp.Trainer(mlp.Settings()).dataset.train
    said = app.page.get_by_test_id("stTable").inner_text()
    assert "17.0956" in said  # the first 32, seed 1337: the notes' number
    assert f"{first_loss(mlp.Trainer(mlp.Settings()).model, train).loss:.4f}" in said
    assert "3.5264" in said


def test_the_worst_examples_are_those_of_the_split(app: App) -> None:
    opened(app, "output")
    trainer = mlp.Trainer(mlp.Settings())
    for name in ("train", "dev"):
        if name == "dev":
            app.page.get_by_role("radio", name="dev").or_(app.button("dev")).first.click()
        split = trainer.dataset.split(name)
        highest = F.cross_entropy(trainer.model.forward(split.X).logits, split.Y, reduction="none").topk(10).values
        eventually(
            lambda: [row[1] for row in table(app, "Examples that hurt most")] == [f"{x:.4f}" for x in highest.tolist()],  # noqa: B023
            name,
        )


def test_gradients_by_hand_are_autograds_at_this_step(app: App) -> None:
    opened(app, "backward")
    app.press("Step")
    trainer = mlp.Trainer(mlp.Settings())
    trainer.step()
    word = ralts(trainer)
    for check in check_gradients(trainer.model, word.X, word.Y):
        symbol = {"concatenated": "embcat", "embedded": "emb", "hidden": "h", "preactivation": "hpreact"}
        title = f"Gradient of {symbol.get(check.name, check.name)}, by hand and by autograd"
        number = check.autograd[largest_entry(check.autograd)].item()
        eventually(lambda: math.isclose(float(table(app, title)[0][2]), number, abs_tol=1e-5), title)  # noqa: B023
        assert math.isclose(float(table(app, title)[0][1]), number, abs_tol=1e-5)


def test_walking_back_one_step_at_a_time_and_by_a_click(app: App) -> None:
    opened(app, "backward")
    app.press("Walk back Shortcut B")
    eventually(lambda: "reached 1 of 12" in label(app, graph.TITLE), "dloss")
    app.press("Walk back Shortcut B")
    eventually(lambda: "The last one is logprobs" in label(app, graph.TITLE), "dlogprobs")
    eventually(lambda: app.draws("dlogprobs") > 0, "its gradient")
    app.press("Undo Shortcut U")
    eventually(lambda: "reached 1 of 12" in label(app, graph.TITLE), "back at dloss")
    app.page.mouse.click(*place(app, 0, "W1"))
    eventually(lambda: "The last one is W1" in label(app, graph.TITLE), "dW1")
    eventually(lambda: app.draws("dW1") > 0, "its gradient")


def test_a_teacher_walks_all_the_way_with_one_key_and_all_in_view(app: App) -> None:
    opened(app, "backward")
    button = app.button("Walk back Shortcut B")
    button.evaluate("button => button.scrollIntoView({ block: 'start' })")
    app.page.get_by_test_id("stMain").evaluate("main => main.scrollBy(0, -120)")
    app.page.wait_for_timeout(300)
    top = button.bounding_box()["y"]
    for count in range(1, 13):
        app.page.keyboard.press("b")
        eventually(lambda: f"reached {count} of 12" in label(app, graph.TITLE), f"step {count}")  # noqa: B023
        app.settle()
        assert button.bounding_box()["y"] == pytest.approx(top, abs=2)
        assert app.chart(graph.TITLE).bounding_box()["y"] > 0
    eventually(lambda: app.draws("dC") > 0, "the last gradient")
    assert app.chart("dC").bounding_box()["y"] < 800
    app.page.keyboard.press("u")
    eventually(lambda: "reached 11 of 12" in label(app, graph.TITLE), "one less")


def test_typing_a_word_with_b_does_not_walk(app: App) -> None:
    opened(app, "backward")
    field = app.page.get_by_role("textbox", name="Word")
    field.click()
    field.fill("")
    app.page.keyboard.type("bulb")
    app.page.keyboard.press("Enter")
    app.settle()
    assert field.input_value() == "bulb"
    assert "backward has not begun" in label(app, graph.TITLE)


def test_the_nudge_reaches_the_direct_connections_and_shows_its_own_code(app: App) -> None:
    opened(app, "backward", "?direct=true")
    radios = app.page.get_by_role("radiogroup", name="Parameter").or_(app.page.get_by_role("group", name="Parameter"))
    radios.first.get_by_text("W", exact=True).click()
    app.settle()
    trainer = mlp.Trainer(mlp.Settings(direct=True))
    word = ralts(trainer)
    exact = trainer.model.at(trainer.model.theta.double())
    W = exact.W.clone().requires_grad_()
    F.cross_entropy(
        exact.forward(word.X).hidden @ exact.W2 + exact.b2 + exact.C[word.X].view(6, 6) @ W, word.Y
    ).backward()
    expected = W.grad[0, 0].item()
    for row, tolerance in (("gradient by hand", 1e-8), ("difference / (2 · nudge)", 1e-5)):
        eventually(lambda: math.isclose(cell(app, "A finite difference", row), expected, abs_tol=tolerance), row)  # noqa: B023
    assert app.page.get_by_text("W[0, 0] += 0.0001").first.count() == 1


def test_the_nudge_measures_the_gradient_of_the_chosen_number(app: App) -> None:
    opened(app, "backward")
    trainer = mlp.Trainer(mlp.Settings())
    word = ralts(trainer)
    app.page.get_by_role("spinbutton", name="row").fill("2")
    app.page.keyboard.press("Enter")
    theta = trainer.model.at(trainer.model.theta.double())
    W1 = theta.W1.clone().requires_grad_()
    h = torch.tanh(theta.C[word.X].view(-1, 6) @ W1 + theta.b1)
    F.cross_entropy(h @ theta.W2 + theta.b2, word.Y).backward()
    assert W1.grad is not None
    expected = W1.grad[2, 0].item()
    for row, tolerance in (("gradient by hand", 1e-8), ("difference / (2 · nudge)", 1e-5)):
        eventually(lambda: math.isclose(cell(app, "A finite difference", row), expected, abs_tol=tolerance), row)  # noqa: B023


def test_the_arrows_are_where_the_next_step_goes(app: App) -> None:
    opened(app, "backward")
    trainer = mlp.Trainer(mlp.Settings())
    move = embedding_movement(
        trainer.model, trainer.settings, *next_batch(trainer.settings, trainer.dataset.train, 0.0)
    )
    assert f"{move.moving} of 34 embeddings move" in label(app, movement.TITLE)
    read = "chart => chart.querySelector('.js-plotly-plot').data[1]"
    before = app.chart(movement.TITLE).evaluate(read)
    app.press("Step")
    eventually(lambda: app.chart(movement.TITLE).get_attribute("data-step") == "1", "the step")
    after = app.chart(movement.TITLE).evaluate(read)
    for i, (dx, dy) in enumerate(before["customdata"]):
        assert after["x"][i] - before["x"][i] == pytest.approx(dx, abs=2e-3)
        assert after["y"][i] - before["y"][i] == pytest.approx(dy, abs=2e-3)


@pytest.mark.parametrize(
    ("context", "palette"),
    [({"color_scheme": "light"}, LIGHT), ({"color_scheme": "dark"}, DARK)],
    indirect=["context"],
    ids=["light", "dark"],
)
def test_pointing_lights_a_part_and_a_click_leads_to_its_page_while_the_run_goes_on(app: App, palette: dict) -> None:
    opened(app, "network")
    colour = "plot => plot.data.find(trace => trace.name === 'hidden').marker.line.color"
    plot = app.page.locator(".js-plotly-plot")
    assert plot.evaluate(colour) == palette["line"]
    app.press("Play")
    app.page.mouse.move(*place(app, 0, "W1"))
    caption = app.page.locator(".live-caption")
    eventually(lambda: caption.inner_text().startswith("weights W1, shape (6, 100)"), "the caption")
    eventually(lambda: plot.evaluate(colour) == palette["accent"], "what W1 feeds is lit")
    draws = app.draws(network.TITLE)
    eventually(lambda: app.draws(network.TITLE) > draws + 5, "five drawings")
    assert plot.evaluate(colour) == palette["accent"]
    app.page.mouse.move(2, 2)
    eventually(lambda: plot.evaluate(colour) == palette["line"], "dark again")
    step = app.step()
    app.page.mouse.click(*place(app, 0, "W1"))
    app.page.wait_for_url("**/hidden*")
    app.wait_for_step(lambda now: now > step + 100)
    app.press("Pause")


def test_a_part_can_be_lit_without_a_pointer(app: App) -> None:
    opened(app, "network")
    app.page.get_by_role("radio", name="tanh").or_(app.button("tanh")).first.click()
    eventually(lambda: "hidden is fed by C, W1, X" in label(app, network.TITLE), "the lit part")
    assert app.page.locator(".live-caption").inner_text().startswith("tanh, shape (B, 100)")
    app.page.get_by_role("link", name="The page that explains tanh").click()
    app.page.wait_for_url("**/hidden*")


@pytest.mark.parametrize("page", TITLES)
@pytest.mark.parametrize("link", ["?block_size=12&embedding_dim=64&hidden=1024&direct=true", "?block_size=1&hidden=1"])
def test_pages_play_at_the_ends_of_the_settings(app: App, page: str, link: str) -> None:
    opened(app, page, link)
    app.press("Play")
    app.wait_for_step(lambda step: step > 20)
    app.press("Pause")
    app.button("Play").wait_for()
    for title in TITLES[page]:
        eventually(lambda: app.chart(title).get_attribute("data-step") == str(app.step()), title)  # noqa: B023


@pytest.mark.parametrize("page", TITLES)
def test_pages_survive_divergence_and_a_new_network(app: App, page: str) -> None:
    opened(app, page, "?learning_rate=10&weight_decay=1")
    app.press("Play")
    eventually(lambda: "diverged" in app.note(), "the sentence")
    app.type("Block size", "5")
    app.wait_for_step(lambda step: step == 0)
    for title in TITLES[page]:
        eventually(lambda: app.chart(title).get_attribute("data-step") == "0", title)  # noqa: B023
    assert app.page.get_by_test_id("stException").count() == 0
    labels = app.page.locator("[role=img]").evaluate_all("charts => charts.map(chart => chart.ariaLabel)")
    assert not [text for text in labels if "could not be drawn" in text]


@pytest.mark.parametrize("context", [{"viewport": {"width": 390, "height": 844}, "has_touch": True}], indirect=True)
@pytest.mark.parametrize("page", TITLES)
def test_fits_a_phone(app: App, page: str) -> None:
    opened(app, page)
    assert app.page.get_by_test_id("stMain").evaluate("main => main.scrollWidth") <= 390


def label(app: App, title: str) -> str:
    return app.chart(title).get_attribute("aria-label") or ""


def place(app: App, number: int, part: str) -> tuple[float, float]:
    """Where on the screen a part of a diagram stands, scrolled into view."""
    plot = app.page.locator(".live-wide .js-plotly-plot").nth(number)
    plot.evaluate("plot => plot.scrollIntoView({ block: 'center' })")
    app.page.wait_for_timeout(300)
    x, y = plot.evaluate(
        """(plot, part) => {
          const box = plot.getBoundingClientRect();
          const { xaxis, yaxis } = plot._fullLayout;
          for (const trace of plot.data)
            for (const [i, data] of (trace.customdata ?? []).entries())
              if (data[0] === part)
                return [box.x + xaxis._offset + xaxis.l2p(trace.x[i]), box.y + yaxis._offset + yaxis.l2p(trace.y[i])];
        }""",
        part,
    )
    return x, y
