"""Generating names in a real browser: by keys, by itself, at an earlier step, and with a start that makes no sense."""

import pytest

import mlp
from tests.browser.app import App, eventually
from tests.browser.reading import label, table

SETTINGS = {"train_examples": 64, "embedding_dim": 5}
LINK = "generate?train_examples=64&embedding_dim=5"


@pytest.fixture
def trained(app: App) -> App:
    app.open(LINK)
    for _ in range(3):
        app.press("Epoch")
    eventually(lambda: app.text("Step") == "6", "three epochs of two steps")
    return app


def at(step: int) -> mlp.Trainer:
    trainer = mlp.Trainer(mlp.Settings(**SETTINGS))
    trainer.step(step)
    return trainer


def names(app: App) -> list[str]:
    return [row[0] for row in table(app, "A batch of names")]


def listed(trainer: mlp.Trainer, count: int) -> list[str]:
    cut = [(word, len(word) == 24) for word in trainer.sample(count)]
    return [(word.replace(" ", "␣") or "(empty)") + ("…" if long else "") for word, long in cut]


def test_a_name_is_drawn_by_keys_and_is_the_networks(trained: App) -> None:
    expected = at(6).sample(1)[0]
    button = trained.page.locator(".live-writer [data-do=draw]")
    button.focus()
    tiles = trained.page.locator(".live-tiles li")
    for length in range(1, 5):
        trained.page.keyboard.press("Enter")
        eventually(lambda: tiles.count() == 3 + length, f"character {length}")  # noqa: B023
    written = "".join(trained.page.locator(".live-tiles b").all_inner_texts()).removeprefix("...").replace("␣", " ")
    assert len(expected) > 5
    assert written == expected[:4]
    trained.press("Auto")
    eventually(lambda: tiles.count() >= 5 + 3, "a character that is drawn by itself")
    trained.press("Stop")
    trained.press("Next name")
    eventually(lambda: tiles.count() == 3, "the next name")


def test_the_batch_follows_the_timeline_and_the_choices(trained: App) -> None:
    eventually(lambda: names(trained) == listed(at(6), 12), "the names of step 6")
    trained.write(trained.page.get_by_role("textbox", name="Step to look at"), "2")
    trained.page.keyboard.press("Enter")
    eventually(lambda: names(trained) == listed(at(2), 12), "the names of step 2")
    trained.page.keyboard.press("Escape")
    trained.enter("Names begin with", "pi")
    eventually(lambda: all(name.startswith("pi") for name in names(trained)), "names with that start")
    trained.enter("Names begin with", "ßß")
    assert trained.page.get_by_text("The network does not know ß").is_visible()
    assert all(name.startswith("pi") for name in names(trained))
    eventually(lambda: "at step 6" in label(trained, "Where the generated names are from"), "the curve of copies")


def test_a_typed_word_is_scored_letter_by_letter(trained: App) -> None:
    trained.enter("Word to score", "bulbasaur")
    nats = at(6).surprise("bulbasaur")
    eventually(
        lambda: f"“bulbasaur” surprises the network by {sum(nats):.3g} nats" in surprise(trained), "its surprise"
    )
    row = {name: float(ours) for name, ours, _ in table(trained, "Surprise in all")[:2]}
    assert row["surprise per character (nats)"] == pytest.approx(sum(nats) / 10, abs=1e-3)


def surprise(app: App) -> str:
    return label(app, "Surprise, letter by letter")
