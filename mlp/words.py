"""Word lists: those that ship with the package, and a user's own text made clean.

How a text is decoded, cut into words and made clean stands in `mlp.reading`.
"""

from collections.abc import Iterable, Sequence
from functools import cache, cached_property
from hashlib import sha256
from importlib.resources import files
from typing import overload

from mlp.graphemes import clusters
from mlp.limits import LIMITS, MEGABYTE, Limits
from mlp.reading.cleaning import ADDRESS, AS_IN_THE_NOTES, FORMULA, LOST, UNCHANGED, Cleaning, clean
from mlp.reading.cleaning import BOUNDARY as BOUNDARY
from mlp.reading.decoding import decode
from mlp.reading.report import Report
from mlp.reading.splitting import Layout, split

WORD_LISTS = {"pokemon": "Pokémon names (1,025)", "names": "US first names (5,163)"}

MIN_WORDS = 3
OWN = "own words"  # the name of a list that does not ship
OWN_LIST = "own"  # what the setting `word_list` calls it
NAME_LENGTH = 60
SHOWN = 40  # characters of a very long word


class WordList(Sequence[str]):
    """Clean words with a name, equal to any sequence of the same words.

    Attributes:
        name: that of the list. id: the hash of its contents, the same for the same words in the same order.
        report: what was kept, changed and dropped when it was read.
    """

    def __init__(self, words: Iterable[str], name: str = OWN, report: Report | None = None) -> None:
        self._words = tuple(words)
        self.name = _plain_name(name)
        self.report = report or Report(len(self._words))

    @classmethod
    def of(cls, words: Sequence[str], name: str = OWN) -> "WordList":
        """Words as a list with a name, which is that of a list that ships only where they are its words."""
        if isinstance(words, cls):
            return words
        made = cls(words, name)
        taken = name == OWN_LIST or (name in WORD_LISTS and not made.ships)
        return cls(words) if taken else made

    @cached_property
    def id(self) -> str:
        """The SHA-256 of the words, one a line, as 64 hexadecimal digits."""
        return sha256("\n".join(self._words).encode()).hexdigest()

    @property
    def ships(self) -> bool:
        """Whether it is one of the lists that come with the package."""
        return self.name in WORD_LISTS and self.id == load_words(self.name).id

    @property
    def noun(self) -> str:
        """What its words are: "names" in the lists that ship."""
        return noun_of(ships=self.ships)

    @property
    def title(self) -> str:
        """Its name as a reader knows it."""
        return title_of(self.name, None if self.ships else len(self))

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


def _plain_name(name: str) -> str:
    """A name of a list that stands in one line wherever it is shown, and turns no text round."""
    seen = "".join(character for character in name if character.isprintable() or character.isspace())
    return " ".join(seen.split())[:NAME_LENGTH].strip() or OWN


def noun_of(*, ships: bool) -> str:
    """What to call the words of a list that ships with the package, or of a user's own."""
    return "names" if ships else "words"


def singular(noun: str) -> str:
    """What to call one of them: "name" or "word"."""
    return noun.removesuffix("s")


def title_of(name: str, own: int | None) -> str:
    """What to call a list: one that ships by what is in it, a user's own by its name and how many words it has."""
    return WORD_LISTS[name].split(" (")[0] if own is None else f"{name} ({own:,} words)"


def load_words(name: str) -> WordList:
    """The clean words of a list that ships: `"pokemon"` or `"names"`, in the list's own order.

    Raises:
        ValueError: there is no list of that name.
    """
    if name == OWN_LIST:
        raise ValueError("Words of your own have to be given: no list of them comes with the app.")
    if name not in WORD_LISTS:
        raise ValueError(f"There is no word list “{name}”. There are: {', '.join(WORD_LISTS)}.")
    return _shipped(name)


@cache
def _shipped(name: str) -> WordList:
    return read_words((files("mlp") / "data" / f"{name}.txt").read_text(encoding="utf-8"), name)


def read_words(
    text: str | bytes,
    name: str = OWN,
    limits: Limits = LIMITS,
    *,
    layout: Layout = "lines",
    column: int = 0,
    header: bool = True,
    encoding: str | None = None,
    cleaning: Cleaning = AS_IN_THE_NOTES,
) -> WordList:
    """Clean words from a user's text: one a line, or with commas, semicolons or tabs between them.

    Repeated words are kept once, where they first stand, so that no word is both trained on and tested on. A word that
    is too long or broken is left out; the list's `report` says so.

    Args:
        layout: "lines"; "text" for running text; "table" for a CSV file, of which `column` (from 0) is read, without
            its first row where that is a `header`.
        encoding: of bytes; None to tell it from them (see `mlp.reading.decoding`).
        cleaning: what is done to each word.

    Raises:
        ValueError: no text, or too large; too few or too many words or characters; the message is for the user.
    """
    decoded, notes = text_of(text, limits, encoding)
    parts = split(decoded, layout, column, header)
    words, report = _sort_out(parts, notes, cleaning, limits)
    _check(words, report, limits)
    return WordList(words, name, report)


