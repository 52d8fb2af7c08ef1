"""What the page of the hidden layer shows of a snapshot, as live tables."""

import math
from collections.abc import Callable
from typing import Any

from torch import Tensor

from mlp.dataset import Split
from mlp.engine.snapshot import Snapshot
from mlp.lessons import hidden as facts
from mlp.model import Forward
from mlp.plots import tensors
from mlp.saturation import SATURATED, SATURATED_FROM
from mlp.settings import SPECS, Settings
from mlp.training.backprop import gradients
from pages.ui.lessons.lesson import Pick
from pages.ui.live.session import View
from pages.ui.shared.formatting import number
from pages.ui.shared.once import static_view

EXAMPLES = 32
MAX_TERMS = 12
MAX_NAMED = 12
LONGEST_CODE = 60
DEAD = {"block_size": 8, "steps": 2000}  # from the default settings, what makes units dead at any seed tried

Pass = Callable[[Snapshot], Forward]


def ways_view(forward: Pass) -> View:
    """The three ways to concatenate, and where their numbers lie."""

    def view(then: Snapshot) -> dict[str, Any]:
        ways = facts.joinings(forward(then).embedded)
        same = [bool((way.value.nan_to_num() == ways[-1].value.nan_to_num()).all()) for way in ways]
        return {
            "columns": ["code", "copied", "equal?", "shape"],
            "rows": [
                [shortened(way.code), copied(way), str(equal), str(tuple(way.value.shape))]
                for way, equal in zip(ways, same, strict=True)
            ],
            "strong": [2],
        }

    return view


def shortened(code: str) -> str:
    """Code with its middle left out where it is long, as with twelve slices."""
    return code if len(code) <= LONGEST_CODE else f"{code[:32]} … {code[-22:]}"


def copied(way: facts.Joined) -> str:
    """How many numbers a way had to copy."""
    return "0" if way.shares else f"{way.value.numel():,}"


def memory_view(forward: Pass) -> View:
    """The first numbers of the storage and their names in both shapes."""

    def view(then: Snapshot) -> dict[str, Any]:
        cells = facts.memory(forward(then).embedded)
        return {
            "columns": ["storage", "in emb", "in embcat", "value"],
            "rows": [[str(cell.place), cell.embedded, cell.concatenated, number(cell.value)] for cell in cells],
        }

    return view


def storage_view(forward: Pass) -> View:
    """Shape, stride and storage of emb and of its view."""

    def view(then: Snapshot) -> dict[str, Any]:
        emb = forward(then).embedded.contiguous()
        both = [("emb", emb), ("embcat", emb.view(len(emb), -1))]
        found = [(name, facts.storage(tensor)) for name, tensor in both]
        same = found[0][1].pointer == found[1][1].pointer
        rows = [[name, str(one.shape), str(one.stride), f"{one.numbers:,}"] for name, one in found]
        return {
            "text": f"Same memory (equal data_ptr): {same}.",
            "columns": ["tensor", "shape", "stride", "numbers"],
            "rows": rows,
        }

    return view


def parameter_view(name: str, start: tuple[int, int], unit: int) -> View:
    """A parameter of the network as a heatmap, the column of a unit marked."""
    return lambda then: tensors.update(name, then.model.parameters[name], mark_column=unit, corner=start)


def sum_of(then: Snapshot, forward: Pass, picked: Pick, unit: int) -> facts.Sum:
    """How the pre-activation of one unit for the chosen example is made."""
    return facts.unit_sum(forward(then).concatenated[picked.position], then.model.W1, then.model.b1, unit)


def sum_view(forward: Pass, picked: Pick, unit: int) -> View:
    """The pre-activation of one unit, term by term; of many the first, and the others together."""

    def view(then: Snapshot) -> dict[str, Any]:
        found = sum_of(then, forward, picked, unit)
        terms = zip(found.inputs.tolist(), found.weights.tolist(), found.products.tolist(), strict=True)
        rows = [[f"x[{k}]", *map(aligned, term)] for k, term in zip(range(MAX_TERMS), terms, strict=False)]
        rest = found.products[MAX_TERMS:]
        if len(rest):
            rows.append([f"{len(rest)} more", "", "", aligned(rest.sum().item())])
        rows += [["bias b1", "", "", aligned(found.bias)], ["total: a", "", "", aligned(found.a)]]
        return {"columns": ["term", "x", f"W1[:, {unit}]", "product"], "rows": rows, "strong": [len(rows) - 1]}

    return view


