"""What a reader calls a character: a grapheme cluster (Unicode Standard Annex 29), of one code point or of several.

An accent that no letter is composed with, a flag, a family emoji: none of them is ever cut in two.
"""

import regex


def clusters(text: str) -> list[str]:
    """The characters of a text, in order; joined they are the text."""
    return list(text) if text.isascii() else regex.findall(r"\X", text)
