"""The trainer: a network, its examples and its history; one update, one pass, or as many as fit in a slice of time."""

import math
import sys
import time
from collections.abc import Callable, Sequence
from typing import Any

import torch

from mlp.dataset import make_dataset
from mlp.model import Model
from mlp.sampling import sample
from mlp.settings import SPECS, Settings
from mlp.training import checkpoint
from mlp.training.backprop import Optimizer
from mlp.training.batches import Batches
from mlp.training.chunked_step import Interrupted, make_step
from mlp.training.divergence import State, advance_checking, is_finite_and_small
from mlp.training.timeline import Timeline
from mlp.words import load_words

CHECK_EVERY = 100


class Trainer:
    """One run: deterministic from its settings and words, ready and untrained.

    Args:
        settings: every setting of the run.
        words: clean words (`mlp.load_words`, `mlp.read_words`); the settings' own list where left out.

    Raises:
        ValueError: there are no words, or one of them holds the boundary.

    Attributes:
        steps_done: updates so far. batches: the examples of the next ones, and how far the passes over them have come.
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
        self.batches = Batches(self.dataset.train, settings, lambda size: make_step(self.model, size, self._between))
        self.steps_done = 0
        self.diverged: str | None = None
        self.last_batch_loss = math.nan
        self.interrupt: Callable[[], bool] = lambda: False
        self.timeline.remember(0, 0.0, self.model.theta)

    @property
    def epoch_done(self) -> float:
        """Passes over the training examples so far, with the part of the running one: 2.5 is two and a half."""
        return self.batches.epoch

    @property
    def work_per_step(self) -> int:
        """About how many multiplications an update takes."""
        return 3 * self.batches.size * self.model.theta.numel()

    def step(self, count: int = 1) -> float:
        """Make `count` updates; the loss in nats of the last one's batch, before the update.

        A loss that is not finite stops the run: the update that led there is taken back, `diverged` says so, and
        further steps do nothing but return that loss.
        """
        end = self.steps_done + count
        while self.steps_done < end and not self.diverged:
            self._advance(min(end, self.timeline.due(), self.steps_done + CHECK_EVERY))
            if self.steps_done == self.timeline.due():
                memory = self.optimizer.memory(self.settings)
                self.timeline.remember(self.steps_done, self.epoch_done, self.model.theta, memory)
        return self.last_batch_loss

    def epoch(self) -> float:
        """Train to the end of the running pass (from its start: one whole epoch); the last batch's loss."""
        return self.step(self.batches.left_in_pass)

    def run_for(self, seconds: float, most: int = sys.maxsize) -> int:
        """As many updates as fit in so many seconds, one at least and `most` at most; how many there were."""
        begin, deadline = self.steps_done, time.perf_counter() + seconds
        end = begin + most
        self.step()
        while not self.diverged and self.steps_done < end and (left := deadline - (now := time.perf_counter())) > 0:
            pace = (now - deadline + seconds) / (self.steps_done - begin)
            due = self.timeline.due() - self.steps_done  # no further: remembering a large network takes its time
            self.step(int(max(1, min(CHECK_EVERY, left / pace / 2, end - self.steps_done, due))))
        return max(0, self.steps_done - begin)  # a run that diverges goes back

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
        changed = self.settings.with_changes(**changes)
        if changed.optimizer != self.settings.optimizer:
            self.optimizer.forget()
        if changed.batch_size != self.settings.batch_size:
            self.batches.resize(changed)
        self.diverged = None  # the network is at its last finite state, from where other settings may lead on
        self.settings = changed

    @torch.inference_mode()
    def rewind(self, step: int) -> None:
        """Back to a remembered step: its parameters, its place in the pass, the optimizer's memory. Later is forgotten.

        Raises:
            ValueError: the parameters of that step are not remembered.
        """
        if step not in self.timeline.snapshots:
            raise ValueError(f"The parameters of step {step:,} are not remembered.")
        self.timeline.forget_after(step)
        self.steps_done = step
        self.model.theta.copy_(self.timeline.snapshots[step])
        self.batches.go_to_epoch(self.timeline.epochs[-1])
        self.optimizer.recall(self.timeline.memories.get(step), self.settings)
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
            raise ValueError("There are no dev names, so there is no best step.")
        self.rewind(best)
        return best

    def fork(self, **changes: Any) -> "Trainer":
        """A new, untrained trainer with the same seed and words, and some settings changed."""
        settings = self.settings.with_changes(**changes)
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

    def update(self, wants_loss: bool = False) -> float:
        """One update, without looking what came of it; its batch's loss if wanted, else nan. Only in inference mode.

        The loss at a remembered step must always be wanted.
        """
        x, x_numpy, y, step = self.batches.next()
        step.forward(x_numpy)
        loss = math.nan
        if wants_loss:
            loss = step.loss(y)
            if self.steps_done == self.timeline.steps[-1]:
                self.timeline.note_batch_loss(loss)
        self.optimizer.update(step, x, y, self.settings)
        self.steps_done += 1
        return loss

    def state(self) -> State:
        """Where the run stands; later updates do not change it."""
        theta, first, second = self.model.theta.clone(), self.optimizer.first, self.optimizer.second
        if self.settings.optimizer != "sgd":  # which leaves them alone
            first, second = first.clone(), second.clone()
        place = self.batches.passes, self.batches.position
        return State(theta, first, second, self.optimizer.count, self.steps_done, *place)

    @torch.inference_mode()
    def restore(self, state: State) -> None:
        """To another state; the timeline stays as it is."""
        self.model.theta.copy_(state.theta)
        self.optimizer.first.copy_(state.first)
        self.optimizer.second.copy_(state.second)
        self.optimizer.count, self.steps_done = state.counted, state.steps_done
        self.batches.go_to(state.passes, state.position)

    def _losses_of(self, model: Model) -> tuple[float, float]:
        train, dev = self.dataset.train, self.dataset.dev
        return model.loss(train.X, train.Y, self._between), model.loss(dev.X, dev.Y, self._between)

    def _between(self) -> None:
        """Called between the parts of a long computation."""
        if self.interrupt():
            raise Interrupted

    @torch.inference_mode()
    def _advance(self, end: int) -> None:
        """Updates up to step `end`; where they end in huge numbers or none, again from the start, looking at each."""
        before = self.state()
        try:
            loss = self.update(wants_loss=True)
            while self.steps_done < end - 1:
                self.update()
            if self.steps_done < end:
                loss = self.update(wants_loss=True)
        except Interrupted:
            self.restore(before)
            raise
        if math.isfinite(loss) and is_finite_and_small(self.model.theta):
            self.last_batch_loss = loss
            return
        self.restore(before)
        interrupt, self.interrupt = self.interrupt, lambda: False
        advance_checking(self, end)
        self.interrupt = interrupt
