"""The page that plays a run, opened as a file without a network: by keys, by Play, on a phone and in the dark."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

import mlp
from mlp.export.about import loss
from mlp.export.figures import figure_html
from mlp.export.replay_page import replay_page
from mlp.plots import embedding
from tests.browser.app import eventually
from tests.export.runs import AWKWARD

HELD_BACK = "<img src=x onerror=alert(1)>"
PHONE_IN_THE_DARK = {"viewport": {"width": 390, "height": 844}, "color_scheme": "dark", "reduced_motion": "reduce"}


@pytest.fixture(scope="module")
def trainer() -> mlp.Trainer:
    trainer = mlp.Trainer(mlp.Settings(hidden=20, embedding_dim=3), [HELD_BACK, *AWKWARD])
    trainer.step(40)
    trainer.change(learning_rate=0.05)
    trainer.step(60)
    return trainer


@pytest.fixture
def page(request: pytest.FixtureRequest, browser: Browser, trainer: mlp.Trainer, tmp_path: Path) -> Iterator[Page]:
    """The page in a window of its own; at the end nothing may stand in its console."""
    context = browser.new_context(**getattr(request, "param", {"viewport": {"width": 1440, "height": 900}}))
    context.set_offline(True)
    tab, complaints = context.new_page(), list[str]()
    tab.on("console", lambda message: complaints.append(message.text))
    tab.on("pageerror", lambda error: complaints.append(str(error)))
    (tmp_path / "run.html").write_text(replay_page(trainer), encoding="utf-8")
    tab.goto((tmp_path / "run.html").as_uri())
    expect(tab.locator("#map .main-svg").first).to_be_visible()
    yield tab
    context.close()
    assert not complaints


def check_state(page: Page, trainer: mlp.Trainer, step: int) -> None:
    """The page says of a step what the trainer says of it."""
    model = trainer.at(step)
    train, dev = (loss(trainer.loss_of(model, split)) for split in ("train", "dev"))
    expect(page.locator("#step")).to_have_text(f"{step:,}")
    expect(page.locator("#train")).to_have_text(train)
    expect(page.locator("#dev")).to_have_text(dev)
    slider = page.get_by_role("slider", name="Timeline")
    expect(slider).to_have_attribute("aria-valuetext", re.compile(f"^step {step:,}, .*{train}, dev loss {dev}$"))
    words = mlp.sampling.sample(model, trainer.dataset.vocabulary, 8, trainer.settings.seed)
    assert [word or "–" for word in words] == page.locator("#names li").all_text_contents()
    expect(page.get_by_role("img", name=f"Character embedding at step {step:,}:")).to_be_visible()
    expect(page.get_by_role("img", name=f"Loss curve at step {step:,}:")).to_be_visible()


@pytest.mark.parametrize("page", [{}, PHONE_IN_THE_DARK], indirect=True, ids=["wide", "phone"])
def test_keys_on_the_slider_show_each_state(page: Page, trainer: mlp.Trainer) -> None:
    check_state(page, trainer, 0)
    page.get_by_role("slider", name="Timeline").focus()
    for key, step in (("ArrowRight", 1), ("ArrowRight", 2), ("End", 100), ("ArrowLeft", trainer.timeline.steps[-2])):
        page.keyboard.press(key)
        check_state(page, trainer, step)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_map_shows_the_points_of_the_state(page: Page, trainer: mlp.Trainer) -> None:
    page.get_by_role("slider", name="Timeline").focus()
    page.keyboard.press("End")
    check_state(page, trainer, 100)
    drawn = page.evaluate("document.getElementById('map').data.flatMap(t => t.x.map((x, i) => [x, t.y[i]]))")
    wanted = embedding.project(trainer.model.C.numpy(), embedding.principal_basis(trainer.model.C)).tolist()
    assert sorted(drawn) == [pytest.approx(point, abs=1e-4) for point in sorted(wanted)]
    here = page.evaluate("document.getElementById('loss').data.find(t => t.name === 'the step that is shown').x")
    assert here == [100, 100]


def test_play_plays_to_the_end_and_begins_anew(page: Page, trainer: mlp.Trainer) -> None:
    page.get_by_role("combobox", name="Speed").select_option("fast")
    page.get_by_role("button", name="Play").press("Enter")
    expect(page.get_by_role("button", name="Pause")).to_be_visible()
    expect(page.get_by_role("button", name="Play")).to_be_visible(timeout=30_000)
    check_state(page, trainer, 100)
    page.get_by_role("button", name="Play").press("Space")
    expect(page.locator("#step")).not_to_have_text("100")
    page.get_by_role("button", name="Pause").click()


@pytest.mark.parametrize("page", [PHONE_IN_THE_DARK], indirect=True)
def test_the_page_follows_what_its_reader_asks_of_the_system(page: Page) -> None:
    assert page.evaluate("document.getElementById('speed').value") == "500"
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(18, 23, 30)"
    vowels = "document.getElementById('map').data[0].marker.color"
    dark = page.evaluate(vowels)
    page.emulate_media(color_scheme="light")
    eventually(lambda: page.evaluate(vowels) != dark, "the light colours")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(254, 254, 254)"


def test_a_single_figure_is_drawn_without_a_network(page: Page, trainer: mlp.Trainer, tmp_path: Path) -> None:
    (tmp_path / "figure.html").write_text(figure_html(embedding.figure(), "<i>Map</i>"), encoding="utf-8")
    page.goto((tmp_path / "figure.html").as_uri())
    expect(page.get_by_role("heading", name="<i>Map</i>")).to_be_visible()
    expect(page.locator("#figure .main-svg").first).to_be_visible()
