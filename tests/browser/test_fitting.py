"""Underfitting and overfitting on the playground: verdicts, presets, reference lines, best step, pins and forks."""

import math

import pytest

import mlp
from mlp.analysis.baselines import baselines, mixed_loss
from mlp.analysis.presets import PRESETS
from mlp.training.curves import best_step
from tests.browser.app import App, eventually

LOSS = "Loss curve"


def trace(app: App, name: str) -> dict:
    """A visible trace of the loss curve."""
    return app.page.locator(".js-plotly-plot").nth(1).evaluate(
        "(plot, name) => { const t = plot.data.find(t => t.visible !== false && t.name === name);"
        "return t ? {x: [...t.x], y: [...t.y]} : null; }",
        name,
    )  # fmt: skip


def test_a_preset_shows_its_regime(app: App) -> None:
    app.open()
    app.choose("Preset", "Overfit")
    app.wait_for_step(lambda step: step == PRESETS["over_fit"].steps)
    verdict = app.page.get_by_label("Verdict")
    eventually(lambda: "overfitting" in verdict.inner_text(), "the verdict")
    app.page.get_by_text("Why?").click()
    assert verdict.locator("li").count() >= 1
    assert app.number("Parameters") == 13_374
    app.press("Reset")
    app.wait_for_step(lambda step: step == 0)
    app.choose("Preset", "Overfit")  # once more
    app.wait_for_step(lambda step: step == PRESETS["over_fit"].steps)


def test_the_best_step_is_marked_and_gone_back_to(app: App) -> None:
    app.open("?embedding_dim=10&init=scaled&train_examples=256")
    trainer = mlp.Trainer(mlp.Settings(embedding_dim=10, init="scaled", train_examples=256))
    app.page.get_by_text("More", exact=True).click()
    app.write(app.page.get_by_role("spinbutton", name="Number of epochs"), "60")
    app.press("Run epochs")
    trainer.step(60 * 8)
    app.wait_for_step(lambda step: step == 480)
    best = best_step(trainer.timeline.steps, trainer.timeline.losses("dev"))
    eventually(lambda: (trace(app, "best dev") or {}).get("x") == [best], f"the star at {best}")
    app.press("Restore best step")
    app.press("Go back and forget later steps")
    app.wait_for_step(lambda step: step == best)
    trainer.back_to_best()
    eventually(lambda: math.isclose(app.number("Dev loss"), trainer.evaluate("dev"), abs_tol=2e-4), "its dev loss")
    app.press("Step")
    trainer.step()
    app.wait_for_step(lambda step: step == best + 1)
    eventually(lambda: math.isclose(app.number("Train loss"), trainer.evaluate("train"), abs_tol=2e-4), "the next step")


def test_early_stopping_stops(app: App) -> None:
    app.open("?embedding_dim=10&init=scaled&train_examples=256")
    app.press("Early stopping")
    app.page.get_by_test_id("stPopoverBody").get_by_text("Stop when the dev loss stops improving").click()
    patience = app.page.get_by_role("spinbutton", name="Patience (steps)")
    app.write(patience, "200")
    patience.press("Enter")
    app.settle()
    app.page.keyboard.press("Escape")
    app.press("Play")
    eventually(lambda: "had not improved for 200 steps. Restored step" in app.note(), "the stop")
    app.button("Play").wait_for()


def test_reference_lines_stand_where_counting_and_the_paper_put_them(app: App) -> None:
    app.open()
    app.press("Reference lines")
    for line in (
        "bigram (pairs), dev loss",
        "lowest possible train loss",
        "mixture: half network, half trigram, dev loss",
    ):
        app.choose("Lines", line)
    trainer = mlp.Trainer(mlp.Settings())
    known = baselines(trainer.dataset)
    for name, loss in (
        ("uniform guess, ln 34", math.log(34)),
        ("bigram", known.dev.bigram),
        ("lowest possible train loss", known.lowest),
        ("mixture", mixed_loss(trainer.model, trainer.dataset)),
    ):
        eventually(lambda: trace(app, name) is not None, name)  # noqa: B023
        assert trace(app, name)["y"] == pytest.approx([loss] * 3, rel=1e-4)


def test_pins_forks_and_tells_them_apart(app: App) -> None:
    app.open("?train_examples=320")
    app.press("Epoch")
    app.wait_for_step(lambda step: step == 10)
    app.press("Pin this run")
    app.settle()
    eventually(lambda: trace(app, "1: training examples 320") is not None, "the ghost")
    trainer = mlp.Trainer(mlp.Settings(train_examples=320))
    trainer.step(10)
    assert trace(app, "1: training examples 320")["y"] == pytest.approx(trainer.timeline.losses("dev"), rel=1e-4)
    app.page.get_by_role("button", name="Fork", exact=True).click()
    field = app.page.get_by_role("textbox", name="New value of hidden units")
    app.write(field, "5000")
    field.press("Enter")
    app.settle()
    app.press("Start the fork")
    app.page.get_by_text("Hidden units must be a whole number from 1 to 1,024.").wait_for()
    assert app.step() == 10, "bad input loses nothing"
    app.write(field, "7")
    field.press("Enter")
    app.settle()
    app.press("Start the fork")
    eventually(lambda: app.number("Parameters") == 34 * 2 + 7 * 7 + 34 * 8, "the fork")
    app.wait_for_step(lambda step: step == 10)
    forked = trainer.fork(hidden=7)
    forked.step(10)
    eventually(lambda: math.isclose(app.number("Train loss"), forked.evaluate("train"), abs_tol=2e-4), "its loss")
    field.wait_for(state="hidden")  # the form is out of the way of what it has begun
    app.settle()
    assert app.page.get_by_role("button", name="Unpin 1").count() == 1, "a run pinned as it stands is not pinned again"
    app.press("Fork")
    eventually(lambda: field.input_value() == "7", "the form of a new fork begins with the run as it is")
    app.page.keyboard.press("Escape")
    app.press("Pin this run")
    app.settle()
    eventually(lambda: trace(app, "2: hidden units 7") is not None, "a ghost named after what is different in it")
    app.press("Unpin 1")
    app.settle()
    eventually(lambda: trace(app, "1: training examples 320") is None, "no ghost")


def test_another_word_list_is_named_where_losses_share_an_axis(app: App) -> None:
    app.open("?word_list=names")
    app.press("Pin this run")
    app.settle()
    app.choose("Preset", "The notes’ 32 examples")  # which is about the Pokémon list
    title = "plot => plot.layout.yaxis.title.text"
    plot = app.page.locator(".js-plotly-plot").nth(1)
    eventually(lambda: "different word lists" in plot.evaluate(title), "the axis title")
