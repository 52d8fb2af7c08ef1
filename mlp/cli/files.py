"""Files that commands read and write; whatever is wrong with one ends the command with a sentence about it."""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

import mlp
from mlp.cli.endings import FileFault, shown
from mlp.words import WORD_LISTS

if TYPE_CHECKING:
    from mlp import Trainer, WordList


def read(name: str) -> bytes:
    """The bytes of a file, or of the standard input for "-"."""
    try:
        return sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
    except OSError as error:
        raise FileFault.of(name, error) from error


def read_run(name: str) -> "Trainer":
    """The run in a file that `train --out` or the app wrote."""
    try:
        return mlp.Trainer.load(read(name))
    except ValueError as error:
        raise FileFault.of(name, error) from error


def read_list(name: str) -> "WordList":
    """The words of a list that ships, or of a text; what is left out of a text or changed is said."""
    if name in WORD_LISTS:
        return mlp.load_words(name)
    try:
        words = mlp.read_words(read(name))
    except ValueError as error:
        raise FileFault.of(name, error) from error
    report = words.report
    if report.changed or report.dropped:
        told = f"{report.kept:,} words, {len(report.changed):,} of them changed, {len(report.dropped):,} left out"
        click.echo(f"{shown(name)}: {told}.", err=True)
    return words


def check_writable(name: str) -> None:
    """End at once, and not after a long computation, where a file cannot be written."""
    path = Path(name)
    if path.is_dir() or not path.absolute().parent.is_dir():
        raise FileFault(f"{name}: {'Is a directory' if path.is_dir() else 'There is no such directory'}")
    if not os.access(path if _is_device(path) else path.absolute().parent, os.W_OK):
        raise FileFault(f"{name}: Permission denied")


def save(trainer: "Trainer", name: str) -> None:
    """Write a run to a file, which appears whole or not at all; a device or a pipe is written to."""
    try:
        if _is_device(Path(name)):
            with open(name, "wb") as device:
                trainer.save(device)
        else:
            trainer.save(name)
    except OSError as error:
        raise FileFault.of(name, error) from error


def _is_device(path: Path) -> bool:
    """True for what must not be replaced by a file, as /dev/null."""
    return path.exists() and not path.is_file()
