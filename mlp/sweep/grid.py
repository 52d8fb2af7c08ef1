"""The networks of a map of fits, laid out over its two axes: what an axis may be, and how large a map."""

from collections.abc import Sequence
from typing import Any

from pydantic import ValidationError

from mlp.dataset import Vocabulary
from mlp.limits import LIMITS, Limits
from mlp.model import parameter_count
from mlp.settings import SPECS, Settings, explain
from mlp.sweep.cell import Cell
from mlp.words import WordList

AXES = ("hidden", "train_examples", "embedding_dim", "block_size", "weight_decay", "learning_rate")

Axis = tuple[str, Sequence[Any]]
FixedAxis = tuple[str, tuple[Any, ...]]


def check_axes(x: Axis, y: Axis, limits: Limits = LIMITS) -> tuple[FixedAxis, FixedAxis]:
    """The axes in tuples.

    Raises:
        ValueError: an unknown axis, the same axis twice, no values, equal values, too many networks.
    """
    for name, values in (x, y):
        if name not in AXES:
            raise ValueError(f"“{name}” cannot be an axis. Choose one of: {', '.join(AXES)}.")
        label = SPECS[name].label
        if not len(values):
            raise ValueError(f"{label} needs at least one value.")
        if len(set(values)) < len(values):
            raise ValueError(f"{label} lists the same value twice. Each value may appear once.")
    if x[0] == y[0]:
        raise ValueError("The two axes must be different settings.")
    if len(x[1]) * len(y[1]) > limits.map_networks:
        raise ValueError(
            f"A map can have at most {limits.map_networks} networks; this one has {len(x[1]) * len(y[1]):,}. "
            "List fewer values."
        )
    return (x[0], tuple(x[1])), (y[0], tuple(y[1]))


def grid(settings: Settings, x: Axis, y: Axis) -> list[list[Settings]]:
    """The settings of every network, a row for each value of y.

    Raises:
        ValueError: a value that the setting cannot have.
    """
    try:
        return [[settings.with_changes(**{x[0]: a, y[0]: b}) for a in x[1]] for b in y[1]]
    except ValidationError as error:
        raise ValueError(explain(error)) from error


def make_cells(rows: list[list[Settings]], words: WordList, limits: Limits = LIMITS) -> list[list[Cell]]:
    """The networks, untrained.

    Raises:
        ValueError: they are too large together.
    """
    characters = len(Vocabulary(words))
    numbers = sum(parameter_count(settings, characters) for row in rows for settings in row)
    if numbers > limits.map_parameters:
        raise ValueError(
            f"This map would have {numbers / 1e6:,.3g} million parameters; the limit is "
            f"{limits.map_parameters / 1e6:,.3g} million. Choose fewer or smaller networks."
        )
    return [[Cell(settings, words) for settings in row] for row in rows]
