"""The notes' own run: 32 examples, known by heart after 1,000 steps, and why its loss is not 0 then."""

from dataclasses import dataclass
from functools import lru_cache

from mlp.analysis.baselines import lowest_loss
from mlp.analysis.presets import PRESETS
from mlp.lessons.examples import Followed, followers
from mlp.training.trainer import Trainer

PRESET = PRESETS["notes"]


@dataclass(frozen=True)
class ByHeart:
    """Where the run ends: losses in nats on its `examples` training examples. start: what follows the empty context."""

    examples: int
    steps: int
    loss: float
    lowest: float
    start: Followed


@lru_cache(maxsize=1)
def by_heart() -> ByHeart:
    """The run, trained once in a process: some twenty milliseconds."""
    trainer = Trainer(PRESET.settings)
    trainer.step(PRESET.steps)
    train = trainer.dataset.train
    start = followers(train, trainer.dataset.vocabulary, train.X[0])
    return ByHeart(len(train), PRESET.steps, trainer.evaluate("train"), lowest_loss(train), start)
