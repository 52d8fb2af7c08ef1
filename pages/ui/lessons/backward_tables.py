"""The live texts of the page on the backward pass: words made from the numbers of `mlp.lessons.backward`."""

import numpy as np
from torch import Tensor

from mlp.lessons.backward import Check, FiniteDifference, Movement, Update, largest_entry
from mlp.lessons.snippets import SYMBOLS
from mlp.plots.movement import drawn, magnification
from mlp.settings import SPECS, Settings
from pages.ui.shared.formatting import format_number

HARD_SPACE = "\N{NO-BREAK SPACE}"

Table = dict[str, str | list[str] | list[list[str]] | list[int]]


def entry_of(name: str, place: tuple[int, ...]) -> str:
    """A number of a tensor as PyTorch users write it, "W1[0, 3]", with a space at which no line breaks."""
    return SYMBOLS[name] + (f"[{f',{HARD_SPACE}'.join(str(index) for index in place)}]" if place else "")


def check(found: Check) -> Table:
    """One gradient both ways: its largest number, and the largest difference of all its numbers."""
    place = found.place
    return {
        "columns": ["entry", "by hand", "autograd", "max diff."],
        "rows": [
            [
                "d" + entry_of(found.name, place),
                format_number(found.hand[place].item()),
                format_number(found.autograd[place].item()),
                f"{found.difference:.1e}" if found.difference else "0",
            ]
        ],
    }


def nudge(found: FiniteDifference) -> Table:
    """The loss a little below and above one number, and the slope between, beside the gradient."""
    symbol = entry_of(found.name, found.entry)
    return {
        "columns": ["quantity", "now"],
        "rows": [
            [f"{symbol} now", format_number(found.value, 8)],
            [f"loss at −{found.epsilon:g}", format_number(found.loss_below, 10)],
            [f"loss at +{found.epsilon:g}", format_number(found.loss_above, 10)],
            ["loss difference / (2 · nudge)", format_number(found.measured, 10)],
            ["gradient by hand", format_number(found.by_hand, 10)],
            ["difference between the two", f"{found.difference:.1e}"],
        ],
        "strong": [3, 4],
    }


def piled_up(passes: list[dict[str, Tensor]]) -> Table:
    """`p.grad` of each parameter after each backward pass, at the entry that was largest after the first."""
    rows = []
    for name, first in passes[0].items():
        place = largest_entry(first)
        rows.append([entry_of(name, place), *(format_number(seen[name][place].item()) for seen in passes)])
    return {
        "columns": ["p.grad of", "after 1 backward pass", *(f"after {n}" for n in range(2, len(passes) + 1))],
        "rows": rows,
    }


def update(found: Update, name: str) -> Table:
    """One number of a parameter before and after the step, and the loss before and after."""
    place = largest_entry(found.gradient[name])
    before, slope, after = (tensors[name][place].item() for tensors in (found.before, found.gradient, found.after))
    return {
        "columns": [entry_of(name, place), "number"],
        "rows": [
            ["before", format_number(before)],
            ["gradient", format_number(slope)],
            [f"−{found.learning_rate:g} · gradient", format_number(-found.learning_rate * slope)],
            ["after", format_number(after)],
            ["loss before", format_number(found.loss_before)],
            ["loss after", format_number(found.loss_after)],
        ],
        "strong": [4, 5],
    }


def arrows(step: tuple[Movement, int, int], reach: np.ndarray, optimizer: str) -> Table:
    """What the arrows are drawn from, and how far they can be trusted; `optimizer` is the setting's value."""
    found, asked, batch = step
    reasons = ["only part of the batch is used"] if asked < batch else []
    reasons += ["this optimizer also uses earlier gradients"] if optimizer != "sgd" else []
    return {
        "columns": ["quantity", "now"],
        "rows": [
            ["examples in the next batch", f"{batch:,}"],
            ["of these, used for the arrows", f"{asked:,}"],
            ["arrows that are not zero", f"{found.moving} of {len(found.before)}"],
            ["arrow length", drawn(magnification(found.move, reach))],
        ],
        "text": f"Approximate: {' and '.join(reasons)}." if reasons else "Exact: SGD makes just this step.",
    }


def grey(settings: Settings) -> str:
    """What becomes of the characters without an arrow, in a sentence, from the settings of the run."""
    if settings.weight_decay:
        return "Weight decay is on, so every dot is also pulled towards 0, and none is grey."
    why = "Grey: the gradient is zero, as a rule because the next batch has no context with that character. "
    if settings.optimizer == "sgd":
        return why + "With SGD a grey dot stays where it is."
    chosen = (SPECS["optimizer"].choices or {})[settings.optimizer]
    return why + f"With {chosen} it can still move, because this optimizer remembers earlier gradients."
