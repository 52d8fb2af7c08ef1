"""The names or words that the network generates, and what came of the same luck earlier in the run."""

import time
from typing import Any

from mlp.engine.snapshot import Snapshot
from mlp.sampling import sample

COUNT = 8
SECONDS = 1.2
MILESTONES = (0, 10, 100, 1_000, 10_000, 100_000, 1_000_000)  # steps whose first word stays to be seen


class GeneratedNames:
    """Eight words of the network as it is; the same network and seed give the same ones.

    While it learns they are renewed about once a second, so as to be read. Each word has luck of its own, so the first
    one of an earlier step shows what the network of that step made of the same luck.
    """

    def __init__(self) -> None:
        self._next = 0.0
        self._shown: dict[str, Any] = {}
        self._of: tuple[int, int] = (-1, -1)
        self._earlier: dict[tuple[int, int], str] = {}

    def view(self, snapshot: Snapshot) -> dict[str, Any]:
        """The words, each with whether it stands in the training list, and the story so far."""
        now, of = time.monotonic(), (snapshot.network, snapshot.step)
        if of == self._of or (snapshot.playing and now < self._next and of[0] == self._of[0]):
            return self._shown
        self._next, self._of = now + SECONDS, of
        names = sample(snapshot.model, snapshot.dataset.vocabulary, COUNT, snapshot.settings.seed)
        known = set(snapshot.dataset.train.words)
        self._shown = {
            "words": [{"text": name or "(empty)", "known": name in known} for name in names],
            "story": [{"step": step, "text": word} for step, word in self._story(snapshot)] if snapshot.step else [],
            "label": f"Generated {snapshot.dataset.noun} at step {snapshot.step:,}: {', '.join(names)}",
        }
        return self._shown

    def _story(self, snapshot: Snapshot) -> list[tuple[int, str]]:
        """The first word at the remembered step after each milestone that lies behind."""
        kept = sorted(step for step in snapshot.thetas if step < snapshot.step)
        steps = [next((step for step in kept if step >= mark), None) for mark in MILESTONES]
        passed = [step for step in dict.fromkeys(steps) if step is not None]
        known = self._earlier
        self._earlier = {(snapshot.network, step): known.get((snapshot.network, step), "") for step in passed}
        for (network, step), word in self._earlier.items():
            if not word:
                model = snapshot.model.at(snapshot.thetas[step])
                drawn = sample(model, snapshot.dataset.vocabulary, 1, snapshot.settings.seed)
                self._earlier[network, step] = drawn[0] or "(empty)"
        return [(step, word) for (_, step), word in self._earlier.items()]
