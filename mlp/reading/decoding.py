"""Bytes become text: which encoding they are in, and whether the text was once decoded wrongly."""

import codecs
import re
from functools import lru_cache

import ftfy
import ftfy.bad_codecs  # for the Windows-1252 that programs really write
from ftfy.badness import is_bad

ENCODINGS = {
    "utf-8": "UTF-8",
    "utf-16": "UTF-16",
    "cp1252": "Windows-1252 (Western European)",
    "cp1250": "Windows-1250 (Central European)",
    "cp1251": "Windows-1251 (Cyrillic)",
    "shift_jis": "Shift JIS (Japanese)",
    "gb18030": "GB 18030 (Chinese)",
    "big5": "Big5 (Traditional Chinese)",
    "euc_kr": "EUC-KR (Korean)",
}
MARKS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
WIDE_MARKS = {codecs.BOM_UTF32_LE: "utf-32", codecs.BOM_UTF32_BE: "utf-32"}  # looked for first: one begins like UTF-16
KINDS = {
    b"%PDF": "a PDF", b"PK\x03\x04": "a Word, Excel or ZIP file", b"\xd0\xcf\x11\xe0": "an old Word or Excel file",
    b"\x89PNG": "a picture", b"\xff\xd8\xff": "a picture", b"GIF8": "a picture", b"\x1f\x8b": "a compressed file",
}  # fmt: skip
CONTROL = re.compile(r"[\x00-\x08\x0e-\x1b\x7f]")
MANY = 0.02  # the share of control characters above which a text is none


@lru_cache(maxsize=2)  # a page asks for the same file at each run of its script, and more than once
def decode(data: bytes, encoding: str | None = None) -> tuple[str, tuple[str, ...]]:
    """The text of bytes, and sentences on how it was read.

    Args:
        encoding: one of `ENCODINGS`; None to tell it from the bytes: a byte-order mark, else UTF-8 where that fits,
            else UTF-16 where every other byte is zero, else Windows-1252.

    Raises:
        ValueError: they are no text, or not in that encoding; the message is for the user.
    """
    kind = next((kind for begin, kind in KINDS.items() if data.startswith(begin)), None)
    if kind:
        raise ValueError(f"This is {kind}, not a plain text. Save the words as a text file (.txt or .csv) first.")
    chosen = encoding or _told_by(data)
    try:
        text = data.decode(chosen)
    except (UnicodeDecodeError, LookupError):
        raise ValueError(f"This is not a text in {ENCODINGS.get(chosen, chosen)}. Choose another encoding.") from None
    text = text.removeprefix("\ufeff")
    if len(CONTROL.findall(text)) > MANY * len(text):
        raise ValueError("This does not look like a text: it holds many characters that nobody can read.")
    text, mended = mend(text)
    plain = chosen in ("utf-8", "utf-8-sig") and not encoding
    how = () if plain else (f"Read as {ENCODINGS.get(chosen, chosen.upper())}.",)
    return text, how + mended


def _told_by(data: bytes) -> str:
    for mark, encoding in (WIDE_MARKS | MARKS).items():
        if data.startswith(mark):
            return encoding
    if _every_other_is_zero(data):
        return "utf-16-le" if data[1] == 0 else "utf-16-be"
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def _every_other_is_zero(data: bytes) -> bool:
    """Whether most characters would be those of the Latin alphabet in UTF-16."""
    begin = data[:4000]
    even, odd = begin[0::2].count(0), begin[1::2].count(0)
    return len(begin) >= 4 and max(even, odd) > 0.3 * len(begin) / 2 and min(even, odd) < 0.05 * max(even, odd)


def mend(text: str) -> tuple[str, tuple[str, ...]]:
    """A text in which what was decoded wrongly once (“Ã©” for “é”) is as it was meant, and a sentence where it was."""
    if text.isascii():
        return text, ()
    lines = text.splitlines(keepends=True)
    bad = [is_bad(line) for line in lines]
    fixed = [ftfy.fix_encoding(line) if wrong else line for line, wrong in zip(lines, bad, strict=True)]
    if any(bad) and (whole := _undone(text)):
        fixed = whole.splitlines(keepends=True)  # also where a line alone would not look wrong
    wrong = next(((line, good) for line, good in zip(lines, fixed, strict=False) if line != good), None)
    if not wrong:
        return text, ()
    before, after = (part.strip()[:20] for part in wrong)
    return "".join(fixed), (f"The text was once decoded wrongly and is mended: “{before}” was meant as “{after}”.",)


def _undone(text: str) -> str | None:
    """A text that was UTF-8 and decoded as Windows-1252 as it was; None where it cannot have been."""
    try:
        return text.encode("sloppy-windows-1252").decode("utf-8")
    except UnicodeError:
        return None
