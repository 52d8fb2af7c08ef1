"""What the fitting lab shows of its map, its rate search and its comparison: a view for each chart and text.

The map is not part of a run, so these views look at the lab and leave the run's snapshot aside. Each says that it was
looked at, which is what keeps the work going.
"""

import math
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

import plotly.graph_objects as go

from mlp.comparison import Comparison
from mlp.fit import Fit
from mlp.map_run import MapRun
from mlp.plots import capacity, compare, embedding, fit_map, loss, rates
from mlp.portrait import curve_of_fit, loss_range, portrait, reach_of
from mlp.presets import remedies
from mlp.rate_finder import RateFinder
from mlp.settings import SPECS, show
from mlp.snapshot import Snapshot
from mlp.sweep import MapSnapshot
from pages.ui.lab import Lab
from pages.ui.session import View

Patch = dict[str, Any]
Draw = Callable[[MapSnapshot, Fit], Patch]


def of_map(lab: Lab, draw: Callable[[MapSnapshot], Patch]) -> View:
    """A view of the whole map; drawn again only when the map or the cursor has changed."""
    last: list[Any] = [None, None, {}]

    def view(_: Snapshot) -> Patch:
        if lab.map is None:
            return {}
        lab.map.watch()
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
        axis = capacity.figure(name, values).layout.xaxis
        patch = capacity.update(picture, *lab.cursor, lab.along)
        patch["layout"] |= {
            "xaxis.title.text": axis.title.text,
            "xaxis.range": list(axis.range),
            "xaxis.tickvals": list(axis.tickvals),
            "xaxis.ticktext": list(axis.ticktext),
        }
        return patch

    return of_map(lab, draw)


def curve(picture: MapSnapshot, fit: Fit) -> Patch:
    """A network's losses over its steps, on axes that all networks of the map share."""
    patch = loss.update(curve_of_fit(fit), len(fit.dataset.vocabulary), fit.steps[-1])
    patch["layout"] |= {"yaxis.range": loss_range(picture), "xaxis.range": [0, max(picture.step, 1)]}
    return patch


def characters(picture: MapSnapshot, fit: Fit) -> Patch:
    """A network's map of characters, on axes that all networks of the map share."""
    C = fit.model.C
    return embedding.update(C, fit.dataset.vocabulary, fit.steps[-1], reach_of(picture, C.shape[1]))


def names(picture: MapSnapshot, fit: Fit) -> Patch:
    """Eight names that a network makes."""
    made = portrait(fit).names
    return {
        "words": [{"text": name or "(empty)", "known": known} for name, known in made],
        "label": f"Names this network makes: {', '.join(name for name, _ in made)}",
    }


def verdict(picture: MapSnapshot, fit: Fit) -> Patch:
    """What is happening to a network, in plain words."""
    found = portrait(fit).diagnosis
    return {**asdict(found), "reasons": list(found.reasons)}


def numbers(lab: Lab) -> View:
    """Which network is under the cursor, and its losses."""

    def draw(picture: MapSnapshot) -> Patch:
        row, col = lab.cursor
        fit = picture.fits[row][col]
        train, dev = fit.loss("train"), fit.loss("dev")
        (x, x_values), (y, y_values) = picture.x, picture.y
        return {
            "columns": [SPECS[x].label, SPECS[y].label, "Train loss", "Dev loss", "Gap"],
            "rows": [[show(x, x_values[col]), show(y, y_values[row]), *map(_number, (train, dev, dev - train))]],
        }

    return of_map(lab, draw)


def _number(value: float) -> str:
    return f"{value:.4f}" if math.isfinite(value) else "–"


def scrub(lab: Lab) -> View:
    """The sliders' places, and how far the training of the map has come."""

    def view(_: Snapshot) -> Patch:
        if lab.map is None:
            return {}
        lab.map.watch()
        fits = lab.map.fits
        row, col = lab.cursor
        return {
            "axes": {"x": _axis(*fits.x, at=col), "y": _axis(*fits.y, at=row)},
            "share": lab.map.share,
            "text": _cost(lab.map),
            "button": "Stop" if lab.map.playing else "" if lab.map.done else "Go on",
        }

    return view


