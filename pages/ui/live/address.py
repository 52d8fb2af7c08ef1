"""The run as an address: what its link holds, and what a tab that opens a link begins with."""

import time
from collections.abc import Mapping

from mlp.engine.snapshot import Snapshot
from mlp.settings import Settings, from_link, to_link
from mlp.training.link import PARAMETER, from_parameter, to_parameter
from mlp.training.recipe import Recipe
from mlp.words import OWN_LIST

PLAYING_SECONDS = 2.0


def link_of(snapshot: Snapshot) -> dict[str, str]:
    """The query parameters of the link to a run as it is now.

    Raises:
        ValueError: the run cannot travel in a link; one sentence says why.
    """
    parameter = to_parameter(snapshot.recipe, snapshot.settings)
    return {**to_link(snapshot.settings), **({PARAMETER: parameter} if parameter else {})}


class Address:
    """The query parameters for the address bar: the link where there is one, else the settings alone.

    While a run plays they are that of a moment ago: browsers allow an address to change only so often.
    """

    def __init__(self) -> None:
        self._of: tuple[object, ...] = ()
        self._due = 0.0

    def __call__(self, snapshot: Snapshot) -> dict[str, str]:
        of = snapshot.network, snapshot.settings, snapshot.playing
        if of != self._of or not snapshot.playing or time.monotonic() >= self._due:
            self._of, self._due = of, time.monotonic() + PLAYING_SECONDS
            self._address = self._now(snapshot)
        return self._address

    def _now(self, snapshot: Snapshot) -> dict[str, str]:
        try:
            return link_of(snapshot)
        except ValueError:
            return to_link(snapshot.settings)


def sentence(snapshot: Snapshot) -> str:
    """What whoever opens the link will see."""
    changes = len(snapshot.recipe.changes)
    after = {0: "", 1: ", with its one change on the way"}.get(changes, f", with its {changes:,} changes on the way")
    return f"Whoever opens it sees this run at step {snapshot.step:,}{after}."


def opened(parameters: Mapping[str, str]) -> tuple[Settings, Recipe | None, list[str]]:
    """What a link asks for: settings, the run to do again, if any, and one sentence for each thing it cannot have."""
    settings, notes = from_link(parameters)
    text = parameters.get(PARAMETER)
    if not text or settings.word_list == OWN_LIST:
        return settings, None, notes
    if notes:
        return settings, None, [*notes, "So the link’s run was not opened, only its settings."]
    try:
        return settings, from_parameter(text, settings), notes
    except ValueError as error:
        return settings, None, [str(error)]
