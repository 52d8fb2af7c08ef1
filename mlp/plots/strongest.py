"""The strongest edges of the network for one example: the largest products of a number and the weight it meets."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import torch
from torch import Tensor

from mlp.model import Model
from mlp.plots.network_places import Places
from mlp.plots.theme import LIGHT

COUNT = 20  # of each of the two layers of weights
SIGNS = {"raising": "positive", "lowering": "negative"}  # the traces, and the names of their colours


class Edge(NamedTuple):
    """The product of the number at place `below` and its weight to place `above`."""

    below: int
    above: int
    product: float


def edges(values: Tensor, weights: Tensor, below: Sequence[int], above: int) -> list[Edge]:
    """The edges whose products are largest in size, the largest first.

    Args:
        values: (inputs,). weights: (inputs, outputs). below: which of the inputs are drawn, in the order of their
            dots. above: how many of the outputs are, from the first on.
    """
    products = values[list(below), None] * weights[list(below), :above]
    sizes = products.abs().nan_to_num(0.0, posinf=0.0).flatten()
    chosen = sizes.topk(min(COUNT, len(sizes)))
    places = [
        divmod(flat, above) for flat, size in zip(chosen.indices.tolist(), chosen.values.tolist(), strict=True) if size
    ]
    return [Edge(row, col, products[row, col].item()) for row, col in places]


@torch.inference_mode()
def patches(where: Places, model: Model, concatenated: Tensor, hidden: Tensor, dims: int) -> list[dict[str, Any]]:
    """The lines of both signs: from the inputs to the hidden units, and from those to the logits.

    Args:
        concatenated: (block_size * embedding_dim,). hidden: (hidden,). dims: how many dimensions of each are drawn.
    """
    settings = model.settings
    inputs = [place * settings.embedding_dim + d for place in range(settings.block_size) for d in range(dims)]
    units, outputs = len(where.spots["hidden"]), len(where.spots["logits"])
    found = [
        ("concatenated", "hidden", edges(concatenated, model.parameters["W1"], inputs, units)),
        ("hidden", "logits", edges(hidden, model.parameters["W2"], range(units), outputs)),
    ]

    def lines(sign: int) -> dict[str, Any]:
        x, y = list[float | None](), list[float | None]()
        for low, high, layer in found:
            for edge in layer:
                if edge.product * sign > 0:
                    x += [where.spots[low][edge.below], where.spots[high][edge.above], None]
                    y += [where.heights[low][edge.below], where.heights[high][edge.above], None]
        return {"x": x, "y": y}

    return [lines(1), lines(-1)]


def colours() -> dict[str, str]:
    """The colour of each trace."""
    return {name: LIGHT[colour] for name, colour in SIGNS.items()}
