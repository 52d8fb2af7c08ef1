"""The page on the backward pass as a teacher uses it: the numbers are the network's own, one key walks the graph."""

import math

import pytest
import torch
import torch.nn.functional as F

import mlp
from mlp.lessons.backward import check_gradients, embedding_movement, largest_entry, next_batch
from mlp.plots import graph, movement
from tests.browser.app import App, eventually
from tests.browser.reading import cell, label, opened, place, ralts, table


def test_gradients_by_hand_are_autograds_at_this_step(app: App) -> None:
    opened(app, "backward")
    app.press("Step")
    trainer = mlp.Trainer(mlp.Settings())
    trainer.step()
    word = ralts(trainer)
    for check in check_gradients(trainer.model, word.X, word.Y):
        symbol = {"concatenated": "embcat", "embedded": "emb", "hidden": "h", "preactivation": "hpreact"}
        title = f"Gradient of {symbol.get(check.name, check.name)}, by hand and with autograd"
        number = check.autograd[largest_entry(check.autograd)].item()
        eventually(lambda: math.isclose(float(table(app, title)[0][2]), number, abs_tol=1e-5), title)  # noqa: B023
        assert math.isclose(float(table(app, title)[0][1]), number, abs_tol=1e-5)
    for width in (1440, 1024):  # one below the other they look like one table, whose digits stand in columns
        app.page.set_viewport_size({"width": width, "height": 900})
        eventually(lambda: ends_of_columns(app) == [1, 1, 1], f"aligned numbers at {width} pixels")
    assert app.page.get_by_role("columnheader", name="autograd").count() == len(trainer.model.parameters) + 7
    assert app.page.locator(".live-next thead").first.bounding_box()["height"] < 2


def ends_of_columns(app: App) -> list[int]:
    """At how many different places the numbers of each column of the twelve tables end; none where one runs over."""
    cells = app.page.locator(".live-row td:not(:first-child)").evaluate_all(
        """cells => cells.map(cell => {
            const written = document.createRange();
            written.selectNodeContents(cell);
            const { left, right } = written.getBoundingClientRect();
            return [cell.cellIndex, Math.round(right), left >= cell.getBoundingClientRect().left - 1];
        })"""
    )
    if not all(fits for *_, fits in cells):
        return []
    return [len({end for column, end, _ in cells if column == which}) for which in (1, 2, 3)]


def test_walking_back_one_step_at_a_time_and_by_a_click(app: App) -> None:
    opened(app, "backward")
    app.press("One step back Shortcut B")
    eventually(lambda: " 1 of 12 gradients" in label(app, graph.TITLE), "dloss")
    app.press("One step back Shortcut B")
    eventually(lambda: "the last one is dlogprobs" in label(app, graph.TITLE), "dlogprobs")
    eventually(lambda: app.draws("dlogprobs") > 0, "its gradient")
    app.press("Undo Shortcut U")
    eventually(lambda: " 1 of 12 gradients" in label(app, graph.TITLE), "back at dloss")
    app.page.mouse.click(*place(app, 0, "W1"))
    eventually(lambda: "the last one is dW1" in label(app, graph.TITLE), "dW1")
    eventually(lambda: app.draws("dW1") > 0, "its gradient")


def test_a_teacher_walks_all_the_way_with_one_key_and_all_in_view(app: App) -> None:
    opened(app, "backward")
    button = app.button("One step back Shortcut B")
    button.evaluate("button => button.scrollIntoView({ block: 'start' })")
    app.page.get_by_test_id("stMain").evaluate("main => main.scrollBy(0, -120)")
    app.page.wait_for_timeout(300)
    top = button.bounding_box()["y"]
    for count in range(1, 13):
        app.page.keyboard.press("b")
        eventually(lambda: f" {count} of 12 gradients" in label(app, graph.TITLE), f"step {count}")  # noqa: B023
        app.settle()
        assert button.bounding_box()["y"] == pytest.approx(top, abs=2)
        assert app.chart(graph.TITLE).bounding_box()["y"] > 0
    eventually(lambda: app.draws("dC") > 0, "the last gradient")
    assert app.chart("dC").bounding_box()["y"] < 800
    app.page.keyboard.press("u")
    eventually(lambda: " 11 of 12 gradients" in label(app, graph.TITLE), "one less")


def test_typing_a_word_with_b_does_not_walk(app: App) -> None:
    opened(app, "backward")
    field = app.page.get_by_role("textbox", name="Word")
    field.click()
    app.write(field, "")
    app.page.keyboard.type("bulb")
    app.page.keyboard.press("Enter")
    app.settle()
    assert field.input_value() == "bulb"
    assert "the backward pass has not started" in label(app, graph.TITLE)


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
    for row, tolerance in (("gradient by hand", 1e-8), ("loss difference / (2 · nudge)", 1e-5)):
        eventually(lambda: math.isclose(cell(app, "A finite difference", row), expected, abs_tol=tolerance), row)  # noqa: B023
    assert app.page.get_by_text("W[0, 0] += 0.0001").first.count() == 1


def test_the_nudge_measures_the_gradient_of_the_chosen_number(app: App) -> None:
    opened(app, "backward")
    trainer = mlp.Trainer(mlp.Settings())
    word = ralts(trainer)
    app.write(app.page.get_by_role("spinbutton", name="row"), "2")
    app.page.keyboard.press("Enter")
    theta = trainer.model.at(trainer.model.theta.double())
    W1 = theta.W1.clone().requires_grad_()
    h = torch.tanh(theta.C[word.X].view(-1, 6) @ W1 + theta.b1)
    F.cross_entropy(h @ theta.W2 + theta.b2, word.Y).backward()
    assert W1.grad is not None
    expected = W1.grad[2, 0].item()
    for row, tolerance in (("gradient by hand", 1e-8), ("loss difference / (2 · nudge)", 1e-5)):
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
    for axis, moves in zip("xy", zip(*before["customdata"], strict=True), strict=True):
        there = pytest.approx([place + by for place, by in zip(before[axis], moves, strict=True)], abs=2e-3)
        eventually(lambda: app.chart(movement.TITLE).evaluate(read)[axis] == there, "the ends of the arrows")  # noqa: B023
