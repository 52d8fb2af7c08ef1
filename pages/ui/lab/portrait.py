"""What a page shows of one network of a map of fits: its curve, the names it makes, and what is happening to it."""

import math
from dataclasses import dataclass
from weakref import WeakKeyDictionary

import numpy as np

from mlp.analysis.diagnosis import SAMPLES, Diagnosis, diagnose_view
from mlp.engine.snapshot import Curve
from mlp.plots import embedding
from mlp.sampling import sample
from mlp.sweep.cell import Fit
from mlp.sweep.fit_map import MapSnapshot
from mlp.training.batches import batch_size, place_after

NAMES = 8
OUTLIER = 3.0  # times the usual reach: a network that leaves it does not stretch the axes of all the others


@dataclass(frozen=True)
class Summary:
    """Eight names with whether each is a training word, and the verdict."""

    names: tuple[tuple[str, bool], ...]
    diagnosis: Diagnosis


_portraits: WeakKeyDictionary[Fit, Summary] = WeakKeyDictionary()
_reaches: WeakKeyDictionary[Fit, np.ndarray] = WeakKeyDictionary()


def summary(fit: Fit) -> Summary:
    """A network's portrait, painted once. Names and verdict are those that its trainer would give."""
    if fit not in _portraits:
        _portraits[fit] = _summarise(fit)
    return _portraits[fit]


def _summarise(fit: Fit) -> Summary:
    names, samples = (sample(fit.model, fit.dataset.vocabulary, count, fit.settings.seed) for count in (NAMES, SAMPLES))
    known = set(fit.dataset.train.words)
    diagnosis = diagnose_view(
        fit.steps, fit.train, fit.dev, fit.model, fit.dataset, fit.settings, fit.diverged, samples
    )
    return Summary(tuple((name, name in known) for name in names), diagnosis)


def curve_of_fit(fit: Fit) -> Curve:
    """A network's losses in the form in which those of a run are drawn."""
    examples = len(fit.dataset.train)
    places = [place_after(step, examples, batch_size(fit.settings, examples)) for step in fit.steps]
    epochs = tuple(passes + position / examples for passes, position in places)
    return Curve(fit.steps, epochs, (math.nan,) * len(fit.steps), fit.train, fit.dev)


def reach_of(picture: MapSnapshot, dimensions: int) -> np.ndarray:
    """Where the characters of a map's networks lie, (2, 1 or 2): lowest and highest coordinate of the first two.

    It is the same for every network, so that a map of characters keeps its axes while the cursor moves.
    """
    first = picture.fits[0][0]
    if first not in _reaches:
        _reaches[first] = _reach([fit for row in picture.fits for fit in row])
    return _reaches[first][:, : min(dimensions, 2)]


def _reach(fits: list[Fit]) -> np.ndarray:
    tables = [fit.model.C[:, :2].numpy() for fit in fits]
    sizes = np.array([np.abs(C).max() for C in tables])
    usual = sizes[np.isfinite(sizes)]
    if not len(usual):
        return np.array([[-1.0, -1.0], [1.0, 1.0]])
    near = sizes <= OUTLIER * np.median(usual)
    points = [C for C, shown in zip(tables, near, strict=True) if shown]
    return embedding.extent(np.concatenate([C if C.shape[1] == 2 else np.repeat(C, 2, axis=1) for C in points]))


def loss_range(picture: MapSnapshot) -> list[float]:
    """Bottom and top of a loss axis on which every network of a map has room, from just below the lowest loss.

    What is far worse than guessing runs out of the picture.
    """
    guess = math.log(len(picture.fits[0][0].dataset.vocabulary))
    ends = [fit.loss(split) for row in picture.fits for fit in row for split in ("train", "dev")]
    known = [loss for loss in ends if math.isfinite(loss)]
    top = min(max([1.15 * guess, *known]), 1.6 * guess)
    return [max(0.0, math.floor(4 * (min([guess, *known]) - 0.1)) / 4), math.ceil(4 * top) / 4]
