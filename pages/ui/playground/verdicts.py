"""The verdict on a run, as a view: what is happening, in plain words, renewed a few times a second."""

from dataclasses import asdict
from typing import Any

from mlp.analysis.diagnosis import SAMPLES, diagnose_view
from mlp.engine.snapshot import Curve, Snapshot
from mlp.sampling import sample
from pages.ui.shared.throttle import Throttled

UNKNOWN = 0.1  # the fraction of the curve that may be unknown while the run plays; at rest it soon is known


def make_view() -> Throttled[dict[str, Any]]:
    """A view that gives {"verdict", "sentence", "reasons", "turn"} of each snapshot."""
    return Throttled(verdict_of, least=0.4, also=_losses)


def _losses(snapshot: Snapshot) -> tuple[bool, Curve]:
    """The losses that are worked out by now: after a pause the rest of them follow."""
    return snapshot.playing, snapshot.curve


def verdict_of(snapshot: Snapshot) -> dict[str, Any]:
    """What `mlp.diagnose` says of the run, as far as its losses are known."""
    curve, (at, train, dev) = snapshot.curve, snapshot.losses
    steps, trains, devs = list(curve.steps), list(curve.train), list(curve.dev)
    if at > steps[-1]:
        steps, trains, devs = [*steps, at], [*trains, train], [*devs, dev]
    samples = sample(snapshot.model, snapshot.dataset.vocabulary, SAMPLES, snapshot.settings.seed)
    found = diagnose_view(
        steps, trains, devs, snapshot.model, snapshot.dataset, snapshot.settings, snapshot.diverged, samples,
        UNKNOWN if snapshot.playing else 0.0,
    )  # fmt: skip
    return {**asdict(found), "reasons": list(found.reasons)}
