"""The trainer: a training loop with a history. One update, one pass, as many as fit in a slice of time, or back."""

import math
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, BinaryIO

from mlp import scoring
from mlp.dataset import make_dataset
from mlp.kernel.examples import copy_of
from mlp.limits import LIMITS, Limits
from mlp.model import Model
from mlp.sampling import draw
from mlp.settings import SPECS, Settings
from mlp.training import checkpoint
from mlp.training.again import Again
from mlp.training.divergence import KEEP_BACK, Divergence, Progress, advance
from mlp.training.history import History, Reason
from mlp.training.loop import Loop, State
from mlp.training.recipe import Recipe, Words
from mlp.training.timeline import Timeline
from mlp.words import OWN_LIST, WordList, load_words

CHECK_EVERY = 500
KEPT_AT_ONCE = 500_000  # parameters, of all the states that one call of the kernel keeps

# Of this thread alone: while others hold the interpreter it may have to wait. On Windows that clock ticks every 16 ms.
work_clock = time.perf_counter if sys.platform == "win32" else time.thread_time


class Trainer(Loop):
    """One run: deterministic from its settings and words, ready and untrained.

    Args:
        settings: every setting of the run.
        words: clean words (`mlp.load_words`, `mlp.read_words`); the settings' own list where left out.
        limits: how much may be kept of the run.

    Raises:
        ValueError: there are no words, one of them holds the boundary, or the settings ask for a user's own words
            ("own") and there are none.

    Attributes:
        steps_done: updates so far. batches: the examples of the next ones, and how far the passes over them have come.
        timeline: what is remembered of the steps so far. history: the settings that were in force at each of them.
        last_batch_loss: in nats; nan before the first step and after going back, inf where the run diverged.
        diverged: None, or the step whose update overflowed, and what was no longer finite.
    """

    def __init__(self, settings: Settings, words: Sequence[str] | None = None, limits: Limits = LIMITS) -> None:
        self.words = load_words(settings.word_list) if words is None else WordList.of(words, settings.word_list)
        super().__init__(settings, make_dataset(settings, self.words))
        self.limits = limits
        self.history = History(settings)
        self.timeline = Timeline(self.model, self._losses_of, limits.run_bytes)
        self.diverged: Divergence | None = None
        self.last_batch_loss = math.nan
        self._step_seconds = math.inf  # what a step took last, by which `run_for` knows how many it has time for
        self._words_told = Words.of(self.words)
        self.timeline.remember(0, 0.0, copy_of(self.model.theta))

    def step(self, count: int = 1) -> float:
        """Make `count` updates; the loss in nats of the last one's batch, before the update.

        A loss that is not finite stops the run: the update that led there is taken back, `diverged` says so, and
        further steps do nothing but return that loss.
        """
        end = self.steps_done + count
        while self.steps_done < end and not self.diverged:
            self._advance(min(end, self.steps_done + CHECK_EVERY))
        return self.last_batch_loss

    def epoch(self) -> float:
        """Train to the end of the running pass (from its start: one whole epoch); the last batch's loss."""
        return self.step(self.batches.left_in_pass)

    def run_for(self, seconds: float, most: int = sys.maxsize) -> int:
        """As many updates as fit in so many seconds, one at least and `most` at most; how many there were."""
        begin, deadline = self.steps_done, time.perf_counter() + seconds
        end = begin + most
        while not self.diverged and self.steps_done < end and (left := deadline - time.perf_counter()) > 0:
            count = int(max(1, min(CHECK_EVERY, left / self._step_seconds, end - self.steps_done)))
            worked, step = work_clock(), self.steps_done
            self._advance(step + count)
            self._step_seconds = (work_clock() - worked) / max(1, self.steps_done - step) or math.inf
        return max(0, self.steps_done - begin)  # a run that diverges goes back

    def change(self, **changes: Any) -> None:
        """Change settings that apply to a running network.

        Raises:
            ValueError: a value is out of bounds, or the setting needs a new network; nothing was changed.
        """
        for name in changes:
            if name not in SPECS or not SPECS[name].live:
                raise ValueError(f"{name} needs a new network: use fork({name}={changes[name]!r}).")
        self.apply(self.settings.with_changes(**changes))
        self._step_seconds = math.inf  # as after another batch size
        self.diverged = None  # the network is at its last finite state, from where other settings may lead on
        self.history.change(self.steps_done, self.settings)
        self.timeline.protect(self.steps_done)

    def at(self, step: int, interrupt: Callable[[], bool] = lambda: False) -> Model:
        """The network after exactly `step` updates: a kept snapshot, or trained again from the nearest earlier one.

        Raises:
            ValueError: `step` is negative, or later than the run has come.
            Interrupted: `interrupt`, which is asked every few hundred updates, has said True.
        """
        return self.model.at(self._state_at(step, interrupt).theta)

    def rewind(self, step: int, why: Reason = "chosen") -> None:
        """Back to an earlier step: its parameters, its place in the pass, the optimizer's memory. Later is forgotten.

        Raises:
            ValueError: `step` is negative, or later than the run has come.
        """
        self._go_back(self._state_at(step, self.interrupt), why)

    def back_to_best(self, why: Reason = "best") -> int:
        """Back to the remembered step with the lowest dev loss; that step.

        Raises:
            ValueError: no dev loss is known, as where there are no dev words.
        """
        self.timeline.losses("dev")
        best = self.timeline.best()
        if best is None:
            raise ValueError(f"There are no dev {self.dataset.noun}, so there is no best step.")
        self.rewind(best, why)
        return best

    def fork(self, words: Sequence[str] | None = None, **changes: Any) -> "Trainer":
        """A new, untrained trainer with the same seed and words, or others, and some settings changed.

        Raises:
            ValueError: a value is out of bounds, or own words are asked for and neither given nor those of this run.
        """
        settings = self.settings.with_changes(**changes)
        if words is None and settings.word_list == self.settings.word_list:
            words = self.words
        return Trainer(settings, words, self.limits)

    def name_own_words(self) -> None:
        """Have the settings say that these words are the user's own, where they are; they decide nothing else."""
        if not self.words.ships and self.settings.word_list != OWN_LIST:
            self.settings = self.settings.with_changes(word_list=OWN_LIST)
            self.history.rename_words(OWN_LIST)

    def recipe(self) -> Recipe:
        """All that the run follows from, as plain data: `mlp.replay` does it again."""
        return Recipe.model_construct(  # not checked again: it is asked for with every picture of the run
            settings=self.history.first,
            words=self._words_told,
            changes=self.history.changes,
            step=self.steps_done,
            diverged=self.diverged,
            goings_back=self.history.goings_back,
        )

    def sample(
        self,
        count: int,
        seed: int | None = None,
        *,
        start: str = "",
        temperature: float = 1.0,
        top_k: int | None = None,
    ) -> list[str]:
        """New words from the network as it is now; the same seed draws with the same luck (see `mlp.sampling.draw`).

        Args:
            start: what every word begins with. temperature: by which the logits are divided; 0 takes the likeliest.
            top_k: how many of the likeliest characters may be drawn; None for all.

        Raises:
            ValueError: one of them is out of bounds, or the vocabulary lacks a character of `start`.
        """
        luck = self.settings.seed if seed is None else seed
        drawn = draw(self.model, self.dataset.vocabulary, count, luck, start, temperature, top_k)
        return [each.word for each in drawn]

    def surprise(self, word: str) -> list[float]:
        """How surprising each character of a word is, and its end, in nats (see `mlp.scoring.surprise`).

        Raises:
            ValueError: the word has a character that the vocabulary lacks.
        """
        return scoring.surprise(self.model, self.dataset.vocabulary, word)

    def most_probable(self, count: int = 10) -> list[tuple[str, float]]:
        """The most probable words with their probabilities, the most probable first, by beam search."""
        found = scoring.most_probable(self.model, self.dataset.vocabulary, count)
        return [(likely.word, likely.probability) for likely in found]

    def origin(self, word: str) -> str:
        """Where a word is from: "train", "dev", "test", "unused" (in the list, but in no example) or "new"."""
        return scoring.origin(self.dataset, word)

    def save(self, target: str | Path | BinaryIO) -> None:
        """Write the whole run to a file, by its name or open, from which it goes on bit for bit.

        Raises:
            OSError: the file cannot be written; an older file of that name stays as it was.
        """
        if isinstance(target, str | Path):
            checkpoint.write(str(target), self.to_bytes())
        else:
            target.write(self.to_bytes())

    def to_bytes(self, room_bytes: int | None = None) -> bytes:
        """The file that `save` writes; `room_bytes` keeps fewer states of the past, no more than fit into so many."""
        timeline = self.timeline if room_bytes is None else self.timeline.thinned(room_bytes)
        return checkpoint.dump(self, timeline, self.recipe(), list(self.words), self.last_batch_loss)

    @classmethod
    def load(cls, source: checkpoint.Source, limits: Limits = LIMITS) -> "Trainer":
        """The run that `save` wrote: from a file by its name, an open file, or its bytes.

        Raises:
            ValueError: the file is not a saved run.
            OSError: the file cannot be read.
        """
        with checkpoint.reading(checkpoint.bytes_of(source)) as saved:
            trainer = cls(saved.recipe.settings, saved.recipe.words.load(saved.words), limits)
            trainer.history = saved.recipe.history()
            trainer.apply(trainer.history.at(saved.recipe.step))
            saved.put_into(trainer, trainer.timeline)
            trainer.diverged = saved.recipe.diverged
            trainer.last_batch_loss = saved.last_batch_loss
        return trainer

    def _state_at(self, step: int, interrupt: Callable[[], bool]) -> State:
        """Where the run stood at a step."""
        if not 0 <= step <= self.steps_done:
            raise ValueError(f"There is no step {step:,} in this run, which has come to step {self.steps_done:,}.")
        if step == self.steps_done:
            return self.state()
        kept = self.timeline.state_at(self.timeline.before(step), len(self.dataset.train))
        if kept.steps_done == step:
            return kept._replace(theta=copy_of(kept.theta))
        again = Again(kept, self.history, self.dataset, interrupt)
        while again.steps_done < step:
            again.check_interrupt()
            again.go_on(min(step, again.steps_done + CHECK_EVERY))
        return again.state()

    def _losses_of(self, model: Model) -> tuple[float, float]:
        return self.loss_of(model, "train"), self.loss_of(model, "dev")

    def _advance(self, end: int) -> None:
        """Updates up to step `end`, or up to where they overflow; of many remembered steps, up to some of them."""
        begin, most = self.steps_done, max(1, KEPT_AT_ONCE // self.model.theta.numel())
        keep = self.timeline.dues(begin, end, most)
        progress = advance(self, keep[-1] if len(keep) == most else end, keep)
        if begin == self.timeline.steps[-1]:
            self.timeline.note_batch_loss(progress.first)
        for (theta, memory, step, passes, position), next_loss in progress.kept:
            self.timeline.remember(step, passes + position / len(self.dataset.train), theta, memory)
            self.timeline.note_batch_loss(next_loss)
        if progress.diverged:
            self._stay_finite(begin, progress)
        self.last_batch_loss, self.diverged = progress.last, progress.diverged

    def _stay_finite(self, begin: int, progress: Progress) -> None:
        """Forget what led to numbers that are not finite; where no state near is finite, back to a remembered one."""
        self.timeline.forget_after(self.steps_done)
        if not progress.lost:
            if self.timeline.steps[-1] == self.steps_done:
                self.timeline.note_batch_loss(math.nan)  # that update was taken back
            self.history.go_back(begin, self.steps_done, "diverged", self.settings)
            return
        assert progress.diverged
        earliest = max(0, progress.diverged.step - KEEP_BACK)  # the same however the steps were cut
        for step in range(self.steps_done - 1, earliest - 1, -1):
            state = self._state_at(step, self.interrupt)
            if math.isfinite(self.loss_of(self.model.at(state.theta), "train")):
                self._go_back(state, "diverged")
                return
        known = (step for step in reversed(self.timeline.snapshots) if step <= self.steps_done)
        finite = next((step for step in known if math.isfinite(self.timeline.losses_at(step)[0])), 0)
        self._go_back(self.timeline.state_at(finite, len(self.dataset.train)), "diverged")

    def _go_back(self, state: State, why: Reason) -> None:
        """To an earlier state of this run; later steps are forgotten."""
        before, step = self.steps_done, state.steps_done
        self.restore(state)
        self.timeline.forget_after(step)
        if self.timeline.steps[-1] == step:
            self.timeline.note_batch_loss(math.nan)
        self.last_batch_loss, self.diverged = math.nan, None
        self.history.go_back(before, step, why, self.settings)
