"""The pages of the lessons are those that the generator makes, and the description of the format is true."""

import re
from pathlib import Path
from typing import get_args

import pytest

from mlp.guided import action as actions
from mlp.guided.action import LINES, MOST_STEPS, PAGES, TARGETS
from mlp.guided.docs import page, pages, write
from mlp.guided.lesson import WAITS, WORDS_SAID, Lesson, Needs, Question, Step
from mlp.guided.reading import LARGEST, read_lessons, shipped

DOCS = Path(__file__).parents[2] / "docs"
FORMAT = (DOCS / "lesson-format.md").read_text(encoding="utf-8")
EXAMPLES = [text.encode() for text in re.findall(r"```yaml\n(.*?)```", FORMAT, re.DOTALL)]


def test_the_pages_are_what_the_generator_makes(tmp_path: Path) -> None:
    (tmp_path / "gone.md").write_text("of a lesson that is no more")
    write(tmp_path)
    made = {path.name: path.read_text(encoding="utf-8") for path in tmp_path.iterdir()}
    assert made == pages(shipped())
    there = {path.name: path.read_text(encoding="utf-8") for path in (DOCS / "lessons").iterdir()}
    assert there == made, "run `python -m mlp.guided.docs` and commit what it writes"


def test_a_page_says_all_that_a_lesson_says_and_folds_the_answer() -> None:
    (lesson,) = read_lessons(EXAMPLES[0])
    told = page(lesson)
    before, _, folded = told.partition("<details>")
    ask = next(step.ask for step in lesson.steps if step.ask)
    for text in (lesson.title, lesson.goal, f"{lesson.minutes} minutes", f"?lesson={lesson.id}", ask.question):
        assert text in before
    assert all(f"- {choice}" in before for choice in ask.choices)
    assert ask.why in folded.partition("</details>")[0]
    assert ask.why not in before
    assert [step.say in told for step in lesson.steps] == [True] * len(lesson.steps)


def test_nothing_in_a_text_is_taken_for_markdown() -> None:
    (lesson,) = read_lessons(b"lessons: [{id: a, title: '*A* <b>', minutes: 1, goal: g_g, steps: [{say: '# [x](y)'}]}]")
    told = page(lesson)
    assert r"# \*A\* \<b\>" in told
    assert r"\# \[x\](y)" in told


def test_the_examples_of_the_format_are_lessons() -> None:
    assert len(EXAMPLES) >= 1
    for text in EXAMPLES:
        assert read_lessons(text)


@pytest.mark.parametrize("model", [Lesson, Needs, Step, Question])
def test_the_format_tells_of_every_key(model: type) -> None:
    for key in model.model_fields:
        assert f"`{key}`" in FORMAT, key


def test_the_format_tells_of_every_action_wait_page_line_and_target() -> None:
    union, _ = get_args(actions.Action)
    for kind in get_args(union):
        for name in get_args(kind.model_fields["action"].annotation):
            assert f"`{name}`" in FORMAT, name
        for key in kind.model_fields.keys() - {"action"}:
            assert re.search(rf"`[^`]*\b{key}\b[^`]*`", FORMAT), key
    for name in (*(wait for wait in WAITS), *PAGES, *LINES, *TARGETS, "step>=N", "page:NAME"):
        assert f"`{name}`" in FORMAT, name


def test_the_format_tells_the_limits() -> None:
    for number in (f"{LARGEST:,} bytes", f"{MOST_STEPS:,}", f"{WORDS_SAID} words"):
        assert number in FORMAT
