"""Short runs side by side, each with one thing done to the network that no setting can do: no bend, or a part frozen.

All begin with the same weights and take the same batches, so whatever differs in the end comes of that one thing.
"""

import math
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from mlp.dataset import Dataset, Split
from mlp.kernel.torch_network import descend
from mlp.lessons.effort import shortened
from mlp.model import Forward, Model
from mlp.settings import Settings
from mlp.training.backprop import gradients
from mlp.training.batches import Batches

BEND_STEPS, CUT_STEPS = 2000, 1000
EARLY_CHANCE = 0.07  # nats by which dev losses of the default network differ that early with the seed alone
PIECE = 20
POINTS = 25


@dataclass(frozen=True)
class Variant:
    """What is done to a network: `frozen` names the part that keeps its first numbers; `bend` False leaves tanh out."""

    label: str
    frozen: str | None = None
    bend: bool = True


@dataclass(frozen=True)
class Curve:
    """The dev losses of one run so far, in nats; those of the train split where there are no dev examples."""

    label: str
    steps: tuple[int, ...]
    losses: tuple[float, ...]

    @property
    def last(self) -> float:
        """The latest loss; nan before the first."""
        return self.losses[-1] if self.losses else math.nan


class ShortRuns:
    """The runs, in slices: `run_for` some milliseconds at a time, `curves` whenever wanted, from any thread.

    Args:
        settings: of all runs. dataset: the examples. variants: what is done in each. steps: how many each is to take.

    Attributes:
        short: what was made smaller, so that nobody waits long. settings, steps: of the runs as they are made.
    """

    def __init__(self, settings: Settings, dataset: Dataset, variants: Sequence[Variant], steps: int) -> None:
        self.variants, self.done = tuple(variants), False
        self.short = shortened(settings, dataset, len(variants), steps)
        self.settings, self.steps = self.short.settings, self.short.steps
        self._train = dataset.train
        self.curves = tuple(Curve(variant.label, (), ()) for variant in variants)
        self._work = self._pieces(Model(self.settings, len(dataset.vocabulary)))

    def run_for(self, seconds: float = math.inf) -> int:
        """Train for so many seconds; how many losses are known of all runs."""
        deadline = time.perf_counter() + seconds
        while not self.done and time.perf_counter() < deadline:
            next(self._work, None)
        return sum(len(curve.steps) for curve in self.curves)

    def _pieces(self, first: Model) -> Iterator[None]:
        """The work, piece by piece: each `next` is a few steps of one run, or one of its losses."""
        for place, variant in enumerate(self.variants):
            run = VariantRun(first, variant, self._train, self.settings)
            for due in [*range(0, self.steps, max(1, self.steps // POINTS)), self.steps]:
                while run.steps_done < due:
                    run.step(min(PIECE, due - run.steps_done))
                    yield
                self._note(place, run.steps_done, run.loss(self.short.test))
                yield
        self.done = True

    def _note(self, place: int, step: int, loss: float) -> None:
        curves = list(self.curves)
        of = curves[place]
        curves[place] = Curve(of.label, (*of.steps, step), (*of.losses, loss))
        self.curves = tuple(curves)


class VariantRun:
    """One run of a variant, from a copy of `first` on; the gradients are those by hand."""

    def __init__(self, first: Model, variant: Variant, train: Split, settings: Settings) -> None:
        self.variant, self.settings, self.steps_done = variant, settings, 0
        self.model = first.at(first.theta.clone())
        self._frozen = self.model.parameters[variant.frozen].clone() if variant.frozen else None
        self._memory = torch.zeros_like(first.theta), torch.zeros_like(first.theta)
        self._train, self._batches = train, Batches(train, settings)

    @torch.inference_mode()
    def step(self, count: int = 1) -> None:
        """So many updates."""
        plan = self._batches.take(count)
        for begin, size in zip(plan.begins.tolist(), plan.sizes.tolist(), strict=True):
            rows = torch.from_numpy(plan.rows[begin : begin + size])
            slopes = self._gradients(self._train.X[rows], self._train.Y[rows])
            gradient = torch.cat([slopes[name].flatten() for name in self.model.parameters])
            self.steps_done += 1
            descend(self.model.theta, gradient, *self._memory, self.steps_done, self.settings)
            if self.variant.frozen and self._frozen is not None:
                self.model.parameters[self.variant.frozen].copy_(self._frozen)

    @torch.inference_mode()
    def loss(self, split: Split) -> float:
        """The mean loss in nats over the examples of a split."""
        return F.cross_entropy(self.forward(split.X).logits, split.Y).item()

    def forward(self, X: Tensor) -> Forward:
        """The forward pass over contexts X (B, T); without the bend the hidden layer is the weighted sum itself."""
        passed = self.model.forward(X)
        if self.variant.bend:
            return passed
        logits = passed.preactivation @ self.model.W2 + self.model.b2  # (B, V)
        if self.model.W is not None:
            logits = logits + passed.concatenated @ self.model.W
        return Forward(passed.embedded, passed.concatenated, passed.preactivation, passed.preactivation, logits)

    def _gradients(self, X: Tensor, Y: Tensor) -> dict[str, Tensor]:
        return gradients(self.model, self.forward(X), X, Y, bend=self.variant.bend)
