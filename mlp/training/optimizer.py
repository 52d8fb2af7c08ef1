"""What an optimizer remembers of earlier gradients: nothing for plain SGD, else one number or two a parameter."""

from typing import NamedTuple

import torch
from torch import Tensor

from mlp.kernel.examples import Numbers, copy_of


class Memory(NamedTuple):
    """What one kind of optimizer remembers of earlier gradients, first and second: (parameters,), and of how many."""

    optimizer: str
    first: Tensor
    second: Tensor
    counted: int


class Optimizer:
    """The memory of a run's optimizer; the kernel reads and writes it.

    What one kind remembers is forgotten at the first update of another, not before: a change that is taken back leaves
    no trace.

    Attributes:
        kind: "sgd", "momentum" or "adam". count: gradients remembered, 0 for SGD. first, second: (parameters,) float32.
    """

    def __init__(self, theta: Tensor) -> None:
        self.first, self.second = torch.zeros_like(theta), torch.zeros_like(theta)
        self.forget("sgd")

    def begin(self, kind: str) -> None:
        """Be of that kind from the next update on."""
        if kind != self.kind:
            self.forget(kind)

    def counted(self, updates: int) -> None:
        """So many updates were made."""
        if self.kind != "sgd":
            self.count += updates

    def memory(self) -> Memory | None:
        """A copy of what is remembered; None for plain SGD."""
        return self.memory_of(self.first, self.second)

    def memory_of(self, first: Numbers, second: Numbers, later: int = 0) -> Memory | None:
        """What is remembered `later` updates from now, when it is these numbers; as a copy."""
        return None if self.kind == "sgd" else Memory(self.kind, copy_of(first), copy_of(second), self.count + later)

    def recall(self, memory: Memory | None) -> None:
        """Take back an earlier memory, or begin without one."""
        if memory is None:
            self.forget("sgd")
            return
        self.kind, self.count = memory.optimizer, memory.counted
        self.first.copy_(memory.first)
        self.second.copy_(memory.second)

    def forget(self, kind: str) -> None:
        """No memory of earlier gradients, as before the first update of a kind of optimizer."""
        self.kind, self.count = kind, 0
        self.first.zero_()
        self.second.zero_()
