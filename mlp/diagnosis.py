"""What is happening to a network, in plain words: underfitting, learning, overfitting, diverged, saturated.

The rules look at the train and dev losses of the remembered steps, each smoothed over the steps close by, so that the
noise of small batches is not taken for a turn of the tide. Every verdict comes with the numbers that led to it.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import torch

from mlp.baselines import Baselines, baselines
from mlp.curves import Smoothed, best_step
from mlp.dataset import Dataset
from mlp.model import Model
from mlp.settings import Settings
from mlp.trainer import Trainer

VERDICTS = (
    "untrained", "learning", "underfitting", "good fit", "overfitting", "memorising", "saturated", "diverged",
)  # fmt: skip

CHANGE = 0.03  # nats: a smaller change since half as many steps counts as levelled off
BEGUN = 200  # steps before which nothing has levelled off
ERRORS = 2  # standard errors that a change must exceed besides
RISE, RISE_SHARE = 0.04, 0.015  # the dev loss has turned when it rose by so many nats, and by 1.5 %
FALL = 0.05  # nats by which the train loss falls meanwhile
GAP = 0.5  # nats between train and dev loss that are overfitting even where the dev loss only stands still
NEAR_LOWEST = 0.25  # nats above the lowest training loss that the examples allow
SATURATED_OUTPUT, SATURATED_SHARE = 0.99, 0.75
COPIED_SHARE = 0.5  # of the sampled words
BLOWN_UP = 1.2  # times the loss at the start, or of guessing where that is more
LOOKED_AT = 64  # training examples on which the hidden units are looked at
NO_DEV = "There are no dev words, so nobody can tell how it does on words it has not seen."
THINNED = 1.08  # `diagnose` works out the losses of remembered steps so far apart, by ratio


@dataclass(frozen=True)
class Diagnosis:
    """`verdict` is one of `VERDICTS`; `sentence` says it in plain words; `reasons` are the numbers behind it."""

    verdict: str
    sentence: str
    reasons: tuple[str, ...]


def diagnose(trainer: Trainer) -> Diagnosis:
    """What is happening to a trainer's network, by the losses of its remembered steps and ten sampled words."""
    timeline = trainer.timeline
    kept = _thinned(timeline.steps)
    losses = [timeline.losses_at(step) for step in kept]
    if trainer.steps_done > kept[-1]:
        kept.append(trainer.steps_done)
        losses.append((trainer.evaluate("train"), trainer.evaluate("dev")))
    train, dev = zip(*losses, strict=True)
    return diagnose_view(
        kept, train, dev, trainer.model, trainer.dataset, trainer.settings, trainer.diverged, trainer.sample(10)
    )


def diagnose_view(
    steps: Sequence[int],
    train: Sequence[float],
    dev: Sequence[float],
    model: Model,
    dataset: Dataset,
    settings: Settings,
    diverged: str | None = None,
    samples: Sequence[str] = (),
) -> Diagnosis:
    """The same from what a watcher has: a curve, in which nan is not yet known, and the network as it is now.

    Args:
        settings: those of the run now; its model's were those of its beginning.
        diverged: what `Trainer.diverged` says.
        samples: words that the network made, about ten, to see how many are training words; may be left out.
    """
    known = [loss for loss in train if not math.isnan(loss)]
    if not diverged and known and math.isinf(known[-1]):
        diverged = "Training diverged: the loss is no longer a finite number."
    curve = Smoothed.of(steps, train, dev)
    case = _Case(curve, dataset, model, settings.learning_rate, diverged, best_step(steps, dev), samples)
    return case.diagnosis()


