"""The rules of the verdict: which case a run is, and the numbers that say so.

Each rule was tried on runs where it is known what would help when changed (`tests/test_diagnosis.py`). Dev losses
differ by about 0.03 with the seed alone, so no rule rests on a smaller difference.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import torch

from mlp.analysis.baselines import Baselines
from mlp.dataset import Dataset
from mlp.model import Model
from mlp.saturation import saturated_fraction
from mlp.settings import Settings
from mlp.training.curves import CHANCE, Smoothed

CHANGE = 0.03  # nats since half as many steps: a smaller change is none; twice that since a quarter
BEGUN = 200  # steps before which there is no verdict on how it ends
ERRORS = 2  # standard errors that a change must exceed besides
RISE, RISE_SHARE = 0.04, 0.015  # the dev loss has turned when it rose by so many nats, and by 1.5 %
FALL = 0.05  # nats by which the train loss falls meanwhile
GAP = 0.5  # nats between train and dev loss that are overfitting even where the dev loss only stands still
NEAR_LOWEST = 0.25  # nats above the lowest possible train loss
SATURATED_FRACTION = 0.75
COPIED = 0.5  # the fraction of the generated names that are training names
LOOKED_AT = 64  # training examples on which the hidden units are looked at
BLOWN_UP = 1.2  # times the loss at the start, or of a uniform guess where that is more
LEAPS, LEAPS_WHEN_BAD = 0.2, 0.1  # nats of noise: the rate is too high; the second where a uniform guess is better
UNDONE = 0.1  # nats by which the train loss has risen from its lowest, beyond noise: the rate is too high
QUIET = 0.005  # nats of noise: larger steps would do
LONG, FAST = 2000, 0.25  # a quiet run of so many steps is too slow unless it falls by so many nats since half of them
STRONG_DECAY = 0.01
FEW_DIMENSIONS = 5
SHORT_CONTEXT = 0.1  # nats that the lowest possible train loss lies below a bigram's, or less


@dataclass(frozen=True)
class Finding:
    """A case, one of `mlp.analysis.verdict_words.WORDS`, and the numbers that its words may name."""

    case: str
    numbers: Mapping[str, Any]


class Case:
    """A run and what it is measured by. Rules are asked from the gravest fault down; the first that fits is it.

    Args:
        curve: all that is known of the losses; of one step at least.
        samples: names that the network generated; may be none.
    """

    def __init__(
        self,
        curve: Smoothed,
        counted: Baselines,
        dataset: Dataset,
        model: Model,
        settings: Settings,
        samples: Sequence[str],
    ) -> None:
        self.curve, self.counted, self.dataset, self.model, self.settings = curve, counted, dataset, model, settings
        self.now = curve.at(math.inf)
        self.half, self.quarter = curve.at(self.now.step / 2), curve.at(self.now.step / 4)
        self.step, self.train, self.dev = self.now.step, self.now.train, self.now.dev
        self.gap, self.has_dev = self.dev - self.train, not math.isnan(self.dev)
        known = set(samples).intersection(dataset.train.words)
        self.samples, self.copies = len(samples), sum(name in known for name in samples)

    def finding(self) -> Finding:
        """The first rule that fits."""
        rules = (
            self._untrained, self._blown_up, self._rate_too_high, self._turned, self._copied, self._saturated,
            self._rises, self._rate_too_low, self._learning, self._wide_gap, self._above_bigram,
        )  # fmt: skip
        return next((found for rule in rules if (found := rule())), None) or self._level()

    def _found(self, case: str, **numbers: Any) -> Finding:
        """A finding with what every sentence may name."""
        counted, dev = self.counted, {"dev": self.dev} if self.has_dev else {}
        near = {"above": self.train - counted.lowest} if self.train - counted.lowest < NEAR_LOWEST else {}
        usual = {
            "step": self.step, "train": self.train, "gap": self.gap, "rate": self.settings.learning_rate,
            "lowest": counted.lowest, "uniform": counted.random, "bigram": counted.train.bigram,
            "bigram_dev": counted.dev.bigram, "trigram_dev": counted.dev.interpolated, "noun": self.dataset.noun,
        }  # fmt: skip
        return Finding(case, {**usual, **dev, **near, **numbers})

    def _untrained(self) -> Finding | None:
        return None if self.step else self._found("untrained")

    def _blown_up(self) -> Finding | None:
        """The loss has grown far beyond that of the start and that of a uniform guess."""
        start = self.curve.at(0)
        first = start.train if start.step == 0 else -math.inf
        worse = {"first": first} if first > self.counted.random else {"guess": self.counted.random}
        return self._found("blown up", **worse) if self.train >= BLOWN_UP * max(worse.values()) else None

    def _rate_too_high(self) -> Finding | None:
        """The losses leap: each step throws away what the ones before had won."""
        noise, limit = self.curve.train_noise, LEAPS_WHEN_BAD if self.train > self.counted.random else LEAPS
        return self._found("rate too high", noise=noise) if self.step >= BEGUN and noise > limit else None

    def _rises(self) -> Finding | None:
        """The train loss itself is higher than it was: steps of this size undo what smaller ones had won."""
        low = self.curve.lowest_train()
        rise = self.train - low.train - ERRORS * math.hypot(low.train_error, self.now.train_error)
        if self.step < BEGUN or rise < UNDONE or self._decayed():
            return None
        return self._found("rises", low=low.train, then=rounded(low.step))

    def _turned(self) -> Finding | None:
        """The dev loss has risen from its lowest while the train loss fell."""
        if not self.has_dev:
            return None
        best = self.curve.best()
        rise, fall = self.dev - best.dev, best.train - self.train
        noise = ERRORS * math.hypot(best.dev_error, self.now.dev_error)
        if rise < max(RISE, RISE_SHARE * best.dev) + noise or fall < FALL:
            return None
        return self._overfitting("turned", since=rounded(best.step), turn=best.step, rise=rise, fall=fall)

    def _overfitting(self, case: str, **numbers: Any) -> Finding:
        """Overfitting, or memorising where the network gives its training names back."""
        if self.gap < GAP or not self._copies_many():
            return self._found(case, **numbers)
        return self._found("memorising", copies=self.copies, samples=self.samples, **numbers)

    def _copied(self) -> Finding | None:
        """Memorising, as far as it can be seen without dev names."""
        if self.has_dev or not self._copies_many():
            return None
        return self._found("copies", copies=self.copies, samples=self.samples)

    def _copies_many(self) -> bool:
        return bool(self.samples) and self.copies / self.samples >= COPIED

    def _saturated(self) -> Finding | None:
        if self.train <= self.counted.train.bigram:
            return None
        fraction = hidden_saturation(self.model, self.dataset)
        return self._found("saturated", fraction=fraction) if fraction >= SATURATED_FRACTION else None

    def _rate_too_low(self) -> Finding | None:
        """The losses fall so smoothly and so little that larger steps would do."""
        fall, above = self.half.train - self.train, self.train > self.counted.train.bigram
        quiet = self.step >= LONG and self.curve.train_noise < QUIET and fall < FAST
        if not (above and quiet) or self._small() or self._short() or self._decayed():
            return None
        return self._found("rate too low", fall=fall, before=rounded(self.half.step))

    def _learning(self) -> Finding | None:
        """A loss is clearly lower than at half the steps, or at a quarter of them; dev counts first."""
        for name in ("dev", "train") if self.has_dev else ("train",):
            if name == "train" and self.has_dev and not self._above():
                continue
            for then, least in ((self.half, CHANGE), (self.quarter, 2 * CHANGE)):
                errors = math.hypot(getattr(then, f"{name}_error"), getattr(self.now, f"{name}_error"))
                fall = getattr(then, name) - getattr(self, name)
                if fall > least + ERRORS * errors and not (least > CHANGE and self._small()):
                    case = "learning apart" if self.gap > GAP else "learning"
                    return self._found(case, split=name, fall=fall, before=rounded(then.step))
        return self._found("begun") if self.step < BEGUN else None

    def _wide_gap(self) -> Finding | None:
        return self._overfitting("wide gap") if self.gap > GAP else None

    def _above_bigram(self) -> Finding | None:
        """The train loss is above that of counting and stays there: the first of the causes that fits."""
        if not self._above():
            return None
        s, fall = self.settings, self.half.train - self.train
        if self._decayed():
            return self._found("decayed", decay=s.weight_decay)
        if self._short():
            return self._found("short", block=s.block_size)
        if self._small():
            sizes = {"hidden": s.hidden, "parameters": self.model.theta.numel(), "table": self._table()}
            return self._found("small", fall=fall, before=rounded(self.half.step), **sizes)
        few = {"dimensions": s.embedding_dim} if s.embedding_dim < FEW_DIMENSIONS else {}
        wild = {"init": s.init} if s.init == "normal" else {}
        return self._found("slow", **few, **wild)

    def _above(self) -> bool:
        return self.train > self.counted.train.bigram + CHANCE

    def _decayed(self) -> bool:
        return self.settings.weight_decay >= STRONG_DECAY

    def _short(self) -> bool:
        """The context is too short to do much better than a bigram, however large the network."""
        return self.counted.lowest > self.counted.train.bigram - SHORT_CONTEXT

    def _small(self) -> bool:
        """The network has less than half as many numbers as a bigram model."""
        return self.model.theta.numel() < self._table() / 2

    def _table(self) -> int:
        return len(self.dataset.vocabulary) ** 2

    def _level(self) -> Finding:
        """Neither loss moves much: how good is that?"""
        if not self.has_dev:
            return self._found("levelled")
        ahead = self.counted.dev.bigram - self.dev
        case = "good fit" if ahead > CHANCE else "worse than a bigram" if ahead < -CHANCE else "like a bigram"
        best, fall = self.curve.best(), self.quarter.train - self.train
        parting = fall > 2 * CHANGE and best.step < self.half.step
        stalled = {"stalled": rounded(best.step), "fall": best.train - self.train} if parting else {}
        return self._found(case, **stalled, **self._untried())

    def _untried(self) -> dict[str, Any]:
        """The settings that a better dev loss could come from."""
        s = self.settings
        if self._short():
            return {"block": s.block_size}
        if s.init == "scaled" and s.embedding_dim >= FEW_DIMENSIONS and s.weight_decay:
            return {}
        return {"init": s.init, "dimensions": s.embedding_dim, "decay": s.weight_decay}


@torch.inference_mode()
def hidden_saturation(model: Model, dataset: Dataset) -> float:
    """The fraction of saturated hidden activations, over all units and training examples from all over the list."""
    X = dataset.train.X[:: max(1, len(dataset.train) // LOOKED_AT)][:LOOKED_AT]
    return saturated_fraction(model.forward(X).hidden)


def rounded(step: int) -> int:
    """A step as it is said with “about”: two digits that count."""
    return round(step, 2 - len(str(step))) if step >= 100 else step