def text_of(text: str | bytes, limits: Limits = LIMITS, encoding: str | None = None) -> tuple[str, tuple[str, ...]]:
    """A user's text decoded, and sentences on how that was done.

    Raises:
        ValueError: it is too large, or no text.
    """
    if len(text) > limits.text_bytes:
        raise ValueError(f"A text can have at most {limits.text_bytes / MEGABYTE:g} MB; this one is larger.")
    return (text.removeprefix("\ufeff"), ()) if isinstance(text, str) else decode(text, encoding)


def _sort_out(parts: list[str], notes: tuple[str, ...], cleaning: Cleaning, limits: Limits) -> tuple[list[str], Report]:
    """The clean words among the parts of a text, each once, and what became of the others."""
    words: dict[str, None] = {}
    changed, why_changed, dropped = [], [], []
    for part in parts:
        before = part.strip()
        if not before:
            continue
        if fault := _fault(before, limits):
            dropped.append((shortened(before), fault))
            continue
        word, why = clean(before, cleaning)
        if not word:
            dropped.append((before, "nothing is left of it"))
        elif word in words:
            dropped.append((before, "it is there already"))
        else:
            words[word] = None
            if len(words) > limits.words:
                raise ValueError(f"A word list can have at most {limits.words:,} words; this one has more.")
            if before != word:
                changed.append((before, word))
                why_changed.append(why)
    return list(words), Report(len(words), tuple(changed), tuple(dropped), tuple(why_changed), notes)


def _fault(part: str, limits: Limits) -> str:
    """Why a part of a text can be no word, or ""."""
    if len(part) > limits.word_length and len(clusters(part[: 20 * limits.word_length])) > limits.word_length:
        return f"longer than {limits.word_length} characters"
    if LOST in part:
        return f"a character of it is lost ({LOST})"
    if ADDRESS.match(part):
        return "a web or mail address"
    if FORMULA.match(part):
        return "a formula of a spreadsheet"
    return ""


def shortened(word: str) -> str:
    """A word that may be very long, for a message."""
    return word if len(word) <= SHOWN else word[:SHOWN] + "…"


def _check(words: list[str], report: Report, limits: Limits) -> None:
    """Raises ValueError where the words cannot be learned from."""
    if len(words) < MIN_WORDS:
        reasons = ", ".join(f"{count:,} × {reason}" for reason, count in report.reasons[:3])
        why = f" Left out: {reasons}." if reasons else ""
        raise ValueError(f"A word list needs at least {MIN_WORDS} different words; this one has {len(words)}.{why}")
    if len(set("".join(words))) == 1:
        raise ValueError(f"All these words are made of “{words[0][0]}” alone, so there is nothing to tell apart.")
    check_words(words, limits)


def check_words(words: Sequence[str], limits: Limits = LIMITS) -> None:
    """Check words, of a file that may have been written by another hand, against the rules and the limits.

    Raises:
        ValueError: one is not clean or there twice; there are too many, too long ones, or too many different
            characters; the message is for the user.
    """
    for word in words:
        if not word or clean(word, UNCHANGED)[0] != word:
            raise ValueError(f"“{shortened(word)}” is not a clean word, as this app makes them.")
    if len(set(words)) < len(words):
        raise ValueError("A word stands in the list twice.")
    if len(words) > limits.words:
        raise ValueError(f"A word list can have at most {limits.words:,} words; this one has {len(words):,}.")
    lengths = [len(clusters(word)) for word in words]
    if max(lengths, default=0) > limits.word_length:
        raise ValueError(f"A word can have at most {limits.word_length} characters; one of these has {max(lengths)}.")
    characters = {character for word in words for character in clusters(word)}
    if len(characters) > limits.characters:
        raise ValueError(
            f"A word list can use at most {limits.characters} different characters; this one uses {len(characters):,}. "
            "Leave out the words with rare ones."
        )


def clean_word(word: str) -> str:
    """One word made clean as the notes have it: small letters, é as e, no boundary, nothing invisible."""
    return clean(word, AS_IN_THE_NOTES)[0]
