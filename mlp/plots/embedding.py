"""The embedding plot: each character a labelled point, told apart by colour and shape, hollow where it is not trained.

Colours and shapes are those of vowels, consonants, symbols and the boundary token. Hollow are the characters that no
training context holds: their rows of C keep their random start. In two dimensions the plot is the lookup table C
itself; in one it is a line; in more it is a projection onto a basis that stays as it is, so the points move only
because C does.

It is drawn for every player many times a second, so the few numbers do not go through PyTorch: each of its operations
lets go of the interpreter, and on a busy server waits for it again.
"""

import math
import unicodedata
from collections.abc import Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go
import torch
from torch import Tensor

from mlp.dataset import Vocabulary
from mlp.plots.theme import LEGEND_ABOVE, LIGHT, built_once, empty_figure, shown
from mlp.words import BOUNDARY

TITLE = "Character embedding"
GROUPS = {"vowel": "circle", "consonant": "square", "sign": "diamond", "boundary": "star"}
VOWELS = frozenset("aeiouyæœøıаеёиоуыэюяієαεηιουω")
FENCE = 1.5  # times the middle half's extent, beyond it, is far out (Tukey's fences)
HALF = 0.5
UNTRAINED = "in no training context, so no gradient ever moves"
NAMES = {"vowel": "vowels", "consonant": "consonants", "sign": "symbols", "boundary": "boundary ."}


@built_once
def figure(height: int = 430) -> go.Figure:
    """The map without its points; `update` brings them."""
    drawn = empty_figure(height, legend=LEGEND_ABOVE, margin={"t": 34})
    for group, symbol in GROUPS.items():
        colour = LIGHT[group]
        drawn.add_scatter(
            x=[], y=[], text=[], name=NAMES[group], mode="markers+text", textposition="top center",
            textfont={"size": 17, "color": colour}, marker={"symbol": symbol, "size": 9, "color": colour},
            hovertemplate="<b>%{text}</b>  (%{x:.3f}, %{y:.3f})<extra></extra>",
        )  # fmt: skip
    drawn.add_scatter(
        x=[], y=[], text=[], name="untrained", mode="markers+text", textposition="top center", showlegend=False,
        textfont={"size": 17, "color": []}, marker={"symbol": [], "size": 9, "color": []},
        hovertemplate=f"<b>%{{text}}</b>  (%{{x:.3f}}, %{{y:.3f}})<br>{UNTRAINED} this point<extra></extra>",
    )  # fmt: skip
    drawn.update_xaxes(title_text="dimension 1", zeroline=True)
    drawn.update_yaxes(title_text="dimension 2", zeroline=True)
    return drawn


def update(
    C: Tensor,
    vocabulary: Vocabulary,
    step: int,
    reach: np.ndarray,
    basis: np.ndarray | None = None,
    untrained: Sequence[int] = (),
) -> dict[str, Any]:
    """Where the points are now.

    Args:
        C: (V, embedding_dim). vocabulary: its V characters.
        reach: the lowest and highest coordinates that the axes hold, (2, embedding_dim), or (2, 2) on the map itself;
            those of all the way so far make axes that only ever grow.
        basis: (embedding_dim, 2) to project on; the first two dimensions where left out.
        untrained: the characters to draw hollow (`Dataset.untrained`).
    """
    rows = C.numpy()
    points = project(rows, basis)
    data = _traces(points, vocabulary, untrained)
    reached = project(reach, None)
    x_range, y_range = axis_range(reached[:, 0]), axis_range(reached[:, 1])
    first, second = axis_titles(C.shape[1], basis)
    layout = {
        "xaxis.range": x_range, "yaxis.range": y_range,
        "annotations": beyond(points, vocabulary, x_range, y_range),
        "xaxis.title.text": first, "yaxis.title.text": second, "yaxis.showticklabels": C.shape[1] > 1,
    }  # fmt: skip
    label = f"{text_alternative(rows, vocabulary, step)} {untrained_text(vocabulary, untrained)}".strip()
    return {"data": data, "layout": layout, "label": label}


def _traces(points: np.ndarray, vocabulary: Vocabulary, untrained: Sequence[int]) -> list[dict[str, Any]]:
    """The trained characters of each group, then the untrained ones of all groups, hollow in their groups' shapes."""
    groups = [group_of(character) for character in vocabulary.characters]
    trained = set(range(len(groups))) - set(untrained)

    def trace(rows: Sequence[int]) -> dict[str, Any]:
        names = [shown(vocabulary.characters[i]) for i in rows]
        x, y = points[list(rows)].T.tolist()
        return {"x": x, "y": y, "text": names}

    data = [trace([i for i, name in enumerate(groups) if name == group and i in trained]) for group in GROUPS]
    colours = [LIGHT[groups[i]] for i in untrained]
    symbols = [f"{GROUPS[groups[i]]}-open" for i in untrained]
    hollow = {"marker": {"symbol": symbols, "color": colours}, "textfont": {"color": colours}}
    return [*data, {**trace(list(untrained)), **hollow}]


def untrained_text(
    vocabulary: Vocabulary, untrained: Sequence[int], drawn: str = "Hollow", *, decays: bool = False
) -> str:
    """Which characters are `drawn` differently, and why; "" where none are. `decays`: whether there is weight decay."""
    if not untrained:
        return ""
    names = [vocabulary.characters[i] for i in untrained]
    named = " ".join("␣" if name == " " else name for name in names)
    moved = "this point" if len(names) == 1 else "these points"
    return f"{drawn}: {named} – {UNTRAINED} {moved}{'; only weight decay does' if decays else ''}."


