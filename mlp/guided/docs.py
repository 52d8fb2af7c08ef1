"""The shipped lessons as Markdown, a page each and a list of them, to be read without the app.

`python -m mlp.guided.docs` writes them to docs/lessons; a test holds the pages there against the lessons.
"""

import re
from collections.abc import Sequence
from pathlib import Path

from mlp.analysis.presets import PRESETS
from mlp.guided.lesson import Lesson, Needs, Question, Step
from mlp.guided.reading import shipped
from mlp.settings import in_words

FOLDER = Path("docs/lessons")
APP = "http://localhost:8501"  # where `make run` starts it
INDEX = "README.md"
MADE = "<!-- Made by `python -m mlp.guided.docs` from mlp/guided/lessons: change the lesson, not this page. -->"


def pages(lessons: Sequence[Lesson]) -> dict[str, str]:
    """The text of each page by its file name; the list of all lessons is the README."""
    return {INDEX: index(lessons), **{f"{lesson.id}.md": page(lesson) for lesson in lessons}}


def index(lessons: Sequence[Lesson]) -> str:
    """The list of the lessons."""
    rows = [f"| [{_plain(each.title)}]({each.id}.md) | {each.minutes} | {_plain(each.goal)} |" for each in lessons]
    about = (
        "They are on the page *Lessons* of the app, which does what they speak of, waits for it and asks. Here are "
        "their texts. How to write one: [lesson-format.md](../lesson-format.md)."
    )
    return "\n".join(
        [MADE, "", "# Guided lessons", "", about, "", "| lesson | minutes | goal |", "|---|---|---|", *rows, ""]
    )


def page(lesson: Lesson) -> str:
    """One lesson: its goal, its link, and what each step says and asks."""
    head = (
        f"{lesson.minutes} minutes, {len(lesson.steps)} steps. [Open it in the app]({APP}/?lesson={lesson.id}), which "
        f"then begins with {_needs(lesson.needs)}."
    )
    blocks = [MADE, f"# {_plain(lesson.title)}", f"**Goal:** {_plain(lesson.goal)}", head]
    for number, step in enumerate(lesson.steps, start=1):
        blocks += [f"## Step {number}", *_step(step)]
    return "\n\n".join([*blocks, "[All lessons](README.md)\n"])


def _needs(needs: Needs) -> str:
    if needs.preset:
        return f"the settings of the preset “{PRESETS[needs.preset].label}”"
    return in_words(needs.settings) if needs.settings else "the default settings"


def _step(step: Step) -> list[str]:
    return [_plain(step.say), *(_question(step.ask) if step.ask else [])]


def _question(ask: Question) -> list[str]:
    """The question, its choices, and the answer behind a fold."""
    choices = "\n".join(f"- {_plain(choice)}" for choice in ask.choices)
    answer = f"**{_plain(ask.choices[ask.right])}.** {_plain(ask.why)}"
    return [f"**{_plain(ask.question)}**", choices, f"<details><summary>Answer</summary>\n\n{answer}\n\n</details>"]


def _plain(text: str) -> str:
    """Text in which nothing is Markdown."""
    return re.sub(r"([\\`*_<>\[\]|#])", r"\\\1", text)


def write(folder: Path = FOLDER) -> None:
    """Write the pages, and remove those of lessons that are no more."""
    folder.mkdir(parents=True, exist_ok=True)
    made = pages(shipped())
    for old in folder.glob("*.md"):
        if old.name not in made:
            old.unlink()
    for name, text in made.items():
        (folder / name).write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    write()
