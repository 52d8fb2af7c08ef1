"""Figure 1 of Bengio et al. (2003), drawn live: context, shared lookup C, concatenation, tanh, softmax.

Every dot is one number of the chosen example, coloured by its value. `lit` names a part: what feeds it and what it
feeds is drawn in the accent colour. The same highlights lie in `layout.meta["highlights"]`, by part, and a few words
on each part in `layout.meta["notes"]`, so that the browser can light a part when the pointer meets it, without asking
the server.
"""

import math
from typing import Any

import plotly.graph_objects as go
import torch
from torch import Tensor

from mlp.lessons.architecture import explain, feeds, parts
from mlp.model import Model
from mlp.plots import strongest
from mlp.plots.network_places import LAYERS, Places, bundles, places, shown_dims
from mlp.plots.patches import Patch, apply, numbers, reach, short
from mlp.plots.tensors import shape_of
from mlp.plots.theme import DIVERGING, LIGHT, SEQUENTIAL, empty_figure, shown
from mlp.settings import Settings

TITLE = "The whole network"
MANY = 48
LIKELIEST, TALLEST = 3, 0.5  # how many characters have a bar, and how high one of probability 1 is
NAMES_ROOM = 0.27  # between the dots and the bars, where the characters' names are
LABEL_WIDTH, LABEL_HEIGHT = 0.07, 0.12
LEAST_NAMED = 0.005  # a smaller probability would be called 0 %
HOW = (
    "Point at a part to highlight it with everything it depends on and everything that depends on it. "
    "A click or a tap opens the page that explains it."
)
DOT = "%{customdata[1]}: %{customdata[2]}<extra></extra>"


def figure(model: Model, x: Tensor, label: int, characters: tuple[str, ...], lit: str | None = None) -> go.Figure:
    """The network for one example.

    Args:
        model: the network. x: (block_size,) int64, the context. label: the target.
        characters: those of the vocabulary, in its order.
        lit: the part to light (`mlp.lessons.architecture.parts`), or None.
    """
    settings = model.settings
    margin = {"l": 8, "r": 8, "t": 8, "b": 8}
    made = empty_figure(height=690, margin=margin, showlegend=False, hovermode="closest", dragmode=False)
    bare = {"visible": False, "fixedrange": True}
    made.update_layout(xaxis={**bare, "range": [-0.2, 1.32]}, yaxis={**bare, "range": [-0.45, 6.05]})
    for bundle in bundles(settings.direct):
        line = {"color": LIGHT["line"], "width": 1.5, "dash": bundle.dash}
        made.add_scatter(name=bundle.name, mode="lines", line=line, hoverinfo="skip")
    for name, colour in strongest.colours().items():
        made.add_scatter(name=name, mode="lines", line={"color": colour, "width": 2}, opacity=0.55, hoverinfo="skip")
    for layer in LAYERS:
        positive = layer in ("X", "probabilities")
        marker = {"colorscale": SEQUENTIAL if positive else DIVERGING, "symbol": "square" if layer == "X" else "circle"}
        mode = "markers+text" if layer in ("X", "probabilities") else "markers"
        position = "middle center" if layer == "X" else "top center"
        made.add_scatter(name=layer, mode=mode, marker=marker, textposition=position, hovertemplate=DOT)
    ring = {"symbol": "circle-open", "color": LIGHT["accent"], "line": {"width": 3}}
    made.add_scatter(name="true", mode="markers", marker=ring, hoverinfo="skip")
    box = {"symbol": "square", "size": 34, "color": LIGHT["panel"]}
    made.add_scatter(name="parameters", mode="markers+text", marker=box, hovertemplate=DOT)
    made.add_scatter(name="shapes", mode="text", textposition="middle right", hoverinfo="skip", textfont={"size": 13})
    bars = {"color": LIGHT["high"], "width": 9}
    made.add_scatter(name="likeliest", mode="lines", line=bars, hoverinfo="skip")
    made.add_scatter(name="percentages", mode="text", textposition="top center", hoverinfo="skip")
    names = parts(settings, len(characters))
    made.layout.meta = {
        "flow": {"key": f"{x.tolist()} {label}", "turns": _turns(settings)},
        "highlights": {part: highlight(settings, part) for part in names},
        "notes": {"": HOW, **{part: explain(settings, len(characters), part) for part in names}},
        "lit": lit or "",
    }
    return apply(made, update(model, x, label, characters, lit))


