"""The names that the network generates: renewed about once a second while it learns, so that they can be read."""

import time
from typing import Any

from mlp.engine.snapshot import Snapshot
from mlp.sampling import sample

COUNT = 8
SECONDS = 1.2


class GeneratedNames:
    """Eight names of the network as it is; the same network and seed give the same names."""

    def __init__(self) -> None:
        self._next = 0.0
        self._shown: dict[str, Any] = {}
        self._of: tuple[int, int] = (-1, -1)

    def view(self, snapshot: Snapshot) -> dict[str, Any]:
        """The names, each with whether it stands in the training list."""
        now, of = time.monotonic(), (snapshot.network, snapshot.step)
        if of == self._of or (snapshot.playing and now < self._next and of[0] == self._of[0]):
            return self._shown
        self._next, self._of = now + SECONDS, of
        names = sample(snapshot.model, snapshot.dataset.vocabulary, COUNT, snapshot.settings.seed)
        known = set(snapshot.dataset.train.words)
        self._shown = {
            "words": [{"text": name or "(empty)", "known": name in known} for name in names],
            "label": f"Generated names at step {snapshot.step:,}: {', '.join(names)}",
        }
        return self._shown
