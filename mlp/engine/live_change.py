"""The sentence for a setting that was changed while the run went on: of a whole drag of a slider."""

import time
from dataclasses import dataclass
from typing import Any

from mlp.settings import SPECS, show

DRAG_SECONDS = 1.5  # changes of one setting that follow each other faster are one drag


@dataclass
class LiveChange:
    """One setting on its way from one value to another, since a step."""

    name: str
    before: Any
    step: int
    at: float

    @classmethod
    def of(cls, last: "LiveChange | None", name: str, before: Any, step: int) -> "LiveChange":
        """A change of a setting that had a value `before`: the last one goes on where it is the same drag."""
        now = time.monotonic()
        if last and last.name == name and now - last.at < DRAG_SECONDS:
            return cls(name, last.before, last.step, now)
        return cls(name, before, step, now)

    def sentence(self, value: Any, step: int) -> str:
        """What was done, once the setting has come to a value at a step."""
        when = f"at step {step:,}" if step == self.step else f"from step {self.step:,} to {step:,}"
        values = f"from {show(self.name, self.before)} to {show(self.name, value)}"
        return f"{SPECS[self.name].label} changed {values} {when}."
