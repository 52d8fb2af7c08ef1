"""Figures of a trainer as it is now, for notebooks and files: the same that the app updates while it trains."""

import plotly.graph_objects as go

from mlp.engine.snapshot import curve_of
from mlp.plots import embedding, fit_map, loss
from mlp.plots.patches import apply
from mlp.sweep.fit_map import FitMap
from mlp.training.trainer import Trainer


def loss_curve(trainer: Trainer) -> go.Figure:
    """The losses at the remembered steps, those not yet known worked out, with what was changed on the way."""
    for step in trainer.timeline.steps:
        trainer.timeline.losses_at(step)
    extras = loss.Extras(changes=trainer.history.changes)
    curve, size = curve_of(trainer.timeline), len(trainer.dataset.vocabulary)
    return apply(loss.figure(), loss.update(curve, size, trainer.steps_done, trainer.last_batch_loss, extras))


def embedding_plot(trainer: Trainer) -> go.Figure:
    """The characters where C places them; more than two dimensions are projected onto their principal components."""
    C, vocabulary = trainer.model.C, trainer.dataset.vocabulary
    basis = embedding.principal_basis(C) if C.shape[1] > 2 else None
    reach = embedding.extent(embedding.project(C.numpy(), basis))
    patch = embedding.update(C, vocabulary, trainer.steps_done, reach, basis, trainer.dataset.untrained)
    return apply(embedding.figure(), patch)


def map_of_fits(fits: FitMap, split: str = "dev") -> go.Figure:
    """The losses of a map's networks; `split` is "dev", "train" or "gap"."""
    fits.loss("dev")  # all networks at the same step, and their losses known
    drawn = apply(fit_map.figure(fits.x, fits.y), fit_map.update(fits.snapshot(), 0, 0, split))
    drawn.layout.shapes = ()  # no cursor, where nothing moves it
    return drawn
