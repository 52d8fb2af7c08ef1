"""What the page of the lookup table shows of a snapshot."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import streamlit as st
from torch import Tensor

from mlp.engine.snapshot import Snapshot
from mlp.lessons import lookup as facts
from mlp.plots import letters, tensors
from mlp.plots import lookup as product
from pages.ui.lessons.example_views import corner
from pages.ui.lessons.lesson import Pick
from pages.ui.live.session import View
from pages.ui.shared.formatting import number
from pages.ui.shared.map_view import LetterView

EXAMPLES = 32
MAX_NUMBERS = 3


def table_view(names: list[str], index: int) -> View:
    """C, the character looked up marked."""

    def view(then: Snapshot) -> dict[str, Any]:
        C = then.model.C
        return tensors.update("C", C, names, mark=index, corner=corner(index, C), share=table_share(C.shape[1]))

    return view


def is_strip(dim: int) -> bool:
    """Whether C has so few columns that it stands well in a narrow place."""
    return dim < 4


def table_share(dim: int) -> float:
    """Of the place of C, what a column of it takes."""
    return 0.2 if is_strip(dim) else tensors.SHARE


def other_dimensions(dim: int) -> str:
    """What the plot shows where rows do not have two numbers."""
    if dim == 1:
        return "Here there is only one number, so all points lie on a line. "
    return f"Here there are {dim} numbers; the plot shows two directions of them. " if dim > 2 else ""


def map_view(basis: np.ndarray | None, index: int) -> View:
    """C as points in a plane, with a ring around the character looked up."""
    return LetterView("now", basis, marked=index, plot=letters.PLOT)


def product_view(index: int) -> View:
    """The matrix product."""
    return lambda then: product.update(
        then.model.C, facts.lookup(then.model.C, index), then.dataset.vocabulary.characters
    )


def equal_view(index: int) -> View:
    """The same row in two ways, in numbers."""

    def view(then: Snapshot) -> dict[str, Any]:
        found = facts.lookup(then.model.C, index)
        return {
            "columns": ["expression", "numbers"],
            "rows": [
                [f"C[{index}]", written(found.row)],
                ["one-hot @ C", written(found.product)],
                ["equal?", yes_no(found.equal)],
            ],
            "strong": [2],
        }

    return view


def written(row: Tensor) -> str:
    """A row in numbers, the first few of a long one."""
    few = ", ".join(f"{number(value):>7}" for value in row[:MAX_NUMBERS].tolist())
    return f"[{few}{', …' if len(row) > MAX_NUMBERS else ''}]"


def yes_no(equal: bool) -> str:
    """Whether two tensors hold the same numbers; only numbers that are not finite can spoil it."""
    return "True" if equal else "False: nan is not equal to anything, and 0 × inf is nan"


def for_example(dim: int, block_size: int) -> str:
    """The indices above a column, read out."""
    return f" (`{block_size - 1},{dim - 1}` is `emb[:, {block_size - 1}, {dim - 1}]`)"


def shapes_view(X: Tensor, index: int) -> View:
    """Indices of each kind, with the shapes that come out."""

    def view(then: Snapshot) -> dict[str, Any]:
        found = facts.indexings(then.model.C, X, index)
        return {
            "columns": ["code", "index shape", "result shape", "kind of index"],
            "rows": [[one.code, str(one.index_shape), str(tuple(one.result.shape)), one.kind] for one in found],
        }

    return view


def tried_view(typed: str) -> View:
    """The result of an index that the reader typed."""

    def view(then: Snapshot) -> dict[str, Any]:
        result = facts.try_index(then.model.C, typed).result
        return {} if result is None else tensors.update("Result", result)

    return view


def embedded_view(picked: Pick, labels: Sequence[str], start: tuple[int, int]) -> View:
    """The embeddings of the word's contexts."""
    return lambda then: tensors.update(
        "emb", then.model.C[picked.X], labels, title="emb = C[X]", mark=picked.position, corner=start
    )


def either_view(X: Tensor, row: int, place: int) -> View:
    """One embedding, looked up in the two orders."""

    def view(then: Snapshot) -> dict[str, Any]:
        first, second = facts.same_embedding(then.model.C, X, row, place)
        return {
            "columns": ["expression", "numbers"],
            "rows": [
                [f"C[X][{row}, {place}]", written(first)],
                [f"C[X[{row}, {place}]]", written(second)],
                ["equal?", yes_no(bool((first == second).all()))],
            ],
            "strong": [2],
        }

    return view


def measure_again() -> None:
    """Forget the last timing, so that the page measures anew."""
    st.session_state.get("lesson_once", (None, {}))[1].pop("timing", None)
