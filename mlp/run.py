"""One run as the engine plays it: a trainer, its transport (play, pause, step, epoch, reset), and its watchers."""

import math
import sys
import threading
import time
from bisect import bisect_left
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Any

import torch

from mlp.chunks import Interrupted
from mlp.curves import stopping_step
from mlp.model import parameter_count
from mlp.settings import SPECS, Settings
from mlp.snapshot import Curve, Snapshot, curve_of
from mlp.trainer import Trainer

WATCH_SECONDS = 4.0
EVALUATION_SHARE = 0.3
SPEED_SECONDS = 0.5
LONG_STEP = 5_000_000_000

Deliver = Callable[[Snapshot], None]


class Run:
    """A run that can be played. Every method may be called from any thread and returns at once.

    What a command changes is seen in the next snapshot. Commands wait in a queue for the run's next turn.
    """

    def __init__(self, settings: Settings, words: list[str] | None, wake: Callable[["Run"], None]) -> None:
        self._wake = wake
        self._commands: deque[Callable[[], None]] = deque()
        self._requests: list[tuple[int, Deliver]] = []
        self._lock = threading.Lock()
        self.busy = threading.Lock()  # held by the engine during a turn
        self._number = 0
        self._poked = False
        self._network = 0
        self._playing = False
        self._goal: tuple[int, int] | None = None
        self._pace: float | None = None
        self._patience: int | None = None
        self._next_step_at = 0.0
        self._note = ""
        self._begin(Trainer(settings, words))
        self.snapshot = self._picture()

    # Commands: each is one press of a button.

    def play(self) -> None:
        self._do(self._play)

    def pause(self) -> None:
        self._do(self._pause)

    def step(self) -> None:
        trainer = self.trainer
        self._do(lambda: self._advance_by(1) if self.trainer is trainer else None)

    def epoch(self) -> None:
        self._do(lambda: self._run_to(self.trainer.steps_done + self.trainer.batches.left_in_pass))

    def run_epochs(self, count: int) -> None:
        """Train through so many passes, then pause; pausing before ends it early."""
        self._do(lambda: self._run_to(self._step_after_passes(count)))

    def reset(self) -> None:
        """The very same network again: same settings, same seed, untrained."""
        self._do(lambda: self._replace({}, ""))

    def set(self, name: str, value: Any) -> None:
        """Change a setting: at once where it applies live, else by a new network from the same seed.

        Raises:
            ValueError: the value is not legal; nothing is changed.
        """
        self.trainer.settings.but(**{name: value})
        self._do(lambda: self._set({name: value}))

    def set_many(self, changes: dict[str, Any], note: str = "") -> None:
        """Change several settings by one new network.

        Raises:
            ValueError: a value is not legal; nothing is changed.
        """
        self.trainer.settings.but(**changes)
        self._do(lambda: self._replace(changes, note))

    def adopt(self, trainer: Trainer, note: str = "") -> None:
        """Go on with another trainer, paused."""
        self._do(lambda: self._adopt(trainer, note))

    def load(self, settings: Settings, steps: int, note: str) -> None:
        """A new network by other settings, trained for so many steps at once."""
        self._do(lambda: self._load(settings, steps, note))

    def back_to_best(self) -> None:
        """Back to the remembered step with the lowest dev loss, exactly as it was then."""
        self._do(self._back_to_best)

    def set_patience(self, steps: int | None) -> None:
        """Stop by itself when the dev loss has not been better for so many steps; None for never."""
        self._do(lambda: setattr(self, "_patience", steps))

    def set_pace(self, steps_per_second: float | None) -> None:
        """Slow motion at so many steps a second, or None for full speed."""
        self._do(lambda: self._set_pace(steps_per_second))

    def call(self, function: Callable[[Trainer], None]) -> None:
        """Do something to the trainer between two of its updates."""
        self._do(lambda: function(self.trainer))

    def poke(self) -> None:
        """Give every watcher a new snapshot, as when a page wants to draw the same network differently.

        Unlike a command it interrupts nothing: in the midst of a long step the watchers get the last one again.
        """
        self._poked = True
        self._wake(self)

    def request(self, after: int, deliver: Deliver) -> None:
        """Call `deliver` once, from any thread, with the first snapshot whose number is above `after`.

        An open or recent request is what keeps a playing run playing.
        """
        with self._lock:
            self._watched_at = time.monotonic()
            self._requests.append((after, deliver))
        self._wake(self)

    def cancel(self, deliver: Deliver) -> None:
        """Take back a request."""
        with self._lock:
            self._requests = [request for request in self._requests if request[1] != deliver]

    def now(self, timeout: float = 1.0) -> Snapshot:
        """A snapshot taken after every command given so far; the latest one there is if that takes too long."""
        taken = threading.Event()
        self._do(taken.set)
        if taken.wait(timeout):
            arrived = threading.Event()
            self.request(-1, lambda snapshot: arrived.set())
            arrived.wait(timeout)
        return self.snapshot

    # The engine's side: turns.

    def work_per_step(self) -> int:
        """About how many multiplications one step takes: what makes a run light or heavy."""
        trainer = self.trainer
        batch = min(trainer.settings.batch_size or len(trainer.dataset.train), len(trainer.dataset.train))
        return 3 * batch * parameter_count(trainer.settings, len(trainer.dataset.vocabulary))

    def turn(self, seconds: float) -> float:
        """One turn: commands, updates, losses, snapshots. Seconds until the next one is due: 0 now, inf never."""
        if self._commands or self._poked:
            self._number += self._poked
            self._poked = False
            while self._commands:
                self._obey(self._commands.popleft())
            self._deliver()  # the answer to a click does not wait for a long step
        self._pause_if_unwatched()
        worked = False
        with suppress(Interrupted):  # a command has come in the midst of a long step: it goes first
            if self._playing:
                self._train(seconds)
            worked = self._work_out_losses(seconds)
        self._deliver()
        if self._commands or self._poked or (self._playing and self._pace is None) or worked:
            return 0.0
        return max(0.0, self._next_step_at - time.monotonic()) if self._playing else math.inf

    def fail(self, error: Exception) -> None:
        """Pause after an error that no command should make, and say so."""
        self._pause()
        self._note = f"Training stopped: {error}"
        self._number += 1

    def _obey(self, command: Callable[[], None]) -> None:
        try:
            command()
        except Interrupted:
            self._commands.insert(1, command)  # again, after the one that interrupted it
        self._number += 1

    def _command_waits(self) -> bool:
        """Asked in the midst of a long step, when the parameters are not to be seen; pokes are answered here."""
        if self._poked and self.snapshot.number == self._number:
            self._poked = False
            self._number += 1
            self._deliver(again=True)
        return bool(self._commands)

    def _do(self, command: Callable[[], None]) -> None:
        self._commands.append(command)
        self._wake(self)

    def _begin(self, trainer: Trainer) -> None:
        self.trainer = trainer
        trainer.interrupt = self._command_waits
        self._network += 1
        self._reach = torch.stack([trainer.model.C.amin(0), trainer.model.C.amax(0)])
        self._exact: tuple[int, float, float] | None = None
        self._curve: Curve | None = None
        self._newest_next = True  # the curve's end and its widest gap take turns
        self._goal = None
        self._training_seconds = self._losses_seconds = 0.0
        self._trained_steps = self._patient_from = 0
        self._speed, self._speed_mark = 0.0, (time.monotonic(), trainer.steps_done)
        self._watched_at = time.monotonic()

    def _play(self) -> None:
        if self.trainer.diverged:
            self._note = "This network has diverged. Reset it, or lower the learning rate, to go on."
            return
        self._playing, self._note = True, ""
        self._speed_mark = time.monotonic(), self.trainer.steps_done
        self._watched_at = time.monotonic()

    def _pause(self) -> None:
        self._playing, self._goal, self._speed = False, None, 0.0

    def _advance_by(self, count: int) -> None:
        self._pause()
        if self.work_per_step() > LONG_STEP:
            self._note = "Making one long step…"
            self._number += 1
            self._deliver()
        self.trainer.step(count)
        self._note = ""
        self._after_updates()

    def _run_to(self, step: int) -> None:
        self._play()
        if self._playing:
            self._goal = self.trainer.steps_done, step

    def _step_after_passes(self, count: int) -> int:
        trainer = self.trainer
        size = min(trainer.settings.batch_size or len(trainer.dataset.train), len(trainer.dataset.train))
        whole_passes = (count - 1) * math.ceil(len(trainer.dataset.train) / size)
        return trainer.steps_done + trainer.batches.left_in_pass + whole_passes

    def _set(self, changes: dict[str, Any]) -> None:
        name, value = next(iter(changes.items()))
        if value == getattr(self.trainer.settings, name):
            return
        if SPECS[name].live:
            self.trainer.change(**changes)
            self._note = f"{SPECS[name].label} changed at step {self.trainer.steps_done:,}; the run goes on."
            return
        self._replace(changes, f"New network from the same seed, because {SPECS[name].label.lower()} changed.")

    def _replace(self, changes: dict[str, Any], note: str) -> None:
        playing = self._playing and bool(changes)
        word_list_changes = "word_list" in changes and changes["word_list"] != self.trainer.settings.word_list
        settings = self.trainer.settings.but(**changes)
        self._pause()
        self._begin(Trainer(settings, None if word_list_changes else self.trainer.words))
        self._playing, self._note = playing, note

    def _adopt(self, trainer: Trainer, note: str) -> None:
        self._pause()
        self._begin(trainer)
        self._note = note

    def _load(self, settings: Settings, steps: int, note: str) -> None:
        same = settings.word_list == self.trainer.settings.word_list
        self._pause()
        self._begin(Trainer(settings, self.trainer.words if same else None))
        self._run_to(steps)
        self._note = note

    def _back_to_best(self) -> None:
        self._pause()
        try:
            best = self.trainer.back_to_best()
            self._note = f"Back at step {best:,}, the one with the lowest dev loss."
        except ValueError as error:
            self._note = str(error)
        self._curve = self._exact = None
        self._number += 1

    def _set_pace(self, steps_per_second: float | None) -> None:
        self._pace = steps_per_second
        self._next_step_at = time.monotonic()

    def _pause_if_unwatched(self) -> None:
        if self._playing and not self._requests and time.monotonic() - self._watched_at > WATCH_SECONDS:
            self._pause()
            self._note = "Paused, because nobody was watching."
            self._number += 1

    def _train(self, seconds: float) -> None:
        begin = time.monotonic()
        trainer = self.trainer
        before = trainer.steps_done
        if self._patience and self._turned(self._patience):
            self._pause()
            self._patient_from = before  # pressing Play again gives it as much patience again
            self._note = f"Stopped: the dev loss has not been better for {self._patience:,} steps."
            self._number += 1
            return
        if self._pace is not None:
            if begin < self._next_step_at:
                return
            self._next_step_at = max(self._next_step_at + 1 / self._pace, begin)
            trainer.step()
        elif self._patience:  # only as far as the next loss, so that it stops at the same step on every machine
            trainer.step(max(1, min(100, trainer.timeline.due() - before, self._left())))
        else:
            trainer.run_for(seconds, self._left())
        self._training_seconds += time.monotonic() - begin
        self._trained_steps += trainer.steps_done - before
        if trainer.diverged or (self._goal and trainer.steps_done >= self._goal[1]):
            self._pause()
        self._after_updates()

    def _left(self) -> int:
        """Steps to the goal, at least one; without a goal more than any turn makes."""
        return max(1, self._goal[1] - self.trainer.steps_done) if self._goal else sys.maxsize

    def _turned(self, patience: int) -> bool:
        """True where early stopping stops: at a remembered step, by all dev losses since the last such stop."""
        timeline = self.trainer.timeline
        if timeline.steps[-1] != self.trainer.steps_done:
            return False
        first = bisect_left(timeline.steps, self._patient_from)
        return stopping_step(timeline.steps[first:], timeline.losses("dev")[first:], patience) is not None

    def _after_updates(self) -> None:
        self._number += 1
        C = self.trainer.model.C
        self._reach = torch.stack([torch.minimum(self._reach[0], C.amin(0)), torch.maximum(self._reach[1], C.amax(0))])
        now, (then, steps) = time.monotonic(), self._speed_mark
        if self._playing and now - then > SPEED_SECONDS:
            self._speed = (self.trainer.steps_done - steps) / (now - then)
            self._speed_mark = now, self.trainer.steps_done

    def _work_out_losses(self, seconds: float) -> bool:
        """Work out losses that the curve still lacks, latest first, for a share of the time; True if more are left."""
        timeline, begin = self.trainer.timeline, time.monotonic()
        if not self._playing and (self._exact is None or self._exact[0] != self.trainer.steps_done):
            self._exact = self.trainer.steps_done, *timeline.evaluate(self.trainer.model)
            self._number += 1
        while (step := timeline.unknown(newest=self._newest_next)) is not None:
            spent = time.monotonic() - begin
            if spent > seconds or (
                self._playing and self._losses_seconds + spent > EVALUATION_SHARE * (0.01 + self._training_seconds)
            ):
                break
            timeline.losses_at(step)
            self._newest_next = not self._newest_next
            self._curve = None
            self._number += 1
        self._losses_seconds += time.monotonic() - begin
        return step is not None and not self._playing

    def _deliver(self, again: bool = False) -> None:
        """Give a new snapshot, or the last one again, to those who asked for one."""
        with self._lock:
            due = [deliver for after, deliver in self._requests if after < self._number]
            self._requests = [request for request in self._requests if request[0] >= self._number]
            if due:
                self._watched_at = time.monotonic()
        if not due:
            return
        self.snapshot = replace(self.snapshot, number=self._number) if again else self._picture()
        for deliver in due:
            deliver(self.snapshot)

    def _picture(self) -> Snapshot:
        trainer, timeline = self.trainer, self.trainer.timeline
        if self._curve is None or len(self._curve.steps) != len(timeline.steps):
            self._curve = curve_of(timeline)
        return Snapshot(
            number=self._number,
            network=self._network,
            step=trainer.steps_done,
            epoch=trainer.epoch_done,
            playing=self._playing,
            settings=trainer.settings,
            dataset=trainer.dataset,
            model=trainer.model.at(trainer.model.theta.clone()),
            curve=self._curve,
            losses=self._latest_losses(),
            batch_loss=trainer.last_batch_loss,
            goal=self._goal,
            pace=self._pace,
            speed=self._speed,
            reach=self._reach,
            diverged=trainer.diverged,
            note=self._note,
            patience=self._patience,
            training_seconds=self._training_seconds,
            trained_steps=self._trained_steps,
        )

    def _latest_losses(self) -> tuple[int, float, float]:
        timeline = self.trainer.timeline
        if self._exact and self._exact[0] == self.trainer.steps_done:
            return self._exact
        step = next((step for step in reversed(timeline.steps) if step in timeline.known), None)
        return (self.trainer.steps_done, math.nan, math.nan) if step is None else (step, *timeline.known[step])
