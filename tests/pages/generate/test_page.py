"""The page on generating names: its controls and sentences, its views, and the name that is written by hand."""

import math
import time

import pytest
import torch
from streamlit.testing.v1 import AppTest

from mlp.limits import Limits
from mlp.sampling import MAX_LENGTH
from mlp.settings import Settings
from pages.ui.generate import tables, views
from pages.ui.generate.choices import Choices
from pages.ui.generate.writer import Writer
from pages.ui.live.session import Application, Session
from tests.pages.opening import opened, patches

PLAIN = Choices("", 1.0, None, 1337)


@pytest.fixture
def session() -> Session:
    made = Session(Application(Limits()), Settings(train_examples=64), [])
    made.run.call(lambda trainer: trainer.step(400))
    made.run.now()
    return made


def write(writer: Writer, session: Session, presses: int) -> dict:
    """Press the button so often, each time after the picture was drawn; the last picture."""
    now = session.run.now()
    for _ in range(presses):
        writer.view(now)
        writer.draw()
    return writer.view(now)


@pytest.mark.parametrize(
    "choices", [PLAIN, Choices("ch", 0.7, 5, 3), Choices("", 0.0, None, 1), Choices("b", 3, 34, 9)]
)
def test_names_written_by_hand_are_those_of_the_batch(session: Session, choices: Choices) -> None:
    writer, now = Writer(), session.run.now()
    writer.configure(choices, now)
    for expected in choices.draw(now, 4):
        shown = writer.view(now)
        while not shown["over"]:
            shown = write(writer, session, 1)
        word = "".join(tile["text"] for tile in shown["tiles"]).strip(".")
        assert word.replace("␣", " ") == expected.word
        assert shown["finished"][0].startswith(word or "(empty)")
        writer.next_word()


def test_each_share_is_the_networks_probability(session: Session) -> None:
    writer, now = Writer(), session.run.now()
    writer.configure(PLAIN, now)
    write(writer, session, 1)
    drawn = writer._letters[0]
    p = now.model.forward(torch.tensor([[0, 0, 0]])).logits[0].double().softmax(0)
    index = now.dataset.vocabulary.characters.index(drawn.character)
    assert drawn.probability == pytest.approx(p[index].item(), abs=1e-12)
    bars = writer.bars(now)["data"][0]["y"]
    after = now.model.forward(torch.tensor([[0, 0, index]])).logits[0].double().softmax(0)
    assert bars == pytest.approx(after.tolist(), abs=1e-3)


def test_a_press_before_the_next_picture_draws_nothing(session: Session) -> None:
    writer, now = Writer(), session.run.now()
    writer.draw()  # of a page that is not there yet
    writer.configure(PLAIN, now)
    writer.view(now)
    for _ in range(5):
        writer.draw()
    assert len(writer._letters) == 1


def test_a_name_without_end_is_cut_off_with_a_sentence(session: Session) -> None:
    session.run.call(lambda trainer: trainer.model.b2.__setitem__(0, -1000.0))
    writer, now = Writer(), session.run.now()
    writer.configure(PLAIN, now)
    shown = write(writer, session, MAX_LENGTH)
    assert shown["over"]
    assert "has not ended this name after 24 characters" in shown["text"]
    assert shown["finished"][0].endswith("cut off")
    text = views.batch(views.drawings(PLAIN))(now)["text"]
    assert "100% were cut off" in text


def test_other_choices_or_words_begin_anew(session: Session) -> None:
    writer, now = Writer(), session.run.now()
    writer.configure(PLAIN, now)
    write(writer, session, 3)
    writer.configure(PLAIN, now)
    assert len(writer._letters) > 0
    writer.configure(Choices("", 0.5, None, 1337), now)
    assert writer._letters == []


def test_the_batch_says_the_probability_and_where_each_name_is_from(session: Session) -> None:
    now = session.run.now()
    shown = views.batch(views.drawings(PLAIN))(now)
    trainer = session.run.trainer
    words = trainer.sample(views.COUNTED)
    for (name, probability, source), word in zip(shown["rows"], words, strict=False):
        ended, nats = not name.endswith("…"), trainer.surprise(word)
        assert name.removesuffix("…") == (word.replace(" ", "␣") or "(empty)")
        true = math.exp(-sum(nats if ended else nats[:-1]))
        assert float(probability.removeprefix("at most ")) == pytest.approx(true, rel=1e-2, abs=1e-6)
        expected = trainer.origin(word) if word else "empty"
        assert source == (tables.FROM[expected] if ended else "cut off")
    share = sum(trainer.origin(word) == "train" for word in words) / len(words)
    assert f"{share:.0%} are in the training list" in shown["text"]


def test_the_most_probable_names_are_the_networks(session: Session) -> None:
    shown = views.likeliest()(session.run.now())
    found = session.run.trainer.most_probable(views.LIKELIEST)
    assert [row[1] for row in shown["rows"]] == [word.replace(" ", "␣") or "(empty)" for word, _ in found]


def test_an_overflowed_network_gets_sentences(session: Session) -> None:
    session.run.call(lambda trainer: trainer.model.theta.fill_(math.nan))
    now = session.run.now()
    assert "overflowed" in views.likeliest()(now)["text"]
    assert "overflowed" in views.batch(views.drawings(PLAIN))(now)["text"]
    chart, table = views.surprise("ralts")
    assert "overflowed" in chart(now)["label"]
    assert table(now)["rows"]


def test_the_curve_of_copies_climbs_as_the_network_learns_its_words_by_heart(session: Session) -> None:
    session.run.call(lambda trainer: trainer.step(3000))
    app = AppTest.from_function(lambda: None).run()  # a session state for the series
    assert not app.exception
    view, now = views.curve(session, PLAIN, views.drawings(PLAIN)), session.run.now()
    end = time.monotonic() + 30
    while len(view(now)["data"][3]["x"]) < 20:
        assert time.monotonic() < end
        time.sleep(0.02)
    patch = view(now)
    steps, copies = patch["data"][3]["x"], patch["data"][3]["y"]
    assert copies[-1] > copies[0] + 0.3
    again = session.run.trainer.fork()
    again.step(steps[5])
    words = again.sample(views.COUNTED)
    assert steps[-1] == now.step
    assert copies[5] == sum(again.origin(word) == "train" for word in words) / len(words)


@pytest.mark.parametrize(("typed", "sentence"), [("ß", "does not know"), ("a" * 40, "at most 24")])
def test_a_start_that_makes_no_sense_gets_a_sentence_and_the_last_one_stays(typed: str, sentence: str) -> None:
    app = opened("generate")
    app.text_input(key="generate_start").set_value("Pi.").run()
    assert not app.warning
    app.text_input(key="generate_start").set_value(typed).run()
    assert not app.exception
    assert sentence in app.warning[0].value
    assert "Names still begin with “pi”" in app.warning[0].value.replace("\\", "")


@pytest.mark.parametrize("link", [{"block_size": "12", "hidden": "1024"}, {"word_list": "names", "block_size": "1"}])
def test_every_view_holds_at_every_choice(link: dict[str, str]) -> None:
    app = opened("generate", **link)
    app.slider(key="generate_temperature").set_value(0.0).run()
    app.text_input(key="generate_word").set_value("").run()
    assert not app.exception
    assert "at least one character" in app.warning[0].value
    app.text_input(key="generate_word").set_value("mia").run()
    assert not app.warning
    for key, patch in patches(app).items():
        assert patch is not None, key
