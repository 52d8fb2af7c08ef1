"""The question of luck on the playground: a guess, five networks, and the spread beside the guess."""

import re

from streamlit.testing.v1 import AppTest

import mlp
from mlp.lessons.luck import Luck
from tests.pages.opening import opened, press
from tests.waiting import eventually


def answer(app: AppTest) -> str:
    live = app.session_state.live
    return live.views["luck-found"](live.run.now())["text"]


def trained(app: AppTest) -> str:
    press(app, "Train the five")
    eventually(lambda: not answer(app).startswith("Training"), "five networks")
    return answer(app)


def test_five_networks_are_trained_and_the_spread_stands_beside_the_guess() -> None:
    app = opened()
    assert answer(app) == ""
    app.slider(key="luck_guess").set_value(0.07)
    text = trained(app)
    live = app.session_state.live
    luck = Luck(mlp.Settings(), live.run.snapshot.dataset)
    luck.run_for()
    spread = luck.spread()
    numbers = [float(number) for number in re.findall(r"\d\.\d+", text)]
    apart = spread.high - spread.low
    expected = [spread.low, spread.high, apart, spread.deviation, 0.07, apart]
    assert all(abs(shown - found) < 0.0051 for shown, found in zip(numbers, expected, strict=True)), text
    patch = live.views["luck"](live.run.snapshot)
    drawn = [trace for trace in patch["data"] if trace["visible"] and any(y is not None for y in trace["y"])]
    assert [trace["name"] for trace in drawn] == [f"Seed {seed}" for seed in luck.seeds]
    assert [trace["y"][-1] for trace in drawn] == [round(attempt.final[1], 4) for attempt in luck.attempts]


def test_another_network_is_not_what_was_measured() -> None:
    app = opened()
    assert "set then" not in trained(app)
    app.session_state.live.run.set("hidden", 7)
    assert "set then" in answer(app)


def test_without_dev_names_it_says_why_there_is_no_result() -> None:
    app = opened()
    app.session_state.live.run.set("dev_share", 0.0)
    assert "not one dev name" in trained(app)
