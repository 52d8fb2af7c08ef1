"""A lesson's texts beside the figures that a test works out: no number may stand there that nothing vouches for.

A claim is a piece of the text with `{}` where its numbers are, and the numbers as they were worked out. In what is left
of the text no number may be found, in figures or in words, but those that the lesson itself sets and runs to.
"""

import re
from collections.abc import Iterator
from typing import Any

from mlp.guided.action import Fork, MapCursor, RunTo, SetValue
from mlp.guided.lesson import Step
from mlp.guided.reading import shipped
from mlp.settings import Settings
from tests.guided.runs import Stand, walk

FIGURE = r"[−+±]?\d+(?:,\d{3})*(?:\.\d+)?"
IN_WORDS = (
    "two three four five six seven eight nine ten eleven twelve twenty thirty hundred thousand million half third "
    "quarter quarters fifth tenth twice double"
)
NUMBER = re.compile(rf"{FIGURE}|\b(?:{'|'.join(IN_WORDS.split())})\b", re.IGNORECASE)

EXACT = 0.501  # of the last digit given: how far rounding goes
# A loss after thousands of float32 updates depends on the order in which a processor adds. Small differences grow: the
# same run gave 2.5888 and 2.5899 on two machines. So the last digit of what was trained may be off by one.
TRAINED = 1.501
CLEARLY = 0.03  # nats: a smaller difference between two losses says nothing (`mlp.training.curves.CHANCE`)


class Claims:
    """What the steps of one lesson say, as far as it was vouched for; steps are counted from 1."""

    def __init__(self, id: str) -> None:
        self.lesson = next(lesson for lesson in shipped() if lesson.id == id)
        self._left = [texts(step) for step in self.lesson.steps]
        self._judged: set[int] = set()

    def at(self, step: int) -> Stand:
        """How the lesson's run stands at the end of a step."""
        return walk(self.lesson.id)[step - 1]

    def says(self, step: int, template: str, *values: float, within: float = EXACT) -> None:
        """A piece of a step's text, with `{}` for each of the values; each is told to as many digits as stand there."""
        pattern = rf"({FIGURE})".join(re.escape(part) for part in template.split("{}"))
        found = list(re.finditer(rf"(?<![\d.,]){pattern}(?!\d)", self._left[step - 1]))
        assert len(found) == 1, f"{self._place(step)} says “{template}” {len(found)} times in: {self._left[step - 1]}"
        told = found[0].groups()
        assert len(told) == len(values)
        for text, value in zip(told, values, strict=True):
            off = abs(_value(text) - value)
            assert off <= within * _last_digit(text), (
                f"{self._place(step)} says {text} in “{template}”, true is {value}"
            )
        self._take(step, found[0].group())

    def trained(self, step: int, template: str, *values: float) -> None:
        """As `says`, of what long training leads to."""
        self.says(step, template, *values, within=TRAINED)

    def holds(self, step: int, phrase: str, truth: Any) -> None:
        """Words of a step, and whether they are true."""
        assert truth, f"{self._place(step)}: “{phrase}” does not hold"
        assert self._left[step - 1].count(phrase) == 1, (
            f"{self._place(step)}, once: “{phrase}” in {self._left[step - 1]}"
        )
        self._take(step, phrase)

    def plain(self, step: int, phrase: str, reason: str) -> None:
        """Words with a number that needs no working out, and why."""
        assert reason
        assert phrase in self._left[step - 1], f"{self._place(step)}: “{phrase}” is not in {self._left[step - 1]}"
        self._left[step - 1] = self._left[step - 1].replace(phrase, "…")

    def choices(self, step: int, truths: dict[str, Any]) -> None:
        """Every choice of a step's question, and whether it is true: of the right one alone."""
        ask = self.lesson.steps[step - 1].ask
        assert ask
        assert list(truths) == ask.choices, f"{self._place(step)} offers {ask.choices}"
        right = [bool(truth) for truth in truths.values()]
        assert right == [place == ask.right for place in range(len(right))], f"{self._place(step)}: {truths}"
        self._judged.add(step)
        for choice in ask.choices:
            self._take(step, f"• {choice}\n")

    def check(self) -> None:
        """Nothing is left that nobody has vouched for."""
        asking = {place for place, step in enumerate(self.lesson.steps, start=1) if step.ask}
        assert self._judged == asking, f"{self.lesson.id} asks in its steps {asking}"
        known = set(_of_settings(self.lesson.needs.made()))
        for place, (step, left) in enumerate(zip(self.lesson.steps, self._left, strict=True), start=1):
            known |= set(_of_actions(step))
            unclaimed = [text for text in NUMBER.findall(left) if not _is_among(text, known)]
            assert not unclaimed, f"{self._place(place)}: nothing vouches for {unclaimed} in: {left}"

    def _take(self, step: int, phrase: str) -> None:
        self._left[step - 1] = self._left[step - 1].replace(phrase, "…", 1)

    def _place(self, step: int) -> str:
        return f"{self.lesson.id}, step {step}"


def texts(step: Step) -> str:
    """All that a step says, a line each."""
    ask = step.ask
    asked = [ask.question, *(f"• {choice}" for choice in ask.choices), ask.why] if ask else []
    return "\n".join([step.say, *asked, ""])


def _value(text: str) -> float:
    return float(text.replace(",", "").replace("−", "-").lstrip("±"))


def _last_digit(text: str) -> float:
    return float(10.0 ** -len(text.partition(".")[2]))


def _is_among(text: str, known: set[float]) -> bool:
    return re.fullmatch(FIGURE, text) is not None and _value(text) in known


def _of_settings(made: Settings) -> Iterator[float]:
    """What a lesson begins with, where that is not the default."""
    yield from _numbers(getattr(made, name) for name in made.differences(Settings()))


def _of_actions(step: Step) -> Iterator[float]:
    """The numbers of what a step does."""
    for action in step.do:
        if isinstance(action, RunTo):
            yield action.step
        elif isinstance(action, SetValue):
            yield from _numbers([action.value])
        elif isinstance(action, Fork):
            yield from _numbers(action.changes.values())
        elif isinstance(action, MapCursor):
            yield from _numbers([action.x, action.y])


def _numbers(values: Any) -> Iterator[float]:
    return (float(value) for value in values if isinstance(value, int | float) and not isinstance(value, bool))
