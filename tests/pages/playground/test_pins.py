"""Pinned runs: named after what tells them apart, and shown in a table that marks where they differ."""

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from mlp.engine.scheduler import Engine
from mlp.plots import compare
from mlp.plots.compare import GHOST_COLOURS, MAX_GHOSTS
from mlp.settings import SPECS, Settings
from pages.ui.playground import pin_table, pins
from pages.ui.shared.plain import plain


@pytest.fixture(scope="module")
def snapshot():
    return Engine().start(Settings(train_examples=64)).now()


def pinned(snapshot, *changes: dict) -> list[pins.Pin]:
    """Pins of untrained runs, each of the default settings with changes."""
    made: list[pins.Pin] = []
    for change in changes:
        made.append(
            pins.pin_of(snapshot.__class__(**{**vars(snapshot), "settings": Settings(**change)}), len(made) + 1, made)
        )
    return made


def test_a_run_is_named_after_what_is_different_in_it(snapshot) -> None:
    first, fork, again, far = pinned(
        snapshot,
        {},
        {"hidden": 7},
        {"hidden": 7},
        {"hidden": 7, "embedding_dim": 10, "block_size": 5, "init": "scaled", "seed": 2},
    )
    assert first.name == first.label == "1: default settings"
    assert fork.name == "2: hidden units 7, other settings as run 1"
    assert fork.label == "2: hidden units 7"
    assert again.label == "3: same as run 2, at step 0"
    assert far.name == "4: block size 5, embedding dimension 10, hidden units 7, initial weights scaled, seed 2"
    assert far.label == "4: block size 5 …"


def test_the_table_holds_every_setting_and_marks_the_differing_ones(snapshot) -> None:
    runs = pinned(snapshot, {}, {"weight_decay": 0.01}, {"weight_decay": 0.01, "hidden": 5})
    frame = pd.DataFrame([pin_table._row(pin, ["hidden", "weight_decay"], ["seed"]) for pin in runs])
    styles = pin_table._marked(frame, ["Hidden units", "Weight decay"], dark=False)
    assert list(frame["Hidden units"]) == ["100", "100", "5"]
    assert list(frame["Weight decay"]) == ["0", "0.01", "0.01"]
    assert all(styles["Weight decay"].str.contains("background"))
    assert all(styles["Hidden units"].str.contains("background"))
    assert not any(styles["Seed"])
    assert [style.split()[-1] for style in styles["Line"]] == list(GHOST_COLOURS[:3])


def test_runs_on_other_dev_names_are_not_compared_without_a_warning() -> None:
    def pin(**changes) -> pins.Pin:
        return pins.pin_of(Engine().start(Settings(**changes)).now(), 1)

    first = pin()
    assert compare.OTHER_DEV not in pin_table._explained([first, pin(hidden=5)], ["hidden"])
    for changes in ({"seed": 2}, {"dev_share": 0.2}):
        assert pin_table._explained([first, pin(**changes)], list(changes)).endswith(plain(compare.OTHER_DEV))
    other_list = pin_table._explained([first, pin(word_list="names")], ["word_list"])
    assert other_list.endswith(
        plain("The word lists differ (Pokémon names and US first names), so the losses cannot be compared.")
    )


def _page() -> None:
    import streamlit as st

    from pages.ui.live.session import current
    from pages.ui.playground import compare, pins

    compare.controls(current())
    compare.pinned(current())
    st.text(len(pins.board(current()).pins))


def test_eight_runs_are_pinned_and_a_ninth_gets_a_sentence() -> None:
    app = AppTest.from_function(_page, default_timeout=60).run()
    for count in range(MAX_GHOSTS + 1):
        app.session_state.live.run.step()
        next(button for button in app.button if button.label == "Pin this run").click()
        app.run()
        assert not app.exception
        assert app.text[-1].value == str(min(count + 1, MAX_GHOSTS))
    assert "at most 8 runs" in app.warning[0].value
    columns = list(app.dataframe[0].value.columns)
    assert {spec.label for spec in SPECS.values()} <= set(columns)
    next(button for button in app.button if button.label == "Unpin 3").click()
    app.run()
    assert not app.warning
    assert app.text[-1].value == str(MAX_GHOSTS - 1)