@torch.inference_mode()
def saturated_share(model: Model, dataset: Dataset) -> float:
    """The share of hidden outputs beyond ±0.99, over all units and some training examples spread over the list."""
    X = dataset.train.X[:: max(1, len(dataset.train) // LOOKED_AT)][:LOOKED_AT]
    return (model.forward(X).hidden.abs() > SATURATED_OUTPUT).float().mean().item()


class _Case:
    """A curve and what it is measured by. Rules are asked from the gravest fault down; the first that fits is it."""

    def __init__(
        self,
        curve: Smoothed,
        dataset: Dataset,
        model: Model,
        rate: float,
        diverged: str | None,
        best: int | None,
        samples: Sequence[str],
    ) -> None:
        self.curve, self.dataset, self.model, self.rate = curve, dataset, model, rate
        self.diverged, self.best, self.samples = diverged, best, samples
        known = set(samples).intersection(dataset.train.words)
        self.copies = sum(word in known for word in samples)
        self.baselines: Baselines = baselines(dataset)

    def diagnosis(self) -> Diagnosis:
        if self.diverged:
            return Diagnosis("diverged", self.diverged, (f"The learning rate is {self.rate:g}; try a lower one.",))
        if not len(self.curve.steps):
            return Diagnosis("untrained", "Nothing is known of this network yet.", ())
        self.now = self.curve.at(math.inf)
        self.step, self.train, self.dev = self.now.step, self.now.train, self.now.dev
        rules = self._untrained, self._blown_up, self._turned, self._saturated, self._learning, self._wide_gap
        found = next((diagnosis for rule in rules if (diagnosis := rule())), None)
        return found or self._underfitting() or self._good_fit()

    def _say(self, verdict: str, sentence: str, *reasons: str) -> Diagnosis:
        dev = "" if math.isnan(self.dev) else f", dev loss {self.dev:.2f}"
        return Diagnosis(verdict, sentence, (f"Train loss {self.train:.2f}{dev} at step {self.step:,}.", *reasons))

    def _untrained(self) -> Diagnosis | None:
        if self.step:
            return None
        guess = f"Guessing every character alike loses {self.baselines.random:.2f}."
        return self._say("untrained", "Untrained: the weights are still the random ones it began with.", guess)

    def _blown_up(self) -> Diagnosis | None:
        first = self._train_at_start()
        if self.train < BLOWN_UP * first:
            return None
        return self._say(
            "diverged",
            f"Diverging: the loss has grown to {self.train:.3g}, so the learning rate {self.rate:g} is too large.",
            f"It is worse than before training or than guessing ({first:.2f}).",
        )

    def _train_at_start(self) -> float:
        """The train loss at step 0 as far as it is known, at least that of guessing."""
        first = self.curve.at(0)
        return self.baselines.random if first.step else max(first.train, self.baselines.random)

    def _turned(self) -> Diagnosis | None:
        """The dev loss has risen from its lowest while the train loss fell."""
        if math.isnan(self.dev):
            return self._copied()
        best = self.curve.best()
        rise, fall = self.dev - best.dev, best.train - self.train
        noise = ERRORS * math.hypot(best.dev_error, self.now.dev_error)
        if rise < max(RISE, RISE_SHARE * best.dev) + noise or fall < FALL:
            return None
        since = best.step if self.best is None else self.best
        because = (
            f"Since about step {best.step:,} the dev loss rose by {rise:.2f} and the train loss fell by {fall:.2f}."
        )
        if memorising := self._memorising(f"since step {since:,}", because):
            return memorising
        sentence = f"Overfitting since step {since:,}: the dev loss rises while the train loss falls."
        return self._say("overfitting", sentence, because)

    def _memorising(self, when: str, because: str) -> Diagnosis | None:
        """Overfitting that has gone so far that the network knows its training words by heart."""
        above = self.train - self.baselines.lowest
        if self.dev - self.train < GAP or (above > NEAR_LOWEST and not self._copies_many()):
            return None
        copies = f"{self._copies_in_words()}, and it" if self.samples else "it knows its training words by heart and"
        sentence = f"Memorising {when}: {copies} does badly on words it has not seen."
        lowest = f"The lowest loss that the training examples allow is {self.baselines.lowest:.2f}."
        return self._say("memorising", sentence, because, lowest)

    def _copied(self) -> Diagnosis | None:
        """Memorising, as far as it can be seen without dev words."""
        if not self._copies_many():
            return None
        return self._say("memorising", f"Memorising: {self._copies_in_words()}.", NO_DEV)

    def _copies_many(self) -> bool:
        return bool(self.samples) and self.copies / len(self.samples) >= COPIED_SHARE

    def _copies_in_words(self) -> str:
        return f"{self.copies} of {len(self.samples)} sampled words are training words"

    def _saturated(self) -> Diagnosis | None:
        share, pairs = saturated_share(self.model, self.dataset), self.baselines.train.bigram
        if share < SATURATED_SHARE or self.train <= pairs:
            return None
        return self._say(
            "saturated",
            f"Saturated: {share:.0%} of the hidden outputs stick near −1 or 1, where hardly any gradient passes.",
            f"Its train loss is worse than that of counting pairs of characters ({pairs:.2f}).",
            "Smaller initial weights or a lower learning rate keep the units alive.",
        )

    def _learning(self) -> Diagnosis | None:
        half, now = self.curve.at(self.step / 2), self.now
        noise = {
            "dev": math.hypot(half.dev_error, now.dev_error),
            "train": math.hypot(half.train_error, now.train_error),
        }
        for name, fall in (("dev", half.dev - now.dev), ("train", half.train - now.train)):
            done = name == "train" and not math.isnan(self.dev) and self.train <= self.baselines.train.bigram
            if fall > CHANGE + ERRORS * noise[name] and not done:
                sentence = f"Still learning: the {name} loss has fallen by {fall:.2f} since step {half.step:,}."
                rule = f"It learns while the last half of its steps lowers a loss by more than {CHANGE} and noise."
                return self._say("learning", sentence, rule)
        if self.step < BEGUN:
            rule = f"No verdict is passed before step {BEGUN}."
            return self._say("learning", "Still learning: it has only just begun.", rule)
        return None

    def _wide_gap(self) -> Diagnosis | None:
        gap = self.dev - self.train
        if not gap > GAP:
            return None
        because = f"The dev loss is {gap:.2f} above the train loss and no longer falls."
        if memorising := self._memorising("by now", because):
            return memorising
        wide = f"A gap of more than {GAP} is overfitting even before the dev loss rises."
        return self._say("overfitting", f"Overfitting: {because[0].lower()}{because[1:]}", wide)

    def _underfitting(self) -> Diagnosis | None:
        pairs = self.baselines.train.bigram
        if self.train <= pairs:
            return None
        sentence = (
            f"Underfitting: the train loss has levelled off at {self.train:.2f}; just counting pairs of characters "
            f"gives {pairs:.2f}."
        )
        wide = "The network is too small for the pattern, or learns too slowly."
        return self._say("underfitting", sentence, wide, "More hidden units or dimensions may help.")

    def _good_fit(self) -> Diagnosis:
        if math.isnan(self.dev):
            sentence = f"Levelled off at a train loss of {self.train:.2f}."
            return self._say("good fit", sentence, NO_DEV)
        gap, counts = self.dev - self.train, self.baselines.dev
        place = "near" if abs(gap) < 0.005 else f"{abs(gap):.2f} {'above' if gap > 0 else 'below'}"
        sentence = f"Good fit: the dev loss has levelled off at {self.dev:.2f}, {place} the train loss."
        pairs = f"On dev, counting pairs gives {counts.bigram:.2f}, the interpolated trigram {counts.interpolated:.2f}."
        return self._say("good fit", sentence, pairs)


def _thinned(steps: Sequence[int]) -> list[int]:
    """Some of the remembered steps: the first, the last, and enough in between to see how the curve runs."""
    kept = [steps[0]]
    for step in steps[1:]:
        if step >= kept[-1] * THINNED or step == steps[-1]:
            kept.append(step)
    return kept
