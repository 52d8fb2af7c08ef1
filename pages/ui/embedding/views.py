"""The live views of the embedding page: each turns a snapshot into plain data."""

import numpy as np

from mlp.analysis.neighbours import Purity, distances_to, nearest, purity
from mlp.dataset import Dataset
from mlp.engine.snapshot import Snapshot
from mlp.plots import embedding, gathering, letters, letters_3d, near
from mlp.plots.embedding import group_of
from mlp.plots.gathering import Points
from mlp.plots.patches import Patch
from pages.ui.embedding.space import Space
from pages.ui.live.session import Session, View
from pages.ui.shared.formatting import number
from pages.ui.shared.map_view import can_be_read
from pages.ui.shared.once import show_spaces
from pages.ui.shared.past import past, trails
from pages.ui.shared.series import kept_series, up_to_now
from pages.ui.shared.throttle import Throttled

NEIGHBOURS = 4
SELDOM = 10  # times in the training contexts, below which a character is called rare
SPARE = 0.1


class InLarge:
    """The letters, on axes that move seldom; the trails are renewed a few times a second."""

    def __init__(self, space: Space, marked: int) -> None:
        self._space, self._marked = space, marked
        self._held: np.ndarray | None = None
        self._ways = trails(lambda now: space.basis)

    def __call__(self, now: Snapshot) -> Patch:
        C, basis = now.model.C.numpy(), self._space.basis
        if self._space.deep:
            points = C[:, :3] if basis is None else C @ basis
            self._hold(points)
            assert self._held is not None
            return letters_3d.update(C, now.dataset, now.step, self._held, basis)
        self._hold(embedding.project(C, basis))
        assert self._held is not None
        return letters.update(
            C, now.dataset, now.step, self._held, basis, marked=self._marked, ways=self._ways(now),
            told=can_be_read(now),
        )  # fmt: skip

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
        begun, now_far = distances_to(first, index), distances_to(C, index)
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
        far = np.stack([distances_to(each, index) for _, each in known])  # (steps, V)
        lines = [(characters[place], far[:, place].tolist()) for place, _ in nearest(C, index, NEIGHBOURS)]
        return near.update(characters[index], [step for step, _ in known], lines, now.now.step)

    return view


def vowels(dataset: Dataset) -> tuple[set[int], set[int]]:
    """The trained vowels of a dataset, and all its trained letters and symbols, as rows of C."""
    trained = set(range(1, len(dataset.vocabulary))) - set(dataset.untrained)
    return {row for row in trained if group_of(dataset.vocabulary.characters[row]) == "vowel"}, trained


def vowel_purity(dataset: Dataset, C: np.ndarray) -> Purity | None:
    """How much the trained vowels gather."""
    kind, among = vowels(dataset)
    return purity(C, kind, among)


def gathering_points(session: Session) -> Throttled[Points]:
    """The vowels' purity at chosen steps and at the one that the page looks at, where there is one."""

    def measure(present: Snapshot, step: int) -> Purity | None:
        return vowel_purity(present.dataset, present.model.at(present.thetas[step]).C.numpy())

    series = kept_series(session, "purity", measure)

    def work_out(now: Snapshot) -> Points:
        points = up_to_now(series(now), now, lambda: vowel_purity(now.dataset, now.model.C.numpy()))
        return [(step, each) for step, each in points if each is not None]

    return Throttled(work_out, also=lambda now: len(series(now)))


def gathering_curve(points: Throttled[Points]) -> View:
    """Whether the vowels gather, as a chart."""
    return lambda now: gathering.update(points(now), now.now.step)


def gathering_text(points: Throttled[Points]) -> View:
    """The finding of the chart as a sentence below it."""
    return lambda now: {"text": gathering.finding(points(now))}


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
        where = [name for name in ("dev", "test") if row in dataset.split(name).Y.tolist()]
        ends = row in dataset.train.Y.tolist()
        place = (
            "at the end of the training examples" if ends else f"in {' and '.join(where)} {dataset.noun} only" if where
            else f"in {dataset.noun} that are left out"
        )  # fmt: skip
        said.append(
            f"Never trained: “{show_spaces(characters[row])}”, which occurs {place}; its point stays at random."
        )
    return " ".join(said) or "Every character occurs often enough in the training contexts to be moved."