@torch.inference_mode()
def update(model: Model, x: Tensor, label: int, characters: tuple[str, ...], lit: str | None = None) -> Patch:
    """What to change for the numbers now; the arguments are those of `figure`."""
    settings, V = model.settings, len(characters)
    where = places(settings.block_size, settings.embedding_dim, settings.hidden, V, settings.direct)
    forward = model.forward(x.unsqueeze(0))
    probabilities = torch.softmax(forward.logits[0], 0)
    values = {
        "embedded": forward.embedded[0], "concatenated": forward.concatenated[0], "hidden": forward.hidden[0],
        "logits": forward.logits[0], "probabilities": probabilities,
    }  # fmt: skip
    styles = highlight(settings, lit)
    data: list[dict[str, Any]] = [dict(way) for way in where.ways]
    inner = forward.concatenated[0], forward.hidden[0]
    data += strongest.patches(where, model, *inner, shown_dims(settings))
    data.append(_context(where, x, characters))
    data += [_dots(where, name, value, settings, characters) for name, value in values.items()]
    data.append(_true(where, label))
    data.append(_boxes(where, model))
    data.append(_shapes(where, settings, V))
    data += _likeliest(where, probabilities)
    data = [_merged(trace, style) for trace, style in zip(data, styles, strict=True)]
    best = int(probabilities.nan_to_num().argmax())
    context = "".join(characters[index] for index in x.tolist())
    return {
        "data": data,
        "label": f"{TITLE}: after “{context}” the most likely is “{characters[best]}” "
        f"({short(probabilities[best].item())}); the target is “{characters[label]}” "
        f"({short(probabilities[label].item())}).{_lit_in_words(settings, V, lit)}{_partly(where)}",
    }


def highlight(settings: Settings, lit: str | None) -> list[dict[str, Any]]:
    """The style of each trace when a part is lit: the part itself, what feeds it, and what it feeds."""
    chosen: frozenset[str] = frozenset()
    if lit is not None:
        before, after = feeds(settings, lit)
        chosen = before | after | {lit}
    colour = {True: LIGHT["accent"], False: LIGHT["line"]}
    lines = [{"line": {"color": colour[set(bundle.joins) <= chosen]}} for bundle in bundles(settings.direct)]
    crowded = {"embedded", "concatenated"} if settings.block_size * settings.embedding_dim > MANY else set()
    crowded |= {"hidden"} if settings.hidden > MANY else set()
    dots = [
        {
            "marker": {
                "line": {"color": colour[name in chosen], "width": 2 if name in chosen and name not in crowded else 1}
            }
        }
        for name in LAYERS
    ]
    names = [name for name in ("C", "W1", "b1", "W2", "b2", "W") if name != "W" or settings.direct]
    boxes = {"marker": {"line": {"color": [colour[name in chosen] for name in names], "width": 3}}}
    return [*lines, *({} for _ in strongest.SIGNS), *dots, {}, boxes, {}, {}, {}]


def _turns(settings: Settings) -> list[int]:
    """When each trace comes as the numbers flow from the context up: the layer that it leads to, -1 for always."""
    order = list(LAYERS)
    lines = [max(order.index(part) for part in bundle.joins if part in LAYERS) for bundle in bundles(settings.direct)]
    always = {"true": -1, "parameters": -1, "shapes": -1, "likeliest": len(order) - 1, "percentages": len(order) - 1}
    return [*lines, *([order.index("logits")] * len(strongest.SIGNS)), *range(len(order)), *always.values()]


def _merged(trace: dict[str, Any], style: dict[str, Any]) -> dict[str, Any]:
    if "marker" in trace and "marker" in style:
        return {**trace, "marker": {**trace["marker"], **style["marker"]}}
    return {**trace, **style}


def _context(where: Places, x: Tensor, characters: tuple[str, ...]) -> dict[str, Any]:
    indices = x.tolist()
    spots = where.spots["X"]
    return {
        "x": spots, "y": [LAYERS["X"]] * len(spots),
        "text": [f"<b>{shown(characters[index])}</b>" for index in indices],
        "customdata": [["X", f"character {place}", f"index {index}"] for place, index in enumerate(indices)],
        "marker": {"color": [0] * len(spots), "cmin": 0, "cmax": 1, "size": 30},
    }  # fmt: skip


