"""The steps of a run made again from an earlier state: the same updates by the same settings, bit for bit."""

from collections.abc import Callable

from mlp.dataset import Dataset
from mlp.training.history import History
from mlp.training.loop import Loop, State


class Again(Loop):
    """A loop that follows the history of another run.

    Args:
        state: of that run, where this one begins. history, dataset: of that run.
        interrupt: see `Loop`.
    """

    def __init__(
        self, state: State, history: History, dataset: Dataset, interrupt: Callable[[], bool] = lambda: False
    ) -> None:
        super().__init__(history.at(state.steps_done), dataset, interrupt)
        self.restore(state)
        self._history = history

    def go_on(self, end: int) -> None:
        """Updates up to step `end`, or up to where settings change before."""
        self.apply(self._history.at(self.steps_done))
        self.updates(min(end, self._history.next_change(self.steps_done) or end))
