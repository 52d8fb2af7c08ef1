"""The settings of a run over its steps, as lines of the program: a constant, or its values with their steps."""

import json
from collections.abc import Iterator
from textwrap import fill
from typing import Any

from mlp.settings import SPECS
from mlp.training.batches import batch_size
from mlp.training.trainer import Trainer

ONE_LINE = 70
LIVE = tuple(name for name, spec in SPECS.items() if spec.live)
SAID = {
    "block_size": "characters that predict the next one",
    "embedding_dim": "numbers that stand for a character",
    "hidden": "tanh units",
    "train_examples": "only the first ones of the list",
}


class Schedule:
    """Which value each live setting has from which step on, as far as an update was made with it.

    Attributes:
        steps: updates of the run. values: name -> {step: value}, of all settings that can change live.
    """

    def __init__(self, trainer: Trainer) -> None:
        recipe = trainer.recipe()
        self.steps, self._trainer = recipe.step, trainer
        self.values: dict[str, dict[int, Any]] = {name: {} for name in LIVE}
        whole = recipe.settings.model_dump()
        self._note(0, {name: whole[name] for name in LIVE})
        for change in recipe.changes:
            if change.step < recipe.step:  # else no update was made with it
                self._note(change.step, change.settings)

    def _note(self, step: int, settings: dict[str, Any]) -> None:
        for name, value in settings.items():
            if name == "batch_size":
                whole = self._trainer.settings.model_copy(update={name: value})
                value = batch_size(whole, len(self._trainer.dataset.train))
            known = self.values[name]
            if not known or list(known.values())[-1] != value:
                known[step] = value

    @property
    def changing(self) -> list[str]:
        """The settings that have more than one value."""
        return [name for name in LIVE if len(self.values[name]) > 1]

    @property
    def in_batches(self) -> bool:
        """Whether any update takes fewer examples than there are."""
        return self.steps > 0 and set(self.values["batch_size"].values()) != {len(self._trainer.dataset.train)}

    @property
    def scaled(self) -> bool:
        """Whether the first parameters are scaled."""
        return self._trainer.settings.init == "scaled"

    @property
    def decays(self) -> bool:
        """Whether the parameters are ever pulled towards zero."""
        return any(self.values["weight_decay"].values())

    @property
    def kinds(self) -> list[str]:
        """The optimizers that are used, in the order in which they are first."""
        return list(dict.fromkeys(self.values["optimizer"].values()))

    def code(self) -> str:
        """The lines that say the settings."""
        s, dataset = self._trainer.settings, self._trainer.dataset
        fixed = ["seed", "block_size", "embedding_dim", "hidden"]
        fixed += ["train_examples"] if len(dataset.train) < dataset.available else []
        lines = [f"steps = {self.steps}"]
        for name in fixed:
            lines.append(f"{name} = {getattr(s, name)!r}" + (f"  # {SAID[name]}" if name in SAID else ""))
        return "\n".join([*lines, *(self._live_lines() if self.steps else [])])

    def _live_lines(self) -> Iterator[str]:
        used = {
            "batch_size": self.in_batches, "learning_rate": True, "optimizer": len(self.kinds) > 1,
            "weight_decay": self.decays,
        }  # fmt: skip
        for name in LIVE:
            if not used[name]:
                continue
            if name in self.changing:
                yield f"{name}s = {_mapping(self.values[name])}"
            else:
                yield f"{name} = {json.dumps(self.values[name][0])}"


def _mapping(values: dict[int, Any]) -> str:
    """A dictionary as code, over several lines where it is long."""
    items = ", ".join(f"{step}: {json.dumps(value)}" for step, value in values.items())
    if len(items) < ONE_LINE:
        return f"{{{items}}}  # from which step on"
    return "{\n" + fill(items, 116, initial_indent="    ", subsequent_indent="    ") + ",\n}  # fmt: skip"
