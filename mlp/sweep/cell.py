"""One network of a map of fits: what is remembered of it, and how it becomes an ordinary trainer."""

import math
from dataclasses import dataclass, field

import torch
from torch import Tensor

from mlp.analysis.scoring import Scorer
from mlp.dataset import Dataset, Split
from mlp.limits import LIMITS, Limits
from mlp.model import Model
from mlp.settings import Settings
from mlp.sweep.batched_step import Member
from mlp.training.backprop import Memory
from mlp.training.batches import batch_size, place_after
from mlp.training.divergence import Divergence
from mlp.training.loop import State
from mlp.training.trainer import Trainer
from mlp.words import WordList


@dataclass(frozen=True, eq=False)
class Fit:
    """One network of a map at one moment: its settings, examples, parameters and curve, all immutable.

    `steps`, `train` and `dev` are parallel, losses in nats; `diverged` is None, or what overflowed and when.
    """

    settings: Settings
    dataset: Dataset
    model: Model
    steps: tuple[int, ...]
    train: tuple[float, ...]
    dev: tuple[float, ...]
    diverged: Divergence | None

    def loss(self, split: str) -> float:
        """The latest train or dev loss in nats; inf where the network diverged."""
        losses = {"train": self.train, "dev": self.dev}[split]
        if not losses:
            return math.inf if self.diverged else math.nan
        overflow = math.isnan(losses[-1]) and len(self.dataset.split(split))  # while the parameters are still finite
        return math.inf if self.diverged or overflow else losses[-1]


@dataclass(eq=False)
class Cell:
    """One network of a map while it trains. The parameters live in a stack; here is what was remembered of them.

    `ended` and `diverged` are set when the loss stops being a number: the last finite state, its step, and what
    overflowed when.
    """

    settings: Settings
    dataset: Dataset
    whole: Split  # all training examples that there are
    train_scorer: Scorer
    dev_scorer: Scorer
    steps: list[int] = field(default_factory=list)
    train: list[float] = field(default_factory=list)
    dev: list[float] = field(default_factory=list)
    snapshots: dict[int, Tensor] = field(default_factory=dict)
    memories: dict[int, Memory] = field(default_factory=dict)
    ended: tuple[Member, int] | None = None
    diverged: Divergence | None = None

    def model(self, theta: Tensor) -> Model:
        """The network with these parameters, (parameters,)."""
        return Model(self.settings, len(self.dataset.vocabulary), theta)

    def first_member(self) -> Member:
        """The untrained network; its parameters are kept as those of step 0."""
        theta = Model(self.settings, len(self.dataset.vocabulary)).theta
        self.snapshots[0] = theta
        return Member(self.settings, theta, torch.zeros_like(theta), torch.zeros_like(theta))

    def losses(self, theta: Tensor) -> tuple[float, float]:
        """Train and dev loss in nats of the network with these parameters."""
        model = self.model(theta)
        return self.train_scorer.loss(model), self.dev_scorer.loss(model)

    def remember(self, step: int, member: Member, losses: tuple[float, float]) -> None:
        """Keep the parameters of a step and the optimizer's memory, as they are, and their losses."""
        self.steps.append(step)
        self.train.append(losses[0])
        self.dev.append(losses[1])
        self.snapshots[step] = member.theta
        if step and self.settings.optimizer != "sgd":
            self.memories[step] = Memory(self.settings.optimizer, member.first, member.second, step)

    def drop(self, step: int) -> None:
        """Keep no more of a step than its losses."""
        self.snapshots.pop(step, None)
        self.memories.pop(step, None)

    def bytes_kept(self) -> int:
        """How much memory the remembered steps take."""
        return (len(self.snapshots) + 2 * len(self.memories)) * self.snapshots[0].nbytes

    def fit(self) -> Fit:
        """An immutable picture of the step remembered last."""
        curve = tuple(self.steps), tuple(self.train), tuple(self.dev)
        theta = self.ended[0].theta if self.ended else next(reversed(self.snapshots.values()))
        return Fit(self.settings, self.dataset, self.model(theta), *curve, self.diverged)

    def end(self, trainer: Trainer) -> None:
        """Freeze the network in the last finite state that a trainer found; later steps are forgotten."""
        self.ended, self.diverged = (member_of(trainer), trainer.steps_done), trainer.diverged
        while self.steps[-1] > trainer.steps_done:
            self.drop(self.steps.pop())
            self.train.pop()
            self.dev.pop()

    def trainer(self, words: WordList, member: Member, step: int, limits: Limits = LIMITS) -> Trainer:
        """An ordinary trainer that stands where the network stands and goes on from there."""
        trainer = Trainer(self.settings, words, limits)
        kind = self.settings.optimizer
        memory = None if kind == "sgd" else Memory(kind, member.first, member.second, step)
        trainer.restore(State(member.theta, memory, step, *self.place(step)))
        trainer.diverged, trainer.exact = self.diverged, False
        self._hand_over_curve(trainer, step)
        return trainer

    def place(self, step: int) -> tuple[int, int]:
        """Whole passes over the training examples, and examples seen of the running one, after so many updates."""
        examples = len(self.dataset.train)
        return place_after(step, examples, batch_size(self.settings, examples))

    def _hand_over_curve(self, trainer: Trainer, step: int) -> None:
        timeline = trainer.timeline
        for kept, train, dev in zip(self.steps, self.train, self.dev, strict=True):
            timeline.known[kept] = train, dev
            if kept:
                passes, position = self.place(kept)
                timeline.steps.append(kept)
                timeline.epochs.append(passes + position / len(self.dataset.train))
                timeline.batch_losses.append(math.nan)
                if kept in self.snapshots:
                    timeline.snapshots[kept] = self.snapshots[kept].clone()
                if kept in self.memories:
                    timeline.memories[kept] = self.memories[kept]
        if step > timeline.steps[-1]:
            memory = trainer.optimizer.memory()
            timeline.remember(step, trainer.epoch_done, trainer.model.theta, memory)


def member_of(trainer: Trainer) -> Member:
    """A trainer's network as it is now, ready for a stack."""
    return Member(trainer.settings, trainer.model.theta, trainer.optimizer.first, trainer.optimizer.second)
