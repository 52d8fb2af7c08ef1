"""How many hidden activations are saturated: so close to −1 or 1 that almost no gradient gets through tanh."""

import torch

from mlp.dataset import Dataset
from mlp.model import Model

SATURATED = 0.97  # beyond ±0.97 the slope of tanh is below 0.06
LOOKED_AT = 64  # training examples on which the hidden units are looked at


@torch.inference_mode()
def saturated_fraction(model: Model, dataset: Dataset) -> float:
    """The fraction of hidden activations beyond ±0.97, over all units and training examples from all over the list."""
    X = dataset.train.X[:: max(1, len(dataset.train) // LOOKED_AT)][:LOOKED_AT]
    return (model.forward(X).hidden.abs() > SATURATED).float().mean().item()
