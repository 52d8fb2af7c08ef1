"""What play, pause, step, epoch and reset do to a trainer. For one thread at a time: `mlp.engine.run` lets many in."""

import math
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from mlp.engine.live_change import LiveChange
from mlp.engine.loss_backlog import LossBacklog
from mlp.engine.pace import Metronome, Pace, rate
from mlp.engine.snapshot import Snapshot
from mlp.engine.tally import Tally
from mlp.engine.throughput import Throughput
from mlp.kernel.examples import copy_of
from mlp.kernel.parts import Interrupted
from mlp.settings import SPECS, Settings
from mlp.training.early_stopping import EarlyStopping
from mlp.training.history import Reason
from mlp.training.replay import Replay
from mlp.training.trainer import Trainer
from mlp.words import OWN_LIST, WordList

LONG_STEP = 5_000_000_000


class Transport:
    """A trainer that is played, and its successors.

    Args:
        trainer: ready, at any step.
        interrupt: asked in the midst of long work; True breaks it off.
        show: called before a very long step, so that watchers see why nothing happens.
        made: where the updates are counted, also those of other transports.

    Attributes:
        trainer: the one that is played now. network: counts them.
        playing: True while it trains by itself. goal: (first, last step) where that is to end, or None.
        pace: see `Snapshot`; a run that is opened is always trained at full speed. patience: see `Snapshot`.
        own: the user's own words, as they were last learned from; None before any were.
        note: one quiet line about the last thing that happened. number: grows with everything that happens.
        replaced: the trainer before this one, for as long as nothing else was done; None where nothing would be lost.
    """

    def __init__(
        self, trainer: Trainer, interrupt: Callable[[], bool], show: Callable[[], None], made: Tally | None = None
    ) -> None:
        self._interrupt, self._show, self._made = interrupt, show, made or Tally()
        self.number = self.network = 0
        self.playing = False
        self.goal: tuple[int, int] | None = None
        self.pace: Pace = None
        self.patience: int | None = None
        self.note = ""
        self.replaced: Trainer | None = None
        self.own: WordList | None = None
        self._replay: Replay | None = None
        self._change: LiveChange | None = None
        self._metronome = Metronome()
        self._begin(trainer)

    def play(self) -> None:
        """Train by itself from now on; what was replaced before is then given up."""
        self.replaced = None
        self._go()

    def _go(self) -> None:
        if self.trainer.diverged:
            self.note = "This run has diverged. Press Reset or lower the learning rate to continue."
            return
        self.playing, self.note, self._change = True, "", None
        if self._replay:
            self.goal = self.trainer.steps_done, self._replay.goal
        self.measures.start_clock()

    def pause(self, note: str | None = None) -> None:
        """Rest, and say why where there is something to say."""
        self.playing, self.goal, self._change, self.measures.speed = False, None, None, 0.0
        if note is not None:
            self.note = note
            self.number += 1

    def single_step(self) -> Callable[[], None]:
        """A command that pauses and makes one update; broken off and done again, it leaves a run alone that plays."""
        begun = False

        def command() -> None:
            nonlocal begun
            if not (begun and self.playing):
                begun = True
                self._step()

        return command

    def run_to(self, step: int) -> None:
        """Play up to a step; rest where that is not ahead."""
        if step <= self.trainer.steps_done:
            self.pause()
            return
        self._go()
        if self.playing:
            self.goal = self.trainer.steps_done, step

    def run_passes(self, count: int) -> None:
        """Play to the end of the running pass, and `count` - 1 more."""
        self.replaced = None
        batches = self.trainer.batches
        self.run_to(self.trainer.steps_done + batches.left_in_pass + (count - 1) * batches.a_pass)

    def set(self, name: str, value: Any) -> None:
        """Change a setting, live or by a new network; the value it has already changes nothing."""
        if value == getattr(self.trainer.settings, name):
            return
        if not SPECS[name].live:
            kept = f"its dev {self.trainer.words.noun} are dealt anew" if name == "seed" else "same seed"
            self.replace({name: value}, f"{SPECS[name].label} changed, so this is a new network ({kept}).")
            return
        step, before = self.trainer.steps_done, getattr(self.trainer.settings, name)
        self._change = LiveChange.of(self._change, name, before, step)
        self.trainer.change(**{name: value})
        if self._replay:  # from here on it is another run
            self._replay = self.goal = None
        self.replaced = None
        self.note = self._change.sentence(value, step)

    def replace(self, changes: dict[str, Any], note: str) -> None:
        """A new network by changed settings, which plays where the one before did; without changes it rests."""
        playing = self.playing and bool(changes)
        self.adopt(self._fork(changes), note)
        self.playing = playing

    def learn_from(self, words: WordList, note: str) -> None:
        """A new network that learns from other words, which plays at once."""
        self.adopt(self.trainer.fork(words, word_list=OWN_LIST), note)
        self._go()
        self.note = note

    def tell(self, note: str) -> None:
        self.note = note

    def undo(self) -> None:
        """Back to the run that was replaced last, as it was."""
        if self.replaced:
            trainer = self.replaced
            self.adopt(trainer, f"Back to the run before, at step {trainer.steps_done:,}.")
            self.replaced = None

    def open(self, replay: Replay, note: str) -> None:
        """Do a run again from its recipe, playing until it is where the recipe ends; `note` says so then."""
        self.adopt(replay.trainer, note)
        if not replay.done:
            self._replay, self._opened = replay, note
            self._go()
            self.note = f"Training this run again, up to step {replay.goal:,}."

    def load(self, settings: Settings, steps: int, note: str) -> None:
        """A new network by other settings, played up to a step."""
        self.adopt(self._fork(settings.model_dump()), note)
        self.run_to(steps)
        self.note = note

    def adopt(self, trainer: Trainer, note: str) -> None:
        """Go on with another trainer, paused."""
        self.pause()
        lost = self.replaced if self.trainer.steps_done == 0 else self.trainer  # a drag replaces many untrained ones
        self._begin(trainer)
        self.note, self.replaced = note, lost

    def back_to_best(self, why: Reason = "best") -> None:
        self.pause()
        self._replay = self.replaced = None
        try:
            best = self.trainer.back_to_best(why)
            self.note = f"Restored step {best:,}, which has the lowest dev loss so far."
        except ValueError as error:
            self.note = str(error)
        self.evaluation.forget()

    def rewind(self, step: int) -> None:
        """Back to an earlier step, paused; what lay ahead is forgotten."""
        self.pause()
        self._replay = self.replaced = None
        try:
            self.trainer.rewind(step)
            self.note = f"Went back to step {step:,}. Play continues from here."
        except ValueError as error:
            self.note = str(error)
        self.evaluation.forget()

    def set_patience(self, steps: int | None) -> None:
        self.patience = steps

    def set_pace(self, pace: Pace) -> None:
        self.pace = pace
        self._metronome = Metronome()

    def work(self, seconds: float) -> bool:
        """Train where it plays, and work out losses, for about so many seconds each; True if losses are left to do."""
        with suppress(Interrupted):  # a command has come in the midst of a long step: it goes first
            if self.playing:
                self._train(seconds)
            spent = self.measures.seconds if self.playing else None
            found, more = self.evaluation.go_on(seconds, spent, paced=self.pace is not None)
            self.number += found
            return more
        return True

    def rests_for(self) -> float:
        """Seconds until it wants to train again: 0 at full speed, inf when paused."""
        if not self.playing:
            return math.inf
        now = self._rate()
        return 0.0 if math.isinf(now) else self._metronome.rests_for(now)

    def take_snapshot(self) -> Snapshot:
        """The run as it is now."""
        trainer, measures = self.trainer, self.measures
        if self.playing:
            self.evaluation.look(measures.seconds, always=self.pace is not None)
        return Snapshot(
            number=self.number,
            network=self.network,
            step=trainer.steps_done,
            epoch=trainer.epoch_done,
            playing=self.playing,
            settings=trainer.settings,
            dataset=trainer.dataset,
            model=trainer.model.at(copy_of(trainer.model.theta)),
            curve=self.evaluation.curve(),
            losses=self.evaluation.latest(),
            batch_loss=trainer.last_batch_loss,
            goal=self.goal,
            pace=self.pace,
            speed=measures.speed,
            reach=measures.reach,
            diverged=trainer.diverged,
            note=self.note,
            patience=self.patience,
            recipe=trainer.recipe(),
            undo=self.replaced is not None,
            training_seconds=measures.seconds,
            trained_steps=measures.steps,
            thetas=trainer.timeline.snapshots,
            memories=trainer.timeline.memories,
            own=self.own,
        )

    def _begin(self, trainer: Trainer) -> None:
        trainer.name_own_words()
        if not trainer.words.ships:
            self.own = trainer.words
        self.trainer, self._replay, self._change = trainer, None, None
        trainer.interrupt = self._interrupt
        self.evaluation, self.measures, self.stopping = (
            LossBacklog(trainer),
            Throughput(trainer),
            EarlyStopping(trainer),
        )
        self.network += 1

    def _fork(self, changes: dict[str, Any]) -> Trainer:
        """A new trainer by changed settings; own words are those that were given last."""
        return self.trainer.fork(self.own if changes.get("word_list") == OWN_LIST else None, **changes)

    def _step(self) -> None:
        self.pause()
        if self.trainer.work_per_step > LONG_STEP:
            self.note = "Computing one large step…"
            self.number += 1
            self._show()
        with self._counted():
            self.trainer.step()
        self.note, self.replaced = "", None
        self._arrive()
        self._look()

    def _train(self, seconds: float) -> None:
        verdict = self.stopping.judge(None if self._replay else self.patience, seconds)
        if verdict == "stop":
            self._stop_early()
        if verdict != "go on":
            self.number += verdict == "unknown"  # the curve has grown
            return
        now = self._rate()
        due = sys.maxsize if math.isinf(now) else self._metronome.due(now)
        if not due:
            return
        trainer, before, begin = self.trainer, self.trainer.steps_done, time.monotonic()
        with self._counted():
            trainer.run_for(seconds, min(due, self._stop_at() - before, self.stopping.most(self.patience)))
        self.measures.count(trainer.steps_done - before, time.monotonic() - begin)
        self._arrive()
        self._look()

    @contextmanager
    def _counted(self) -> Iterator[None]:
        """Count the updates made meanwhile, also where a command breaks them off; a run that diverges goes back."""
        trainer, before = self.trainer, self.trainer.steps_done
        try:
            yield
        finally:
            self._made.add(max(0, trainer.steps_done - before))

    def _rate(self) -> float:
        """Steps a second at which it plays now; inf at full speed."""
        return math.inf if self._replay else rate(self.pace, self.trainer.steps_done, self.goal is not None)

    def _stop_at(self) -> int:
        """The step up to which it may train without a look at the goal and the recipe."""
        stops = [self.goal[1]] if self.goal else []
        return min([*stops, self._replay.next_stop] if self._replay else stops, default=sys.maxsize)

    def _arrive(self) -> None:
        """Do what is due at the step that was come to."""
        trainer = self.trainer
        if self._replay:
            self._replay.arrive()
        if self._replay and self._replay.done:
            self._replay = None
            self.pause(self._opened)
        elif trainer.diverged or (self.goal and trainer.steps_done >= self.goal[1]):
            self.pause()

    def _stop_early(self) -> None:
        """Rest, and restore the best step, as the fitting lab does."""
        stopped = self.trainer.steps_done
        self.back_to_best("patience")
        self.note = (
            f"Early stopping at step {stopped:,}: the dev loss had not improved for {self.patience:,} steps. "
            f"Restored step {self.trainer.steps_done:,}, the best."
        )
        self.number += 1

    def _look(self) -> None:
        self.number += 1
        self.measures.look(self.playing)
