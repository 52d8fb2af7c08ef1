"""What Python says has changed, put together by the browser's own script, is the new state."""

import json
from typing import Any

import pytest
import quickjs
from hypothesis import given
from hypothesis import strategies as st

from mlp.engine.snapshot import Snapshot
from mlp.settings import Settings
from pages.ui.live.difference import difference
from pages.ui.live.frames import Frames
from pages.ui.live.session import Application, Session
from pages.ui.live.static_files import STATIC

NAMES = st.sampled_from(["a", "b", "text", "rows", "+", "-", "=", "~", "@", "__proto__", "constructor"])
LEAVES = st.none() | st.booleans() | st.integers(-9, 9) | st.floats(-1e6, 1e6) | st.text(max_size=3)
STATES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=12) | st.dictionaries(NAMES, inner, max_size=5), max_leaves=40
)


@pytest.fixture(scope="module")
def browser() -> Any:
    """`apply` of difference.js in a JavaScript engine: texts of JSON in and out."""
    engine = quickjs.Context()
    engine.eval((STATIC / "difference.js").read_text(encoding="utf-8").replace("export ", ""))
    return engine.eval("(old, change) => JSON.stringify(apply(JSON.parse(old), JSON.parse(change)))")


def applied(browser: Any, old: Any, new: Any) -> Any:
    return json.loads(browser(json.dumps(old), json.dumps(difference(old, new))))


@given(old=STATES, new=STATES)
def test_any_state_turns_into_any_other(browser: Any, old: Any, new: Any) -> None:
    assert applied(browser, old, new) == new


@given(data=st.data(), old=st.lists(st.integers(0, 9), min_size=9, max_size=60))
def test_a_long_list_turns_into_one_like_it(browser: Any, data: st.DataObject, old: list[int]) -> None:
    new = list(old)
    for place in data.draw(st.lists(st.integers(0, len(old) - 1), max_size=5)):
        new[place] = data.draw(st.integers(0, 9))
    new += data.draw(st.lists(st.integers(0, 9), max_size=5))
    assert applied(browser, old, new) == new


@given(state=STATES)
def test_nothing_is_sent_of_what_has_not_changed(state: Any) -> None:
    assert difference(state, json.loads(json.dumps(state))) == {}


def test_a_key_that_is_gone_is_gone_in_the_browser(browser: Any) -> None:
    assert applied(browser, {"text": "t", "rows": [["1"]]}, {"text": "t"}) == {"text": "t"}


def test_little_is_sent_where_little_has_changed() -> None:
    old = list(range(1000))
    assert difference(old, [*old, 1000]) == {"+": [1000]}
    assert difference(old, [*old[:500], -1, *old[501:]]) == {"@": [(500, {"=": -1})]}


def test_a_view_with_nothing_to_say_leaves_what_is_there() -> None:
    session = Session(Application(), Settings(hidden=10, train_examples=64), [])
    said = [{"text": "first"}, {}, {"text": "first", "rows": [["1"]]}]

    def view(snapshot: Snapshot) -> dict[str, Any]:
        return said.pop(0)

    session.show("view", view)
    frames, snapshot = Frames(session), session.run.snapshot
    sent = [frames.frame(snapshot, ["view"])["views"]["view"] for _ in range(3)]
    assert sent == [{"=": {"text": "first"}}, {}, {"~": {"rows": {"=": [["1"]]}}}]


def test_in_a_long_list_true_is_not_one() -> None:
    old = [1] * 20
    assert difference(old, [True, 2, *old[2:]]) == {"@": [(0, {"=": True}), (1, {"=": 2})]}
