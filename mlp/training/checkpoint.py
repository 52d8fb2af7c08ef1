"""A run in one file: safetensors for the numbers, its metadata for the rest; a run loaded goes on bit for bit."""

import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, BinaryIO

import torch
from safetensors import SafetensorError
from safetensors.torch import load as from_bytes
from safetensors.torch import save as to_bytes

from mlp.training.loop import Loop, State
from mlp.training.optimizer import Memory
from mlp.training.recipe import Recipe
from mlp.training.timeline import Timeline

FORMAT = "mlp-run-2"
PARAMETERS = (
    "theta", "optimizer.first", "optimizer.second", "timeline.snapshots", "timeline.first", "timeline.second",
)  # fmt: skip
CURVES = ("timeline.epochs", "timeline.batch_losses")
FAULTS = (SafetensorError, ArithmeticError, AttributeError, LookupError, RuntimeError, TypeError, ValueError)


def write(path: str, data: bytes) -> None:
    """Write a file that appears whole or not at all.

    Raises:
        OSError: it cannot be written; an older file of that name stays as it was.
    """
    target = Path(path)
    handle, draft = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        os.replace(draft, target)
    except BaseException:
        Path(draft).unlink(missing_ok=True)
        raise


def dump(loop: Loop, timeline: Timeline, recipe: Recipe, words: list[str], last_batch_loss: float) -> bytes:
    """A run as the bytes of its file."""
    at, optimizer = loop.state(), loop.optimizer
    tensors = {
        "theta": at.theta,
        "optimizer.first": optimizer.first,
        "optimizer.second": optimizer.second,
        "timeline.epochs": torch.tensor(timeline.epochs, dtype=torch.float64),
        "timeline.batch_losses": torch.tensor(timeline.batch_losses, dtype=torch.float64),
        "timeline.snapshots": torch.stack(list(timeline.snapshots.values())),
        "timeline.first": _stacked([memory.first for memory in timeline.memories.values()], at.theta),
        "timeline.second": _stacked([memory.second for memory in timeline.memories.values()], at.theta),
    }
    state = {
        "recipe": recipe.model_dump(),
        "words": words,
        "counts": [at.passes, at.position, optimizer.count],
        "optimizer": optimizer.kind,
        "last_batch_loss": last_batch_loss,
        "steps": timeline.steps,
        "known": list(timeline.known.items()),
        "snapshots": list(timeline.snapshots),
        "memories": [(step, memory.optimizer, memory.counted) for step, memory in timeline.memories.items()],
    }
    told = json.dumps(state)
    return to_bytes(tensors, metadata={"format": FORMAT, "state": told, "check": _checksum(told, tensors)})


def _checksum(told: str, tensors: dict[str, torch.Tensor]) -> str:
    """The SHA-256 of all that a file holds, so that a damaged one is known."""
    check = sha256(told.encode())
    for name in sorted(tensors):
        check.update(name.encode() + tensors[name].contiguous().numpy().tobytes())
    return check.hexdigest()


def _stacked(rows: list[torch.Tensor], like: torch.Tensor) -> torch.Tensor:
    """The rows in one tensor (rows, parameters), also where there are none."""
    return torch.stack(rows) if rows else like.new_empty(0, len(like))


@dataclass(frozen=True)
class Saved:
    """What a file holds: the recipe and words that make the run anew, and the numbers that need not be made again."""

    recipe: Recipe
    words: list[str]
    last_batch_loss: float
    state: dict[str, Any]
    tensors: dict[str, torch.Tensor]

    def put_into(self, loop: Loop, timeline: Timeline) -> None:
        """Make an untrained run of the same recipe the one that was saved.

        Raises:
            ValueError: the numbers are those of another run, or do not agree with one another.
        """
        size = loop.model.theta.shape
        if any(self.tensors[name].shape[-1:] != size for name in PARAMETERS):
            raise ValueError("the parameters are those of another network")
        passes, position, count = self.state["counts"]
        first, second = self.tensors["optimizer.first"], self.tensors["optimizer.second"]
        kind = self.state["optimizer"]
        memory = None if kind == "sgd" else Memory(kind, first, second, count)
        loop.restore(State(self.tensors["theta"], memory, self.recipe.step, passes, position))
        self._fill(timeline)
        _check(loop, timeline)

    def _fill(self, timeline: Timeline) -> None:
        tensors = self.tensors
        timeline.steps = self.state["steps"]
        timeline.epochs = tensors["timeline.epochs"].tolist()
        timeline.batch_losses = tensors["timeline.batch_losses"].tolist()
        timeline.known = {step: (train, dev) for step, (train, dev) in self.state["known"]}
        timeline.snapshots = dict(zip(self.state["snapshots"], tensors["timeline.snapshots"].clone(), strict=True))
        memories = zip(self.state["memories"], tensors["timeline.first"], tensors["timeline.second"], strict=True)
        timeline.memories = {
            step: Memory(optimizer, first.clone(), second.clone(), int(counted))
            for (step, optimizer, counted), first, second in memories
        }


Source = str | Path | bytes | BinaryIO


def bytes_of(source: Source) -> bytes:
    """What is in a file that is named or open; bytes are what they are.

    Raises:
        OSError: the file cannot be read.
    """
    if isinstance(source, bytes):
        return source
    return Path(source).read_bytes() if isinstance(source, str | Path) else source.read()


@contextmanager
def reading(data: bytes) -> Iterator[Saved]:
    """What is in a file's bytes; whatever goes wrong while it is put to use, the fault is the file's.

    Raises:
        ValueError: they do not hold a whole run.
    """
    try:
        metadata = _metadata(data)
        if metadata.get("format") != FORMAT:
            raise ValueError("the format is another")
        every = from_bytes(data)
        tensors = {name: every[name] for name in PARAMETERS + CURVES}
        if metadata.get("check", "") not in ("", _checksum(metadata["state"], tensors)):  # older files have none
            raise ValueError("a part of it has changed")
        state = json.loads(metadata["state"])
        recipe = Recipe.model_validate(state["recipe"])
        yield Saved(recipe, state["words"], float(state["last_batch_loss"]), state, tensors)
    except FAULTS as error:
        raise ValueError("This file does not hold a whole run of this app.") from error


def _metadata(data: bytes) -> dict[str, str]:
    """The texts in a safetensors header: eight bytes tell its length, and it is JSON."""
    header = json.loads(data[8 : 8 + int.from_bytes(data[:8], "little")])
    metadata: dict[str, str] = header.get("__metadata__", {})
    return metadata


def _check(loop: Loop, timeline: Timeline) -> None:
    """Raises ValueError where the counts of a run do not agree, as in a file written by another hand."""
    steps, batches = timeline.steps, loop.batches
    agree = (
        min(loop.steps_done, batches.passes, batches.position, loop.optimizer.count) >= 0
        and batches.position < len(loop.dataset.train)
        and steps == sorted(set(steps))
        and 0 == steps[0] <= steps[-1] <= loop.steps_done < timeline.due()
        and len(steps) == len(timeline.epochs) == len(timeline.batch_losses)
        and set(steps) == timeline.snapshots.keys() | timeline.known.keys()
        and timeline.memories.keys() <= timeline.snapshots.keys()
    )
    if not agree:
        raise ValueError("the counts do not agree")
