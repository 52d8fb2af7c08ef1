"""What is remembered of a run: the parameters at chosen steps, the losses there, and when each pass ended.

Which steps are remembered follows from the step number and the network's size alone (every one up to 80, then each
about 1.25 % later, some 1,000 in ten million; fewer of a very large network), never from the clock or from who is
watching. So the curve of a run is always the same curve. The train and dev losses are worked out from the remembered
parameters when someone asks for them.
"""

import math
from bisect import bisect_left
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import pairwise

from torch import Tensor

from mlp.kernel.parts import Interrupted
from mlp.limits import LIMITS
from mlp.model import Model
from mlp.training.curves import best_step
from mlp.training.loop import State
from mlp.training.optimizer import Memory

EVERY_STEP_UNTIL = 80
FEWEST = 8  # a network too large for many snapshots is remembered seldomer: every step up to this one at least

Losses = tuple[float, float]


@dataclass
class Timeline:
    """The remembered steps of one run.

    `steps`, `epochs` and `batch_losses` are parallel; `batch_losses[i]` is the loss of the batch that led from the
    parameters of `steps[i]` to the next ones (nan where that update has not been made).
    """

    model: Model
    evaluate: Callable[[Model], Losses]
    room_bytes: int = LIMITS.run_bytes
    steps: list[int] = field(default_factory=list)
    epochs: list[float] = field(default_factory=list)
    batch_losses: list[float] = field(default_factory=list)
    known: dict[int, Losses] = field(default_factory=dict)
    snapshots: dict[int, Tensor] = field(default_factory=dict)
    memories: dict[int, Memory] = field(default_factory=dict)
    protected: set[int] = field(default_factory=set)

    def due(self) -> int:
        """The next step to remember."""
        return self._due_after(self.steps[-1]) if self.steps else 0

    def dues(self, after: int, until: int, most: int) -> list[int]:
        """The next steps to remember after one step and up to another, so many at most."""
        steps, step = list[int](), self.due()
        while step <= until and len(steps) < most:
            steps += [step] if step > after else []
            step = self._due_after(step)
        return steps

    def _due_after(self, step: int) -> int:
        dense = min(EVERY_STEP_UNTIL, max(FEWEST, self._room()))
        return step + max(1, step // dense)

    def remember(self, step: int, epoch: float, theta: Tensor, memory: Memory | None = None) -> None:
        """Keep the parameters at a step, and the optimizer's memory, if any; neither may be changed later."""
        self.steps.append(step)
        self.epochs.append(epoch)
        self.batch_losses.append(math.nan)
        self.snapshots[step] = theta
        if memory is not None:
            self.memories[step] = memory
        with suppress(Interrupted):  # the update is made, whatever comes now; what is too much goes the next time
            while len(self.snapshots) + 2 * len(self.memories) > self._room() and self._thin():
                pass

    def _room(self) -> int:
        """How many snapshots are kept."""
        return max(4, self.room_bytes // self.model.theta.nbytes)

    def _thin(self) -> bool:
        """Drop the snapshot whose neighbours stand closest, if one can be spared; its losses are worked out first."""
        kept = list(self.snapshots)
        near = sorted(zip(kept, kept[1:], kept[2:], strict=False), key=lambda near: (near[2] - near[0]) / near[1])
        for _, step, _ in near:
            self.losses_at(step)
            if step != self.best() and step not in self.protected:
                del self.snapshots[step]
                self.memories.pop(step, None)
                return True
        return False

    def thinned(self, room_bytes: int) -> "Timeline":
        """A copy that keeps fewer states, evenly, so that they fit into so many bytes: the first, the best, the last.

        All losses that are known stay; a step of which neither state nor losses would be left is dropped.
        """
        best = self.best()
        kept = [step for step in self.snapshots if step not in (best, self.steps[0])]
        size = self.model.theta.nbytes * (3 if self.memories else 1)
        count = max(1, room_bytes // size - 2)
        chosen = {*kept[:: -max(1, -(-len(kept) // count))], self.steps[0], best}
        places = [i for i, step in enumerate(self.steps) if step in chosen or step in self.known]
        made = Timeline(self.model, self.evaluate, self.room_bytes, known=dict(self.known))
        made.steps = [self.steps[i] for i in places]
        made.epochs = [self.epochs[i] for i in places]
        made.batch_losses = [self.batch_losses[i] for i in places]
        made.snapshots = {step: theta for step, theta in self.snapshots.items() if step in chosen}
        made.memories = {step: memory for step, memory in self.memories.items() if step in made.snapshots}
        return made

    def protect(self, step: int) -> None:
        """Keep for good the last remembered state up to a step, as that of a change; of many such, the latest."""
        self.protected.add(self.before(step))
        while len(self.protected) > self._room() // 4:
            self.protected.remove(min(self.protected))

    def best(self) -> int | None:
        """The remembered step with the lowest dev loss so far worked out; its snapshot is always kept."""
        return best_step(list(self.known), [dev for _, dev in self.known.values()])

    def note_batch_loss(self, loss: float) -> None:
        """Keep the loss of the batch that was drawn at the step remembered last."""
        self.batch_losses[-1] = loss

    def before(self, step: int) -> int:
        """The latest step up to `step` whose parameters are kept."""
        return max(kept for kept in self.snapshots if kept <= step)

    def state_at(self, step: int, examples: int) -> State:
        """Where the run stood at a step whose parameters are kept; of so many training examples."""
        epoch = self.epochs[bisect_left(self.steps, step)]
        passes, position = divmod(round(epoch * examples), examples)
        return State(self.snapshots[step], self.memories.get(step), step, passes, position)

    def losses_at(self, step: int) -> Losses:
        """Train and dev loss in nats at a remembered step, worked out once."""
        if step not in self.known:
            self.known[step] = self.evaluate(self.model.at(self.snapshots[step]))
        return self.known[step]

    def losses(self, split: str) -> list[float]:
        """The train or dev loss in nats at every remembered step."""
        which = ("train", "dev").index(split)
        return [self.losses_at(step)[which] for step in self.steps]

    def unknown(self, newest: bool = True) -> int | None:
        """A remembered step whose losses nobody has worked out yet: the newest, or else the widest gap's middle."""
        if newest:
            return next((step for step in reversed(self.steps) if step not in self.known), None)
        missing = [i for i, step in enumerate(self.steps) if step not in self.known]
        if not missing:
            return None
        gaps = [0, *(n for n, (i, j) in enumerate(pairwise(missing), 1) if j > i + 1), len(missing)]
        begin, end = max(pairwise(gaps), key=lambda gap: gap[1] - gap[0])
        return self.steps[missing[(begin + end) // 2]]

    def forget_after(self, step: int) -> None:
        """Drop what was remembered of later steps, as when an update is taken back."""
        while self.steps[-1] > step:
            late = self.steps.pop()
            self.epochs.pop()
            self.batch_losses.pop()
            self.known.pop(late, None)
            self.snapshots.pop(late, None)
            self.memories.pop(late, None)
            self.protected.discard(late)
