"""Will raising this number raise or lower the loss? Entries for a quiz, each with the answer measured by a nudge."""

import torch
from torch import Tensor

from mlp.lessons.backward import FiniteDifference, finite_difference
from mlp.lessons.trace import gradients_by_hand
from mlp.model import Model

QUESTIONS = 10
CLEAR = 0.05  # of the largest gradient in the same parameter, below which a sign says little


def question(model: Model, X: Tensor, Y: Tensor, seed: int, number: int) -> FiniteDifference | None:
    """The `number`-th entry to ask about, drawn from those with a clear gradient, parameters in turn.

    None where there is none, as where nothing is finite.
    """
    slopes = gradients_by_hand(model, X, Y)
    generator = torch.Generator().manual_seed(seed + number)
    names = list(model.parameters)
    for turn in range(len(names)):
        name = names[(number + turn) % len(names)]
        slope = slopes[name]
        clear = (slope.isfinite() & (slope.abs() > CLEAR * slope.abs().max())).nonzero()  # (entries, dimensions)
        if not len(clear):
            continue
        entry = clear[int(torch.randint(len(clear), (), generator=generator))].tolist()
        found = finite_difference(model, X, Y, name, tuple(entry))
        if found.measured * found.by_hand > 0:
            return found
    return None
