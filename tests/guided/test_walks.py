"""What the lessons do makes sense: waits that are met, pages that are open, outlines of what is there, judged texts."""

import re
from pathlib import Path

import pytest

from mlp.analysis.presets import PRESETS
from mlp.guided.action import Highlight, MapCursor, OpenMap, Press, ShowLines
from mlp.guided.lesson import STEP_REACHED, Lesson
from mlp.guided.reading import shipped
from tests.guided.claims import Claims, texts
from tests.guided.runs import walk

EVERYWHERE = ("play", "step", "losses", "settings", "timeline")
OF_THE_PLAYGROUND = ("verdict", "embedding", "loss", "names")
DONE_BY = {"map_done": "open_map", "rate_found": "find_rate", "remedies_done": "compare_remedies"}

each = pytest.mark.parametrize("lesson", shipped(), ids=lambda lesson: lesson.id)


@each
def test_what_a_step_waits_for_has_come_when_all_is_done(lesson: Lesson) -> None:
    stands = walk(lesson.id)
    for step, stand, before in zip(lesson.steps, stands, [None, *stands], strict=False):
        acted = [action.action for action in step.do]
        if reached := STEP_REACHED.fullmatch(step.wait_for):
            assert stand.step == int(reached[1])
        elif step.wait_for.startswith("page:"):
            assert stand.page == step.wait_for[5:]
        elif step.wait_for in DONE_BY:
            assert DONE_BY[step.wait_for] in acted
        else:
            assert step.wait_for in ("none", "answered")
            assert before is None or stand.step <= before.step, "it trains, and nobody waits for it"


@each
def test_what_is_outlined_or_pointed_at_is_on_the_page_that_is_open(lesson: Lesson) -> None:
    for step, stand in zip(lesson.steps, walk(lesson.id), strict=True):
        for action in step.do:
            if isinstance(action, Highlight) and action.target not in EVERYWHERE:
                page = action.target.partition("-")[0] if action.target not in OF_THE_PLAYGROUND else "playground"
                assert page == stand.page, f"{lesson.id}: {action.target} on {stand.page}"
            elif isinstance(action, MapCursor | OpenMap) or (
                isinstance(action, Press) and action.action in ("find_rate", "compare_remedies")
            ):
                assert stand.page == "lab"
            elif isinstance(action, ShowLines):
                assert stand.page == "playground"


@each
def test_presets_are_called_by_the_names_on_the_screen(lesson: Lesson) -> None:
    labels = {preset.label for preset in PRESETS.values()}
    for step in lesson.steps:
        for name in re.findall(r"preset “([^”]*)”", texts(step)):
            assert name in labels


def test_the_texts_of_every_lesson_are_judged() -> None:
    tests = "".join(path.read_text(encoding="utf-8") for path in sorted(Path(__file__).parent.glob("test_texts_*.py")))
    assert set(re.findall(r'told = Claims\("([a-z0-9-]+)"\)', tests)) == {lesson.id for lesson in shipped()}
    assert tests.count("told.check()") == len(shipped())


def test_a_number_that_nothing_vouches_for_is_found() -> None:
    told = Claims("first-look")
    told.choices(
        1, dict.fromkeys(told.lesson.steps[0].ask.choices, False) | {told.lesson.steps[0].ask.choices[0]: True}
    )
    told.choices(
        3, dict.fromkeys(told.lesson.steps[2].ask.choices, False) | {told.lesson.steps[2].ask.choices[1]: True}
    )
    with pytest.raises(AssertionError, match=r"step 1: nothing vouches for \['19.68', '34', '1', '34', '34', '3.53'\]"):
        told.check()
    with pytest.raises(AssertionError, match=r"says 19.68 in .* true is 19.69"):
        told.says(1, "Its train loss is {}.", 19.69)
    with pytest.raises(AssertionError, match="0 times"):
        told.says(1, "Its dev loss is {}.", 19.68)
    with pytest.raises(AssertionError, match="does not hold"):
        told.holds(1, "Lower is better", False)
    with pytest.raises(AssertionError, match="step 1"):
        told.choices(1, dict.fromkeys(told.lesson.steps[0].ask.choices, True))
