"""The timeline: a run's past is shown while one drags, types or replays, is exact, and never changes the run."""

from itertools import pairwise

import pytest

import mlp
from tests.browser.app import App, eventually

EMBEDDING, SLIDER, FIELD = "Character embedding", "Timeline", "Step to look at"


def step(app: App) -> int:
    return int(app.text("Step").replace(",", ""))


def charts(app: App) -> set[str]:
    """The steps that the charts in sight say they show."""
    boxes = app.page.locator(".live-chart")
    return {str(boxes.nth(i).get_attribute("data-step")) for i in range(2)}


def look_at(app: App, text: str) -> None:
    app.write(app.page.get_by_role("textbox", name=FIELD), text)
    app.page.keyboard.press("Enter")


@pytest.fixture
def trained(app: App) -> App:
    app.open("?train_examples=512")
    app.press("Play")
    eventually(lambda: step(app) > 3000, "a run with a past")
    app.press("Pause")
    app.page.wait_for_timeout(500)
    return app


def test_a_step_that_is_typed_is_exactly_that_of_the_run(trained: App) -> None:
    latest = step(trained)
    look_at(trained, "2,345")
    eventually(lambda: step(trained) == 2345, "the very step")
    true = mlp.Trainer(mlp.Settings(train_examples=512))
    true.step(2345)
    assert trained.text("Train loss") == f"{true.evaluate('train'):.4f}"
    assert trained.text("Dev loss") == f"{true.evaluate('dev'):.4f}"
    assert trained.text("Epoch") == f"{true.epoch_done:.2f}"
    eventually(lambda: charts(trained) == {"2345"}, "charts of that step")
    rows = {vowel: true.model.C[true.dataset.vocabulary.index[vowel]].tolist() for vowel in "aeiou"}

    def drawn() -> bool:
        shown = trained.letters(EMBEDDING)
        return all(shown[vowel] == pytest.approx(row, abs=2e-3) for vowel, row in rows.items())

    eventually(drawn, "the vowels of that step, drawn whole")
    trained.page.keyboard.press("Escape")
    eventually(lambda: step(trained) == latest, "the run as it is now")
    look_at(trained, "no step")
    eventually(lambda: trained.page.get_by_text("is no step. Type a whole number.").is_visible(), "a sentence")
    assert step(trained) == latest


def test_dragging_shows_the_past_and_the_run_trains_on(app: App) -> None:
    app.open("?train_examples=512")
    app.press("Play")
    eventually(lambda: step(app) > 2000, "a run with a past")
    box = app.page.get_by_role("slider", name=SLIDER).bounding_box()
    assert box
    middle = box["y"] + box["height"] / 2
    app.page.mouse.move(box["x"] + box["width"] - 9, middle)
    app.page.mouse.down()
    seen = []
    for share in range(90, 40, -5):
        app.page.mouse.move(box["x"] + box["width"] * share / 100, middle)
        app.page.wait_for_timeout(60)
        seen.append(step(app))
    app.page.mouse.up()
    begun = next(i for i, (before, after) in enumerate(pairwise(seen)) if after < before)  # till then it shows now
    assert len(set(seen[begun:])) >= 4, "it follows the drag"
    assert all(after <= 1.05 * before for before, after in pairwise(seen[begun:])), "it does not hop to and fro"
    app.page.wait_for_timeout(600)
    held = step(app)
    assert held < 5000, "where the finger was lifted, in log steps"
    assert app.button("Pause").is_visible(), "the run plays meanwhile"
    app.page.wait_for_timeout(300)
    assert step(app) == held
    app.press("Back to now")
    eventually(lambda: step(app) > 20_000, "the run, which has gone on")


def test_the_arrow_keys_move_through_the_past_and_a_replay_ends_at_now(trained: App) -> None:
    latest = step(trained)
    trained.page.get_by_role("slider", name=SLIDER).focus()
    for _ in range(3):
        trained.page.keyboard.press("ArrowLeft")
    eventually(lambda: 0.9 * latest < step(trained) < latest, "a little earlier")
    trained.press("Replay")
    eventually(lambda: step(trained) < 50, "the beginning")
    eventually(lambda: step(trained) > 500, "the middle")
    trained.page.wait_for_timeout(9000)
    eventually(lambda: step(trained) == latest and trained.button("Replay").is_visible(), "the end")


def test_to_continue_from_an_earlier_step_keeps_what_came_after_as_a_pinned_run(trained: App) -> None:
    latest = step(trained)
    look_at(trained, "1000")
    eventually(lambda: step(trained) == 1000, "that step")
    trained.press("Continue from here")
    trained.settle()
    eventually(lambda: trained.page.get_by_text("Went back to step 1,000.").count() == 1, "what was done")
    eventually(lambda: trained.button("Back to now").count() == 0, "the present")
    assert step(trained) == 1000
    trained.press("Step")
    eventually(lambda: step(trained) == 1001, "the next step")
    ghosts = trained.page.locator(".js-plotly-plot").nth(1).evaluate("plot => plot.data.map((trace) => trace.x.at(-1))")
    assert latest - 100 <= max(x for x in ghosts if x is not None), "the pinned curve goes on"
