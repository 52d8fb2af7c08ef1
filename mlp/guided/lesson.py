"""A guided lesson: steps that say something, do something to the app, wait, and ask before they go on."""

import re
from typing import Any

from pydantic import Field, ValidationInfo, field_validator, model_validator

from mlp.analysis.presets import PRESETS
from mlp.guided.action import PAGES, Action, Strict
from mlp.settings import Settings

WAITS = ("none", "answered", "map_done", "rate_found", "remedies_done", "dev_turned")
STEP_REACHED = re.compile(r"step>=(\d{1,7})")
WORDS_SAID = 60  # in one step: what is read while something else is watched must be short


class Question(Strict):
    """Asked before the next step is shown; `right` is the place of the right choice, from 0."""

    question: str = Field(min_length=1, max_length=300)
    choices: list[str] = Field(min_length=2, max_length=5)
    right: int = Field(ge=0)
    why: str = Field(min_length=1, max_length=500)

    @field_validator("choices")
    @classmethod
    def _choices_differ(cls, choices: list[str]) -> list[str]:
        if len(set(choices)) < len(choices):
            raise ValueError("two choices are the same")
        return choices

    @model_validator(mode="after")
    def _right_exists(self) -> "Question":
        if self.right >= len(self.choices):
            raise ValueError(f"right is {self.right}, but the choices are numbered 0 to {len(self.choices) - 1}")
        return self


class Step(Strict):
    """One to three sentences, what happens with them, and what must have happened before the next step."""

    say: str = Field(min_length=1, max_length=600)
    do: list[Action] = Field(default_factory=list)
    wait_for: str = "none"
    ask: Question | None = None

    @field_validator("do", mode="before")
    @classmethod
    def _one_or_many(cls, do: Any) -> Any:
        return [do] if isinstance(do, dict) else do

    @field_validator("say")
    @classmethod
    def _short(cls, say: str) -> str:
        if (count := len(say.split())) > WORDS_SAID:
            raise ValueError(f"{count} words are too many to read beside a picture; at most {WORDS_SAID}")
        return say

    @field_validator("wait_for")
    @classmethod
    def _known_wait(cls, wait: str, info: ValidationInfo) -> str:
        page = wait.removeprefix("page:")
        if wait in WAITS or STEP_REACHED.fullmatch(wait) or (page != wait and page in PAGES):
            return wait
        raise ValueError(f"“{wait[:30]}” is none of {', '.join(WAITS)}, step>=N and page:NAME")

    @model_validator(mode="after")
    def _something_to_answer(self) -> "Step":
        if self.wait_for == "answered" and self.ask is None:
            raise ValueError("it waits for an answer, but asks nothing")
        return self


class Needs(Strict):
    """What the run begins with: a preset's settings, or some settings with the others at their defaults."""

    preset: str | None = None
    settings: dict[str, Any] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _legal(self) -> "Needs":
        if self.preset is not None and (self.preset not in PRESETS or self.settings):
            raise ValueError(f"needs takes settings, or one preset of {', '.join(PRESETS)}")
        self.made()
        return self

    def made(self) -> Settings:
        """The settings of the untrained run that the lesson begins with."""
        return PRESETS[self.preset].settings if self.preset else Settings().with_changes(**self.settings)


class Lesson(Strict):
    """One lesson. `goal` is what one can or knows after it; `minutes` about how long it takes."""

    id: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=40)
    title: str = Field(min_length=1, max_length=80)
    minutes: int = Field(ge=1, le=120)
    goal: str = Field(min_length=1, max_length=200)
    needs: Needs = Needs()
    steps: list[Step] = Field(min_length=1, max_length=60)


class Course(Strict):
    """The lessons of one file, in their order."""

    lessons: list[Lesson] = Field(min_length=1, max_length=60)

    @model_validator(mode="after")
    def _each_once(self) -> "Course":
        ids = [lesson.id for lesson in self.lessons]
        if twice := [id for id in ids if ids.count(id) > 1]:
            raise ValueError(f"two lessons have the id {twice[0]}")
        return self
