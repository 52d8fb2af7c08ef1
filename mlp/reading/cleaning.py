"""One word is made clean: what may change it, and what is said of it.

A clean word is composed (NFC), has single spaces, nothing invisible, and is free of `.`, the boundary token.
"""

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import regex

from mlp.graphemes import clusters

BOUNDARY = "."

Accents = Literal["keep", "notes", "remove"]
ACCENTS: dict[Accents, str] = {
    "keep": "Keep them",
    "notes": "Write é as e, as in the notes",
    "remove": "Remove them all (é → e, ö → o)",
}
PICTURE = regex.compile(r"\p{Extended_Pictographic}|\p{Regional_Indicator}|[0-9#*]\ufe0f?\u20e3")
JOINERS = "\u200c\u200d"
FORMULA = regex.compile(r"\s*(?:=|[+\-@](?=.*[(|!]))")
ADDRESS = regex.compile(r"\s*(?:\w+://|www\.|\S+@\w[\w-]*\.\w)", regex.IGNORECASE)
LOST = "\ufffd"
MOST_PASSES = 5


@dataclass(frozen=True)
class Cleaning:
    """What is done to each word.

    Attributes:
        lower: capital letters become small ones. accents: what becomes of them. without: characters that are left out.
    """

    lower: bool = True
    accents: Accents = "notes"
    without: str = ""


AS_IN_THE_NOTES, UNCHANGED = Cleaning(), Cleaning(lower=False, accents="keep")


def clean(word: str, cleaning: Cleaning) -> tuple[str, str]:
    """The clean word, and what was done to it, "" where nothing was."""
    if word.isascii() and word.isalpha() and word.islower() and not cleaning.without:
        return word, ""  # most words, and nothing below would change them
    steps, done = _steps(cleaning), dict[str, None]()
    for _ in range(MOST_PASSES):  # what is left out may bring together what makes another letter
        before = word
        for what, step in steps:
            changed = step(word)
            if changed != word and what:
                done[what] = None
            word = changed
        if word == before:
            break
    return word, ", ".join(done)


def _steps(cleaning: Cleaning) -> list[tuple[str, Callable[[str], str]]]:
    """What is done to a word, one thing after another, and what each is called; "" for what is not worth telling."""
    steps: list[tuple[str, Callable[[str], str]]] = [
        ("composed (NFC)", lambda word: unicodedata.normalize("NFC", word)),
        ("invisible characters left out", _visible),
    ]
    if cleaning.lower:
        steps.append(("small letters", str.lower))
    if cleaning.without:
        unwanted = set(clusters(cleaning.without))
        steps.append(("characters left out, as chosen", lambda word: _without(word, unwanted)))
    steps += [("“.” left out", lambda word: word.replace(BOUNDARY, "")), ("", _composed), ("spaces", _single_spaces)]
    if cleaning.accents != "keep":
        steps.append(("accents", _PLAIN[cleaning.accents]))
    return [*steps, ("", _composed)]


def _composed(word: str) -> str:
    """Composed again, without marks and joiners at the beginning that have lost their letter."""
    return unicodedata.normalize("NFC", regex.sub(r"^[\p{M}\u200c\u200d\s]+", "", word))


def _single_spaces(word: str) -> str:
    return " ".join(word.split())


def _visible(word: str) -> str:
    """Without control characters, marks of direction and the like; joiners stay where scripts or pictures need them."""
    if word.isprintable():
        return word
    return "".join(part if PICTURE.search(part) else _readable(part) for part in clusters(word))


def _readable(part: str) -> str:
    wide = part[0] > "\u02ff" and part[0].isalpha()  # scripts in which a joiner decides how letters look
    return "".join(
        character
        for character in part
        if character.isprintable() or character.isspace() or (wide and character in JOINERS and len(part) > 1)
    )


def _without(word: str, unwanted: set[str]) -> str:
    return "".join(part for part in clusters(word) if part not in unwanted)


def _as_in_the_notes(word: str) -> str:
    return unicodedata.normalize("NFC", regex.sub("(?:é|(É))\u0301*", lambda found: "E" if found[1] else "e", word))


def _unaccented(word: str) -> str:
    """Without the marks of Latin, Greek and Cyrillic letters; in other scripts a mark may be a vowel."""
    bare = (
        regex.sub(r"(?<=[\p{Latin}\p{Greek}\p{Cyrillic}])\p{Mn}+", "", unicodedata.normalize("NFD", part))
        for part in clusters(word)
    )
    return unicodedata.normalize("NFC", "".join(bare))


_PLAIN = {"notes": _as_in_the_notes, "remove": _unaccented}
