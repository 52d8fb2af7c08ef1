"""What the fitting lab shows of its map of fits and of the network under the cursor: a view for each chart and text.

The map is not part of a run, so these views look at the lab and leave the run's snapshot aside. Each says that it was
looked at, which is what keeps the work going.
"""

import math
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

import plotly.graph_objects as go

from mlp.engine.map_run import MapRun
from mlp.engine.snapshot import Snapshot
from mlp.plots import capacity, embedding, fit_map, loss
from mlp.settings import SPECS, show
from mlp.sweep.cell import Fit
from mlp.sweep.fit_map import FitMap, MapSnapshot
from mlp.words import WordList
from pages.ui.lab.bench import Lab
from pages.ui.lab.portrait import curve_of_fit, loss_range, reach_of, summary
from pages.ui.live.session import View

COLOURS = fit_map.SHOWN
LOSS_HELP = (
    "Train and dev loss of this network; all networks share the same axes. The star marks the lowest dev loss, a "
    "triangle the step from which on the smoothed dev loss rises, the "
    "dashed line a uniform guess."
)
CAPACITY_HELP = (
    "Final train and dev loss of every network in the selected row or column (whichever slider you moved last). Both "
    "high: underfitting. Dev loss up while train loss goes down: overfitting. The star marks the lowest dev loss, the "
    "vertical line the selected network."
)
EMBEDDING_HELP = (
    "Each character is a point at the first two numbers of its row of C. Circles: vowels; squares: consonants; "
    "diamonds: symbols; star: the boundary token. Hollow: in no training context, so no gradient moves it."
)
OPEN_HELP = "Loads this network into the playground, where you can continue training it."
SMALL = 250

Patch = dict[str, Any]
Draw = Callable[[MapSnapshot, Fit], Patch]


def of_map(lab: Lab, draw: Callable[[MapSnapshot], Patch]) -> View:
    """A view of the whole map; drawn again only when the map or the cursor has changed."""
    last: list[Any] = [None, None, {}]

    def view(_: Snapshot) -> Patch:
        if lab.map is None:
            return {}
        lab.map.keep_alive()
        picture, where = lab.map.fits.snapshot(), (lab.cursor, lab.along)
        if picture.fits is not last[0] or where != last[1]:
            last[:] = [picture.fits, where, {**draw(picture), "step": picture.step}]
        return last[2]

    return view


def of_network(lab: Lab, draw: Draw) -> View:
    """A view of the network under the cursor, from the moment when its first losses are known."""

    def drawn(picture: MapSnapshot) -> Patch:
        row, col = lab.cursor
        fit = picture.fits[row][col]
        return draw(picture, fit) if fit.steps else {}

    return of_map(lab, drawn)


def heat(lab: Lab, split: str) -> View:
    """The map with its cursor."""
    return of_map(lab, lambda picture: fit_map.update(picture, *lab.cursor, split))


def capacities(lab: Lab) -> View:
    """Train and dev loss along the axis that was dragged last."""

    def draw(picture: MapSnapshot) -> Patch:
        name, values = picture.x if lab.along == "x" else picture.y
        patch = capacity.update(picture, *lab.cursor, lab.along)
        patch["layout"] |= {f"xaxis.{key}": value for key, value in capacity.x_axis(name, values).items()}
        return patch

    return of_map(lab, draw)


def curve(picture: MapSnapshot, fit: Fit) -> Patch:
    """A network's losses over its steps, on axes that all networks of the map share."""
    extras = loss.Extras(turn=summary(fit).diagnosis.turn)
    patch = loss.update(curve_of_fit(fit), len(fit.dataset.vocabulary), fit.steps[-1], extras=extras)
    patch["layout"] |= {"yaxis.range": loss_range(picture), "xaxis.range": [0, max(picture.step, 1)]}
    return patch


def characters(picture: MapSnapshot, fit: Fit) -> Patch:
    """A network's embedding plot, on axes that all networks of the map share."""
    C, dataset = fit.model.C, fit.dataset
    reach = reach_of(picture, C.shape[1])
    return embedding.update(C, dataset.vocabulary, fit.steps[-1], reach, untrained=dataset.untrained)


def names(picture: MapSnapshot, fit: Fit) -> Patch:
    """Eight names or words that a network generates."""
    made = summary(fit).names
    return {
        "words": [{"text": name or "(empty)", "known": known} for name, known in made],
        "label": f"Generated {fit.dataset.noun}: {', '.join(name for name, _ in made)}",
    }


def verdict(picture: MapSnapshot, fit: Fit) -> Patch:
    """What is happening to a network, in plain words."""
    found = summary(fit).diagnosis
    return {**asdict(found), "reasons": list(found.reasons)}


