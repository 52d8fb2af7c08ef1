"""Predict, then see: nothing before a guess, then the guess beside what is so; another question begins anew."""

import math
import re
import time
from typing import Any

import pytest
import torch
import torch.nn.functional as F
from streamlit.testing.v1 import AppTest

import mlp
from mlp.lessons.examples import expected_loss, followers, word_examples
from mlp.lessons.short_runs import EARLY_CHANCE, ShortRuns
from pages.ui.lessons.predict import verdict
from tests.pages.opening import opened, patches

QUESTIONS = {
    "examples": ["shapes", "tokens"],
    "lookup": ["halves", "outcomes"],
    "hidden": ["bend", "saturate"],
    "output": ["temperature", "price"],
    "backward": ["sign", "clear"],
    "network": ["cut", "count"],
}
LINKS = [
    {"block_size": "12", "embedding_dim": "64", "hidden": "1024", "direct": "true"},
    {"block_size": "1", "embedding_dim": "1", "hidden": "1", "train_examples": "8", "dev_share": "0"},
    {"word_list": "names", "learning_rate": "10", "optimizer": "momentum"},
]
REVEALED = "predict-"


def answer(app: AppTest, question: str, *guesses: Any) -> AppTest:
    """Fill in the fields of a question as they stand, and commit."""
    for place, guess in enumerate(guesses):
        key = f"_{place}"
        [field] = [
            field
            for kind in (app.radio, app.number_input, app.text_input)
            for field in kind
            if str(field.key).startswith(f"predict_{question}_") and str(field.key).endswith(key)
        ]
        field.set_value(guess)
    app.button(key=f"predict_commit_{question}").click().run()
    assert not app.exception
    return app


def guess_at(app: AppTest, question: str) -> AppTest:
    """Any legal guess."""
    fields = [
        (str(field.key), kind, field)
        for kind, group in (("radio", app.radio), ("number", app.number_input), ("text", app.text_input))
        for field in group
        if str(field.key).startswith(f"predict_{question}_")
    ]
    word = app.session_state.live.run.now().dataset.train.words[0]
    texts = iter({"shapes": [word, "(3, 3)", "(3,)"], "tokens": ["." * 20]}.get(question, ["(3, 2)", "error", "7"]))
    guesses = []
    for _, kind, field in sorted(fields, key=lambda each: each[0]):
        guesses.append(field.options[0] if kind == "radio" else 1 if kind == "number" else next(texts))
    return answer(app, question, *guesses)


def shown(app: AppTest) -> dict[str, Any]:
    return {key: patch for key, patch in patches(app).items() if key.startswith(REVEALED)}


def rows_of(app: AppTest, view: str) -> list[list[str]]:
    return patches(app)[view]["rows"]


def said(app: AppTest) -> str:
    return " ".join(str(each.value) for each in app.markdown)


@pytest.mark.parametrize("page", QUESTIONS)
def test_nothing_is_shown_before_a_guess_and_an_empty_one_is_refused(page: str) -> None:
    app = opened(page)
    for question in QUESTIONS[page]:
        answer(app, question)
        assert any("Answer first" in str(each.value) for each in app.warning)
    assert shown(app) == {}


def test_a_number_that_cannot_be_and_an_empty_field_among_others_are_told_and_take_the_last_answer_away() -> None:
    def unanswered(app: AppTest) -> int:
        return sum("The answer appears here" in str(each.value) for each in app.caption)

    app = opened("output")
    all_of_them = unanswered(app)
    answer(app, "price", 1.0, 2.0, 5.0)
    assert unanswered(app) == all_of_them - 1
    answer(app, "price", 0.7, -4.6, 5.0)
    assert any("lies between 0 and 100" in str(each.value) for each in app.warning)
    assert unanswered(app) == all_of_them
    answer(app, "price", 0.7, 4.6, None)
    assert any(r"Still empty, or not understood\: Loss at p = 0\.01" in str(each.value) for each in app.warning)


