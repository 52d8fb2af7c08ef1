"""What a watcher sees of a run: an immutable picture of one moment."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from operator import itemgetter

import numpy as np
from torch import Tensor

from mlp.dataset import Dataset
from mlp.engine.pace import Pace
from mlp.model import Model
from mlp.settings import Settings
from mlp.training.divergence import Divergence
from mlp.training.optimizer import Memory
from mlp.training.recipe import Recipe
from mlp.training.timeline import Timeline
from mlp.words import WordList


@dataclass(frozen=True)
class Curve:
    """The losses of a run at its remembered steps, in nats; nan where a loss is not worked out yet."""

    steps: tuple[int, ...]
    epochs: tuple[float, ...]
    batch: tuple[float, ...]
    train: tuple[float, ...]
    dev: tuple[float, ...]

    def first(self, count: int) -> "Curve":
        """The first so many points."""
        parts = self.epochs[:count], self.batch[:count], self.train[:count], self.dev[:count]
        return Curve(self.steps[:count], *parts)


@dataclass(frozen=True)
class Snapshot:
    """A run at one moment.

    Attributes:
        number: grows with everything that happens to the run.
        network: counts the networks of this run; another number means another network, perhaps of other shapes.
        model: the network's own copy of the parameters at `step`; reading it never disturbs training.
        losses: (step, train, dev) in nats, the latest that were worked out; that of `step` itself when paused.
        goal: (first step, last step) while a set number of epochs is run, else None.
        pace: steps a second, `WATCH` (see `mlp.engine.pace`), or None at full speed.
        speed: steps a second just now, 0 when paused.
        reach: (2, embedding_dim), the lowest and highest coordinates that C has had: the map’s axes need only grow.
        note: one quiet line about the last thing that happened, or "". undo: whether that can be undone.
        recipe: how the run came to `step`, see `mlp.replay`.
        patience: steps without a better dev loss after which the run stops and restores the best; None for never.
        own: the user's own words, where they have given any; the run need not learn from them now.
        training_seconds, trained_steps: what the updates that were played took, for a cost an epoch.
        thetas, memories: what the run remembers of earlier steps, by step, while it goes on remembering (see `Moment`).
        present: of a picture of an earlier step the run as it is now; None where this is that.
    """

    number: int
    network: int
    step: int
    epoch: float
    playing: bool
    settings: Settings
    dataset: Dataset
    model: Model
    curve: Curve
    losses: tuple[int, float, float]
    batch_loss: float
    goal: tuple[int, int] | None
    pace: Pace
    speed: float
    reach: np.ndarray
    diverged: Divergence | None
    note: str
    recipe: Recipe
    undo: bool
    patience: int | None
    training_seconds: float
    trained_steps: int
    thetas: Mapping[int, Tensor]
    memories: Mapping[int, Memory]
    own: WordList | None = None
    present: "Snapshot | None" = None

    @property
    def now(self) -> "Snapshot":
        """The run as it is now, of which this may be an earlier step."""
        return self.present or self


def curve_of(timeline: Timeline) -> Curve:
    """The curve of a timeline as far as it is known."""
    known, unknown = timeline.known, (math.nan, math.nan)
    losses = [known.get(step, unknown) for step in timeline.steps]
    train, dev = (tuple(map(itemgetter(split), losses)) for split in (0, 1))
    return Curve(tuple(timeline.steps), tuple(timeline.epochs), tuple(timeline.batch_losses), train, dev)
