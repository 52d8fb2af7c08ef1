"""One network of a map of fits: a training loop that remembers a few steps, and becomes an ordinary trainer."""

import math
import time
from dataclasses import dataclass

from torch import Tensor

from mlp.dataset import Dataset, make_dataset
from mlp.limits import LIMITS, Limits
from mlp.model import Model
from mlp.settings import Settings
from mlp.training.batches import batch_size, place_after
from mlp.training.divergence import Divergence, Progress, advance
from mlp.training.loop import Loop, State
from mlp.training.optimizer import Memory
from mlp.training.trainer import CHECK_EVERY, Trainer
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


@dataclass(frozen=True, eq=False)
class Trained:
    """What training a network for a while has brought: where it stands now, and what it has remembered since.

    The names are those of `Cell`.
    """

    state: State
    diverged: Divergence | None
    steps: list[int]
    train: list[float]
    dev: list[float]
    snapshots: dict[int, Tensor]
    memories: dict[int, Memory]


class Cell(Loop):
    """A network of a map while it trains; the very one that `Trainer` would have trained alone.

    Attributes:
        steps, train, dev: the remembered steps, and the losses in nats there.
        snapshots, memories: the parameters, and what the optimizer remembered, at those of them that are kept.
        diverged: None, or what overflowed and when; the network then rests in its last finite state.
    """

    def __init__(self, settings: Settings, words: WordList) -> None:
        super().__init__(settings, make_dataset(settings, words))
        self.words = words
        self.steps: list[int] = []
        self.train: list[float] = []
        self.dev: list[float] = []
        self.snapshots: dict[int, Tensor] = {}
        self.memories: dict[int, Memory] = {}
        self.diverged: Divergence | None = None
        self._step_seconds = math.inf

    def work(self, goal: int, seconds: float = math.inf) -> None:
        """Come nearer to step `goal` for so many seconds, and by one update at least."""
        deadline = time.perf_counter() + seconds
        while not self.diverged and self.steps_done < goal:
            begin, step = time.perf_counter(), self.steps_done
            count = int(max(1, min(CHECK_EVERY, (deadline - begin) / self._step_seconds, goal - step)))
            progress = advance(self, step + count)
            if progress.diverged:
                self._end(progress.diverged, progress)
            now = time.perf_counter()
            self._step_seconds = (now - begin) / count
            if now >= deadline:
                break

    def remember(self) -> None:
        """Keep the parameters and losses of the step that the network is at, once."""
        if self.diverged or self.steps[-1:] == [self.steps_done]:
            return
        train, dev = self.evaluate("train"), self.evaluate("dev")
        state = self.state()
        self.steps.append(self.steps_done)
        self.train.append(train)
        self.dev.append(dev)
        self.snapshots[self.steps_done] = state.theta
        if state.memory:
            self.memories[self.steps_done] = state.memory

    def trained(self) -> Trained:
        """What another process needs to `take` this network over."""
        return Trained(self.state(), self.diverged, self.steps, self.train, self.dev, self.snapshots, self.memories)

    def take(self, trained: Trained) -> None:
        """Stand where another process has brought this network, and remember what that has remembered."""
        self.restore(trained.state)
        self.diverged = trained.diverged
        self._forget_later()
        self.steps += trained.steps
        self.train += trained.train
        self.dev += trained.dev
        self.snapshots |= trained.snapshots
        self.memories |= trained.memories

    def drop(self, step: int) -> None:
        """Keep no more of a step than its losses."""
        self.snapshots.pop(step, None)
        self.memories.pop(step, None)

    def bytes_kept(self) -> int:
        """How much memory the remembered steps take."""
        return (len(self.snapshots) + 2 * len(self.memories)) * self.model.theta.nbytes

    def fit(self) -> Fit:
        """An immutable picture of the step remembered last."""
        curve = tuple(self.steps), tuple(self.train), tuple(self.dev)
        rests = self.diverged or not self.snapshots
        theta = self.model.theta.clone() if rests else next(reversed(self.snapshots.values()))
        return Fit(self.settings, self.dataset, self.model.at(theta), *curve, self.diverged)

    def trainer(self, limits: Limits = LIMITS) -> Trainer:
        """An ordinary trainer that stands where the network stands and goes on from there."""
        trainer = Trainer(self.settings, self.words, limits)
        trainer.restore(self.state())
        trainer.diverged = self.diverged
        self._hand_over_curve(trainer)
        return trainer

    def _end(self, diverged: Divergence, progress: Progress) -> None:
        """Rest in the last finite state; later steps are forgotten."""
        if progress.lost:  # not even the last few states were finite: a trainer would go back to one that it remembers
            trainer = Trainer(self.settings, self.words)
            trainer.step(diverged.step)
            self.restore(trainer.state())
        self.diverged = diverged
        self._forget_later()

    def _forget_later(self) -> None:
        """Forget what was remembered after the step at which the network stands."""
        while self.steps and self.steps[-1] > self.steps_done:
            self.drop(self.steps.pop())
            self.train.pop()
            self.dev.pop()

    def _hand_over_curve(self, trainer: Trainer) -> None:
        timeline, examples = trainer.timeline, len(self.dataset.train)
        size = batch_size(self.settings, examples)
        for kept, train, dev in zip(self.steps, self.train, self.dev, strict=True):
            timeline.known[kept] = train, dev
            if kept:
                passes, position = place_after(kept, examples, size)
                timeline.steps.append(kept)
                timeline.epochs.append(passes + position / examples)
                timeline.batch_losses.append(math.nan)
                if kept in self.snapshots:
                    timeline.snapshots[kept] = self.snapshots[kept]
                if kept in self.memories:
                    timeline.memories[kept] = self.memories[kept]
        if self.steps_done > timeline.steps[-1]:
            state = trainer.state()
            timeline.remember(self.steps_done, trainer.epoch_done, state.theta, state.memory)
