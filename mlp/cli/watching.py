"""What goes on while a command computes: a bar for the eye, and Ctrl-C, which lets the step at hand end."""

import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event
from typing import Any

import click

SLICE_SECONDS = 0.1  # of training, between two looks at the clock and the keyboard
WIDTH = 16  # of the bar, so that a line of 80 characters holds it with all that it says


@contextmanager
def bar(length: int, label: str) -> Iterator[Callable[[int, str], None]]:
    """A progress bar on stderr, told how far it is and what to say; nothing where stderr is not a terminal."""
    drawn = click.progressbar(
        length=length, label=label, file=sys.stderr, hidden=not sys.stderr.isatty(), show_percent=True, width=WIDTH,
        item_show_func=lambda said: said,
    )  # fmt: skip
    with drawn:
        yield lambda done, said: drawn.update(done - drawn.pos, said)


@contextmanager
def interruptible() -> Iterator[Callable[[], bool]]:
    """Ctrl-C is only noted, for who asks; a second one ends the command at once."""
    pressed = Event()

    def press(*_: Any) -> None:
        pressed.set()
        signal.signal(signal.SIGINT, signal.default_int_handler)

    before = signal.signal(signal.SIGINT, press)
    try:
        yield pressed.is_set
    finally:
        signal.signal(signal.SIGINT, before)


def getting_ready() -> None:
    """Say why nothing is seen to happen yet, to whoever looks."""
    if sys.stderr.isatty():
        click.echo("Getting ready (the first time, the training code is compiled)…", err=True)
