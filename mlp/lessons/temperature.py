"""Logits made larger or smaller by a factor: what that does to the loss of a right and of a wrong prediction.

A factor s is what sampling calls a temperature of 1 / s.
"""

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from mlp.dataset import Split
from mlp.model import Model

FACTORS = (0.1, 0.2, 0.5, 1.0, 1.5, 2.0, 3.0, 5.0)


@dataclass(frozen=True)
class Prediction:
    """One example, context (T,) and label, with the network's logits (V,) for it."""

    context: Tensor
    label: int
    logits: Tensor

    def loss(self, factor: float) -> float:
        """Its loss in nats with the logits multiplied."""
        return F.cross_entropy(factor * self.logits[None], torch.tensor([self.label])).item()

    def effect(self, factor: float) -> str:
        """What the factor does to its loss: "falls", "rises" or "stays"."""
        before, after = self.loss(1.0), self.loss(factor)
        if abs(after - before) <= 1e-6 * max(1.0, abs(before)):
            return "stays"
        return "falls" if after < before else "rises"


@torch.inference_mode()
def right_and_wrong(model: Model, split: Split) -> tuple[Prediction | None, Prediction | None]:
    """Of a split, an example whose target is the top prediction, and one whose target is not.

    The first of each in the order of the list; None where there is none.
    """
    logits = model.forward(split.X).logits  # (N, V)
    correct = logits.argmax(1) == split.Y
    found = []
    for mask in (correct, ~correct):
        places = mask.nonzero()[:, 0]
        found.append(_prediction(split, logits, int(places[0])) if len(places) else None)
    return found[0], found[1]


def _prediction(split: Split, logits: Tensor, place: int) -> Prediction:
    return Prediction(split.X[place], int(split.Y[place]), logits[place])