@pytest.mark.parametrize("page", QUESTIONS)
@pytest.mark.parametrize("link", LINKS, ids=str)
def test_every_question_is_answered_at_the_ends_of_the_settings(page: str, link: dict[str, str]) -> None:
    app = opened(page, **link)
    for question in QUESTIONS[page]:
        guess_at(app, question)
        assert not any("Answer first" in str(each.value) for each in app.warning), question
    for key, patch in shown(app).items():
        assert patch, key
    assert len(shown(app)) >= 2 or page == "backward"
    session = app.session_state.live
    ruined = session.run.now().model.at(torch.full_like(session.run.now().model.theta, math.nan))
    for key, view in session.views.items():  # also of a network that has overflowed
        if key.startswith(REVEALED):
            view(session.run.now().__class__(**{**vars(session.run.now()), "model": ruined}))


def test_words_of_ones_own_and_a_network_that_has_overflowed() -> None:
    words = mlp.read_words("\n".join(["$a*b", "`c`", "[x](y)", "a|b", "ñandú", "👩‍👩‍👧x", "#1", "~~no~~"] * 3))
    for page, questions in QUESTIONS.items():
        app = opened()
        run = app.session_state.live.run
        run.adopt(mlp.Trainer(mlp.Settings(word_list="own"), words))
        app.switch_page(f"{page}.py").run()
        assert not app.exception
        assert run.now().dataset.noun == "words"
        for question in questions:
            guess_at(app, question)
        ruined = mlp.Trainer(mlp.Settings(hidden=5), words)
        ruined.model.theta.fill_(math.nan)
        run.adopt(ruined)
        app.run()
        assert not app.exception
        for question in questions:
            if question != "sign":  # there is no gradient to ask about
                guess_at(app, question)
        for key, patch in shown(app).items():
            assert isinstance(patch, dict), key


def test_another_word_or_setting_asks_anew() -> None:
    app = answer(opened("examples"), "tokens", "r" * 20)
    assert "predict-tokens" in shown(app)
    app.text_input(key="lesson_word").set_value("zubat").run()
    assert app.session_state.predict_tokens_asked.seen is None
    assert answer(app, "tokens").warning


def test_tokens_are_scored_as_the_network_is() -> None:
    app = answer(opened("examples"), "tokens", "bcdefghi" + "m" * 12)
    trainer = mlp.Trainer(mlp.Settings())
    found = word_examples("ralts", trainer.dataset.vocabulary, 3)
    followed = followers(trainer.dataset.train, trainer.dataset.vocabulary, found.X[0])
    rows = dict(rows_of(app, "predict-tokens"))
    counts = dict(followed.counts)
    own = -sum(
        count / followed.total * math.log(("bcdefghi" + "m" * 12).count(c) / 23.4 + 0.1 / 23.4)
        for c, count in counts.items()
    )
    assert float(rows["you"]) == pytest.approx(own, abs=1e-4)
    its = expected_loss(followed, trainer.model.forward(found.X[:1]).logits[0], trainer.dataset.vocabulary)
    assert float(rows["this network"]) == pytest.approx(its, abs=1e-4)
    assert "You predict better" in said(app)
    assert ("A uniform guess would" in said(app)) == (own > math.log(34))
    answer(app, "tokens", "." * 20)  # better than an untrained network, and worse than anybody
    assert "A uniform guess would have cost you less." in said(app)
    answer(app, "tokens", "abc")
    assert "you have placed 3" in app.warning[0].value


def test_a_shape_is_right_or_its_first_mistake_is_told() -> None:
    app = answer(opened("examples"), "shapes", "mew", "3, 3", "(4,)")
    assert [row[3] for row in rows_of(app, "predict-shapes")] == ["wrong", "right"]
    assert "3 + 1 = 4 rows" in said(app)
    answer(app, "shapes", "mew", "4, 3", "(4,)")
    assert [row[3] for row in rows_of(app, "predict-shapes")] == ["right", "right"]
    assert len(rows_of(app, "predict-shapes-rows")) == 4
    answer(app, "shapes", "mew", "four", "(4,)")
    assert "shape like" in app.warning[0].value


def test_two_halves_land_halfway_and_any_numbers_can_be_tried() -> None:
    app = answer(opened("lookup"), "halves", "at the origin, 0")
    C = mlp.Trainer(mlp.Settings()).model.C
    numbers = [float(part) for part in rows_of(app, "predict-mixed")[-1][1].replace("−", "-").strip("[]").split(",")]
    assert numbers == pytest.approx(((C[5] + C[9]) / 2).tolist(), abs=1e-4)
    first = next(field for field in app.number_input if str(field.key) == "predict_v_0_5")
    first.set_value(1.0).run()
    numbers = [float(part) for part in rows_of(app, "predict-mixed")[-1][1].replace("−", "-").strip("[]").split(",")]
    assert numbers == pytest.approx((C[5] + 0.5 * C[9]).tolist(), abs=1e-4)


