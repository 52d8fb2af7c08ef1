"""The pages on output and loss, the backward pass and the whole network, as a class sees them: charts are drawn in
place, pointing at a part lights it, and the pages hold at every setting and on a phone."""

import math
import operator

import pytest
import torch.nn.functional as F

import mlp
from mlp.lessons.output import first_loss
from mlp.plots import network
from mlp.plots.theme import DARK, LIGHT
from tests.browser.app import App, eventually
from tests.browser.reading import TITLES, cell, label, opened, place, ralts, table


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
    before = app.draws(TITLES[page][0])
    eventually(lambda: app.draws(TITLES[page][0]) > before + 15, "fifteen drawings")
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
    app.wait_for_step(lambda step: step == 2)
    a_constant_added_to_the_logits_breaks_only_the_loss_by_hand(app)
    the_first_loss_is_shown_for_all_examples_and_for_the_notes_own(app)


def a_constant_added_to_the_logits_breaks_only_the_loss_by_hand(app: App) -> None:
    title = "The loss with a constant added"
    eventually(lambda: math.isfinite(cell(app, title, "loss by hand")), "the loss")
    loss = cell(app, title, "loss by F.cross_entropy")
    app.page.get_by_role("slider", name="Constant added to every logit").focus()
    app.page.keyboard.press("End")
    eventually(lambda: table(app, title)[4][1] == "not a number (nan)", "nan by hand")
    assert math.isclose(cell(app, title, "loss by F.cross_entropy"), loss, abs_tol=1e-3)


def the_first_loss_is_shown_for_all_examples_and_for_the_notes_own(app: App) -> None:
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
            lambda: [row[1] for row in table(app, "The hardest examples")] == [f"{x:.4f}" for x in highest.tolist()],  # noqa: B023
            name,
        )


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
    app.page.mouse.move(*place(app, 0, "W1"))
    eventually(lambda: caption.inner_text().startswith("weights W1"), "what the pointer is on")
    app.page.mouse.down()
    app.page.mouse.up()
    app.page.wait_for_url("**/hidden*")
    app.wait_for_step(lambda now: now > step + 100)
    app.press("Pause")


def test_of_another_example_the_layers_come_one_after_another(app: App) -> None:
    opened(app, "network")
    app.page.evaluate(
        """() => {
          window.turns = new Set();
          const look = () => {
            for (const flow of document.querySelector(".js-plotly-plot").getAnimations({ subtree: true }))
              window.turns.add(flow.effect.getTiming().delay);
            requestAnimationFrame(look);
          };
          look();
        }"""
    )
    app.press("Step")
    app.wait_for_step(lambda step: step == 1)
    app.page.get_by_role("slider", name="Example (position of the window)").press("ArrowRight")
    labels = """() => {
      const plot = document.querySelector(".js-plotly-plot");
      const last = [...plot.querySelectorAll(".scatterlayer .trace")].at(-1);
      return [[...last.querySelectorAll(".textpoint text")].map((text) => text.textContent), plot.data.at(-1).text];
    }"""
    for _ in range(3):  # also where more characters, or fewer, are likely enough to have theirs
        app.press("Step")
        eventually(lambda: operator.eq(*app.page.evaluate(labels)), "the percentages of all bars")
    turns = "[...window.turns].sort((a, b) => a - b)"
    eventually(lambda: app.page.evaluate(turns) == [0, 100, 200, 300, 400, 500], "six turns")


def test_a_part_can_be_lit_without_a_pointer(app: App) -> None:
    opened(app, "network")
    app.page.get_by_role("radio", name="tanh").or_(app.button("tanh")).first.click()
    eventually(lambda: "Highlighted: tanh, shape (B, 100)" in label(app, network.TITLE), "the lit part")
    caption = app.page.locator(".live-caption")
    eventually(lambda: caption.inner_text().startswith("tanh, shape (B, 100)"), "what is said of it")
    app.page.get_by_role("link", name="The page that explains tanh").click()
    app.page.wait_for_url("**/hidden*")


LARGE, SMALL = "?block_size=12&embedding_dim=64&hidden=1024&direct=true", "?block_size=1&hidden=1"


@pytest.mark.parametrize(("page", "link"), [("backward", LARGE), ("network", LARGE), ("output", SMALL)])
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
    labels = app.page.locator(".live-chart").evaluate_all("charts => charts.map(chart => chart.ariaLabel)")
    assert not [text for text in labels if "could not be drawn" in text]
