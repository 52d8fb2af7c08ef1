"""The networks of a map that have one shape: they train in one stack, until one's loss stops being a number."""

from collections.abc import Callable, Iterator

from mlp.sweep.batched_step import BatchedStep, Member
from mlp.sweep.cell import Cell, member_of
from mlp.words import WordList


class ShapeGroup:
    """Networks of one shape that are still training.

    Args:
        cells: their records. words: those of the map.
        make_stack: what puts networks, as they are after so many updates, into a stack.
    """

    def __init__(
        self, cells: list[Cell], words: WordList, make_stack: Callable[[list[Cell], list[Member], int], BatchedStep]
    ) -> None:
        self.cells, self._words, self._make_stack = cells, words, make_stack
        self._kept, self._since = [cell.first_member() for cell in cells], 0  # the last check, and what they were then
        self._stack = make_stack(cells, self._kept, 0)

    def step(self) -> int:
        """One update of every network; how many there are."""
        self._stack.step()
        return len(self.cells)

    def members(self) -> list[tuple[Cell, Member]]:
        """The networks as they are now."""
        return list(zip(self.cells, self._stack.out(), strict=True))

    def set_broken_aside(self) -> Iterator[None]:
        """Freeze networks whose loss is no longer finite, one a piece; the others go on without them."""
        if self._since == self._stack.steps_done:
            return
        if broken := self._stack.broken():
            yield from self._replay(broken)
        if self.cells:
            self._kept, self._since = self._stack.out(), self._stack.steps_done

    def _replay(self, broken: list[int]) -> Iterator[None]:
        """What happened since the last check, again by trainers, which find the last finite state themselves."""
        members, steps_done = self._stack.out(), self._stack.steps_done
        for n in broken:
            trainer = self.cells[n].trainer(self._words, self._kept[n], self._since)
            trainer.step(steps_done - self._since)
            if trainer.diverged:
                self.cells[n].end(trainer)
            members[n] = member_of(trainer)
            yield
        left = [n for n, cell in enumerate(self.cells) if not cell.diverged]
        self.cells = [self.cells[n] for n in left]
        if left:
            self._stack = self._make_stack(self.cells, [members[n] for n in left], steps_done)
