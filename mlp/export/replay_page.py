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
from mlp.export.about import live_story, loss, noun_of, title_of
from mlp.export.page import page
from mlp.model import Model
from mlp.plots import embedding
from mlp.plots import loss as loss_plot
from mlp.plots.patches import apply, finite
from mlp.sampling import sample
from mlp.training.trainer import Trainer

MOST_STATES = 150
WORDS_DRAWN = 8
LOG_FROM = 200  # steps: in a longer run the remembered steps, dense at first, are told apart on a log scale only
MAP_HEIGHT = LOSS_HEIGHT = 400


def replay_page(trainer: Trainer) -> str:
    """A self-contained HTML page that plays the run, with plotly.js inside: it needs no server and no network.

    It shows at most some 150 of the remembered steps, evenly chosen, with the first, the last and the best. What of
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
            "loss": _loss_data(trainer, curve, steps),
            "states": [_state(trainer, models[step], curve, losses[step], step) for step in steps],
        },
        about=_about(trainer, len(steps)),
        noun=noun_of(trainer),
        last=str(len(steps) - 1),
    )


def _about(trainer: Trainer, states: int) -> str:
    """Which run this is and what the page shows, in a few sentences."""
    s, noun = trainer.settings, noun_of(trainer)
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
    """The steps that are shown: remembered ones, thinned evenly, with the best one; and where the run stands now."""
    kept = sorted(trainer.timeline.snapshots)
    places = np.linspace(0, len(kept) - 1, min(len(kept), MOST_STATES)).round().astype(int)
    chosen = {kept[place] for place in places} | {trainer.steps_done}
    best = trainer.timeline.best()
    return sorted(chosen | ({best} & set(kept)))


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
    """The map at the first state, and where its points are at each, trace by trace."""
    dataset, last = trainer.dataset, trainer.model.C
    basis = embedding.principal_basis(last) if last.shape[1] > 2 else None
    points = [embedding.project(model.C.numpy(), basis) for model in models.values()]
    reach = embedding.extent(np.concatenate(points))
    patches = [
        embedding.update(model.C, dataset.vocabulary, step, reach, basis, dataset.untrained)
        for step, model in models.items()
    ]
    figure = apply(embedding.figure(MAP_HEIGHT), patches[0])
    places = [
        {axis: [_short(trace[axis]) for trace in patch["data"]] for axis in ("x", "y")} | {"label": patch["label"]}
        for patch in patches
    ]
    return {"figure": _plain(figure), "places": places}


def _loss_data(trainer: Trainer, curve: Curve, steps: list[int]) -> dict[str, Any]:
    """The loss curve, which of its traces is the line at the state that is shown, and where that line begins."""
    log_x = trainer.steps_done >= LOG_FROM
    extras = loss_plot.Extras(log_x=log_x, changes=trainer.recipe().changes, here=steps[0])
    patch = loss_plot.update(curve, len(trainer.dataset.vocabulary), trainer.steps_done, extras=extras)
    figure = apply(loss_plot.figure(LOSS_HEIGHT), patch)
    here = next(place for place, trace in enumerate(figure.data) if trace.name == loss_plot.HERE)
    return {"figure": _plain(figure), "here": here, "least": 10 ** figure.layout.xaxis.range[0] if log_x else 0}


def _state(
    trainer: Trainer, model: Model, curve: Curve, losses: tuple[float, float], step: int
) -> dict[str, Any]:
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