def test_shapes_turn_green_or_pytorch_says_why_not() -> None:
    app = answer(opened("lookup"), "outcomes", "(3, 2)", "(3, 2)", "(32, 3, 2)")
    assert [each.value.split(":")[0] for each in app.success] == ["`C[[1, 2, 0]]`", "`C[X]`"]
    assert any("too many indices" in each.value for each in app.error)


def test_the_saturation_is_that_of_a_scaled_copy() -> None:
    app = answer(opened("hidden"), "saturate", 50, 10)
    trainer = mlp.Trainer(mlp.Settings())
    x = trainer.model.C[trainer.dataset.train.X[:32]].flatten(1)
    h = torch.tanh(x @ (3 * trainer.model.W1) + trainer.model.b1)
    saturated = (h.abs() > 0.97).float().mean().item()
    verdict = "right" if abs(saturated - 0.5) <= 0.1 else "too low" if saturated > 0.5 else "too high"
    assert rows_of(app, "predict-saturated")[0][2:] == ["50%", f"{saturated:.1%}", verdict]
    app.select_slider(key="predict_factor").set_value(0.1).run()
    assert "With W1 × 0.1: " in patches(app)["predict-factor"]["text"]


def until_done(app: AppTest, question: str) -> ShortRuns:
    job = app.session_state[f"predict_{question}_asked"].seen.truth
    job = job[0] if isinstance(job, tuple) else job
    deadline = time.monotonic() + 60
    while not job.done:
        job.keep_alive()
        assert time.monotonic() < deadline
        time.sleep(0.05)
    return job.work


def test_without_tanh_both_runs_end_beside_the_bigram() -> None:
    app = answer(opened("hidden"), "bend", "below the bigram’s")
    work = until_done(app, "bend")
    shown_table = patches(app)["predict-bend-table"]
    assert [row[0] for row in shown_table["rows"]] == ["with tanh", "without tanh", "bigram model"]
    trainer = mlp.Trainer(mlp.Settings())
    trainer.step(2000)
    assert float(shown_table["rows"][0][1]) == pytest.approx(trainer.evaluate("dev"), abs=0.01)
    bigram = mlp.analysis.baselines.baselines(trainer.dataset).dev.bigram
    below = work.curves[1].last < bigram
    assert f"ends {'below' if below else 'above'}" in shown_table["text"]
    assert shown_table["text"].startswith("Right" if below else "Not so")


def test_a_cut_part_is_told_worst_of_all() -> None:
    app = answer(opened("network"), "cut", "C", 0.5)
    work = until_done(app, "cut")
    table = patches(app)["predict-cut-table"]
    assert len(table["rows"]) == 6
    losses = [float(row[1]) for row in table["rows"]]
    assert losses == sorted(losses)
    worst = max(work.curves[1:], key=lambda curve: curve.last)
    assert f"It is {worst.label}: " in table["text"]
    higher = worst.last - work.curves[0].last
    by = "right" if abs(higher - 0.5) <= EARLY_CHANCE else "too low" if higher > 0.5 else "too high"
    judged = f"C ({'right' if worst.label == 'C' else 'not so'}), 0.5 nats ({by})."
    assert table["text"].startswith(f"Your guess: {judged}")
    assert table["rows"][table["strong"][0]][0] == worst.label
    app.switch_page("examples.py").run()
    app.switch_page("network.py").run()
    assert patches(app)["predict-cut-table"] == table  # kept while the reader was away


def test_a_temperature_moves_the_two_losses() -> None:
    app = answer(opened("output"), "temperature", "falls", "falls")
    (arrow, loss, hot, _, effect, judged), wrong = zip(
        *(row[1:] for row in rows_of(app, "predict-tempered")), strict=True
    )
    trainer = mlp.Trainer(mlp.Settings())
    context, target = arrow.replace("␣", " ").split(" ---> ")
    vocabulary = trainer.dataset.vocabulary
    logits = trainer.model.forward(torch.tensor([vocabulary.encode(context)])).logits
    y = torch.tensor([vocabulary.index[target]])
    assert float(loss) == pytest.approx(F.cross_entropy(logits, y).item(), abs=1e-4)
    assert float(hot) == pytest.approx(F.cross_entropy(3 * logits, y).item(), abs=1e-4)
    assert effect == "falls"
    assert (judged, wrong[5]) == ("right", "wrong")
    assert float(wrong[2]) > float(wrong[1])
    sampled = patches(app)["predict-sampled"]["text"]
    assert ", ".join(trainer.sample(8, temperature=1 / 3)) in sampled


