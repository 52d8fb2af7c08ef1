"""Lessons from a YAML file: those that come with the app, and a teacher's own, which may be wrong in any way."""

import re
from functools import cache
from importlib.resources import files
from typing import Any

import yaml
from pydantic import ValidationError

from mlp.guided.lesson import Course, Lesson

LARGEST = 300_000  # bytes of a file
FAULTS_TOLD = 5
OBJECT = re.compile(r"Input should be a valid dictionary or instance of \w+")


class _Plain(yaml.SafeLoader):
    """YAML without references from one place to another: a short file could unfold into a huge one."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            raise yaml.MarkedYAMLError(
                problem="a reference (*name) is not allowed here", problem_mark=self.peek_event().start_mark
            )
        return super().compose_node(parent, index)


@cache
def shipped() -> tuple[Lesson, ...]:
    """The lessons that come with the app, in the order of their files' names."""
    found = sorted((file for file in (files("mlp.guided") / "lessons").iterdir()), key=lambda file: file.name)
    return tuple(lesson for file in found if file.name.endswith(".yaml") for lesson in read_lessons(file.read_bytes()))


def example() -> bytes:
    """The file of the first lesson, to be changed into another."""
    return (files("mlp.guided") / "lessons" / "01-first-look.yaml").read_bytes()


def read_lessons(content: bytes) -> list[Lesson]:
    """The lessons of a file.

    Raises:
        ValueError: it is too large, not UTF-8, not YAML, or says something that no lesson can; what, and where.
    """
    if len(content) > LARGEST:
        raise ValueError(f"The file has {len(content):,} bytes; a lesson file has at most {LARGEST:,}.")
    try:
        told = yaml.load(content.decode("utf-8-sig"), _Plain)
    except UnicodeDecodeError:
        raise ValueError("The file is not text in UTF-8.") from None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        where = f" in line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        raise ValueError(f"This is not YAML{where}: {error.problem}.") from None
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise ValueError(f"This is not YAML: {str(error).splitlines()[0][:120]}.") from None
    if not isinstance(told, dict) or "lessons" not in told:
        raise ValueError("A lesson file begins with “lessons:”, followed by a list of lessons.")
    try:
        return Course.model_validate(told).lessons
    except ValidationError as error:
        raise ValueError(_told(error, told)) from None


def _told(error: ValidationError, told: Any) -> str:
    """The first faults, a line each: where it is, and what is wrong."""
    faults = error.errors(include_url=False, include_context=False)
    lines = [f"{_place(fault['loc'], told)}: {_sentence(fault)}" for fault in faults[:FAULTS_TOLD]]
    more = len(faults) - FAULTS_TOLD
    return "\n".join([*lines, *([f"… and {more} more."] if more > 0 else [])])


def _place(path: tuple[int | str, ...], told: Any) -> str:
    """A path such as ("lessons", 0, "steps", 2, "say"), as people count: lesson “first-look”, step 3, say."""
    words, at = list[str](), told
    for key, then in zip(path, [*path[1:], None], strict=False):
        inside = at[key] if _has(at, key) else None
        if key == "lessons" or (key in ("steps", "do", "choices", "lines") and isinstance(then, int)):
            pass
        elif isinstance(key, int):
            words.append(_numbered(path, len(words), key, inside))
        elif inside is not None or then is None:
            words.append(str(key))
        at = inside if inside is not None else at
    return ", ".join(words) or "The file"


def _numbered(path: tuple[int | str, ...], depth: int, number: int, inside: Any) -> str:
    kinds = {0: "lesson", 1: "step", 2: "action"}
    kind = kinds.get(depth, "choice") if "choices" not in path[:-1] or depth < 2 else "choice"
    name = f" “{inside['id']}”" if depth == 0 and isinstance(inside, dict) and inside.get("id") else f" {number + 1}"
    return f"{kind.capitalize() if depth == 0 else kind}{name}"


def _has(at: Any, key: int | str) -> bool:
    return (isinstance(at, dict) and key in at) or (isinstance(at, list) and isinstance(key, int) and key < len(at))


def _sentence(fault: Any) -> str:
    message = str(fault["msg"]).removeprefix("Value error, ").removesuffix(".")
    if fault["type"] == "extra_forbidden":
        message = "there is no such key"
    elif fault["type"] == "missing":
        message = "it is missing"
    message = OBJECT.sub("here more keys are expected, each with its value", message)
    return f"{message[:1].lower()}{message[1:]}."
