"""The page of own words: what it says before anything is trained, and what a press of its button does."""

import math

import pytest
from streamlit.testing.v1 import AppTest

import mlp
from pages.ui.live.commands import NO_OWN, handle
from pages.ui.playground import pins
from pages.ui.words.form import UPLOAD
from tests.pages.opening import opened, patches

PAGES = ["", "lab", "embedding", "generate", "diagnostics", "examples", "lookup", "hidden", "output", "backward",
         "network", "runs", "take_home"]  # fmt: skip
LISTS = {
    "three words": "ab\nba\nabba",
    "emoji and scripts": "👨‍👩‍👧 x\nẋ̣y\n東京\nالقاهرة\nहिन्दी\n<b>bold</b>\n**x** [y](z) $t$",
    "many characters": "\n".join(chr(0x4E00 + n) + chr(0x4E00 + n + 1) for n in range(0, 512, 2)),
}  # fmt: skip


def write(app: AppTest, text: str) -> AppTest:
    app.text_area(key="words_text").set_value(text).run()
    assert not app.exception
    return app


def learn(app: AppTest) -> None:
    next(button for button in app.button if button.label.startswith("Learn from")).click().run()
    assert not app.exception


def told(app: AppTest, key: str = "words-sum") -> dict[str, str]:
    return {row[0]: row[1] for row in patches(app)[key]["rows"]}


def test_what_becomes_of_a_text_is_said_before_anything_is_trained() -> None:
    app = write(opened("words"), "Anna\nanna\nBea\nCléo\n=1+1")
    live = app.session_state.live
    said = told(app)
    assert said["kept"] == "3 words"
    assert said["changed"] == "3"
    assert said["left out"] == "2: 1 × it is there already, 1 × a formula of a spreadsheet"
    assert (
        said["examples"]
        == f"{sum(len(word) + 1 for word in ('anna', 'bea', 'cléo'))}, each of 3 characters and the next one"
    )
    assert said["characters"].startswith("8,")
    assert patches(app)["words-changed"]["rows"][2] == ["Cléo", "cléo", "small letters"]
    assert live.run.now().recipe.words.own is None


def test_the_choices_decide() -> None:
    app = write(opened("words"), "Anna1\nBea2\nÉva3")
    app.checkbox(key="words_lower").uncheck()
    app.selectbox(key="words_accents").select("remove")
    app.text_input(key="words_without").set_value("0123456789").run()
    assert told(app)["the first ones"] == "Anna, Bea, Eva"
    app.selectbox(key="words_layout").select("text").run()
    write(app, "Anna, «Bea»—Éva!")
    assert told(app)["the first ones"] == "Anna, Bea, Eva"


def test_a_column_of_a_table_is_read() -> None:
    app = opened("words")
    app.segmented_control(key="words_where").set_value(UPLOAD).run()
    app.file_uploader(key="words_file").upload(
        "trees.csv", "id;Baum\n1;Föhre\n2;Lärche\n3;Ulme".encode("cp1252"), "text/csv"
    )
    app.run()
    assert not app.exception
    app.selectbox(key="words_column_id/Baum").select(1).run()
    assert told(app)["the first ones"] == "föhre, lärche, ulme"
    assert any("1252" in info.value for info in app.info)
    learn(app)
    assert app.session_state.live.run.now().recipe.words.name == "trees"


@pytest.mark.parametrize(
    "text", ["a", "a\naa\naaa", "...\n..\n.", "x" * 1_000_000, "\n".join(map(chr, range(0x4E00, 0x5001)))]
)
def test_a_bad_list_gets_a_sentence_and_changes_nothing(text: str) -> None:
    app = opened("words")
    before = app.session_state.live.run.now().network
    write(app, text)
    assert len(app.warning) == 1
    assert app.warning[0].value.endswith("The current run is as it was.")
    assert not any(button.label.startswith("Learn from") for button in app.button)
    assert app.session_state.live.run.now().network == before


def test_the_network_learns_from_them_and_they_come_back() -> None:
    app = write(opened("words", hidden="20"), "anna\nbea\ncleo\ndora\nemil")
    learn(app)
    run = app.session_state.live.run
    now = run.now()
    assert (now.settings.word_list, now.settings.hidden, now.playing) == ("own", 20, True)
    run.pause()
    now = run.now()
    alone = mlp.Trainer(now.settings, mlp.read_words("anna\nbea\ncleo\ndora\nemil"))
    alone.step(now.step)
    assert alone.model.theta.tolist() == now.model.theta.tolist()
    run.set("word_list", "pokemon")
    assert run.now().recipe.words.own is None
    run.set("word_list", "own")
    assert run.now().recipe.words.own == ("anna", "bea", "cleo", "dora", "emil")


def test_a_click_right_after_typing_is_for_what_was_typed() -> None:
    app = write(opened("words"), "anna\nbea\ncleo\ndora")
    app.text_area(key="words_text").set_value("anna\nbea\ncleo\ndora\nemil\nfritz")
    learn(app)  # on the button that still says 4
    run = app.session_state.live.run
    assert run.now().recipe.words.own == ("anna", "bea", "cleo", "dora", "emil", "fritz")
    assert "learns from these words now" in app.success[0].value


@pytest.mark.parametrize("text", LISTS.values(), ids=LISTS)
def test_every_page_and_every_view_holds_with_own_words(text: str) -> None:
    app = write(opened("words"), text)
    learn(app)
    run = app.session_state.live.run
    run.pause()
    run.step()
    run.now()
    for page in PAGES:
        app.switch_page(f"{page or 'playground'}.py").run()
        assert not app.exception, page
        for key, patch in patches(app).items():
            assert "could not be drawn" not in str(patch.get("label", "")), (page, key)
    assert math.isfinite(run.now().losses[1])


def test_words_of_long_characters_are_written_character_by_character() -> None:
    app = write(opened("words"), LISTS["emoji and scripts"])
    learn(app)
    live = app.session_state.live
    live.run.pause()
    app.switch_page("generate.py").run()
    for _ in range(60):  # some words, whose characters are several code points long
        handle(live, {"name": "generate-writer-draw", "value": None})
        for key, patch in patches(app).items():
            assert "could not be drawn" not in str(patch.get("label", "")), key
        if patches(app)["generate-writer"]["over"]:
            handle(live, {"name": "generate-writer-next", "value": None})


def test_where_there_are_no_own_words_they_cannot_be_chosen() -> None:
    live = opened().session_state.live
    before = live.run.now().network
    handle(live, {"name": "set", "setting": "word_list", "value": "own"})
    now = live.run.now()
    assert (now.network, now.settings.word_list, now.note) == (before, "pokemon", NO_OWN)
    assert pins.fork(live, "word_list", "own") == NO_OWN
    assert live.run.now().network == before
