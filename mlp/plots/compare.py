"""Runs compared: the current run's train and dev loss, and those of pinned runs as ghosts behind it."""

import html
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import plotly.graph_objects as go

from mlp.plots.patches import number
from mlp.plots.theme import LEGEND_ABOVE, LIGHT, built_once, empty_figure
from mlp.training.curves import best_step

TITLE = "Compared runs"
MAX_GHOSTS = 8
OTHER_DEV = (
    "These runs are measured on different dev splits (another seed or other fractions), so small differences in dev "
    "loss mean nothing."
)
GHOST_COLOURS = tuple(
    LIGHT[name] for name in ("accent", "test", "vowel", "sign", "good", "bad", "consonant", "muted")
)  # fmt: skip


@dataclass(frozen=True)
class Line:
    """One run in the chart: its name, the name of its words, and its curve; losses in nats, nan where not known.

    `dev_words` are those that its dev loss is measured on; left out where all runs of a chart have the same.
    """

    name: str
    words: str
    steps: Sequence[int]
    train: Sequence[float]
    dev: Sequence[float]
    dev_words: tuple[str, ...] = ()


@built_once
def figure(height: int = 460) -> go.Figure:
    """The chart without its points; `update` brings them. Dev is drawn through, train dotted in ghosts."""
    drawn = empty_figure(height, legend=LEGEND_ABOVE, margin={"t": 48})
    add_ghosts(drawn)
    for split in ("train", "dev"):
        _add_line(drawn, str(MAX_GHOSTS), True, width=3, color=LIGHT[split])
    drawn.update_xaxes(title_text="step", hoverformat=",")
    drawn.update_yaxes(title_text="loss in nats")
    return drawn


def add_ghosts(drawn: go.Figure) -> None:
    """Room for eight pinned runs in a chart: two traces each, train dotted and dev drawn through."""
    for place, colour in enumerate(GHOST_COLOURS):
        _add_line(drawn, str(place), False, width=1.5, color=colour, dash="dot")
        _add_line(drawn, str(place), True, width=1.5, color=colour)


def _add_line(drawn: go.Figure, group: str, in_legend: bool, **line: Any) -> None:
    drawn.add_scatter(
        x=[], y=[], name="", mode="lines", visible=False, connectgaps=True, line=line, legendgroup=group,
        opacity=0.75 if line["width"] < 3 else 1, showlegend=in_legend,
        hovertemplate="%{y:.4f} at step %{x:,}<extra>%{fullData.name}</extra>",
    )  # fmt: skip


def ghost_patches(ghosts: Sequence[Line]) -> list[dict[str, Any]]:
    """The patches of the traces that `add_ghosts` made, for at most eight pinned runs."""
    drawn = [*ghosts[:MAX_GHOSTS], *[None] * (MAX_GHOSTS - len(ghosts))]
    return [_trace(line, split, False) for line in drawn for split in ("train", "dev")]


def update(current: Line | None, ghosts: Sequence[Line], *, log_x: bool = False) -> dict[str, Any]:
    """The current run (or none) before at most eight pinned ones, in the order in which they were pinned."""
    data = ghost_patches(ghosts) + [_trace(current, split, True) for split in ("train", "dev")]
    lines = [*ghosts[:MAX_GHOSTS], *([current] if current else [])]
    layout = {
        "yaxis.title.text": axis_title([(line.words, line.dev_words) for line in lines]),
        "yaxis.range": _range(lines),
        "xaxis.type": "log" if log_x else "linear",
    }
    return {"data": data, "layout": layout, "label": _label(lines)}


def _range(lines: list[Line]) -> list[float]:
    """Bottom and top of what matters, the later half of each curve; first losses may run out of the picture."""
    late = [loss for line in lines for part in (line.train, line.dev) for loss in part[len(part) // 2 :]]
    finite = [loss for loss in late if math.isfinite(loss)] or [0.0, 1.0]
    return [max(0.0, math.floor(4 * (min(finite) - 0.1)) / 4), math.ceil(4 * (max(finite) + 0.1)) / 4]


def _trace(line: Line | None, split: str, current: bool) -> dict[str, Any]:
    if line is None:
        return {"visible": False, "x": [], "y": []}
    losses = line.train if split == "train" else line.dev
    name = f"{html.escape(line.name)}: {split}" if current or split == "train" else html.escape(line.name)
    return {"visible": True, "x": list(line.steps), "y": [number(loss) for loss in losses], "name": name}


def axis_title(measured_on: Sequence[tuple[str, tuple[str, ...]]]) -> str:
    """The axis says where losses are not on the same words; each run's are (name of its list, its dev words)."""
    lists = list(dict.fromkeys(words for words, _ in measured_on))
    if len(lists) > 1:
        return f"loss in nats (different word lists: {html.escape(' / '.join(lists))})"
    return "loss in nats (different dev splits)" if len(set(measured_on)) > 1 else "loss in nats"


def warning(lists: Sequence[str], dev_words: Sequence[tuple[str, ...]]) -> str:
    """Why the runs' losses cannot be compared, or only roughly; "" where they can.

    Seed, fractions and word list all change the dev words, so these are judged by what they are.
    """
    if len(set(lists)) > 1:
        return f"The word lists differ ({' and '.join(sorted(set(lists)))}), so the losses cannot be compared."
    return OTHER_DEV if len(set(dev_words)) > 1 else ""


def _label(lines: list[Line]) -> str:
    """The chart in words: each run's lowest dev loss and its step."""
    if not lines:
        return f"{TITLE}: none yet."
    differ = len({line.words for line in lines}) > 1
    parts = []
    for line in lines:
        step = best_step(line.steps, line.dev)
        where = f" on {line.words}" if differ else ""
        if step is None:
            parts.append(f"{line.name}{where}: no dev loss known")
            continue
        dev = min(loss for loss in line.dev if math.isfinite(loss))
        parts.append(f"{line.name}{where}: lowest dev loss {dev:.3f} at step {step:,}")
    warned = warning([line.words for line in lines], [line.dev_words for line in lines])
    return f"{TITLE}: {'; '.join(parts)}. {warned}".strip()
