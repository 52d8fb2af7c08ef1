"""What if a letter were elsewhere? Letters that the reader drags, and what the network would then predict."""

import math
import threading
from typing import Any

import numpy as np
import torch
from torch import Tensor

from mlp.engine.snapshot import Snapshot
from mlp.kernel.choice import network_of
from mlp.kernel.examples import Examples
from mlp.lessons import what_if as facts
from mlp.lessons.effort import max_examples
from mlp.model import Model
from mlp.plots import embedding, plane
from mlp.plots.letters import font_sizes, make_room
from mlp.plots.patches import Patch
from pages.ui.shared.formatting import format_number, format_probability, number
from pages.ui.shared.once import show_spaces
from pages.ui.shared.throttle import Throttled

GRAB = 0.06  # of the axes, within which a press takes hold of a letter
FARTHEST = 1000.0
SPARE = 0.25

Ranges = tuple[list[float], list[float]]


class WhatIf:
    """Letters of a two-dimensional embedding that the reader has put elsewhere. The run itself is never changed.

    Drags come from one thread, pictures are made in another.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._network = -1
        self._places: dict[int, facts.Place] = {}
        self._held: int | None = None
        self._shown: tuple[np.ndarray, Ranges] | None = None  # letters, (V, 2), and axes, as drawn last
        self._reach: np.ndarray | None = None

    def drag(self, value: Any) -> None:
        """One message of a drag.

        Raises:
            ValueError: it makes no sense; nothing was done.
        """
        x, y, phase = _place(value)
        with self._lock:
            if phase == "begin":
                self._held = self._nearest(x, y)
            elif self._held is not None and self._shown:
                (left, right), (low, high) = self._shown[1]  # beyond the axes nobody would find it again
                self._places[self._held] = (min(max(x, left), right), min(max(y, low), high))
            if phase == "end":
                self._held = None

    def put(self, index: int, x: float, y: float) -> None:
        """Put one letter at a place."""
        with self._lock:
            self._places[index] = (x, y)

    def put_back(self) -> None:
        """Every letter is where the network has it."""
        with self._lock:
            self._places, self._held = {}, None

    def model(self, now: Snapshot) -> Model:
        """The network with the letters where the reader has put them; another network is as it is."""
        with self._lock:
            if now.network != self._network:
                self._network, self._places, self._held, self._reach = now.network, {}, None, None
            places = dict(self._places)
        return facts.moved(now.model, places)

    @property
    def places(self) -> dict[int, facts.Place]:
        """The letters that are elsewhere, and where."""
        return dict(self._places)

    def picture(self, now: Snapshot, context: list[int], slot: int, target: int) -> Patch:
        """The plane, coloured by the probability of `target` for each place of the character in `slot`."""
        changed = self.model(now)
        C = changed.C.numpy()
        finite = np.nan_to_num(C, posinf=0.0, neginf=0.0)
        wanted = embedding.extent(finite, far_out=False)
        for place in self.places.values():  # what was moved stays in sight
            wanted = np.stack([np.minimum(wanted[0], place), np.maximum(wanted[1], place)])
        reach = embedding.stable_range(wanted, self._reach, padding=SPARE)
        ranges = embedding.axis_range(reach[:, 0]), embedding.axis_range(reach[:, 1])
        with self._lock:
            if self._held is None:  # axes that moved under a drag would carry the letter off
                self._reach = reach
            elif self._shown:
                ranges = self._shown[1]
            places = make_room(C, font_sizes(now.dataset), ranges)
            for index in self._places:
                places[index] = C[index]  # what was moved is exactly where it was put
            self._shown = places, ranges
        across, up = (torch.from_numpy(each) for each in plane.cells(ranges))
        chances = facts.plane(changed, context, slot, target, across, up)
        characters = now.dataset.vocabulary.characters
        said = "".join(show_spaces(characters[index]) for index in context), show_spaces(characters[target]), slot
        return plane.update(chances, C, places, now.model.C.numpy(), now.dataset, ranges, said, context[slot])

    def _nearest(self, x: float, y: float) -> int | None:
        """The letter near a place, as the picture was drawn last."""
        if self._shown is None:
            return None
        shown, ranges = self._shown
        size = np.array([high - low for low, high in ranges])
        far = np.nan_to_num(np.linalg.norm((shown - [x, y]) / size, axis=1), nan=math.inf)
        found = int(far.argmin())
        return found if far[found] < GRAB else None


def table(what_if: WhatIf, context: list[int], slot: int, target: int) -> Throttled[Patch]:
    """What the network says as it is, and what it would say with the letters elsewhere."""

    def work_out(now: Snapshot) -> Patch:
        changed, characters = what_if.model(now), now.dataset.vocabulary.characters
        X = torch.tensor([context])
        before, after = (torch.softmax(each.forward(X).logits[0].double(), 0) for each in (now.model, changed))
        train = now.dataset.train
        asked = max_examples(now.model, len(train))
        examples = Examples(train.first(asked), len(context), len(characters))
        losses = [network_of(each).loss(examples) for each in (now.model, changed)]  # as that in the transport bar
        name, moving = show_spaces(characters[target]), show_spaces(characters[context[slot]])
        where = [_written(each.C[context[slot]].tolist()) for each in (now.model, changed)]
        rows = [
            [f"where “{moving}” is", *where],
            [f"probability of “{name}”", *(format_probability(each[target].item()) for each in (before, after))],
            ["likeliest next characters", _likeliest(before, characters), _likeliest(after, characters)],
            ["train loss (nats)", *(format_number(loss, 4) for loss in losses)],
        ]
        if not now.model.theta.isfinite().all() or not all(map(math.isfinite, losses)):
            return {"text": "The network’s numbers have overflowed, so it predicts nothing.", "columns": [], "rows": []}
        places = ", ".join(f"“{show_spaces(characters[index])}”" for index in sorted(what_if.places))
        text = (
            f"You have moved {places}. The network of step {now.step:,} would then say this; the run is unchanged."
            if places
            else f"Drag a letter: this table then shows what the network of step {now.step:,} would say if its "
            "embedding were there."
        )
        if places and not set(what_if.places) & set(context):
            text += " None of these is in the context, so only the loss changes."
        if asked < len(train):
            text += f" The train loss is that of the first {asked:,} examples."
        return {"text": text, "columns": ["quantity", "network", "with moved letters"], "rows": rows, "strong": [3]}

    return Throttled(work_out, rest=2.0, least=0.05, also=lambda _: tuple(sorted(what_if.places.items())))


def _written(place: list[float]) -> str:
    return f"({', '.join(number(value, 3) for value in place)})"


def _likeliest(chances: Tensor, characters: tuple[str, ...]) -> str:
    best = chances.nan_to_num().argsort(descending=True, stable=True)[:3].tolist()
    return ", ".join(f"{show_spaces(characters[index])} {chances[index]:.2f}" for index in best)


def _place(value: Any) -> tuple[float, float, str]:
    try:
        x, y, phase = float(value["x"]), float(value["y"]), value["phase"]
    except (TypeError, LookupError, ValueError):
        raise ValueError("That is no place in the plane.") from None
    if phase not in ("begin", "move", "end") or not (abs(x) <= FARTHEST and abs(y) <= FARTHEST):  # nan is not, either
        raise ValueError("That is no place in the plane.")
    return x, y, phase
