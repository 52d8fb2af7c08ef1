"""What was done to a run from its first step on: the settings in force at each step, and when it went back."""

from bisect import bisect_right
from typing import Any, Literal, NamedTuple

from mlp.settings import Settings

Reason = Literal["chosen", "best", "patience", "diverged"]


class GoingBack(NamedTuple):
    """A run went back from one step to an earlier one: chosen by hand, to the best, by patience, or as it diverged."""

    at: int
    to: int
    why: Reason


class Change(NamedTuple):
    """Settings that another value holds for from a step on, by name."""

    step: int
    settings: dict[str, Any]


class History:
    """The settings of one run over its steps.

    Changes between which no update lies become one, and what lay ahead of a step that the run went back to is
    forgotten: what is left is the shortest way to the same network.
    """

    def __init__(self, settings: Settings) -> None:
        self._steps, self._settings = [0], [settings]
        self._changes: tuple[Change, ...] | None = ()
        self.goings_back: tuple[GoingBack, ...] = ()

    @property
    def first(self) -> Settings:
        """The settings of the first update."""
        return self._settings[0]

    @property
    def changes(self) -> tuple[Change, ...]:
        """What changed later, in the order of the steps."""
        if self._changes is None:
            pairs = zip(self._steps[1:], self._settings, self._settings[1:], strict=False)
            self._changes = tuple(_difference(step, old, new) for step, old, new in pairs)
        return self._changes

    def at(self, step: int) -> Settings:
        """The settings of the update that leads from a step to the next."""
        return self._settings[bisect_right(self._steps, step) - 1]

    def next_change(self, step: int) -> int | None:
        """The first step after `step` at which the settings change."""
        return next((later for later in self._steps if later > step), None)

    def change(self, step: int, settings: Settings) -> None:
        """Other settings from a step on, which is the latest the run has come to."""
        self._changes = None
        if self._steps[-1] == step:
            self._steps.pop()
            self._settings.pop()
        if not self._settings or self._settings[-1] != settings:
            self._steps.append(step)
            self._settings.append(settings)

    def rename_words(self, word_list: str) -> None:
        """Have all settings call the word list by another name."""
        self._settings = [settings.with_changes(word_list=word_list) for settings in self._settings]

    def go_back(self, at: int, to: int, why: Reason, settings: Settings) -> None:
        """The run went back `to` a step, and goes on from there by the settings of now."""
        while len(self._steps) > 1 and self._steps[-1] > to:
            self._steps.pop()
            self._settings.pop()
        self.change(to, settings)
        if at > to:
            self.goings_back = (*self.goings_back, GoingBack(at, to, why))


def _difference(step: int, old: Settings, new: Settings) -> Change:
    return Change(step, {name: getattr(new, name) for name in new.differences(old)})
