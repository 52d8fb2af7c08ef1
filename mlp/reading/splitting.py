"""A text is cut into words: one a line, the words of running text, or a column of a table."""

import csv
from collections import Counter
from typing import Literal

import regex

Layout = Literal["lines", "text", "table"]
LAYOUTS: dict[Layout, str] = {
    "lines": "One word per line, or with commas",
    "text": "Running text",
    "table": "A table (CSV)",
}
SEPARATORS = regex.compile(r"[,;\t、，；]+")
RUNNING = regex.compile(r"[\p{L}\p{M}\p{N}]+(?:['’\-\u00ad\u200c\u200d][\p{L}\p{M}\p{N}]+)*")
DELIMITERS = "\t;|,"  # the comma last: it may stand in the text of a cell
LONG_LINE = 40  # characters, beyond which most lines are sentences
SAMPLE = 20_000  # characters, from which a layout is guessed


def split(text: str, layout: Layout = "lines", column: int = 0, header: bool = True) -> list[str]:
    """The words of a text as they stand there, not yet clean. Every line end of Unicode is one.

    Args:
        column: of a table, from 0. header: whether its first row names the columns and is no word.
    """
    if layout == "text":
        return RUNNING.findall(text)
    if layout == "table":
        return [row[column] for row in rows(text)[header:] if column < len(row)]
    return [part for line in text.splitlines() for part in SEPARATORS.split(line)]


def rows(text: str) -> list[list[str]]:
    """The cells of a table, row by row; the separator is told from its first rows.

    Raises:
        ValueError: a cell is too large to be one.
    """
    lines = text.splitlines()
    try:
        return [
            row
            for row in csv.reader(lines, delimiter=_delimiter(lines[:20]), strict=True)
            if any(cell.strip() for cell in row)
        ]
    except csv.Error:
        raise ValueError("This table could not be read. Is there a quotation mark too many?") from None


def _delimiter(lines: list[str]) -> str:
    """The one of the usual separators that stands most evenly in the rows."""

    def evenness(delimiter: str) -> float:
        """The share of the rows that have the most usual number of cells, if that is more than one."""
        widths = Counter(len(row) for row in csv.reader(lines, delimiter=delimiter))
        width, count = max(widths.items(), key=lambda item: item[1], default=(0, 0))
        return count if width > 1 else 0

    return max(DELIMITERS, key=evenness)


def columns(text: str, header: bool = True) -> list[str]:
    """What the columns of a table are called: by its header, or by number with their first cell."""
    table = rows(text[:SAMPLE])
    width = max((len(row) for row in table), default=0)
    first = [*table[0], *[""] * (width - len(table[0]))] if table else []
    if header:
        return [cell.strip()[:40] or f"column {i + 1}" for i, cell in enumerate(first)]
    return [f"column {i + 1} ({cell.strip()[:20]}…)" for i, cell in enumerate(first)]


def guess(text: str) -> Layout:
    """How a text seems to be laid out."""
    lines = [line for line in text[:SAMPLE].splitlines() if line.strip()]
    sentences = sum(len(line) > LONG_LINE and line.count(" ") > 4 for line in lines)
    return "text" if sentences > len(lines) / 2 else "lines"
