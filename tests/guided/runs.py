"""The runs that lessons speak of, each trained once for all tests of a process, and where a lesson's steps lead."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from torch import Tensor

from mlp.analysis.presets import PRESETS
from mlp.dataset import Dataset
from mlp.guided.action import Action, Fork, LoadPreset, OpenPage, Press, RunTo, SetValue
from mlp.guided.lesson import Lesson
from mlp.guided.reading import shipped
from mlp.lessons.examples import WordExamples, word_examples
from mlp.lessons.hidden import Saturation, saturation
from mlp.model import Model
from mlp.settings import SPECS, Settings
from mlp.training.loop import State
from mlp.training.trainer import Trainer

FIRST = 32  # examples that the page on the hidden layer looks at


@dataclass(frozen=True)
class Stand:
    """A run as it stands at the end of a step, on the page that is then open."""

    settings: Settings
    step: int
    model: Model
    dataset: Dataset
    page: str = ""

    @property
    def train(self) -> float:
        return self.model.loss(self.dataset.train.X, self.dataset.train.Y)

    @property
    def dev(self) -> float:
        return self.model.loss(self.dataset.dev.X, self.dataset.dev.Y)

    def row(self, character: str) -> int:
        return self.dataset.vocabulary.index[character]

    def word(self, word: str) -> WordExamples:
        return word_examples(word, self.dataset.vocabulary, self.settings.block_size)

    def probabilities(self, X: Tensor) -> Tensor:
        return self.model.forward(X).logits.softmax(1)

    def saturation(self) -> Saturation:
        """Of the examples that the page on the hidden layer looks at."""
        return saturation(self.model.forward(self.dataset.train.X[:FIRST]).hidden)


@cache
def run(step: int, settings: Settings | None = None, **changes: Any) -> Stand:
    """A run after so many steps."""
    trainer = Trainer((settings or Settings()).with_changes(**changes))
    trainer.step(step)
    return stand(trainer)


def stand(trainer: Trainer, page: str = "") -> Stand:
    model = trainer.model.at(trainer.model.theta.clone())
    return Stand(trainer.settings, trainer.steps_done, model, trainer.dataset, page)


@cache
def walk(id: str) -> tuple[Stand, ...]:
    """How the run stands at the end of each step of a lesson."""
    return tuple(_walk(next(lesson for lesson in shipped() if lesson.id == id)))


def _walk(lesson: Lesson) -> Iterator[Stand]:
    trainer, page = Trainer(lesson.needs.made()), ""
    for step in lesson.steps:
        for action in step.do:
            trainer = _done(trainer, action)
            page = action.name if isinstance(action, OpenPage) else page
        yield stand(trainer, page)


def _done(trainer: Trainer, action: Action) -> Trainer:
    """The run after an action, as `pages/ui/guide/actions.py` does it."""
    if isinstance(action, Fork):
        return trainer.fork(**action.changes)
    if isinstance(action, LoadPreset):
        trainer = Trainer(PRESETS[action.name].settings)
        trainer.restore(_after_preset(action.name))
    elif isinstance(action, SetValue):
        if not SPECS[action.setting].live:
            return trainer.fork(**{action.setting: action.value})
        trainer.change(**{action.setting: action.value})
    elif isinstance(action, RunTo):
        trainer.step(max(0, action.step - trainer.steps_done))
    elif isinstance(action, Press):
        return _pressed(trainer, action.action)
    return trainer


@cache
def _after_preset(name: str) -> State:
    """Where a preset ends; two lessons load the same large one."""
    trainer = Trainer(PRESETS[name].settings)
    trainer.step(PRESETS[name].steps)
    return trainer.state()


def _pressed(trainer: Trainer, name: str) -> Trainer:
    if name == "reset":
        return trainer.fork()
    if name == "step":
        trainer.step()
    elif name == "epoch":
        trainer.epoch()
    elif name == "restore_best":
        trainer.back_to_best()
    else:
        assert name in ("pin", "pause", "quiet", "find_rate", "compare_remedies"), f"what does {name} do to the run?"
    return trainer