def numbers(lab: Lab) -> View:
    """Which network is under the cursor, and its losses."""

    def draw(picture: MapSnapshot) -> Patch:
        row, col = lab.cursor
        fit = picture.fits[row][col]
        train, dev = fit.loss("train"), fit.loss("dev")
        gap = train if math.isinf(train) else dev - train
        (x, x_values), (y, y_values) = picture.x, picture.y
        return {
            "columns": [SPECS[x].label, SPECS[y].label, "Train loss", "Dev loss", "Gap"],
            "rows": [[show(x, x_values[col]), show(y, y_values[row]), *map(nats, (train, dev, gap))]],
        }

    return of_map(lab, draw)


def nats(value: float) -> str:
    """A loss, or why it is none."""
    return f"{value:.4f}" if math.isfinite(value) else "diverged" if math.isinf(value) else "none yet"


_STOP, _GO_ON = {"command": "stop", "label": "Stop"}, {"command": "go on", "label": "Go on"}


def grid_sliders(lab: Lab) -> View:
    """The sliders' places, and how far the training of the map has come."""

    def view(now: Snapshot) -> Patch:
        if lab.map is None:
            return {}
        lab.map.keep_alive()
        fits = lab.map.fits
        row, col = lab.cursor
        word_list = fits.cells[0][0].settings.word_list
        return {
            "axes": {"x": _axis(*fits.x, col, word_list), "y": _axis(*fits.y, row, word_list)},
            "share": lab.map.share,
            "text": f"{_cost(lab.map)}{other_list(fits.words, now)}",
            "button": _STOP if lab.map.playing else None if lab.map.done else _GO_ON,
        }

    return view


def _axis(name: str, values: tuple[Any, ...], at: int, word_list: str) -> Patch:
    spec = SPECS[name]
    return {
        "title": spec.label, "label": f"Map: {spec.label}", "help": f"Selects the network. {spec.help_on(word_list)}",
        "unit": spec.unit, "none": spec.none, "values": list(values), "at": at,
    }  # fmt: skip


def alike(fits: FitMap) -> str:
    """Which numbers of training examples are more than the list has, in a sentence; "" where none is."""
    available = fits.cells[0][0].dataset.available
    values = [value for name, values in (fits.x, fits.y) if name == "train_examples" for value in values]
    more = [f"{value:,}" for value in values if value is not None and value > available]
    return f"This list gives {available:,} training examples, so {', '.join(more)} means all of them." if more else ""


def other_list(words: WordList, now: Snapshot) -> str:
    """From which list something was learned, as the end of a text; "" where that is the run's."""
    return "" if words.id == now.recipe.words.id else f" Learned from: {words.title}."


def _cost(run: MapRun) -> str:
    fits = run.fits
    count = len(fits.x[1]) * len(fits.y[1])
    networks = "1 network" if count == 1 else f"{count} networks"
    cost = f"{fits.updates:,} steps in total, {fits.seconds:.1f} s"
    return f"{networks}, step {fits.steps_done:,} of {run.goal:,} ({cost}). {run.note}".strip()


def small_loss() -> go.Figure:
    """The loss curve without batches, ghosts and references: a map has only train and dev."""
    drawn = _small(loss.figure(SMALL))
    drawn.data = [trace for trace in drawn.data if trace.name in loss.OF_ONE_RUN]
    drawn.update_traces({"showlegend": False}, {"name": "batch"})
    drawn.update_traces(
        {"mode": "markers"}, lambda trace: trace.name in (loss.BEST, loss.TURN)
    )  # the help text says what they are
    drawn.update_traces({"mode": "lines"}, {"name": loss.GUESS})
    return drawn


def small_capacity(name: str, values: tuple[Any, ...]) -> go.Figure:
    """The capacity curve in half a column."""
    return _small(capacity.figure(name, values, SMALL))


def small_map() -> go.Figure:
    """The embedding plot without its legend, which stands in the help text."""
    drawn = _small(embedding.figure(SMALL))
    drawn.update_layout(showlegend=False, margin={"t": 8})
    return drawn


def _small(drawn: go.Figure) -> go.Figure:
    drawn.update_layout(
        margin={"l": 44, "r": 8, "b": 40}, font_size=13, legend={"font_size": 12, "entrywidth": 0, "itemwidth": 30}
    )
    return drawn


def still_axes(figure: go.Figure) -> go.Figure:
    """A chart that is for clicking: dragging does not zoom, and a finger scrolls the page."""
    figure.update_layout(dragmode=False, xaxis_fixedrange=True, yaxis_fixedrange=True)
    return figure
