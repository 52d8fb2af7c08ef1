"""What became of a text: a plain account of everything that was changed or left out, and why."""

from collections import Counter
from dataclasses import dataclass


@dataclass(frozen=True)
class Report:
    """How many words were kept, and those changed or left out, each with what came of it or why.

    Nothing is reported of a list that was not read from a text.

    Attributes:
        changed: (before, after). why_changed: for each of them, what was done to it.
        dropped: (word, why it was left out). notes: sentences on the text as a whole, such as its encoding.
    """

    kept: int
    changed: tuple[tuple[str, str], ...] = ()
    dropped: tuple[tuple[str, str], ...] = ()
    why_changed: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def reasons(self) -> list[tuple[str, int]]:
        """Why words were left out, with how many for each reason, the most frequent first."""
        return Counter(why for _, why in self.dropped).most_common()
