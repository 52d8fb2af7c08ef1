"""The live views of the embedding page: each turns a snapshot into plain data."""

from typing import Any

import numpy as np

from mlp.analysis.neighbours import Purity, distances, nearest, purity
from mlp.dataset import Dataset
from mlp.engine.snapshot import Snapshot
from mlp.plots import embedding, gathering, letters, letters_3d, near
from mlp.plots.embedding import group_of
from mlp.plots.patches import Patch
from pages.ui.embedding.past import past
from pages.ui.embedding.space import Space
from pages.ui.live.session import View
from pages.ui.shared.formatting import number
from pages.ui.shared.once import show_spaces
from pages.ui.shared.throttle import Throttled

NEIGHBOURS = 4
TRAIL = 6  # earlier places in a trail
SELDOM = 10  # times in the training contexts, below which a character is called rare
SPARE = 0.1


class InLarge:
    """The letters, on axes that move seldom; the trails are renewed a few times a second."""

    def __init__(self, space: Space, marked: int) -> None:
        self._space, self._marked = space, marked
        self._held: np.ndarray | None = None
        self._ways = Throttled(lambda now: [C for _, C in past(now)[:-1]][-TRAIL:], rest=0.0, least=0.4)

    def __call__(self, now: Snapshot) -> Patch:
        C, basis = now.model.C.numpy(), self._space.basis
        if self._space.deep:
            points = C[:, :3] if basis is None else C @ basis
            self._hold(points)
            assert self._held is not None
            return letters_3d.update(C, now.dataset, now.step, self._held, basis)
        self._hold(embedding.project(C, basis))
        assert self._held is not None
        return letters.update(C, now.dataset, now.step, self._held, basis, self._ways(now), self._marked)

    def _hold(self, points: np.ndarray) -> None:
        finite = np.nan_to_num(points, posinf=0.0, neginf=0.0)
        self._held = embedding.stable_range(embedding.extent(finite, far_out=False), self._held, padding=SPARE)


def space_text(space: Space) -> View:
    """How much of a larger embedding is seen."""
    return lambda now: {"text": space.text(now)}


def neighbours(index: int) -> View:
    """The characters nearest to one, how far they are, and how far they were at first."""

    def view(now: Snapshot) -> Patch:
        characters, C = now.dataset.vocabulary.characters, now.model.C.numpy()
        first_step, first = past(now)[0]
        if not np.isfinite(C).all():
            return {"text": "The embeddings have overflowed, so there are no distances.", "rows": []}
        begun, now_far = distances(first)[index], distances(C)[index]
        ranks = np.argsort(np.argsort(begun, kind="stable"), kind="stable") + 1
        rows = []
        for place, distance in nearest(C, index, NEIGHBOURS):
            hollow = " (untrained)" if place in now.dataset.untrained else ""
            change = number(float(now_far[place] - begun[place]), 3)
            rows.append([f"{show_spaces(characters[place])}{hollow}", number(distance, 3), change, str(ranks[place])])
        return {
            "text": f"Nearest to “{show_spaces(characters[index])}” at step {now.step:,}:",
            "columns": ["character", "distance", f"change since step {first_step:,}", f"rank at step {first_step:,}"],
            "rows": rows,
        }

    return view


def near_over_time(index: int) -> View:
    """How far the nearest of now were over the training."""

    def view(now: Snapshot) -> Patch:
        C, known = now.model.C.numpy(), past(now)
        characters = now.dataset.vocabulary.characters
        if not np.isfinite(C).all():
            return near.update(characters[index], [], [], now.now.step)
        found = [place for place, _ in nearest(C, index, NEIGHBOURS)]
        lines = [
            (characters[place], [float(np.linalg.norm(each[place] - each[index])) for _, each in known])
            for place in found
        ]
        return near.update(characters[index], [step for step, _ in known], lines, now.now.step)

    return view


def vowels(dataset: Dataset) -> tuple[set[int], set[int]]:
    """The trained vowels of a dataset, and all its trained letters and symbols, as rows of C."""
    trained = set(range(1, len(dataset.vocabulary))) - set(dataset.untrained)
    return {row for row in trained if group_of(dataset.vocabulary.characters[row]) == "vowel"}, trained


class Gathering:
    """Whether the vowels gather: the purity at each chosen step, each worked out once."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[Any, Purity | None]] = {}
        self.points = Throttled(self._work_out)

    def __call__(self, now: Snapshot) -> Patch:
        return gathering.update(self.points(now), now.now.step)

    def _work_out(self, now: Snapshot) -> list[tuple[int, Purity]]:
        kind, among = vowels(now.dataset)
        found = [(step, self._of(step, C, kind, among)) for step, C in past(now)]
        return [(step, each) for step, each in found if each is not None]

    def _of(self, step: int, C: np.ndarray, kind: set[int], among: set[int]) -> Purity | None:
        key = C.tobytes()
        if self._known.get(step, (None,))[0] != key:
            self._known[step] = key, purity(C, kind, among)
        return self._known[step][1]


def gathering_text(view: Gathering) -> View:
    """The finding of the chart as a sentence below it."""
    return lambda now: {"text": gathering.finding(view.points(now))}


def rare(dataset: Dataset) -> str:
    """Which characters are rare, and which are never trained, with where they occur."""
    characters, seen = dataset.vocabulary.characters, dataset.seen
    rare = [f"“{show_spaces(characters[row])}” ({seen[row]})" for row in range(1, len(seen)) if 0 < seen[row] < SELDOM]
    said = []
    if rare:
        said.append(
            f"Rare, with how often the training contexts hold them: {', '.join(rare)}. So few examples move their "
            "points that where they are is mostly chance."
        )
    for row in dataset.untrained:
        where = [name for name in ("dev", "test") if any(characters[row] in word for word in dataset.split(name).words)]
        ends = any(characters[row] in word for word in dataset.train.words)
        place = (
            "at the end of the training examples" if ends else f"in {' and '.join(where)} names only" if where
            else "in names that are left out"
        )  # fmt: skip
        said.append(
            f"Never trained: “{show_spaces(characters[row])}”, which occurs {place}; its point stays at random."
        )
    return " ".join(said) or "Every character occurs often enough in the training contexts to be moved."
