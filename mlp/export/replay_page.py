"""A run as one HTML file that plays it again: its embedding, its losses and its new words, at the remembered steps.

Everything it shows is worked out here and put into the file; `static/replay.js` only shows one state after another.
"""

import json
import math
from bisect import bisect_right
from dataclasses import replace
from typing import Any

import numpy as np
import plotly.graph_objects as go

from mlp.engine.snapshot import Curve, curve_of
from mlp.export.about import live_story, loss, title_of
from mlp.export.page import page
from mlp.model import Model
from mlp.plots import embedding
from mlp.plots import loss as loss_plot
from mlp.plots.patches import Patch, apply, finite
from mlp.sampling import sample
from mlp.training.trainer import Trainer

MOST_STATES = 150
WORDS_DRAWN = 8
DENSE_AT_FIRST = 3  # the power by which the states that are shown lie closer together at the beginning
SPARE = 0.1  # of the points' extent is free on each side when the axes move
HEIGHT = 440


def replay_page(trainer: Trainer) -> str:
    """A self-contained HTML page that plays the run, with plotly.js inside: it needs no server and no network.

    It shows at most some 150 of the remembered steps, with the first, the last and the best. What of
    their losses nobody has worked out yet is worked out now.
    """
    steps = _chosen_steps(trainer)
    losses = {step: _losses(trainer, step) for step in steps}
    curve = _curve(trainer, losses[steps[-1]])
    models = {step: _model(trainer, step) for step in steps}
    return page(
        "replay.html",
        "replay.js",
        f"{title_of(trainer)}: how it learned",
        {
            "map": _map_data(trainer, models),
            "loss": _loss_data(trainer, curve, steps[0]),
            "states": [_state(trainer, models[step], curve, losses[step], step) for step in steps],
        },
        about=_about(trainer, len(steps)),
        noun=trainer.words.noun,
        last=str(len(steps) - 1),
    )


def _about(trainer: Trainer, states: int) -> str:
    """Which run this is and what the page shows, in a few sentences."""
    s, noun = trainer.settings, trainer.words.noun
    said = [
        f"A neural network learned {noun}, character by character (seed {s.seed}). "
        f"Play shows {states} of its {trainer.steps_done:,} steps: where its characters lay, its losses in nats, and "
        f"{noun} that it made up, always drawn with the same luck.",
        *list(live_story(trainer.recipe()))[-3:],
    ]
    if trainer.diverged:
        said.append(f"At step {trainer.diverged.step:,} it diverged; the last finite step is shown.")
    return " ".join(said)


def _chosen_steps(trainer: Trainer) -> list[int]:
    """The steps that are shown: remembered ones, thinned, with the best one; and where the run stands now.

    They lie closest at the beginning, where most happens, yet so far apart later that the line on the curve moves.
    """
    kept, best = np.array(sorted(trainer.timeline.snapshots)), trainer.timeline.best()
    chosen = set(kept.tolist())
    if len(chosen) > MOST_STATES:
        wanted = trainer.steps_done * np.linspace(0, 1, MOST_STATES) ** DENSE_AT_FIRST
        chosen = set(kept[np.searchsorted(kept, wanted, side="right") - 1].tolist())
    if best in trainer.timeline.snapshots:
        chosen.add(best)
    return sorted({*chosen, trainer.steps_done})


def _model(trainer: Trainer, step: int) -> Model:
    """The network at one of these steps."""
    kept = trainer.timeline.snapshots
    return trainer.model if step == trainer.steps_done else trainer.model.at(kept[step])


def _losses(trainer: Trainer, step: int) -> tuple[float, float]:
    if step == trainer.steps_done:
        return trainer.evaluate("train"), trainer.evaluate("dev")
    return trainer.timeline.losses_at(step)


def _curve(trainer: Trainer, now: tuple[float, float]) -> Curve:
    """The known curve, up to where the run stands."""
    curve = curve_of(trainer.timeline)
    if curve.steps[-1] == trainer.steps_done:
        return replace(curve, train=(*curve.train[:-1], now[0]), dev=(*curve.dev[:-1], now[1]))
    return Curve(
        (*curve.steps, trainer.steps_done),
        (*curve.epochs, trainer.epoch_done),
        (*curve.batch, math.nan),
        (*curve.train, now[0]),
        (*curve.dev, now[1]),
    )


def _map_data(trainer: Trainer, models: dict[int, Model]) -> dict[str, Any]:
    """The map at the first state, and at each what of it changes. Its axes follow the points, but rest if they can."""
    dataset, last, held = trainer.dataset, trainer.model.C, None
    basis = embedding.principal_basis(last) if last.shape[1] > 2 else None
    patches = []
    for step, model in models.items():
        points = embedding.project(model.C.numpy(), basis)
        held = embedding.stable_range(embedding.extent(points, far_out=False), held, padding=SPARE)
        patches.append(embedding.update(model.C, dataset.vocabulary, step, held, basis, dataset.untrained))
    figure = apply(embedding.figure(HEIGHT), patches[0])
    return {"figure": _plain(figure), "states": [_map_state(patch) for patch in patches]}


def _map_state(patch: Patch) -> dict[str, Any]:
    """Where the points are, trace by trace, and what the axes show."""
    layout = patch["layout"]
    return {
        "x": [_short(trace["x"]) for trace in patch["data"]],
        "y": [_short(trace["y"]) for trace in patch["data"]],
        "ranges": [layout["xaxis.range"], layout["yaxis.range"]],
        "annotations": layout["annotations"],
        "label": patch["label"],
    }


def _loss_data(trainer: Trainer, curve: Curve, first: int) -> dict[str, Any]:
    """The loss curve, and which of its traces is the line at the state that is shown."""
    extras = loss_plot.Extras(changes=trainer.recipe().changes, here=first)
    patch = loss_plot.update(curve, len(trainer.dataset.vocabulary), trainer.steps_done, extras=extras)
    figure = apply(loss_plot.figure(HEIGHT), patch)
    here = next(place for place, trace in enumerate(figure.data) if trace.name == loss_plot.HERE)
    return {"figure": _plain(figure), "here": here}


def _state(trainer: Trainer, model: Model, curve: Curve, losses: tuple[float, float], step: int) -> dict[str, Any]:
    """All that the page says of one state."""
    vocabulary = trainer.dataset.vocabulary
    place = bisect_right(curve.steps, step)
    return {
        "at": step,
        "step": f"{step:,}",
        "epoch": f"{curve.epochs[place - 1]:.2f}",
        "train": loss(losses[0]),
        "dev": loss(losses[1]),
        "names": sample(model, vocabulary, WORDS_DRAWN, trainer.settings.seed),
        "label": loss_plot.text_alternative(curve.first(place), len(vocabulary), step),
    }


def _short(places: list[float]) -> list[float | None]:
    """Coordinates to four digits after the point, to save room."""
    return [None if value is None else round(value, 4) for value in finite(places)]


def _plain(figure: go.Figure) -> dict[str, Any]:
    return json.loads(figure.to_json())
