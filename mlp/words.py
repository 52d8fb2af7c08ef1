"""Word lists: those that ship with the package, and a user's own text made clean.

A clean word is lower-case, has é written as e, and is free of `.`, which is the boundary token of the network.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from hashlib import sha256
from importlib.resources import files
from typing import overload

from mlp.limits import LIMITS, Limits

BOUNDARY = "."

WORD_LISTS = {"pokemon": "Pokémon names (1,025)", "names": "US first names (5,163)"}

MIN_WORDS = 3
OWN = "own words"  # the name of a list that does not ship


@dataclass(frozen=True)
class Report:
    """What became of a text: how many words were kept, and those changed or left out, each with what came of it or why.

    Nothing is reported of a list that was not read from a text.
    """

    kept: int
    changed: tuple[tuple[str, str], ...] = ()
    dropped: tuple[tuple[str, str], ...] = ()


class WordList(Sequence[str]):
    """Clean words with a name, equal to any sequence of the same words.

    Attributes:
        name: that of the list. id: the hash of its contents, the same for the same words in the same order.
        report: what was kept, changed and dropped when it was read.
    """

    def __init__(self, words: Iterable[str], name: str = OWN, report: Report | None = None) -> None:
        self._words = tuple(words)
        self.name = name
        self.report = report or Report(len(self._words))

    @classmethod
    def of(cls, words: Sequence[str], name: str = OWN) -> "WordList":
        """Words as a list with a name: that of the list `name` only where they are its words."""
        if isinstance(words, cls):
            return words
        made = cls(words, name)
        return made if name in WORD_LISTS and made.id == _shipped(name).id else cls(words)

    @cached_property
    def id(self) -> str:
        """The SHA-256 of the words, one a line, as 64 hexadecimal digits."""
        return sha256("\n".join(self._words).encode()).hexdigest()

    @overload
    def __getitem__(self, index: int) -> str: ...
    @overload
    def __getitem__(self, index: slice) -> list[str]: ...
    def __getitem__(self, index: int | slice) -> str | list[str]:
        return list(self._words[index]) if isinstance(index, slice) else self._words[index]

    def __len__(self) -> int:
        return len(self._words)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, WordList):
            return self._words == other._words
        return isinstance(other, Sequence) and not isinstance(other, str) and self._words == tuple(other)

    def __hash__(self) -> int:
        return hash(self._words)

    def __repr__(self) -> str:
        return f"WordList({self.name!r}, {len(self):,} words, {self.id[:8]})"


def load_words(name: str) -> WordList:
    """The clean words of a list that ships: `"pokemon"` or `"names"`, in the list's own order.

    Raises:
        ValueError: there is no list of that name.
    """
    if name not in WORD_LISTS:
        raise ValueError(f"There is no word list “{name}”. There are: {', '.join(WORD_LISTS)}.")
    return _shipped(name)


@cache
def _shipped(name: str) -> WordList:
    return read_words((files("mlp") / "data" / f"{name}.txt").read_text(encoding="utf-8"), name)


def read_words(text: str | bytes, name: str = OWN, limits: Limits = LIMITS) -> WordList:
    """Clean words from a user's text: one a line, or with commas, semicolons or tabs between them; bytes are UTF-8.

    Repeated words are kept once, where they first stand, so that no word is both trained on and tested on.

    Raises:
        ValueError: too few or too many words, a word or an alphabet that is too large; the message is for the user.
    """
    words, report = _sort_out(_text_of(text))
    if len(words) < MIN_WORDS:
        raise ValueError(f"A word list needs at least {MIN_WORDS} different words; this one has {len(words)}.")
    if len(words) > limits.words:
        raise ValueError(
            f"A word list can have at most {limits.words:,} words; this one has {len(words):,}. Leave some out."
        )
    longest = max(words, key=len)
    if len(longest) > limits.word_length:
        raise ValueError(
            f"A word can have at most {limits.word_length} characters; “{longest[:20]}…” has {len(longest)}. "
            "Is there one word per line?"
        )
    characters = len(set("".join(words)))
    if characters > limits.characters:
        raise ValueError(
            f"A word list can use at most {limits.characters} different characters; this one uses {characters}. "
            "Leave out the words with rare ones."
        )
    return WordList(words, name, report)


def _text_of(text: str | bytes) -> str:
    if isinstance(text, str):
        return text
    try:
        return text.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ValueError("This is not a text in UTF-8. Save it as UTF-8 and try again.") from None


def _sort_out(text: str) -> tuple[list[str], Report]:
    """The clean words of a text, each once, and what became of the others."""
    words: dict[str, None] = {}
    changed, dropped = [], []
    for part in re.split(r"[\n\r,;\t]+", text):
        before, word = part.strip(), clean_word(part)
        if not word:
            dropped += [(before, "nothing is left of it")] if before else []
        elif word in words:
            dropped.append((before, "it is there already"))
        else:
            words[word] = None
            changed += [(before, word)] if before != word else []
    return list(words), Report(len(words), tuple(changed), tuple(dropped))


def clean_word(word: str) -> str:
    """One word made clean: lower-case, é as e, no boundary token, single spaces, nothing unprintable."""
    kept = "".join(character for character in word.lower() if character.isprintable() or character.isspace())
    composed = unicodedata.normalize("NFC", kept.replace(BOUNDARY, ""))
    plain = unicodedata.normalize("NFC", re.sub("é\u0301*", "e", composed))  # é may bear one more accent
    return " ".join(plain.split())