def _dots(where: Places, name: str, value: Tensor, settings: Settings, characters: tuple[str, ...]) -> dict[str, Any]:
    """The dots of one layer: as many of its numbers as are drawn."""
    spots = where.spots[name]
    drawn = value
    if name in ("embedded", "concatenated"):
        drawn = value.view(settings.block_size, settings.embedding_dim)[:, : shown_dims(settings)].flatten()
    drawn = drawn[: len(spots)]
    known = numbers(drawn)
    ruined = None in known  # a dot whose number is not finite becomes a cross
    colours = [0 if number is None else number for number in known] if ruined else known
    symbols = ["x" if number is None else "circle" for number in known] if ruined else "circle"
    bound = 1.0 if name in ("hidden", "probabilities") else reach(drawn)
    least = 0 if name == "probabilities" else -bound
    titles = where.titles[name] if name not in ("logits", "probabilities") else [
        f"{name} of {shown(character)}" for character in characters[: len(spots)]
    ]  # fmt: skip
    said = [
        [name, title, "not finite" if number is None else number] for title, number in zip(titles, known, strict=True)
    ]
    trace = {
        "x": spots, "y": where.heights[name], "customdata": said,
        "marker": {"color": colours, "cmin": least, "cmax": bound, "size": where.sizes[name], "symbol": symbols},
    }  # fmt: skip
    if name == "probabilities":
        trace["text"] = [shown(character) for character in characters[: len(spots)]] if len(spots) <= MANY else []
    return trace


def _likeliest(where: Places, probabilities: Tensor) -> list[dict[str, Any]]:
    """A bar over each of the likeliest characters, as high as it is likely, and its percentage, where it is one."""
    spots, foot = where.spots["probabilities"], LAYERS["probabilities"] + NAMES_ROOM
    drawn = probabilities[: len(spots)].nan_to_num()
    x, y = list[float | None](), list[float | None]()
    labels = list[tuple[float, float, str]]()
    for place in drawn.topk(min(LIKELIEST, len(spots))).indices.tolist():
        spot, p = spots[place], drawn[place].item()
        x += [spot, spot, None]
        y += [foot, foot + TALLEST * p, None]
        if p < LEAST_NAMED:
            continue
        top = foot + TALLEST * p
        close = [height for beside, height, _ in labels if abs(spot - beside) < LABEL_WIDTH]
        while any(abs(top - height) < LABEL_HEIGHT for height in close):
            top += LABEL_HEIGHT  # the label only: two that stand close by must not cover one another
        labels.append((spot, top, f"{p:.0%}"))
    across, up, texts = (list(column) for column in zip(*labels, strict=True)) if labels else ([], [], [])
    return [{"x": x, "y": y}, {"x": across, "y": up, "text": texts}]


def _true(where: Places, label: int) -> dict[str, Any]:
    spots = where.spots["probabilities"]
    place = [spots[label]] if label < len(spots) else []
    return {
        "x": place,
        "y": [LAYERS["probabilities"]] * len(place),
        "marker": {"size": where.sizes["probabilities"] + 8},
    }


def _boxes(where: Places, model: Model) -> dict[str, Any]:
    names = [name for name in where.boxes if name in model.parameters]
    return {
        "x": [where.boxes[name][0] for name in names], "y": [where.boxes[name][1] for name in names],
        "text": [f"<b>{name}</b>" for name in names],
        "customdata": [[name, name, shape_of(model.parameters[name])] for name in names],
        "marker": {},
    }  # fmt: skip


def _shapes(where: Places, settings: Settings, V: int) -> dict[str, Any]:
    """What each layer is called, and its shape for one example, at the right."""
    known = parts(settings, V)
    shapes = {name: ", ".join(str(size) for size in known[name].batch_shape[1:]) for name in LAYERS}
    return {
        "x": [1.03 if not settings.direct else 1.1] * len(LAYERS), "y": list(LAYERS.values()),
        "text": [f"{known[name].label}<br>({shapes[name]}){_drawn(where, settings, V, name)}" for name in LAYERS],
    }  # fmt: skip


def _drawn(where: Places, settings: Settings, V: int, name: str) -> str:
    """How many of a layer's numbers are dots; "" where all are."""
    whole = math.prod(size for size in parts(settings, V)[name].batch_shape if isinstance(size, int))
    drawn = len(where.spots[name])
    if drawn == whole:
        return ""
    if name in ("embedded", "concatenated"):
        return f"<br>drawn: {shown_dims(settings)} of {settings.embedding_dim}<br>of each character"
    return f"<br>drawn: the first {drawn}"


def _lit_in_words(settings: Settings, vocabulary_size: int, lit: str | None) -> str:
    return f" Highlighted: {explain(settings, vocabulary_size, lit)}" if lit else ""


def _partly(where: Places) -> str:
    return f" Drawn in part: {'; '.join(where.partly)}." if where.partly else ""
