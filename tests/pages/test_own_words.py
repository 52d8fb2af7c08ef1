"""With a list of one's own, every page speaks of words: no text on it takes them for names, or for Pokémon."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

import mlp
from mlp.analysis.presets import MEASURED_ON, PRESETS, REMEDIES, UNTRIED
from mlp.settings import SPECS
from pages.ui.lab import jobs
from pages.ui.lab.bench import lab_of
from pages.ui.lessons.lesson import ORDER
from pages.ui.live.commands import handle
from tests.pages.opening import opened, patches
from tests.waiting import eventually

TREES = """ash maple oak birch beech larch spruce pine cedar willow hazel rowan elm alder poplar aspen linden cypress
juniper sequoia hornbeam chestnut walnut hawthorn blackthorn elder holly yew fir plane"""
PAGES = ["", "lab", "embedding", "generate", "diagnostics", "runs", *(file.removesuffix(".py") for file, _, _ in ORDER)]

WRONG = re.compile(r"\b(names?|pokémon|pokédex)\b", re.IGNORECASE)
RIGHT = (  # these speak of something else than the words of the list, or of the Pokémon list by its name
    *SPECS["word_list"].choices.values(),  # what else can be chosen
    *SPECS["train_examples"].of_list.values(),  # shown on the Pokémon list alone
    UNTRIED.format(noun="words"),
    "The notes’ code, run on the first 32 examples of the Pokémon list",
    "The notes train on the first 32 examples of the Pokémon list",
    "a tensor with its name and shape", "each tensor’s name, shape", "an index is only a name",
    "both names lead to the same numbers", "The second name of a pair",
    "the first names of your class",  # as one may bring
)  # fmt: skip
NAME_OF_A_RUN = {"Name", "New name"}
NO_TEXT = {"id", "key", "name", "names", "component_name", "js_content", "css_content", "html_content", "hovertemplate"}
PLOTTED = {"x", "y", "z", "customdata"}


def texts(value: Any, field: str = "") -> Iterator[str]:
    """All that a reader may see of an element as the browser gets it, or of what a view gives."""
    if field in NO_TEXT or field in PLOTTED:
        return
    if isinstance(value, dict):
        for name, part in value.items():
            yield from texts(part, name)
    elif isinstance(value, str):
        yield from texts(json.loads(value)) if field == "json" else [value]
    elif hasattr(value, "ListFields"):
        for descriptor, part in value.ListFields():
            yield from texts(part, descriptor.name)
    elif not isinstance(value, int | float | bytes | None):
        for part in value:
            yield from texts(part, field)


def wrong(app: AppTest) -> list[str]:
    """The texts on a page that are not of words."""
    protos = (element.proto for element in app._tree if getattr(element, "proto", None) is not None)
    found = [text for part in (*protos, patches(app)) for text in texts(part)]
    assert len(found) > 20
    return [text for text in found if text not in NAME_OF_A_RUN and WRONG.search(without(text))]


def without(text: str) -> str:
    for part in RIGHT:
        text = text.replace(part, "")
    return text


def opened_with_trees(page: str = "", **link: str) -> AppTest:
    app = opened(page, **link)
    app.session_state.live.run.learn_from(mlp.read_words(TREES, "Trees", layout="text"), "")
    app.session_state.live.run.pause()
    app.session_state.live.run.now()
    return app.run()


def trees(settings: mlp.Settings, steps: int) -> mlp.Trainer:
    made = mlp.Trainer(settings, mlp.read_words(TREES, "Trees", layout="text"))
    made.step(steps)
    return made


@pytest.mark.parametrize("page", PAGES)
def test_a_page_speaks_of_words(page: str) -> None:
    app = opened_with_trees("" if page == "lab" else page)
    if page == "lab":  # whose first map is of the words that there are when it is opened
        app.switch_page("lab.py").run()
    assert not app.exception
    assert wrong(app) == []
    app.session_state.live.run.call(lambda trainer: trainer.step(200))
    assert wrong(app) == []


@pytest.mark.parametrize("page", ["", "examples", "generate"])
def test_a_page_speaks_of_names_again_on_a_list_that_ships(page: str) -> None:
    app = opened_with_trees(page)
    app.session_state.live.run.set("word_list", "pokemon")
    app.session_state.live.run.now()
    assert wrong(app.run())


@pytest.mark.parametrize("share", [0.0, 0.5])
def test_what_is_refused_or_cannot_be_is_said_of_words(share: float) -> None:
    app = opened_with_trees("generate", dev_share=str(share), train_share="0.5")
    app.text_input(key="generate_start").set_value("a" * 30).run()
    assert len(app.warning) == 1
    live = app.session_state.live
    for command in ({"name": "new_seed"}, {"name": "epoch"}):
        handle(live, command)
        assert not WRONG.search(live.run.now().note)
    live.run.back_to_best()
    assert not WRONG.search(live.run.now().note)
    assert wrong(app) == []


def test_pinned_runs_speak_of_words() -> None:
    app = opened_with_trees()
    for seed in (1, 2):
        app.session_state.live.run.set("seed", seed)
        next(button for button in app.button if button.label == "Pin this run").click().run()
    assert any("different dev splits" in caption.value for caption in app.caption)
    assert wrong(app) == []


def test_the_lab_is_of_the_words_at_hand() -> None:
    app = opened_with_trees("lab")
    app.text_input(key="lab_x_hidden").set_value("2, 4")
    app.text_input(key="lab_y_train_examples").set_value("64, 4096, all")
    app.number_input(key="lab_steps").set_value(20).run()
    next(button for button in app.button if button.label == "Train the map").click().run()
    next(button for button in app.button if button.label == "Compare the remedies").click().run()
    lab, words = lab_of(app.session_state.live), app.session_state.live.run.trainer.words
    assert lab.map.fits.words == lab.comparison.work.words == words
    eventually(lambda: lab.map.done, seconds=60)
    app.run()
    assert any("so 4,096 means all of them" in caption.value for caption in app.caption)
    assert wrong(app) == []
    assert "Learned from" not in str(patches(app))
    app.session_state.live.run.set("word_list", "pokemon")
    shown = patches(app)
    assert "Learned from: Trees (30 words)." in shown["lab-scrub"]["text"]
    assert "Learned from: Trees (30 words)." in shown["lab-results"]["text"]
    lab.comparison.stop()


@pytest.mark.parametrize(
    ("settings", "steps", "verdict"),
    [
        ({}, 0, "untrained"),
        ({}, 100, "learning"),
        ({"init": "scaled", "hidden": 200}, 3000, "memorising"),
        ({"dev_share": 0.0}, 3000, "memorising"),
        ({"init": "scaled", "hidden": 1, "embedding_dim": 1}, 3000, None),
        ({"dev_share": 0.0, "hidden": 1, "learning_rate": 0.01}, 3000, None),
        ({"weight_decay": 0.003, "hidden": 10, "init": "scaled"}, 3000, None),
        ({"learning_rate": 10.0, "direct": True}, 200, "diverged"),
    ],
    ids=str,
)
def test_a_verdict_speaks_of_words(settings: dict[str, Any], steps: int, verdict: str | None) -> None:
    found = mlp.diagnose(trees(mlp.Settings(**settings), steps))
    assert verdict in (None, found.verdict)
    for sentence in (found.sentence, *found.reasons):
        assert not WRONG.search(sentence)


def choose(app: AppTest, preset: str) -> mlp.Trainer:
    """The run of a preset that was chosen, untrained or a little trained."""
    app.selectbox(key="preset").set_value(preset).run()
    app.session_state.live.run.pause()
    app.session_state.live.run.now()
    return app.session_state.live.run.trainer


@pytest.mark.parametrize("preset", [name for name in PRESETS if name != "notes"])
def test_a_preset_keeps_the_words_at_hand(preset: str) -> None:
    app = opened_with_trees()
    trainer = choose(app, preset)
    assert trainer.words == mlp.read_words(TREES, layout="text")
    assert trainer.settings == PRESETS[preset].settings.with_changes(word_list="own")


def test_a_preset_keeps_the_first_names_and_says_what_was_measured_where() -> None:
    app = opened(word_list="names")
    session = app.session_state.live
    app.selectbox(key="preset").set_value("over_fit").run()
    now = session.run.now()
    assert now.settings.word_list == "names"
    preset = PRESETS["over_fit"]
    assert (
        now.note
        == f"{preset.elsewhere} It was tried out on the Pokémon list, so with these names it can go another way."
    )
    session.run.pause()


def test_the_notes_preset_is_of_the_pokemon_list_and_says_so() -> None:
    app = opened_with_trees()
    assert choose(app, "notes").settings.word_list == "pokemon"
    assert "Pokémon list" in PRESETS["notes"].description
    assert [name for name, preset in PRESETS.items() if preset.elsewhere is None] == ["notes"]


@pytest.mark.parametrize("name", PRESETS)
def test_on_its_own_list_a_preset_is_as_it_was_measured(name: str) -> None:
    assert PRESETS[name].on(MEASURED_ON) is PRESETS[name]


def test_elsewhere_nothing_is_said_of_what_the_losses_do() -> None:
    for each in (*PRESETS.values(), *REMEDIES.values()):
        assert not re.search("loss|after|around|better|weaker|holds", each.elsewhere or "")
    assert "overfits its" not in jobs.introduction(PRESETS["over_fit"].on("own"))
    assert "overfits its 2,048 examples" in jobs.introduction(PRESETS["over_fit"])


def test_what_the_help_says_of_one_list_is_said_there_alone() -> None:
    spec = SPECS["train_examples"]
    assert "Pokédex" in spec.help_on("pokemon")
    assert "Pokédex" not in spec.help_on("own") + spec.help_on("names")
    assert SPECS["hidden"].help_on("pokemon") == SPECS["hidden"].help