def test_a_guessed_number_is_right_within_what_the_page_says() -> None:
    assert [verdict(guess, 0.6, 0.1) for guess in (0.5, 0.7, 0.49, 0.71)] == ["right", "right", "too low", "too high"]
    assert verdict(3.0, math.nan, 0.1) == verdict(3.0, math.inf, 0.1) == "–"


def test_prices_are_minus_ln_p() -> None:
    app = answer(opened("output"), "price", 1.4, 2.0, 5.0)
    told = [("1.3863", "right"), ("2.3026", "too low"), ("4.6052", "too high")]
    assert [tuple(row[2:]) for row in rows_of(app, "predict-prices")] == told
    app.slider(key="predict_p").set_value(0.25).run()
    assert patches(app)["predict-price"]["data"][2]["y"] == [pytest.approx(math.log(4), abs=1e-4)]


def test_the_sign_quiz_keeps_score_of_first_answers() -> None:
    app = opened("backward")
    right = 0
    for number in range(3):
        question = re.findall(r"Question \d+ of 10\..*?larger\?", said(app))[-1]
        assert "step" not in question, "the network may train on before the answer"
        trained = app.session_state.live.run.trainer
        app.session_state.live.run.step()
        answer(app, "sign", "the loss rises")
        (name, entry), *_ = re.findall(r"`(\w+)\[([\d,\s]+)\]`", question)
        value = trained.model.parameters[name][tuple(map(int, entry.split(",")))].item()
        assert float(rows_of(app, "predict-signs")[2][1]) == pytest.approx(value, rel=1e-3)
        truth = rows_of(app, "predict-signs")[1][1]
        gradient = float(rows_of(app, "predict-signs")[5][1])
        assert truth == ("the loss rises" if gradient > 0 else "the loss falls")
        right += truth == "the loss rises"
        assert f"Score: {right} of {number + 1}" in said(app)
        answer(app, "sign", "the loss falls")  # does not count
        assert f"Score: {right} of {number + 1}" in said(app)
        app.button(key="quiz_next").click().run()
        assert f"Question {number + 2} of 10" in said(app)


def test_the_race_stops_where_the_curves_cross() -> None:
    app = opened("backward")
    before = patches(app)["backward-descent"]["data"]
    assert [len(line["x"]) for line in before] == [2, 2]
    answer(app, "clear", 5)
    cleared, piled = (line["y"] for line in patches(app)["backward-descent"]["data"])
    assert len(cleared) == len(piled) > 2
    crossing = next(step for step, (one, other) in enumerate(zip(piled, cleared, strict=True)) if one > other)
    assert 1 < len(piled) - crossing < 10, "the crossing is not at the very end, where nobody would see it"
    assert f"at step {crossing}" in said(app)
    for guess in (crossing, crossing + 1):
        answer(app, "clear", guess)
        assert f"{'Right' if guess == crossing else 'Not so'}.** Your guess: *at step {guess}*" in said(app)
    slider = next(each for each in app.slider if str(each.key).startswith("predict_race"))
    slider.set_value(100).run()
    assert len(patches(app)["backward-descent"]["data"][0]["x"]) == 100


def test_the_first_wrong_count_is_marked() -> None:
    app = answer(opened("network"), "count", 68, 600, 101, 3400, 34)
    table = patches(app)["predict-counts"]
    assert [row[3] for row in table["rows"]] == [
        "68 (right)", "600 (right)", "101 (wrong)", "3,400 (right)", "34 (right)", "4,203",
    ]  # fmt: skip
    assert table["strong"] == [2]
    assert table["rows"][-1][2] == f"{mlp.model.parameter_count(mlp.Settings(), 34):,}"
    answer(app, "count", 68, 600, 100, 3400, 34)
    assert "All right: 4,202 numbers" in said(app)