def _axis(name: str, values: tuple[Any, ...], at: int) -> Patch:
    spec = SPECS[name]
    return {
        "label": f"Map: {spec.label}", "help": f"Move the cursor over the map. {spec.help}", "unit": spec.unit,
        "none": spec.none, "values": list(values), "at": at,
    }  # fmt: skip


def _cost(run: MapRun) -> str:
    fits = run.fits
    count = len(fits.x[1]) * len(fits.y[1])
    networks = "1 network" if count == 1 else f"{count} networks"
    said = f"{networks} × {fits.steps_done:,} of {run.goal:,} steps: {fits.updates:,} updates in {fits.seconds:.1f} s."
    return f"{said} {run.note}".strip()


def rate_curve(lab: Lab) -> View:
    """The rate search so far."""
    return lambda _: rates.update(found) if (found := _found(lab)) else {}


def rate_text(lab: Lab) -> View:
    """The suggested rate, in words."""

    def view(_: Snapshot) -> Patch:
        found = _found(lab)
        if not found or not lab.search:
            return {"text": "No search yet."}
        tried = f"{len(found.losses):,} rates tried, one small batch each."
        if lab.search.playing or not found.losses:
            return {"text": f"Searching… {tried}"}
        blown = f" At {10 ** found.exponents[-1]:.2g} the loss blew up, so it stopped." if found.stopped else ""
        valley = f"The valley ends near a rate of {10 ** found.exponents[found.valley]:.2g}"
        return {"text": f"Suggested rate: {found.suggested:.2g}. {valley}; half of it is safe. {tried}{blown}"}

    return view


def _found(lab: Lab) -> Any:
    if not lab.search or not isinstance(lab.search.work, RateFinder):
        return None
    lab.search.watch()
    with lab.search.busy:
        return lab.search.work.curve()


def compared(lab: Lab, shown: str | None) -> View:
    """The over-fit run, and before it one remedy or all."""

    def view(_: Snapshot) -> Patch:
        work = _comparison(lab)
        if work is None:
            return {}
        first, *tried = (
            compare.Line(attempt.label, "", attempt.steps, attempt.train, attempt.dev) for attempt in work.attempts
        )
        patch = compare.update(first, [line for line in tried if shown in (None, line.name)])
        return {**patch, "step": work.steps_done}

    return view


def results(lab: Lab) -> View:
    """Each run's end in numbers, and why its remedy helps."""

    def view(_: Snapshot) -> Patch:
        work = _comparison(lab)
        if work is None:
            return {"text": "Not trained yet."}
        preset, tried = remedies()
        reasons = [preset.description, *(remedy.description for remedy in tried.values())]
        worst = work.attempts[0].final[1]
        rows = [
            [attempt.label, *map(_number, attempt.final), _number(worst - attempt.final[1]) if i else "", reasons[i]]
            for i, attempt in enumerate(work.attempts)
        ]
        said = "Done: " if work.done else "Training: "
        return {
            "text": f"{said}step {work.steps_done:,} of {work.goal:,}, {len(tried)} networks side by side.",
            "columns": ["Run", "Train loss", "Dev loss", "Lower by", "What is done, and why"],
            "rows": rows,
        }

    return view


def _comparison(lab: Lab) -> Comparison | None:
    if not lab.comparison or not isinstance(lab.comparison.work, Comparison):
        return None
    lab.comparison.watch()
    return lab.comparison.work


def plain_loss(height: int) -> go.Figure:
    """The loss curve without batches, ghosts and references: a map has only train and dev."""
    drawn = loss.figure(height)
    drawn.data[0].showlegend = False
    drawn.data = drawn.data[:5]
    return drawn


def still_axes(figure: go.Figure) -> go.Figure:
    """A chart that is for clicking: dragging does not zoom, and a finger scrolls the page."""
    figure.update_layout(dragmode=False, xaxis_fixedrange=True, yaxis_fixedrange=True)
    return figure