def aligned(value: float) -> str:
    """A number at the right of its column."""
    return f"{number(value):>9}"


def values_view() -> View:
    """tanh and its slope at a few points."""
    rows = [[f"{a:g}".replace("-", "−"), number(h, 3), number(slope, 3)] for a, h, slope in facts.tanh_values()]
    return static_view({"columns": ["a", "tanh(a)", "slope 1 − tanh²(a)"], "rows": rows})


def unit_view(forward: Pass, picked: Pick, unit: int) -> View:
    """Pre-activation, tanh and slope of one unit, and the gradient before and after it."""

    def view(then: Snapshot) -> dict[str, Any]:
        found = sum_of(then, forward, picked, unit)
        saturated = "saturated" if abs(found.h) > SATURATED else "not saturated"
        if math.isnan(found.h):
            saturated = "not a number"
        arriving = gradients(then.model, then.model.forward(picked.x), picked.x, picked.y)["hidden"][0, unit].item()
        rows = {
            "pre-activation a": found.a,
            "h = tanh(a)": found.h,
            "slope 1 − h²": found.slope,
            "incoming gradient dh": arriving,
            "passed on: slope × dh": found.slope * arriving,
        }
        return {
            "columns": [f"unit {unit}", saturated],
            "rows": [[name, aligned(value)] for name, value in rows.items()],
            "strong": [len(rows) - 1],
        }

    return view


def passage_view(of_batch: Pass, batch: Split) -> View:
    """How much of the gradient of a batch gets through saturated values, and through the others."""

    def view(then: Snapshot) -> dict[str, Any]:
        forward = of_batch(then)
        found = facts.passages(forward.hidden, gradients(then.model, forward, batch.X, batch.Y)["hidden"])
        named = zip(("saturated", "not saturated"), found, strict=True)
        return {
            "columns": ["activations", "number", "incoming", "passed on", "fraction"],
            "rows": [[name, f"{one.values:,}", *_sizes(one)] for name, one in named],
            "strong": [0],
        }

    return view


def _sizes(passage: facts.Passage) -> list[str]:
    if not math.isfinite(passage.fraction):
        return ["none", "none", "none"]
    return [number(passage.arriving, 6), number(passage.passed, 6), f"{passage.fraction:.1%}"]


def dead_view(of_batch: Pass) -> View:
    """The dead units of a batch, named."""

    def view(then: Snapshot) -> dict[str, Any]:
        forward = of_batch(then)
        values = forward.hidden
        found = facts.saturation(values)
        mixed = tuple(sorted(set(found.dead) - set(found.always_on) - set(found.always_off)))
        return {
            "text": f"{found.fraction:.1%} of the {values.shape[0]} × {values.shape[1]:,} activations are saturated; "
            f"dead units for these examples: {len(found.dead):,} of {values.shape[1]:,}. "
            f"{spread(forward.preactivation)}",
            "columns": ["dead units", "number", "which"],
            "rows": [
                ["always near +1", f"{len(found.always_on):,}", named(found.always_on)],
                ["always near −1", f"{len(found.always_off):,}", named(found.always_off)],
                ["sometimes near +1, sometimes near −1", f"{len(mixed):,}", named(mixed)],
            ],
        }

    return view


def spread(preactivation: Tensor) -> str:
    """How far pre-activations reach, beside where tanh saturates: why units are saturated or not, in a sentence."""
    size = preactivation.abs().mean().item()
    return f"The mean size of a pre-activation is {number(size, 2)}; beyond ±{SATURATED_FROM:.2f} tanh is saturated."


def remedy(settings: Settings) -> str:
    """What makes pre-activations large, how to keep them small, and how to see dead units."""
    spec = SPECS["init"]
    assert spec.choices
    inputs = settings.block_size * settings.embedding_dim
    return (
        f"A pre-activation adds up one product per input (here {inputs:,}) and a bias, so many inputs and large "
        f"weights make it large. “{spec.choices['scaled']}” (setting *{spec.label}*) draws smaller weights the more "
        "inputs there are, so that pre-activations do not grow with them. To see dead units, start from the default "
        f"settings, set *block size* to {DEAD['block_size']} and train for {DEAD['steps']:,} steps."
    )


def named(units: tuple[int, ...]) -> str:
    """The numbers of some units, the first of many."""
    more = len(units) - MAX_NAMED
    return ", ".join(map(str, units[:MAX_NAMED])) + (f" and {more:,} more" if more > 0 else "") or "none"
