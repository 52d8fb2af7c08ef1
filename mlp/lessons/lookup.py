"""Looking a character up: C[i] is a row of C, and the very same numbers as a one-hot vector times C."""

import ast
import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from mlp.lessons.mistakes import Mistake, mistake


@dataclass(frozen=True)
class Lookup:
    """A row of C found in two ways. one_hot: (V,) float; row, product: (embedding_dim,)."""

    index: int
    one_hot: Tensor
    row: Tensor
    product: Tensor

    @property
    def equal(self) -> bool:
        """True where both ways gave the same numbers."""
        return torch.equal(self.row, self.product)


def lookup(C: Tensor, index: int) -> Lookup:
    """Row `index` of C, indexed and multiplied out."""
    one_hot = F.one_hot(torch.tensor(index), num_classes=len(C)).to(C.dtype)  # (V,)
    return Lookup(index, one_hot, C[index], one_hot @ C)


def mixed(C: Tensor, weights: Mapping[int, float]) -> Tensor:
    """v @ C (embedding_dim,) for a vector v that holds some weights by index, and 0 everywhere else."""
    v = torch.zeros(len(C), dtype=C.dtype)  # (V,)
    for index, weight in weights.items():
        v[index] += weight
    return v @ C


def mistakes(C: Tensor, index: int) -> list[Mistake]:
    """What one_hot and indexing refuse, and the real messages."""
    V = len(C)
    three = [min(index + more, V - 1) for more in range(3)]
    few = min(index, V - 2)  # with the last index one_hot would make as many places as C has rows
    tried = [
        (
            f"F.one_hot({index}, num_classes={V})",
            lambda: F.one_hot(index, num_classes=V),  # type: ignore[arg-type]  # which is the mistake
            "`one_hot` needs an int64 tensor of indices (any shape) and returns one row per index. A Python int is "
            "not a tensor: wrap it in `torch.tensor(…)`.",
        ),
        (
            f"F.one_hot(torch.tensor({index}), num_classes={V}) @ C",
            lambda: F.one_hot(torch.tensor(index), num_classes=V) @ C,
            "`one_hot` returns integers (`int64`), C is `float32`, and a matrix product needs the same dtype on both "
            "sides. Add `.float()` – with the brackets.",
        ),
        (
            f"F.one_hot(torch.tensor({few})).float() @ C",
            lambda: F.one_hot(torch.tensor(few)).float() @ C,
            f"Without `num_classes`, the length is the largest index + 1, here {few + 1}. C has {V} rows, so the "
            f"vector needs length {V}.",
        ),
        (
            f"F.one_hot(torch.tensor({index}, dtype=torch.int32), num_classes={V})",
            lambda: F.one_hot(torch.tensor(index, dtype=torch.int32), num_classes=V),
            "For `one_hot` an index must be `int64` (a *LongTensor*), which is what `torch.tensor` makes of whole "
            "numbers. Indexing, `C[…]`, accepts `int32` too.",
        ),
        (
            f"F.one_hot(torch.tensor({index}), num_classes={V}).float @ C",
            lambda: F.one_hot(torch.tensor(index), num_classes=V).float @ C,  # type: ignore[operator]
            "`.float` without brackets is the method itself, not its result. Write `.float()`.",
        ),
        (f"C[{V}]", lambda: C[V], f"C has rows 0 to {V - 1}, so there is no row {V}."),
        (
            f"C[{', '.join(map(str, three))}]",
            lambda: C[tuple(three)],
            f"Three indices ask for one number of a tensor with three dimensions; C has two. `C[{three}]`, with a "
            "list, takes three rows.",
        ),
    ]
    return [mistake(code, run, why) for code, run, why in tried]


@dataclass(frozen=True)
class Timing:
    """Microseconds for looking up all of X, by index and by one-hot product, just measured on this machine."""

    rows: int
    index: float
    one_hot: float

    @property
    def ratio(self) -> float:
        """How many times longer the product takes."""
        return self.one_hot / self.index


def measure(C: Tensor, X: Tensor, rounds: int = 15) -> Timing:
    """Time both ways on contexts X (N, block_size), at most 1,024 rows of them."""
    X = X[:1024]
    by_index = _microseconds(lambda: C[X], rounds)
    by_product = _microseconds(lambda: F.one_hot(X, num_classes=len(C)).to(C.dtype) @ C, rounds)
    return Timing(len(X), by_index, by_product)


def _microseconds(function: Callable[[], Any], rounds: int) -> float:
    """The median of some rounds, the first one left out."""
    function()
    taken = []
    for _ in range(rounds):
        begin = time.perf_counter()
        function()
        taken.append(time.perf_counter() - begin)
    return 1e6 * statistics.median(taken)


@dataclass(frozen=True)
class Indexing:
    """C indexed by something: the code as it stands, what the index is, and what came out."""

    code: str
    kind: str
    index_shape: tuple[int, ...]
    result: Tensor


def indexings(C: Tensor, X: Tensor, index: int) -> list[Indexing]:
    """C indexed by ints, a list, a tensor, a 2-D tensor and X: each result has the index's shape, then a row's."""
    last = len(C) - 1
    several = [index, 0, last]
    twice, square = [*several, last], [[index, 0], [0, last]]
    return [
        Indexing(f"C[{index}]", "an int", (), C[index]),
        Indexing("C[-1]", "a negative int counts from the end", (), C[-1]),
        Indexing(f"C[{several}]", "a list", (3,), C[several]),
        Indexing(f"C[torch.tensor({twice})]", "a tensor (repeats are fine)", (4,), C[torch.tensor(twice)]),
        Indexing(f"C[torch.tensor({square})]", "a 2-D tensor", (2, 2), C[torch.tensor(square)]),
        Indexing("C[X]", "all contexts at once", tuple(X.shape), C[X]),
    ]


def same_embedding(C: Tensor, X: Tensor, row: int, place: int) -> tuple[Tensor, Tensor]:
    """C[X][row, place] and C[X[row, place]]: the same (embedding_dim,) numbers, whichever index comes first."""
    return C[X][row, place], C[X[row, place]]


@dataclass(frozen=True)
class Tried:
    """An index that a reader typed: the code it stands for, and the result or what PyTorch says against it."""

    code: str
    result: Tensor | None
    error: str


LONGEST_INDEX = 200


def try_index(C: Tensor, text: str) -> Tried:
    """C indexed by what a reader typed: an integer, or a list of integers, nested or not.

    Raises:
        ValueError: it is none of these.
    """
    index = _read_index(text)
    shown = str(index) if isinstance(index, int) else f"torch.tensor({index})"
    code = f"C[{shown}]"
    try:
        return Tried(code, C[index] if isinstance(index, int) else C[torch.tensor(index)], "")
    except Exception as error:  # whatever PyTorch raises is what is wanted
        return Tried(code, None, f"{type(error).__name__}: {str(error).partition(chr(10))[0]}")


def _read_index(text: str) -> int | list[Any]:
    try:
        if len(text) > LONGEST_INDEX:
            raise ValueError
        index = ast.literal_eval(text.strip())
        if not _whole(index):
            raise ValueError
    except (ValueError, SyntaxError, RecursionError, MemoryError):
        raise ValueError("Type an integer like 5, or a list like [5, 0] or [[5, 0], [0, 5]].") from None
    return index


def _whole(index: object) -> bool:
    return type(index) is int or (isinstance(index, list) and all(_whole(part) for part in index))
