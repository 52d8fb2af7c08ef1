"""The networks of a map of fits, laid out over its two axes: what an axis may be, and who can share a stack."""

from collections.abc import Sequence
from typing import Any

from pydantic import ValidationError

from mlp.analysis.scoring import Scorer
from mlp.dataset import make_dataset
from mlp.limits import LIMITS, Limits
from mlp.model import parameter_count
from mlp.settings import SPECS, Settings, explain
from mlp.sweep.batch_feed import batch_taken
from mlp.sweep.cell import Cell
from mlp.words import WordList

AXES = ("hidden", "train_examples", "embedding_dim", "block_size", "weight_decay", "learning_rate")
FEW_UNITS = 32  # below, one more sum costs more than the sum itself

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
    """The networks' records; those with the same examples share what scores them.

    Raises:
        ValueError: the networks are too large together.
    """
    scorers: dict[tuple, Scorer] = {}

    def cell(settings: Settings) -> Cell:
        dataset = make_dataset(settings, words)
        whole = make_dataset(settings.with_changes(train_examples=None), words).train
        T = settings.block_size
        for key, split in (((T, len(dataset.train)), dataset.train), ((T, "dev"), dataset.dev)):
            if key not in scorers:
                scorers[key] = Scorer(split)
        return Cell(settings, dataset, whole, scorers[T, len(dataset.train)], scorers[T, "dev"])

    cells = [[cell(settings) for settings in row] for row in rows]
    numbers = sum(parameter_count(c.settings, len(c.dataset.vocabulary)) for row in cells for c in row)
    if numbers > limits.map_parameters:
        raise ValueError(
            f"This map would have {numbers / 1e6:,.3g} million parameters; the limit is "
            f"{limits.map_parameters / 1e6:,.3g} million. Choose fewer or smaller networks."
        )
    return cells


def by_shape(cells: list[list[Cell]]) -> list[list[Cell]]:
    """The networks that can share a stack: equal shapes and batch size, but all with few hidden units go together."""
    groups: dict[tuple[int, ...], list[Cell]] = {}
    for cell in (cell for row in cells for cell in row):
        s = cell.settings
        units = max(s.hidden, FEW_UNITS)
        groups.setdefault((s.block_size, s.embedding_dim, units, batch_taken(s, len(cell.whole))), []).append(cell)
    return list(groups.values())
