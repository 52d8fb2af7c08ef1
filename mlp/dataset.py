"""Words become examples: contexts X and labels Y, split by word into train, dev and test.

How the split and `train_examples` fit together: words are dealt to the splits by a permutation of the seed and then
stay in the list's own order. The words that open the list, as many as give the notes' first 32 examples, are always
training words, and `train_examples=n` keeps the first n training examples. So `train_examples=32` is the notes' own
set, whatever the seed, while dev and test never depend on `train_examples`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import chain

import torch
from torch import Tensor

from mlp.graphemes import clusters
from mlp.reading.cleaning import AS_IN_THE_NOTES, UNCHANGED, Cleaning, clean
from mlp.settings import Settings
from mlp.words import BOUNDARY, WordList

NOTES_EXAMPLES = 32
AS_TYPED = (UNCHANGED, Cleaning(accents="keep"), AS_IN_THE_NOTES)
LARGE = 20_000  # words


class Vocabulary:
    """The characters of a word list; index 0 is the boundary `.`, the others follow in code-point order.

    A character is what a reader takes for one (see `mlp.graphemes`), so some are several code points long.

    Raises:
        ValueError: a word holds the boundary, so it was never made clean (`mlp.read_words`).
    """

    def __init__(self, words: Sequence[str]) -> None:
        characters = {character for word in words for character in clusters(word)}
        if any(BOUNDARY in character for character in characters):
            raise ValueError(f"No word may hold “{BOUNDARY}”, which marks where words begin and end.")
        self.characters = (BOUNDARY, *sorted(characters))
        self.index = {character: index for index, character in enumerate(self.characters)}

    def __len__(self) -> int:
        return len(self.characters)

    def encode(self, text: str) -> list[int]:
        """The indices of a text's characters.

        Raises:
            ValueError: a character that the vocabulary does not have.
        """
        characters = clusters(text)
        if unknown := sorted({character for character in characters if character not in self.index}):
            raise ValueError(f"The network does not know {' '.join(unknown)}: not in its word list.")
        return [self.index[character] for character in characters]

    def knows(self, text: str) -> bool:
        """Whether it has all characters of a text."""
        return all(character in self.index for character in clusters(text))

    def spell(self, text: str) -> str:
        """A typed text, changed no more than it takes to write it with these characters, as its word list was made.

        Where that cannot be, it is as clean as the notes have it, and `encode` says what it does not know.
        """
        if "’" in self.index and "'" not in self.index:
            text = text.replace("'", "’")
        made = [clean(text, cleaning)[0] for cleaning in AS_TYPED]
        return next((word for word in made if self.knows(word)), made[-1])

    def decode(self, indices: list[int]) -> str:
        """The text that indices stand for."""
        return "".join(self.characters[index] for index in indices)


@dataclass(frozen=True)
class Split:
    """The examples of one split. X: (N, block_size) int64 contexts; Y: (N,) int64 next characters."""

    words: tuple[str, ...]
    X: Tensor
    Y: Tensor

    def __len__(self) -> int:
        return self.Y.shape[0]  # `len` of a tensor takes much longer

    def first(self, count: int | None) -> "Split":
        """The first `count` examples (all of them for `None`) and the words they come from."""
        if count is None or count >= len(self):
            return self
        return Split(self.words[: opening_words(self.words, count)], self.X[:count], self.Y[:count])


@dataclass(frozen=True)
class Dataset:
    """The three splits of a word list and its vocabulary.

    Attributes:
        available: how many training examples there are without a limit.
        unused: the training words of which that limit leaves no example.
        noun: what a reader calls its words, "names" or "words"; every sentence about them is made with it.
    """

    vocabulary: Vocabulary
    train: Split
    dev: Split
    test: Split
    available: int
    unused: tuple[str, ...] = ()
    noun: str = "words"

    @cached_property
    def seen(self) -> tuple[int, ...]:
        """How often each character occurs in the training contexts, padding included: (V,)."""
        return tuple(torch.bincount(self.train.X.flatten(), minlength=len(self.vocabulary)).tolist())

    @cached_property
    def untrained(self) -> tuple[int, ...]:
        """The characters, as indices, that no training context holds: no gradient ever reaches their rows of C."""
        return tuple(index for index, count in enumerate(self.seen) if not count)

    @cached_property
    def origins(self) -> dict[str, str]:
        """Where each word of the list went: "train", "dev", "test" or "unused"."""
        parts = {"unused": self.unused, "test": self.test.words, "dev": self.dev.words, "train": self.train.words}
        return {word: name for name, words in parts.items() for word in words}

    def split(self, name: str) -> Split:
        """A split by its name.

        Raises:
            ValueError: the name is not "train", "dev" or "test".
        """
        if name not in ("train", "dev", "test"):
            raise ValueError(f"There is no split “{name}”. There are: train, dev, test.")
        return getattr(self, name)


def make_dataset(settings: Settings, words: Sequence[str]) -> Dataset:
    """The dataset of a word list under the settings' block size, shares, seed and number of training examples.

    Raises:
        ValueError: there are no words, or one of them holds the boundary.
    """
    if not words:
        raise ValueError("There are no words to learn from.")
    s = settings
    made = _large if len(words) > LARGE else _small
    whole = made(tuple(words), s.block_size, s.train_share, s.dev_share, s.seed)
    train = whole.train.first(s.train_examples)
    unused = whole.train.words[len(train.words) :]
    noun = WordList.of(words, s.word_list).noun
    return Dataset(whole.vocabulary, train, whole.dev, whole.test, whole.available, unused, noun)


def _dataset(words: tuple[str, ...], block_size: int, train_share: float, dev_share: float, seed: int) -> Dataset:
    vocabulary = Vocabulary(words)
    parts = deal(words, train_share, dev_share, seed)
    train, dev, test = (Split(part, *examples(part, vocabulary, block_size)) for part in parts)
    return Dataset(vocabulary, train, dev, test, available=len(train))


_small, _large = lru_cache(maxsize=16)(_dataset), lru_cache(maxsize=2)(_dataset)  # large ones fill the memory


def deal(words: tuple[str, ...], train_share: float, dev_share: float, seed: int) -> list[tuple[str, ...]]:
    """The words of train, dev and test, each in the list's own order (see the top of this file).

    However short the list, one word at least is trained on.
    """
    total = len(words)
    dev = min(round(dev_share * total), total - 1)
    test = min(round((1 - train_share - dev_share) * total), total - 1 - dev)
    opening = min(opening_words(words, NOTES_EXAMPLES), total - dev - test)
    order = torch.randperm(total - opening, generator=torch.Generator().manual_seed(seed)) + opening
    parts = torch.zeros(total, dtype=torch.int64)  # 0 train, 1 dev, 2 test
    parts[order[:dev]], parts[order[dev : dev + test]] = 1, 2
    return [tuple(words[i] for i in (parts == part).nonzero().flatten().tolist()) for part in range(3)]


def opening_words(words: tuple[str, ...], count: int) -> int:
    """How many words from the first on it takes to give `count` examples; each character and each end gives one."""
    seen = 0
    for number, word in enumerate(words, start=1):
        seen += len(clusters(word)) + 1
        if seen >= count:
            return number
    return len(words)


def examples(words: tuple[str, ...], vocabulary: Vocabulary, block_size: int) -> tuple[Tensor, Tensor]:
    """Every example of the words: X (N, block_size) int64 and Y (N,) int64, word after word, as in the notes."""
    if not words:
        return torch.empty(0, block_size, dtype=torch.int64), torch.empty(0, dtype=torch.int64)
    encoded = [vocabulary.encode(word) for word in words]
    padding, end = [0] * block_size, [0]
    indices = torch.tensor([*chain.from_iterable((*padding, *word, *end) for word in encoded)])
    lengths = torch.tensor([(block_size, len(word) + 1) for word in encoded]).flatten()
    is_label = torch.tensor([False, True]).repeat(len(words)).repeat_interleave(lengths)  # all but the padding
    places = is_label.nonzero().flatten()
    return indices.unfold(0, block_size, 1)[places - block_size], indices[places]
