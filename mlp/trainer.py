"""The trainer: a network, its examples and its history; one update, one pass, or as many as fit in a slice of time."""

import math
import sys
import time
from collections import deque
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import torch
from torch import Tensor

from mlp import checkpoint
from mlp.backprop import Optimizer, Step
from mlp.chunks import Interrupted, make_step
from mlp.dataset import make_dataset
from mlp.model import Model
from mlp.sampling import sample
from mlp.settings import SPECS, Settings
from mlp.timeline import Timeline
from mlp.words import load_words

CHECK_EVERY = 100
KEEP_BACK = 8

State = tuple[Tensor, Tensor, Tensor, tuple[int, int, int, int]]
Batch = tuple[Tensor, np.ndarray, Tensor, Step]  # x (B * T,) int64 and its NumPy view, y (1, B) int64, and the step


class Trainer:
    """One run: deterministic from its settings and words, ready and untrained.

    Args:
        settings: every setting of the run.
        words: clean words (`mlp.load_words`, `mlp.read_words`); the settings' own list where left out.

    Attributes:
        steps_done: updates so far. passes: whole passes over the training examples so far.
        diverged: None, or a sentence that says when the loss stopped being a number.
        interrupt: asked between the parts of a long step or evaluation; where it says True, `Interrupted` is raised
            and nothing has changed.
    """

    def __init__(self, settings: Settings, words: Sequence[str] | None = None) -> None:
        torch.set_num_threads(1)  # a second thread makes steps of this size slower, not faster
        self.settings = settings
        self.words = list(words) if words is not None else load_words(settings.word_list)
        self.dataset = make_dataset(settings, self.words)
        self.model = Model(settings, len(self.dataset.vocabulary))
        self.optimizer = Optimizer(self.model)
        self.timeline = Timeline(self.model, self._losses_of)
        self.steps_done, self.passes, self.position = 0, 0, 0
        self.diverged: str | None = None
        self.last_batch_loss = math.nan
        self.interrupt: Callable[[], bool] = lambda: False
        self._examples = len(self.dataset.train)
        self._steps: dict[int, Step] = {}
        self._batches: list[Batch] = []
        self.timeline.remember(0, 0.0, self.model.theta)

    @property
    def epoch_done(self) -> float:
        """Passes over the training examples so far, with the part of the running one: 2.5 is two and a half."""
        return self.passes + self.position / self._examples

    def step(self, count: int = 1) -> float:
        """Make `count` updates; the loss in nats of the last one's batch, before the update.

        A loss that is not finite stops the run: the update that led there is taken back, `diverged` says so, and
        further steps do nothing but return that loss.
        """
        end = self.steps_done + count
        while self.steps_done < end and not self.diverged:
            self._advance(min(end, self.timeline.due(), self.steps_done + CHECK_EVERY))
            if self.steps_done == self.timeline.due():
                self.timeline.remember(
                    self.steps_done, self.epoch_done, self.model.theta, self.optimizer.memory(self.settings)
                )
        return self.last_batch_loss

    def epoch(self) -> float:
        """Train to the end of the running pass (from its start: one whole epoch); the last batch's loss."""
        return self.step(self.steps_left_in_pass())

    def run_for(self, seconds: float, most: int = sys.maxsize) -> int:
        """As many updates as fit in so many seconds, one at least and `most` at most; how many there were."""
        begin, deadline = self.steps_done, time.perf_counter() + seconds
        end = begin + most
        self.step()
        while not self.diverged and self.steps_done < end and (left := deadline - (now := time.perf_counter())) > 0:
            pace = (now - deadline + seconds) / (self.steps_done - begin)
            due = (
                self.timeline.due() - self.steps_done
            )  # no further, because remembering a large network takes its time
            self.step(int(max(1, min(CHECK_EVERY, left / pace / 2, end - self.steps_done, due))))
        return self.steps_done - begin

    def evaluate(self, split: str) -> float:
        """The mean cross-entropy in nats over "train", "dev" or "test"; nan where that split has no examples."""
        part = self.dataset.split(split)
        return self.model.loss(part.X, part.Y, self._between)

    def change(self, **changes: Any) -> None:
        """Change settings that apply to a running network.

        Raises:
            ValueError: a value is out of bounds, or the setting needs a new network; nothing was changed.
        """
        for name in changes:
            if name not in SPECS or not SPECS[name].live:
                raise ValueError(f"{name} needs a new network: use fork({name}={changes[name]!r}).")
        changed = self.settings.but(**changes)
        if changed.optimizer != self.settings.optimizer:
            self.optimizer.forget()
        if changed.batch_size != self.settings.batch_size:
            self._batches, self._steps = [], {}
        self.diverged = None  # the network is at its last finite state, from where other settings may lead on
        self.settings = changed

    def fork(self, **changes: Any) -> "Trainer":
        """A new, untrained trainer with the same seed and words, and some settings changed."""
        settings = self.settings.but(**changes)
        return Trainer(settings, self.words if settings.word_list == self.settings.word_list else None)

    def sample(self, count: int, seed: int | None = None) -> list[str]:
        """New words from the network as it is now; the same seed draws with the same luck (see `mlp.sampling`)."""
        return sample(self.model, self.dataset.vocabulary, count, self.settings.seed if seed is None else seed)

    def save(self, path: str) -> None:
        """Write the whole run to a file from which it goes on bit for bit.

        Raises:
            OSError: the file cannot be written; an older file of that name stays as it was.
        """
        checkpoint.save(self, path)

    @classmethod
    def load(cls, path: str) -> "Trainer":
        """The run that `save` wrote.

        Raises:
            ValueError: the file is not a saved run.
            OSError: the file cannot be read.
        """
        return checkpoint.load(cls, path)

    def steps_left_in_pass(self) -> int:
        """Updates to the end of the running pass, a short last batch included."""
        return math.ceil((self._examples - self.position) / self._batch_size())

    def _batch_size(self) -> int:
        return min(self.settings.batch_size or self._examples, self._examples)

    def _losses_of(self, model: Model) -> tuple[float, float]:
        train, dev = self.dataset.train, self.dataset.dev
        return model.loss(train.X, train.Y, self._between), model.loss(dev.X, dev.Y, self._between)

    def _between(self) -> None:
        """Called between the parts of a long computation."""
        if self.interrupt():
            raise Interrupted

    @torch.inference_mode()
    def _advance(self, end: int) -> None:
        """Updates up to step `end`; where they end in numbers that are not finite, again one by one from the start."""
        before = self._state()
        try:
            loss = self._update(wants_loss=True)
            while self.steps_done < end - 1:
                self._update()
            if self.steps_done < end:
                loss = self._update(wants_loss=True)
        except Interrupted:
            self._restore(before)
            raise
        if math.isfinite(loss) and math.isfinite(self.model.theta.sum().item()):
            self.last_batch_loss = loss
            return
        self._restore(before)
        interrupt, self.interrupt = self.interrupt, lambda: False
        self._advance_checking()
        self.interrupt = interrupt

    def _advance_checking(self) -> None:
        """Updates one by one up to the first that is not finite, and back to the last state that is."""
        states = deque([self._state()], maxlen=KEEP_BACK)
        while math.isfinite(loss := self._update(wants_loss=True)):
            self.last_batch_loss = loss
            if not math.isfinite(self.model.theta.sum().item()):
                break
            states.append(self._state())
        self.last_batch_loss = loss if not math.isfinite(loss) else math.inf
        self.diverged = f"Training diverged at step {self.steps_done:,}: the loss is no longer a finite number."
        self._back_to_finite(states)

    def _back_to_finite(self, states: deque[State]) -> None:
        """Back to the last of the states, or else of the remembered steps, whose loss on all examples is finite."""
        while states:
            self._restore(states.pop())
            if math.isfinite(self.evaluate("train")):
                self.timeline.forget_after(self.steps_done)
                return
        known = reversed(self.timeline.snapshots)
        diverged, loss = self.diverged, self.last_batch_loss
        self.rewind(next((step for step in known if math.isfinite(self.timeline.losses_at(step)[0])), 0))
        self.diverged, self.last_batch_loss = diverged, loss

    @torch.inference_mode()
    def rewind(self, step: int) -> None:
        """Back to a remembered step: its parameters, its place in the pass, the optimizer's memory. Later is forgotten.

        Raises:
            ValueError: the parameters of that step are not remembered.
        """
        if step not in self.timeline.snapshots:
            raise ValueError(f"The parameters of step {step:,} are not remembered.")
        self.timeline.forget_after(step)
        self.steps_done, self._batches = step, []
        self.model.theta.copy_(self.timeline.snapshots[step])
        whole, part = divmod(self.timeline.epochs[-1], 1)
        self.passes, self.position = int(whole), round(part * self._examples)
        if self.position == self._examples:
            self.passes, self.position = self.passes + 1, 0
        self.optimizer.recall(self.timeline.memories.get(step))
        self.timeline.batch_losses[-1] = math.nan
        self.last_batch_loss, self.diverged = math.nan, None

    def back_to_best(self) -> int:
        """Back to the remembered step with the lowest dev loss; that step.

        Raises:
            ValueError: no dev loss is known, as where there are no dev words.
        """
        self.timeline.losses("dev")
        best = self.timeline.best()
        if best is None:
            raise ValueError("There is no best step, because there are no dev words to judge by.")
        self.rewind(best)
        return best

    def _update(self, wants_loss: bool = False) -> float:
        """One update; its batch's loss if wanted, else nan. The loss at a remembered step is always wanted."""
        x, x_numpy, y, step = self._next_batch()
        step.forward(x_numpy)
        loss = math.nan
        if wants_loss:
            loss = step.loss(y)
            if self.steps_done == self.timeline.steps[-1]:
                self.timeline.note_batch_loss(loss)
        self.optimizer.update(step, x, y, self.settings)
        self.steps_done += 1
        return loss

    def _next_batch(self) -> Batch:
        """The next examples of the running pass."""
        if not self._batches:
            self._batches = self._cut_batches()
        batch = self._batches.pop()
        self.position += batch[3].batch
        if self.position == self._examples:
            self.passes, self.position = self.passes + 1, 0
        return batch

    def _cut_batches(self) -> list[Batch]:
        """The next batches of the running pass, last one first; a hundred at most, so that no step waits for long.

        A pass is a permutation that follows from the seed and the number of the pass. A full batch is taken in the
        list's own order, as in the notes: the order would not change the update.
        """
        X, Y, B = self.dataset.train.X, self.dataset.train.Y, self._batch_size()
        if len(Y) == B and not self.position:
            return [self._batch(X, Y)] * CHECK_EVERY
        order = pass_order(self.settings.seed, self.passes, len(Y))[self.position : self.position + CHECK_EVERY * B]
        return [self._batch(x, y) for x, y in zip(X[order].split(B), Y[order].split(B), strict=True)][::-1]

    def _batch(self, X: Tensor, Y: Tensor) -> Batch:
        step = self._steps.get(len(Y))
        if step is None:
            step = self._steps[len(Y)] = make_step(self.model, len(Y), self._between)
        x = X.flatten()
        return x, x.numpy(), Y.view(1, -1), step

    def _state(self) -> State:
        counts = (self.steps_done, self.passes, self.position, self.optimizer.count)
        if self.settings.optimizer == "sgd":
            return self.model.theta.clone(), self.optimizer.first, self.optimizer.second, counts
        return self.model.theta.clone(), self.optimizer.first.clone(), self.optimizer.second.clone(), counts

    def _restore(self, state: State) -> None:
        self._batches = []
        theta, first, second, (self.steps_done, self.passes, self.position, self.optimizer.count) = state
        self.model.theta.copy_(theta)
        self.optimizer.first.copy_(first)
        self.optimizer.second.copy_(second)


@lru_cache(maxsize=16)
def pass_order(seed: int, number: int, examples: int) -> Tensor:
    """The order in which pass `number` takes the examples: it follows from the seed and that number alone."""
    return torch.randperm(examples, generator=torch.Generator().manual_seed(seed * 1_000_003 + number))
