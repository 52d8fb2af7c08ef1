"""Word lists: those that ship with the package, and a user's own text made clean.

A clean word is lower-case, has é written as e, and is free of `.`, which is the boundary token of the network.
"""

import re
import unicodedata
from functools import cache
from importlib.resources import files

BOUNDARY = "."

WORD_LISTS = {"pokemon": "Pokémon names (1,025)", "names": "US first names (5,163)"}

MIN_WORDS, MAX_WORDS = 3, 50_000
MAX_WORD_LENGTH = 60
MAX_CHARACTERS = 256


def load_words(name: str) -> list[str]:
    """The clean words of a list that ships: `"pokemon"` or `"names"`, in the list's own order.

    Raises:
        ValueError: there is no list of that name.
    """
    if name not in WORD_LISTS:
        raise ValueError(f"There is no word list “{name}”. There are: {', '.join(WORD_LISTS)}.")
    return list(_shipped(name))


@cache
def _shipped(name: str) -> tuple[str, ...]:
    return tuple(read_words((files("mlp") / "data" / f"{name}.txt").read_text(encoding="utf-8")))


def read_words(text: str) -> list[str]:
    """Clean words from a user's text: one a line, or with commas, semicolons or tabs between them.

    Repeated words are kept once, where they first stand, so that no word is both trained on and tested on.

    Raises:
        ValueError: too few or too many words, a word or an alphabet that is too large; the message is for the user.
    """
    words = list(dict.fromkeys(word for part in re.split(r"[\n\r,;\t]+", text) if (word := clean_word(part))))
    if len(words) < MIN_WORDS:
        raise ValueError(f"A word list needs at least {MIN_WORDS} different words; this one has {len(words)}.")
    if len(words) > MAX_WORDS:
        raise ValueError(f"A word list can have at most {MAX_WORDS:,} words; this one has {len(words):,}.")
    longest = max(words, key=len)
    if len(longest) > MAX_WORD_LENGTH:
        raise ValueError(
            f"A word can have at most {MAX_WORD_LENGTH} characters; “{longest[:20]}…” has {len(longest)}. "
            "Is there one word per line?"
        )
    characters = len(set("".join(words)))
    if characters > MAX_CHARACTERS:
        raise ValueError(
            f"A word list can use at most {MAX_CHARACTERS} different characters; this one uses {characters}."
        )
    return words


def clean_word(word: str) -> str:
    """One word made clean: lower-case, é as e, no boundary token, single spaces, nothing unprintable."""
    kept = "".join(character for character in word.lower() if character.isprintable() or character.isspace())
    composed = unicodedata.normalize("NFC", kept.replace(BOUNDARY, ""))
    plain = unicodedata.normalize("NFC", re.sub("é\u0301*", "e", composed))  # é may bear one more accent
    return " ".join(plain.split())
