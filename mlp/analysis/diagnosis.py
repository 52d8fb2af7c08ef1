"""What is happening to a network, in plain words: underfitting, learning, overfitting, diverged, saturated and so on.

The numbers are taken from the run's own curve, read at the same steps by everyone (`mlp.training.curves`), the rules
that weigh them are in `mlp.analysis.verdict_rules`, and the sentences in `mlp.analysis.verdict_words`.
"""

import math
from collections.abc import Sequence

from mlp.analysis.baselines import baselines
from mlp.analysis.verdict_rules import Case, Finding
from mlp.analysis.verdict_words import VERDICTS, Diagnosis, in_words, told
from mlp.dataset import Dataset
from mlp.model import Model
from mlp.settings import Settings
from mlp.training.curves import Smoothed, reading_steps
from mlp.training.divergence import Divergence
from mlp.training.trainer import Trainer

__all__ = ["SAMPLES", "VERDICTS", "Diagnosis", "diagnose", "diagnose_view"]

SAMPLES = 10  # generated names among which copies are looked for


def diagnose(trainer: Trainer) -> Diagnosis:
    """What is happening to a trainer's network, by the losses of its remembered steps and ten generated names."""
    timeline, now = trainer.timeline, trainer.steps_done
    steps = [*timeline.steps, now] if now > timeline.steps[-1] else timeline.steps
    read = reading_steps(steps)
    ahead = [(trainer.evaluate("train"), trainer.evaluate("dev"))] if now > timeline.steps[-1] else []
    losses = [timeline.losses_at(step) for step in read[: len(read) - len(ahead)]] + ahead
    train, dev = zip(*losses, strict=True)
    samples = trainer.sample(SAMPLES)
    return diagnose_view(read, train, dev, trainer.model, trainer.dataset, trainer.settings, trainer.diverged, samples)


def diagnose_view(
    steps: Sequence[int],
    train: Sequence[float],
    dev: Sequence[float],
    model: Model,
    dataset: Dataset,
    settings: Settings,
    diverged: Divergence | None = None,
    samples: Sequence[str] = (),
    unknown: float = 0.0,
) -> Diagnosis:
    """The same from what a watcher has: a curve, in which nan is not yet known, and the network as it is now.

    Args:
        settings: those of the run now; its model's were those of its beginning.
        diverged: what `Trainer.diverged` says.
        samples: names that the network generated, `SAMPLES` of them, to see how many are copies; may be left out.
        unknown: the fraction of the curve that need not be known yet. The newest loss never needs to.
    """
    read = set(reading_steps(steps))
    curve = [point for point in zip(steps, train, dev, strict=True) if point[0] in read]
    known = [point for point in curve if not math.isnan(point[1])]
    if not diverged and known and math.isinf(known[-1][1]):
        diverged = Divergence(known[-1][0], "loss")
    if diverged:
        return in_words(Finding("diverged", {**told(diverged), "rate": settings.learning_rate}))
    if not known or sum(math.isnan(point[1]) for point in curve[:-1]) > unknown * len(curve):
        return in_words(Finding("pending", {}))
    case = Case(Smoothed.of(*zip(*known, strict=True)), baselines(dataset), dataset, model, settings, samples)
    return in_words(case.finding())