def beyond(
    points: np.ndarray, vocabulary: Vocabulary, x_range: list[float], y_range: list[float]
) -> list[dict[str, Any]]:
    """Which characters lie outside the axes, as a note in the corner; nothing where all lie inside."""
    low, high = np.array([x_range, y_range]).T
    outside = np.flatnonzero(((points < low) | (points > high)).any(1)).tolist()
    if not outside:
        return []
    names = " ".join(shown(vocabulary.characters[i]) for i in outside)
    corner = {"xref": "paper", "yref": "paper", "x": 1, "y": 1, "xanchor": "right", "yanchor": "top"}
    return [{"text": f"outside the axes: {names}", "showarrow": False, "font": {"color": LIGHT["muted"]}, **corner}]


def project(C: np.ndarray, basis: np.ndarray | None) -> np.ndarray:
    """C, (V, embedding_dim), in two dimensions: (V, 2). One dimension becomes a line; more are projected."""
    if C.shape[1] == 1:
        return np.concatenate([C, np.zeros_like(C)], axis=1)
    with np.errstate(invalid="ignore"):  # what has overflowed has no place
        return C[:, :2] if basis is None else C @ basis


def extent(points: np.ndarray, far_out: bool = True) -> np.ndarray:
    """Lowest and highest coordinates of points now, (2, dimensions), with or without what lies far out."""
    if not far_out:
        ordered, quarter = np.sort(points, axis=0), len(points) // 4
        low, high = ordered[quarter], ordered[-1 - quarter]
        room = FENCE * (high - low)
        points = points.clip(low - room, high + room)
    return np.stack([points.min(0), points.max(0)])


def ring(at: Sequence[float], radius: int = 16) -> dict[str, Any]:
    """A circle of so many pixels around a place (x, y), at every zoom; nothing is drawn where the place is none."""
    x, y = at
    place = {"xanchor": x, "yanchor": y} if math.isfinite(x) and math.isfinite(y) else {"visible": False}
    return {
        "type": "circle", "xsizemode": "pixel", "ysizemode": "pixel", "x0": -radius, "x1": radius, "y0": -radius,
        "y1": radius, "line": {"color": LIGHT["accent"], "width": 3}, **place,
    }  # fmt: skip


def stable_range(current: np.ndarray, previous: np.ndarray | None, *, padding: float, edge: float = 0.0) -> np.ndarray:
    """Axes that rest, (2, dimensions): the previous ones stay while the current points fit and fill half of each.

    Args:
        current, previous: lowest and highest coordinates. padding: the fraction of `current` added on each side.
        edge: the fraction of `previous` that must be free on each side.
    """
    if previous is not None:
        size = previous[1] - previous[0]
        fits = (current[0] - previous[0] >= edge * size) & (previous[1] - current[1] >= edge * size)
        filled = current[1] - current[0] >= HALF * size
        if (fits & filled).all():
            return previous
    room = padding * (current[1] - current[0])
    return np.stack([current[0] - room, current[1] + room])


def principal_basis(C: Tensor) -> np.ndarray:
    """The two directions in which the characters differ most: (embedding_dim, 2), orthonormal."""
    basis: np.ndarray = torch.linalg.svd(C - C.mean(0), full_matrices=False).Vh[:2].T.numpy()
    return basis


def axis_range(reached: np.ndarray) -> list[float]:
    """An axis that holds what was reached, (2,), with room for the labels, on a grid so coarse that it seldom moves."""
    low, high = reached.tolist()
    if not (math.isfinite(low) and math.isfinite(high)):
        return [-1.0, 1.0]
    room = max(high - low, 0.5)
    grid = 2.0 ** math.floor(math.log2(room) - 2)
    return [grid * math.floor((low - 0.08 * room) / grid), grid * math.ceil((high + 0.12 * room) / grid)]


def axis_titles(dimensions: int, basis: np.ndarray | None) -> tuple[str, str]:
    """What the axes show."""
    if dimensions == 1:
        return "dimension 1 (the only one)", ""
    if basis is not None:
        return f"principal component 1 of {dimensions} dimensions (fixed)", "principal component 2"
    of = "" if dimensions == 2 else f" of {dimensions}"
    return f"dimension 1{of}", f"dimension 2{of}"


def group_of(character: str) -> str:
    """The group of a character: vowel, consonant, sign or boundary."""
    if character == BOUNDARY:
        return "boundary"
    letter = unicodedata.normalize("NFD", character)[0].lower()  # without its accents
    if not letter.isalpha():
        return "sign"
    return "vowel" if letter in VOWELS else "consonant"


def text_alternative(C: np.ndarray, vocabulary: Vocabulary, step: int) -> str:
    """The map in words: how many points, and the two that are closest."""
    if not np.isfinite(C).all():
        return f"{TITLE} at step {step:,}: the coordinates have overflowed (inf or nan)."
    wide = C.astype(np.float64)  # in which the square of no coordinate overflows
    distances = ((wide[:, None] - wide) ** 2).sum(2)
    np.fill_diagonal(distances, np.inf)
    first, second = divmod(int(distances.argmin()), len(C))
    names = [vocabulary.characters[i] for i in (first, second)]
    return (
        f"{TITLE} at step {step:,}: {len(C)} characters as points in {C.shape[1]} "
        f"dimension{'s' if C.shape[1] > 1 else ''}. Closest are “{names[0]}” and “{names[1]}”."
    )
