"""The names or words that the network generates: renewed about once a second while it learns, so as to be read."""

import time
from typing import Any

from mlp.engine.snapshot import Snapshot
from mlp.sampling import sample

COUNT = 8
SECONDS = 1.2


class GeneratedNames:
    """Eight words of the network as it is; the same network and seed give the same ones."""

    def __init__(self) -> None:
        self._next = 0.0
        self._shown: dict[str, Any] = {}
        self._of: tuple[int, int] = (-1, -1)

    def view(self, snapshot: Snapshot) -> dict[str, Any]:
        """The words, each with whether it stands in the training list."""
        now, of = time.monotonic(), (snapshot.network, snapshot.step)
        if of == self._of or (snapshot.playing and now < self._next and of[0] == self._of[0]):
            return self._shown
        self._next, self._of = now + SECONDS, of
        names = sample(snapshot.model, snapshot.dataset.vocabulary, COUNT, snapshot.settings.seed)
        known = set(snapshot.dataset.train.words)
        self._shown = {
            "words": [{"text": name or "(empty)", "known": name in known} for name in names],
            "label": f"Generated {snapshot.dataset.noun} at step {snapshot.step:,}: {', '.join(names)}",
        }
        return self._shown
