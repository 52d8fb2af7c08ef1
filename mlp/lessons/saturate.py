"""What larger or smaller weights do to the hidden layer: the same network with W1 multiplied by a factor."""

from dataclasses import dataclass

import torch
from torch import Tensor

from mlp.lessons.hidden import slope
from mlp.model import Model
from mlp.saturation import saturated_fraction
from mlp.training.backprop import gradients

FACTORS = (0.1, 0.2, 0.5, 1.0, 2.0, 3.0, 5.0)


@dataclass(frozen=True)
class Saturated:
    """The hidden layer (B, H) with W1 multiplied by `factor`.

    fraction: of its values that are saturated. passed: how much of the gradient that arrives gets through the slope of
    tanh; nan where none arrives.
    """

    factor: float
    hidden: Tensor
    fraction: float
    passed: float


@torch.inference_mode()
def saturate(model: Model, X: Tensor, Y: Tensor, factor: float) -> Saturated:
    """Multiply W1 in a copy of the network, and look at it on contexts X (B, T), labels Y (B,)."""
    copy = model.at(model.theta.clone())
    copy.W1.mul_(factor)
    forward = copy.forward(X)
    arriving = gradients(copy, forward, X, Y)["hidden"]  # (B, H)
    passed = (slope(forward.hidden) * arriving).abs().sum() / arriving.abs().sum()
    return Saturated(factor, forward.hidden, saturated_fraction(forward.hidden), passed.item())
