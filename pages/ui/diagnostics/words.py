"""What the numbers of the diagnostics page mean and what to change, said of the run that they come from."""

import math
from collections.abc import Mapping

from mlp.lessons.inside import GUIDE, Inside
from mlp.saturation import SATURATED
from mlp.settings import Settings

MANY, FEW = 0.5, 0.02  # shares of saturated outputs
WIDE = 1.0  # powers of ten about the guide within which a ratio is unremarkable


def activations(saturated: float, dead: int, units: int, settings: Settings) -> str:
    """The hidden layer's outputs, in a sentence or two."""
    if not math.isfinite(saturated):
        return "The activations have overflowed."
    share = "more than 99%" if 0.995 <= saturated < 1 else f"{saturated:.0%}"
    said = f"{share} of the outputs lie beyond ±{SATURATED}, where tanh is flat"
    verb = "is" if dead == 1 else "are"
    units_said = f"{dead:,} of {units:,} unit{'s' if units > 1 else ''} {verb} saturated for every example (“dead”)"
    if saturated < FEW and not dead:
        return f"{said}: next to none. The gradient reaches all units."
    worth = saturated > MANY or dead
    smaller = " “Initial weights: scaled” starts with far fewer." if worth and settings.init == "normal" else ""
    return f"{said}; {units_said}. Hardly any gradient passes through those.{smaller}"


def gradients(norms: Mapping[str, float]) -> str:
    """Which tensor has the largest gradient, and which the smallest."""
    known = {name: norm for name, norm in norms.items() if math.isfinite(norm)}
    if len(known) < len(norms):
        return "A gradient has overflowed: the learning rate is too high."
    largest, smallest = max(known, key=known.__getitem__), min(known, key=known.__getitem__)
    if not known[largest]:
        return "All gradients are 0: this batch teaches the network nothing."
    if not known[smallest]:
        none = [name for name, norm in known.items() if not norm]
        return f"The gradient of {', '.join(none)} is 0: nothing gets there from this batch."
    times = known[largest] / known[smallest]
    return f"{largest} has the largest gradient, {times:,.1f} times as large as that of {smallest}, the smallest."


def updates(inside: Inside, settings: Settings) -> str:
    """Whether the updates are large or small for the tensors they move, and what that suggests."""
    ratios = {name: ratio for name, ratio in inside.ratios.items() if math.isfinite(ratio)}
    if not ratios:
        return "No tensor moves with this update."
    middle = sorted(ratios.values())[len(ratios) // 2]
    fastest, slowest = max(ratios, key=ratios.__getitem__), min(ratios, key=ratios.__getitem__)
    said = (
        f"Log ratios reach from {_signed(ratios[slowest])} ({slowest}) to {_signed(ratios[fastest])} ({fastest}); the "
        f"guide is {_signed(GUIDE)}."
    )
    rate = f"the learning rate ({settings.learning_rate:g})"
    if middle > GUIDE + WIDE:
        return f"{said} Most tensors change by more than 1 % of their size at each step: {rate} may be too high."
    if middle < GUIDE - WIDE:
        return (
            f"{said} Most tensors change by less than a ten-thousandth of their size: {rate} may be too low, or "
            "there is little left to learn."
        )
    return f"{said} That is a usual pace."


def _signed(value: float) -> str:
    return f"{value:.1f}".replace("-", "−")
