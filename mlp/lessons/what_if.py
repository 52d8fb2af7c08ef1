"""What if a character had another embedding? The network with some rows of C elsewhere, and what it then predicts."""

from collections.abc import Mapping

import torch
from torch import Tensor

from mlp.model import Model

Place = tuple[float, ...]


def moved(model: Model, places: Mapping[int, Place]) -> Model:
    """The same network with rows of C put at other places, (embedding_dim,) each; the model itself stays as it is."""
    if not places:
        return model
    changed = model.at(model.theta.clone())
    for index, place in places.items():
        changed.C[index] = torch.tensor(place, dtype=torch.float32)
    return changed


@torch.inference_mode()
def plane(model: Model, context: list[int], slot: int, target: int, across: Tensor, up: Tensor) -> Tensor:
    """The probability of a next character for every place that one character of the context could have.

    Args:
        model: of an embedding in two dimensions. context: the indices of its T characters.
        slot: which of them is moved, 0 for the first. target: the next character asked about.
        across, up: the places along the two dimensions, (columns,) and (rows,).

    Returns:
        (rows, columns) float32; row i, column j is for the embedding (across[j], up[i]) in that slot.
    """
    rows, columns = len(up), len(across)
    embedded = model.C[torch.tensor(context)].repeat(rows * columns, 1, 1)  # (rows * columns, T, 2)
    embedded[:, slot, 0], embedded[:, slot, 1] = across.repeat(rows), up.repeat_interleave(columns)
    x = embedded.flatten(1)
    logits = torch.tanh(x @ model.W1 + model.b1) @ model.W2 + model.b2
    if model.W is not None:
        logits = logits + x @ model.W
    return torch.softmax(logits, 1)[:, target].view(rows, columns)
