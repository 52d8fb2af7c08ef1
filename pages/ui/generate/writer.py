"""A name or word that is written one character at a time: the probabilities, the draw, and what was drawn before."""

import threading
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from mlp.analysis.novelty import origin_of
from mlp.engine.snapshot import Snapshot
from mlp.graphemes import clusters
from mlp.plots import next_character
from mlp.plots.patches import Patch
from mlp.sampling import MAX_LENGTH, Drawn, pick, stream
from mlp.words import singular
from pages.ui.generate.choices import Choices
from pages.ui.generate.tables import FROM
from pages.ui.shared.once import show_spaces

FINISHED = 8


@dataclass(frozen=True)
class Letter:
    """A character that was drawn, or that was given as the start, then without a probability."""

    character: str
    probability: float | None
    luck: float | None


class Writer:
    """The word that is being written. Buttons come from one thread, pictures are made in another.

    A draw is from exactly the probabilities that were shown last, with the number that the seed has for this word and
    this place; so as long as the network stays as it is, word n is also word n of the batch.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._choices: Choices | None = None
        self._characters: tuple[str, ...] = ()
        self._number = 0
        self._letters: list[Letter] = []
        self._ended = False
        self._shown: Tensor | None = None  # (V,) float64, what the next draw is from
        self._finished: list[tuple[str, str]] = []  # word, where it is from
        self._listed = -1  # the number of the last word among them

    def configure(self, choices: Choices, snapshot: Snapshot) -> None:
        """Draw by these choices from now on; with other ones, from the first word on."""
        with self._lock:
            characters = snapshot.dataset.vocabulary.characters
            if (choices, characters) != (self._choices, self._characters):
                self._choices, self._characters = choices, characters
                self._number, self._finished, self._listed = 0, [], -1
                self._begin()

    def draw(self, _: Any = None) -> None:
        """Draw the next character; after the end of a word, begin the next one."""
        with self._lock:
            if self._choices is None or self._shown is None:
                return
            if self._over:
                self._next_word()
                return
            luck = float(stream(self._choices.seed, self._number)[len(self._letters)])
            drawn = int(pick(self._shown[None], torch.tensor([luck], dtype=torch.float64)))
            probability = self._shown[drawn].item()
            self._ended = drawn == 0
            self._letters.append(Letter(self._characters[drawn], probability, luck))
            self._shown = None  # each picture is drawn from once

    def next_word(self, _: Any = None) -> None:
        """Leave this word and begin the next one."""
        with self._lock:
            self._next_word()

    def bars(self, snapshot: Snapshot) -> Patch:
        """The probabilities of the next character, as a chart."""
        with self._lock:
            own, changed = self._probabilities(snapshot)
            return next_character.update(own, changed, self._characters, show_spaces("".join(self._context(snapshot))))

    def first_bars(self, snapshot: Snapshot) -> tuple[Tensor, Tensor, str]:
        """What the chart of the bars begins with: both probabilities, (V,) each, and the context."""
        with self._lock:
            return *self._probabilities(snapshot), show_spaces("".join(self._context(snapshot)))

    def view(self, snapshot: Snapshot) -> dict[str, Any]:
        """The word so far, letter by letter, what came of the last draw, and the words before."""
        with self._lock:
            assert self._choices is not None
            _, self._shown = self._probabilities(snapshot)
            if self._over:
                self._list(snapshot)
            T = snapshot.settings.block_size
            letters = [*[Letter(self._characters[0], None, None)] * T, *self._letters]
            context = range(len(letters) - T, len(letters)) if not self._over else ()
            tiles = [
                {"text": show_spaces(letter.character), "share": _share(letter), "context": place in context}
                for place, letter in enumerate(letters)
            ]
            return {
                "tiles": tiles,
                "over": self._over,
                "text": self._said(singular(snapshot.dataset.noun)),
                "finished": [f"{show_spaces(word) or '(empty)'}: {source}" for word, source in self._finished],
                "number": self._number + 1,
            }

    @property
    def _over(self) -> bool:
        return self._ended or len(self._letters) >= MAX_LENGTH

    @property
    def _word(self) -> str:
        return "".join(letter.character for letter in self._letters[: -1 if self._ended else None])

    def _begin(self) -> None:
        assert self._choices is not None
        self._letters = [Letter(character, None, None) for character in clusters(self._choices.start)]
        self._ended, self._shown = False, None

    def _next_word(self) -> None:
        self._number += 1
        self._begin()

    def _list(self, snapshot: Snapshot) -> None:
        """Put the word that is over on the list, once."""
        if self._listed == self._number:
            return
        self._listed = self._number
        source = FROM[origin_of(Drawn(self._word, self._ended), snapshot.dataset)]
        self._finished = [(self._word, source), *self._finished][:FINISHED]

    def _context(self, snapshot: Snapshot) -> list[str]:
        """The characters that the next one is predicted from; of a word that is over, those before its last draw."""
        T = snapshot.settings.block_size
        before = [letter.character for letter in self._letters[: -1 if self._ended else None]]
        return [*[self._characters[0]] * T, *before][-T:]

    def _probabilities(self, snapshot: Snapshot) -> tuple[Tensor, Tensor]:
        """The network's probabilities of the next character and those that are drawn from, (V,) each."""
        assert self._choices is not None
        X = torch.tensor([[snapshot.dataset.vocabulary.index[character] for character in self._context(snapshot)]])
        logits = snapshot.model.forward(X).logits[0].double()
        return torch.softmax(logits, 0), self._choices.probabilities(logits)

    def _said(self, one: str) -> str:
        """What came of the last draw of a "name" or "word"."""
        drawn = next((letter for letter in reversed(self._letters) if letter.luck is not None), None)
        if drawn is None:
            return "Nothing is drawn yet. The bars show how likely each character is to come next."
        if self._ended:
            end = f"The end “{self._characters[0]}” was drawn (probability {drawn.probability:.3f})"
            return f"{end}: the {one} is “{show_spaces(self._word) or '(empty)'}”."
        character = show_spaces(drawn.character)
        share = f"probability {drawn.probability:.3f}; the random number {drawn.luck:.3f} falls into its share"
        said = f"“{character}” was drawn ({share})."
        if self._choices and not self._choices.temperature:
            said = f"“{character}” was taken: at temperature 0 it is always the likeliest."
        if self._over:
            return f"{said} The network has not ended this {one} after {MAX_LENGTH} characters, so it is cut off here."
        return said


def _share(letter: Letter) -> str:
    return "" if letter.probability is None else f"{letter.probability:.0%}"
