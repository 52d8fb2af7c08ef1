"""The hidden layer: joining the embeddings in three ways, the tanh, and where it saturates."""

import math
from dataclasses import dataclass
from itertools import count

import torch
from torch import Tensor

from mlp.lessons.mistakes import Mistake, mistake
from mlp.saturation import saturated, saturated_fraction


@dataclass(frozen=True)
class Joined:
    """One way to join the embeddings of a context, and where its numbers lie in memory.

    `shares` is True where no number was copied: the result reads the memory of `emb` itself.
    """

    code: str
    value: Tensor
    shares: bool
    stride: tuple[int, ...]


def joinings(embedded: Tensor) -> list[Joined]:
    """Three ways from embedded (B, T, embedding_dim) to (B, T * embedding_dim); all give the same numbers."""
    embedded = embedded.contiguous()
    _, T, d = embedded.shape
    slices = ", ".join(f"emb[:, {i}, :]" for i in range(T))
    ways = [
        (f"torch.cat([{slices}], 1)", torch.cat([embedded[:, i, :] for i in range(T)], 1)),
        ("torch.cat(torch.unbind(emb, 1), 1)", torch.cat(torch.unbind(embedded, 1), 1)),
        (f"emb.view(-1, {T * d})", embedded.view(-1, T * d)),
    ]
    return [Joined(code, value, value.data_ptr() == embedded.data_ptr(), value.stride()) for code, value in ways]


def uneven(embedded: Tensor) -> Mistake:
    """A view whose rows would not come out even, and PyTorch’s message; embedded is (B, T, embedding_dim)."""
    total = embedded.numel()
    width = next(width for width in count(math.prod(embedded.shape[1:]) + 1) if total % width)
    why = f"{total:,} is not divisible by {width}."
    return mistake(f"emb.view(-1, {width})", lambda: embedded.contiguous().view(-1, width), why)


@dataclass(frozen=True)
class Storage:
    """How a tensor lies in memory: one row of `numbers` numbers, and how many to skip for each index."""

    shape: tuple[int, ...]
    stride: tuple[int, ...]
    numbers: int
    pointer: int


def storage(tensor: Tensor) -> Storage:
    """The facts behind `tensor.untyped_storage()`, `tensor.stride()` and `tensor.data_ptr()`."""
    numbers = tensor.untyped_storage().nbytes() // tensor.element_size()
    return Storage(tuple(tensor.shape), tensor.stride(), numbers, tensor.data_ptr())


def slope(hidden: Tensor) -> Tensor:
    """The slope of tanh where its value is `hidden`: 1 - h². What comes back through a unit is multiplied by it."""
    return 1 - hidden**2


@dataclass(frozen=True)
class Saturation:
    """Where hidden (B, H) is nearly 1 or -1.

    mask: (B, H) bool. fraction: of all outputs, 0 to 1. dead: units saturated for every example, so they learn next
    to nothing from these. always_on: the index of each dead unit that is near +1 throughout; always_off: near -1.
    """

    mask: Tensor
    fraction: float
    dead: tuple[int, ...]
    always_on: tuple[int, ...]
    always_off: tuple[int, ...]


def saturation(hidden: Tensor) -> Saturation:
    """The saturated outputs of a batch (B, H), and its dead units."""
    mask = saturated(hidden)  # (B, H)
    on, off = (mask & (hidden > 0)).all(0), (mask & (hidden < 0)).all(0)
    dead, always_on, always_off = (tuple(units.nonzero()[:, 0].tolist()) for units in (mask.all(0), on, off))
    return Saturation(mask, saturated_fraction(hidden), dead, always_on, always_off)


@dataclass(frozen=True)
class Passage:
    """How much of the gradient gets through some of the hidden values: mean sizes before and after the slope.

    `fraction` is how much of all that arrives is passed on, 0 to 1; nan where there is nothing to pass.
    """

    values: int
    arriving: float
    passed: float
    fraction: float


def passages(hidden: Tensor, gradient: Tensor) -> tuple[Passage, Passage]:
    """The gradient (B, H) that arrives at hidden (B, H) (`mlp.training.backprop`), and what the slope passes on.

    For the saturated values and for the others, so that one sees what saturation does to learning.
    """
    mask = saturation(hidden).mask
    before, passed = gradient.abs(), (slope(hidden) * gradient).abs()  # (B, H)
    within, others = (
        Passage(
            int(chosen.sum()),
            before[chosen].mean().item(),
            passed[chosen].mean().item(),
            (passed[chosen].sum() / before[chosen].sum()).item(),
        )
        for chosen in (mask, ~mask)
    )
    return within, others


@dataclass(frozen=True)
class Cell:
    """One number in memory, and what it is called in emb and in embcat, which is only another view of it."""

    place: int
    embedded: str
    concatenated: str
    value: float


def memory(embedded: Tensor, at_most: int = 8) -> list[Cell]:
    """The first numbers of embedded (B, T, embedding_dim) as they lie in memory, one after another."""
    _, T, d = embedded.shape
    numbers = embedded.flatten()[:at_most].tolist()
    return [
        Cell(i, f"emb[{i // (T * d)}, {i // d % T}, {i % d}]", f"embcat[{i // (T * d)}, {i % (T * d)}]", value)
        for i, value in enumerate(numbers)
    ]


@dataclass(frozen=True)
class Sum:
    """How one hidden unit’s pre-activation for one example is made.

    inputs, weights, products: (T * embedding_dim,). a: the sum of the products and the bias; h: its tanh; slope: that
    of tanh there.
    """

    inputs: Tensor
    weights: Tensor
    products: Tensor
    bias: float
    a: float
    h: float
    slope: float


def unit_sum(row: Tensor, W1: Tensor, b1: Tensor, unit: int) -> Sum:
    """The pre-activation of hidden unit `unit` for one row (T * embedding_dim,) of embcat."""
    weights = W1[:, unit]
    products = row * weights
    a = products.sum() + b1[unit]
    h = torch.tanh(a)
    return Sum(row, weights, products, b1[unit].item(), a.item(), h.item(), slope(h).item())


def tanh_values(points: tuple[float, ...] = (-3, -2, -1, 0, 1, 2, 3)) -> list[tuple[float, float, float]]:
    """tanh at a few points: (a, tanh(a), its slope there)."""
    a = torch.tensor(points)
    h = torch.tanh(a)
    return list(zip(points, h.tolist(), slope(h).tolist(), strict=True))
