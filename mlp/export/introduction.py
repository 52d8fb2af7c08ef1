"""How the program of a run begins: which run it is, what the app shows of it, and how exactly it comes out again."""

import math
from bisect import bisect_left
from collections.abc import Iterator

from mlp.export.about import loss, words_of
from mlp.export.schedule import Schedule
from mlp.training.trainer import Trainer

TORCH = "2.13.0"


def introduction(trainer: Trainer) -> str:
    """Paragraphs of Markdown that are as good to read in comments."""
    return "\n\n".join(_paragraphs(trainer))


def _paragraphs(trainer: Trainer) -> Iterator[str]:
    dev = bool(trainer.dataset.dev.words)
    yield (
        "This trains one run of “see a neural network learn” again: "
        f"{words_of(trainer)}, {trainer.steps_done:,} steps. It needs torch=={TORCH} and nothing else. Another release "
        "may draw other random numbers from the same seed; then first parameters, deal and batches are others, and so "
        "are all losses."
    )
    yield EXACTNESS
    yield from _what_happened(trainer)
    heading = "      step      train" + ("        dev" if dev else "")
    rows = [heading, *(_row(trainer, step, dev) for step in [*checkpoints(trainer), trainer.steps_done])]
    yield "The app shows these losses, in nats:"
    yield "\n".join(f"    {row}" for row in rows)


EXACTNESS = (
    "Exactly the app’s: the words, their deal, the first parameters, and which examples each step learns from. The "
    "same but for rounding: the sums, which the app’s compiled code adds up in another order, in float32 as here. So "
    "the four decimals are mostly the same, or off by one in the last. Where losses leap (a large learning rate, many "
    "N(0, 1) weights, few examples) rounding grows with the steps, and later losses may differ in the third decimal or "
    "before."
)


def _what_happened(trainer: Trainer) -> Iterator[str]:
    """What a reader would miss in the settings."""
    recipe = trainer.recipe()
    if back := len(recipe.goings_back):
        times = {1: "once", 2: "twice"}.get(back, f"{back:,} times")
        yield f"The run went back to an earlier step {times}; what it had learned ahead of that step is no part of it."
    if recipe.diverged:
        yield (
            f"In the app this run diverged: its {recipe.diverged.what} overflowed at step {recipe.diverged.step:,}. "
            f"This program ends at step {recipe.step:,}, the last one whose numbers are all finite, though large."
        )


def _row(trainer: Trainer, step: int, dev: bool) -> str:
    if step == trainer.steps_done:
        losses = trainer.evaluate("train"), trainer.evaluate("dev")
    else:
        losses = trainer.timeline.losses_at(step)
    return f"{step:10,}  {loss(losses[0]):>9}" + (f"  {loss(losses[1]):>9}" if dev else "")


def checkpoints(trainer: Trainer) -> list[int]:
    """The remembered steps next to 1, 10, 100 and so on, and the first; all of them before the last step."""
    steps, chosen = trainer.timeline.steps, {0}
    for power in range(math.ceil(math.log10(trainer.steps_done)) if trainer.steps_done > 1 else 0):
        chosen.add(steps[min(bisect_left(steps, 10**power), len(steps) - 1)])
    return sorted(step for step in chosen if step < trainer.steps_done)


def imports_code(schedule: Schedule) -> str:
    """What the program needs."""
    modules = {"itertools": schedule.in_batches, "math": schedule.in_batches or schedule.scaled, "random": True}
    lines = [f"import {name}" for name, used in modules.items() if used]
    lines += ["", "import torch", "import torch.nn.functional as F", ""]
    lines.append("torch.set_num_threads(1)  # a second thread makes steps of this size slower")
    return "\n".join(lines)
