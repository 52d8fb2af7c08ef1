"""Lesson files: those that come with the app, and what is said of a file that is wrong."""

import pytest

from mlp.guided.lesson import Lesson
from mlp.guided.reading import LARGEST, read_lessons, shipped

STEP = "{say: Look., wait_for: none}"


def lesson(steps: str = STEP, more: str = "") -> bytes:
    return f"lessons: [{{id: one, title: One, minutes: 3, goal: Know it., steps: [{steps}]{more}}}]".encode()


def asking(ask: str) -> bytes:
    return lesson(f"{{say: Look., ask: {ask}}}")


def doing(action: str) -> bytes:
    return lesson(f"{{say: Look., do: {action}}}")


def test_twelve_lessons_come_with_the_app_each_with_something_to_answer() -> None:
    lessons = shipped()
    assert len(lessons) == len({lesson.id for lesson in lessons}) == 12
    for each in lessons:
        assert sum(step.ask is not None for step in each.steps) >= 2, each.id


def test_a_lesson_is_what_its_file_says() -> None:
    (made,) = read_lessons(lesson(more=", needs: {settings: {hidden: 7, train_examples: null}}"))
    assert isinstance(made, Lesson)
    assert (made.title, made.minutes, made.steps[0].say) == ("One", 3, "Look.")
    assert (made.needs.made().hidden, made.needs.made().block_size) == (7, 3)
    (one,) = read_lessons(doing("{action: run_to, step: 20}"))
    (many,) = read_lessons(doing("[{action: run_to, step: 20}]"))
    assert one.steps[0].do == many.steps[0].do


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "begins with “lessons:”"),
        (b"- 1", "begins with “lessons:”"),
        (b"title: One\nsteps: []", "begins with “lessons:”"),
        (lesson("{say: Look., ask: Why}"), "ask: here more keys are expected"),
        (b"lessons: []", "The file: "),
        (b"lessons: 3", "The file: "),
        (b"a: [", "line 1, column 5"),
        (b"\xff\xfe\x00", "not text in UTF-8"),
        (b"x" * (LARGEST + 1), "at most 300,000"),
        (b"lessons: &a [*a]", "a reference (*name) is not allowed"),
        (b"[" * 5000, "not YAML"),
        (b"a: !!python/object/apply:os.system [ls]", "not YAML"),
        (lesson("{say: 3}"), "Lesson “one”, step 1, say: "),
        (lesson(STEP + ", {sya: Look.}"), "Lesson “one”, step 2, sya: there is no such key."),
        (lesson(STEP + ", {sya: Look.}"), "Lesson “one”, step 2, say: it is missing."),
        (lesson(f"{{say: {'word ' * 61}}}"), "61 words are too many"),
        (lesson("{say: Look., wait_for: rain}"), "“rain” is none of"),
        (lesson("{say: Look., wait_for: 'page:moon'}"), "is none of"),
        (lesson("{say: Look., wait_for: answered}"), "asks nothing"),
        (lesson(more=", needs: {settings: {hiden: 3}}"), "Lesson “one”, needs, hiden: there is no such key."),
        (lesson(more=", needs: {settings: {hidden: -3}}"), "needs, hidden: "),
        (lesson(more=", needs: {preset: moon}"), "one preset of notes"),
        (doing("{action: fly}"), "step 1, action 1: "),
        (doing("[{action: step}, {action: set, setting: hidden, value: many}]"), "step 1, action 2, hidden: "),
        (doing("{action: fork, changes: {}}"), "action 1"),
        (doing("{action: highlight, target: sun}"), "action 1, target: "),
        (doing("{action: run_to, step: 0}"), "action 1, step: "),
        (asking("{question: Which one, choices: [a, a], right: 0, why: W.}"), "two choices are the same"),
        (asking("{question: Which one, choices: [a, b], right: 2, why: W.}"), "the choices are numbered 0 to 1"),
        (asking("{question: Which one, choices: [a, 3], right: 0, why: W.}"), "ask, choice 2: "),
        (lesson() + b"\nlessons: 4", "The file: "),
    ],
)
def test_a_wrong_file_is_told_where_and_what(content: bytes, said: str) -> None:
    with pytest.raises(ValueError) as caught:  # noqa: PT011  (the text is what is looked at)
        read_lessons(content)
    assert said.lower() in str(caught.value).lower()
    assert len(str(caught.value).splitlines()) <= 6


def test_two_lessons_with_one_id_are_refused() -> None:
    twice = b"lessons: [" + b", ".join([lesson().removeprefix(b"lessons: [").removesuffix(b"]")] * 2) + b"]"
    with pytest.raises(ValueError, match="two lessons have the id one"):
        read_lessons(twice)
