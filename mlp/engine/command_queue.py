"""What a run was told and has not done yet."""

from collections import deque
from collections.abc import Callable

from mlp.kernel.parts import Interrupted

Command = Callable[[], None]


class CommandQueue:
    """A queue of commands. Any thread may add one; the thread whose turn it is obeys.

    A command that takes long is broken off when another one comes: that one goes first, so that every click is
    answered at once. What was broken off is done again after all that is new, and only what is new breaks it off.
    """

    def __init__(self) -> None:
        self._new: deque[Command] = deque()
        self._broken_off: deque[Command] = deque()

    def add(self, command: Command) -> None:
        self._new.append(command)

    @property
    def new(self) -> bool:
        """True where a command waits that has not been begun."""
        return bool(self._new)

    @property
    def waiting(self) -> bool:
        """True where any command waits."""
        return bool(self._new or self._broken_off)

    def obey_next(self) -> None:
        """Do the next command, or a part of it."""
        command = (self._new or self._broken_off).popleft()
        try:
            command()
        except Interrupted:
            self._broken_off.append(command)

    def forget_broken_off(self) -> None:
        """Drop what was broken off, as when it was meant for a network that is no more."""
        self._broken_off.clear()
