"""A run in one file: safetensors for the numbers, its metadata for the rest; a run loaded goes on bit for bit."""

import json
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save as to_bytes

from mlp.settings import Settings
from mlp.training.backprop import Memory
from mlp.training.divergence import State

if TYPE_CHECKING:
    from mlp.training.trainer import Trainer

FORMAT = "mlp-run-1"
PARAMETERS = (
    "theta", "optimizer.first", "optimizer.second", "timeline.snapshots", "timeline.first", "timeline.second",
)  # fmt: skip
CURVES = ("timeline.epochs", "timeline.batch_losses")


def save(trainer: "Trainer", path: str) -> None:
    """Write a run; the file appears whole or not at all (see `Trainer.save`)."""
    target = Path(path)
    data = dump(trainer)
    handle, draft = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        os.replace(draft, target)
    except BaseException:
        Path(draft).unlink(missing_ok=True)
        raise


def dump(trainer: "Trainer") -> bytes:
    """A run as the bytes of its file."""
    timeline, at = trainer.timeline, trainer.state()
    tensors = {
        "theta": at.theta,
        "optimizer.first": at.first,
        "optimizer.second": at.second,
        "timeline.epochs": torch.tensor(timeline.epochs, dtype=torch.float64),
        "timeline.batch_losses": torch.tensor(timeline.batch_losses, dtype=torch.float64),
        "timeline.snapshots": torch.stack(list(timeline.snapshots.values())),
        "timeline.first": _stacked([memory.first for memory in timeline.memories.values()], at.theta),
        "timeline.second": _stacked([memory.second for memory in timeline.memories.values()], at.theta),
    }
    state = {
        "settings": trainer.settings.model_dump(),
        "words": trainer.words,
        "counts": [at.steps_done, at.passes, at.position, at.counted],
        "diverged": trainer.diverged,
        "last_batch_loss": trainer.last_batch_loss,
        "steps": timeline.steps,
        "known": list(timeline.known.items()),
        "snapshots": list(timeline.snapshots),
        "memories": [(step, memory.optimizer, memory.counted) for step, memory in timeline.memories.items()],
    }
    return to_bytes(tensors, metadata={"format": FORMAT, "state": json.dumps(state)})


def _stacked(rows: list[torch.Tensor], like: torch.Tensor) -> torch.Tensor:
    """The rows in one tensor (rows, parameters), also where there are none."""
    return torch.stack(rows) if rows else like.new_empty(0, len(like))


def load(cls: "type[Trainer]", path: str) -> "Trainer":
    """The run in a file (see `Trainer.load`)."""
    try:
        with safe_open(path, framework="pt") as file:
            metadata = file.metadata() or {}
            if metadata.get("format") != FORMAT:
                raise ValueError("the format is another")
            tensors = {name: file.get_tensor(name) for name in PARAMETERS + CURVES}
            return _revive(cls, json.loads(metadata["state"]), tensors)
    except (
        SafetensorError,
        ArithmeticError,
        AttributeError,
        LookupError,
        RuntimeError,
        TypeError,
        ValueError,
    ) as error:
        raise ValueError("This file does not hold a whole run of this app.") from error


def _revive(cls: "type[Trainer]", state: dict, tensors: dict[str, torch.Tensor]) -> "Trainer":
    trainer = cls(Settings(**state["settings"]), state["words"])
    size = trainer.model.theta.shape
    if any(tensors[name].shape[-1:] != size for name in PARAMETERS):
        raise ValueError("the parameters are those of another network")
    steps_done, passes, position, count = state["counts"]
    numbers = tensors["theta"], tensors["optimizer.first"], tensors["optimizer.second"]
    trainer.restore(State(*numbers, count, steps_done, passes, position))
    trainer.diverged = state["diverged"]
    trainer.last_batch_loss = state["last_batch_loss"]
    timeline = trainer.timeline
    timeline.steps = state["steps"]
    timeline.epochs = tensors["timeline.epochs"].tolist()
    timeline.batch_losses = tensors["timeline.batch_losses"].tolist()
    timeline.known = {step: (train, dev) for step, (train, dev) in state["known"]}
    timeline.snapshots = dict(zip(state["snapshots"], tensors["timeline.snapshots"].clone(), strict=True))
    memories = zip(state["memories"], tensors["timeline.first"], tensors["timeline.second"], strict=True)
    timeline.memories = {
        step: Memory(optimizer, first.clone(), second.clone(), int(counted))
        for (step, optimizer, counted), first, second in memories
    }
    _check(trainer)
    return trainer


def _check(trainer: "Trainer") -> None:
    """Raises ValueError where the counts of a run do not agree, as in a file written by another hand."""
    timeline = trainer.timeline
    steps = timeline.steps
    batches = trainer.batches
    agree = (
        min(trainer.steps_done, batches.passes, batches.position, trainer.optimizer.count) >= 0
        and batches.position < len(trainer.dataset.train)
        and steps == sorted(set(steps))
        and 0 == steps[0] <= steps[-1] <= trainer.steps_done < timeline.due()
        and len(steps) == len(timeline.epochs) == len(timeline.batch_losses)
        and set(steps) == timeline.snapshots.keys() | timeline.known.keys()
        and timeline.memories.keys() <= timeline.snapshots.keys()
    )
    if not agree:
        raise ValueError("the counts do not agree")
