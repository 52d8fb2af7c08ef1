"""One run as the engine plays it: a transport that any thread may command and watch, in turns that one thread gives."""

import math
import threading
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from pydantic import ValidationError

from mlp.engine.command_queue import Command, CommandQueue
from mlp.engine.pace import Pace
from mlp.engine.snapshot import Snapshot
from mlp.engine.subscriptions import Deliver, Subscribers
from mlp.engine.tally import Tally
from mlp.engine.transport import Transport
from mlp.limits import LIMITS, Limits
from mlp.settings import Settings, explain
from mlp.training.recipe import Recipe
from mlp.training.replay import Replay
from mlp.training.trainer import Trainer
from mlp.words import WordList

HEAVY_STEP = 100_000_000
MANY_WORDS = 10_000


class Run:
    """A run that can be played. Every method may be called from any thread and returns at once.

    What a command changes is seen in the next snapshot. Commands wait in a queue for the run's next turn.
    """

    def __init__(
        self,
        settings: Settings,
        words: Sequence[str] | None,
        wake: Callable[["Run"], None],
        limits: Limits = LIMITS,
        made: Tally | None = None,
    ) -> None:
        self._wake, self._limits = wake, limits
        self._commands, self._subscribers = CommandQueue(), Subscribers()
        self.busy = threading.Lock()  # held by the engine during a turn
        self._notified = False
        self._glances: deque[Callable[[Trainer], None]] = deque()
        self._transport = Transport(Trainer(settings, words, limits), self._command_waits, self._deliver, made)
        self.snapshot = self._transport.take_snapshot()

    @property
    def trainer(self) -> Trainer:
        """The trainer that is played now; only `call` may do something to it."""
        return self._transport.trainer

    @property
    def playing(self) -> bool:
        """Whether it trains by itself just now, also where nobody asks for a snapshot."""
        return self._transport.playing

    @property
    def heavy(self) -> bool:
        """True where one step, or a new network with examples of its own, would take much longer than a turn."""
        return self.trainer.work_per_step > HEAVY_STEP or len(self.trainer.words) > MANY_WORDS

    # Commands: each is one press of a button.

    def play(self) -> None:
        self._do(self._transport.play)

    def pause(self) -> None:
        self._do(self._transport.pause)

    def step(self) -> None:
        self._do(self._transport.single_step())

    def epoch(self) -> None:
        """Train to the end of the running pass."""
        self.run_epochs(1)

    def run_epochs(self, count: int) -> None:
        """Train through so many passes, then pause; pausing before ends it early."""
        self._do(lambda: self._transport.run_passes(count))

    def run_to(self, step: int) -> None:
        """Train up to a step, then pause; where that is not ahead, only pause."""
        self._do(lambda: self._transport.run_to(step))

    def reset(self) -> None:
        """The very same network again: same settings, same seed, untrained."""
        self._do(lambda: self._transport.replace({}, ""))

    def set(self, name: str, value: Any) -> None:
        """Change a setting: at once where it applies live, else by a new network from the same seed.

        Raises:
            ValueError: the value is not legal; nothing is changed.
        """
        self.trainer.settings.with_changes(**{name: value})
        self._do(lambda: self._transport.set(name, value))

    def set_many(self, changes: dict[str, Any], note: str = "") -> None:
        """Change several settings by one new network.

        Raises:
            ValueError: a value is not legal; nothing is changed.
        """
        self.trainer.settings.with_changes(**changes)
        self._do(lambda: self._transport.replace(changes, note))

    def adopt(self, trainer: Trainer, note: str = "") -> None:
        """Go on with another trainer, paused."""
        self._do(lambda: self._transport.adopt(trainer, note))

    def load(self, settings: Settings, steps: int, note: str) -> None:
        """A new network by other settings, trained for so many steps at once."""
        self._do(lambda: self._transport.load(settings, steps, note))

    def learn_from(self, words: WordList, note: str) -> None:
        """A new network by the settings of now that learns from a user's own words, at once."""
        self._do(lambda: self._transport.learn_from(words, note))

    def tell(self, note: str) -> None:
        """Say something in the quiet line, where there is something to say."""
        if note:
            self._do(lambda: self._transport.tell(note))

    def undo(self) -> None:
        """Back to the run that a preset, a new seed, a reset or the like has replaced just now."""
        self._do(self._transport.undo)

    def open(self, recipe: Recipe, note: str, words: Sequence[str] | None = None) -> None:
        """Do another run again from its recipe, playing until it is where the recipe ends; `note` says so then.

        Raises:
            ValueError: its words cannot be had, or are others, or it is too long; nothing is changed.
        """
        if recipe.step > (most := self._limits.replay_steps):
            raise ValueError(f"This run has {recipe.step:,} steps, too many to train again (at most {most:,}).")
        replay = Replay(recipe, words, limits=self._limits)
        self._do(lambda: self._transport.open(replay, note))

    def back_to_best(self) -> None:
        """Back to the remembered step with the lowest dev loss, exactly as it was then."""
        self._do(self._transport.back_to_best)

    def rewind(self, step: int) -> None:
        """Back to an earlier step, exactly as it was then, paused; what lay ahead is forgotten."""
        self._do(lambda: self._transport.rewind(step))

    def set_patience(self, steps: int | None) -> None:
        """Stop and restore the best step when the dev loss has not improved for so many steps; None for never."""
        self._do(lambda: self._transport.set_patience(steps))

    def set_pace(self, pace: Pace) -> None:
        """So many steps a second, `pace.WATCH` for one that a person can follow, or None for full speed."""
        self._do(lambda: self._transport.set_pace(pace))

    def call(self, function: Callable[[Trainer], None]) -> None:
        """Do something to the trainer between two of its updates."""
        self._do(lambda: function(self.trainer))

    def glance(self, function: Callable[[Trainer], None]) -> None:
        """Do something that changes nothing, between two turns: it breaks no long step off, and nobody is looking."""
        self._glances.append(function)
        self._wake(self)

    def notify(self) -> None:
        """Give every watcher a new snapshot, as when a page wants to draw the same network differently.

        Unlike a command it interrupts nothing: in the midst of a long step the watchers get the last one again.
        """
        self._notified = True
        self._wake(self)

    def request(self, after: int, deliver: Deliver) -> None:
        """Call `deliver` once, from any thread, with the first snapshot whose number is above `after`.

        An open or recent request is what keeps a playing run playing.
        """
        self._subscribers.request(after, deliver)
        self._wake(self)

    def cancel(self, deliver: Deliver) -> None:
        """Take back a request."""
        self._subscribers.cancel(deliver)

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

    def turn(self, seconds: float) -> float:
        """One turn: commands, updates, losses, snapshots. Seconds until the next one is due: 0 now, inf never."""
        if self._commands.waiting or self._notified:
            self._transport.number += self._notified
            self._notified = False
            while self._commands.waiting:
                self._obey_next()
            self._deliver()  # the answer to a click does not wait for a long step
        while self._glances:
            self._glances.popleft()(self.trainer)
        gone = self._subscribers.idle
        if gone and self._transport.playing:
            self._transport.pause("Paused because nobody was looking: this tab was hidden, or its connection was lost.")
        more = not gone and self._transport.work(seconds)  # the curve's missing losses wait for whoever comes back
        self._deliver()
        return 0.0 if more or self._commands.waiting or self._notified else self._transport.rests_for()

    def fail(self, error: Exception) -> float:
        """Pause after an error that no command should make, and say so; as `turn`, when the next turn is due."""
        self._transport.pause(f"Training stopped because of an error: {str(error) or type(error).__name__}")
        self._deliver()
        return 0.0 if self._commands.waiting else math.inf

    def _do(self, command: Command) -> None:
        self._commands.add(command)
        self._subscribers.touch()  # a run that is told something is not forgotten
        self._wake(self)

    def _obey_next(self) -> None:
        network = self._transport.network
        try:
            self._commands.obey_next()
        except ValidationError as error:  # legal when it was given, but a command before it changed the settings
            self._transport.note = explain(error)
        self._transport.number += 1
        if self._transport.network != network:
            self._commands.forget_broken_off()  # it was meant for the network before

    def _command_waits(self) -> bool:
        """Asked in the midst of a long step, when no parameters may be seen; notifications are answered here."""
        if self._notified and self.snapshot.number == self._transport.number:
            self._notified = False
            self._transport.number += 1
            self._subscribers.publish(self._transport.number, lambda: self._show(again=True))
        return self._commands.new

    def _deliver(self) -> None:
        """Give a new snapshot to those who asked for one."""
        self._subscribers.publish(self._transport.number, self._show)

    def _show(self, again: bool = False) -> Snapshot:
        """The run as it is now, or the last snapshot again."""
        number = self._transport.number
        self.snapshot = replace(self.snapshot, number=number) if again else self._transport.take_snapshot()
        return self.snapshot
