"""When a tanh output counts as saturated: one threshold for the verdicts and for the page on the hidden layer."""

import math

from torch import Tensor

SATURATED = 0.97  # tanh has a slope of 0.06 there: a gradient that goes back through it all but vanishes
SATURATED_FROM = math.atanh(SATURATED)  # the size of a pre-activation that saturates its unit: 2.09


def saturated(hidden: Tensor) -> Tensor:
    """Which outputs of hidden (B, H) are nearly 1 or -1: (B, H) bool."""
    return hidden.abs() > SATURATED


def saturated_fraction(hidden: Tensor) -> float:
    """The fraction of the outputs of hidden (B, H) that are saturated, 0 to 1; 0 where there are none."""
    return saturated(hidden).float().mean().item() if hidden.numel() else 0.0
