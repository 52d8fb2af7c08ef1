"""The gradients by hand, one line a tensor, and the fast training step built on them.

`gradients` is the chain rule as it stands in the notes, from the logits back to C. `Step` does the same sums in
buffers that are made once: biases are a last row of the weight matrices that meets a row of ones, and the scaled
gradient is added straight onto its target. Both are proven equal to autograd in the tests.
"""

import math
from typing import NamedTuple

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from mlp.model import Forward, Model
from mlp.settings import Settings

MOMENTUM = 0.9
ADAM_BETAS, ADAM_EPSILON = (0.9, 0.999), 1e-8

tanh_backward = torch.ops.aten.tanh_backward.grad_input


def gradients(model: Model, forward: Forward, X: Tensor, Y: Tensor) -> dict[str, Tensor]:
    """The gradient of the mean cross-entropy for every intermediate and every parameter, by name.

    Args:
        model: the network. X: (B, T) int64 contexts. Y: (B,) int64 labels.
        forward: the forward pass of X.
    """
    rows = torch.arange(len(Y))
    logits = torch.softmax(forward.logits, dim=1)  # (B, V)
    logits[rows, Y] -= 1
    logits /= len(Y)
    W2 = forward.hidden.T @ logits  # (hidden, V)
    b2 = logits.sum(0)  # (V,)
    hidden = logits @ model.W2.T  # (B, hidden)
    preactivation = hidden * (1 - forward.hidden**2)  # (B, hidden)
    W1 = forward.concatenated.T @ preactivation  # (T * embedding_dim, hidden)
    b1 = preactivation.sum(0)  # (hidden,)
    concatenated = preactivation @ model.W1.T  # (B, T * embedding_dim)
    direct = {}
    if model.W is not None:
        direct["W"] = forward.concatenated.T @ logits  # (T * embedding_dim, V)
        concatenated = concatenated + logits @ model.W.T  # (B, T * embedding_dim)
    embedded = concatenated.view(forward.embedded.shape)  # (B, T, embedding_dim)
    C = torch.zeros_like(model.C).index_add_(0, X.flatten(), embedded.flatten(0, 1))  # (V, embedding_dim)
    return {
        "logits": logits, "W2": W2, "b2": b2, "hidden": hidden, "preactivation": preactivation, "W1": W1, "b1": b1,
        "concatenated": concatenated, "embedded": embedded, "C": C, **direct,
    }  # fmt: skip


class Step:
    """One update of a model's parameters from B examples, in buffers made once for that B.

    Every buffer has an example a column, (features, B): on small matrices that is the faster way round.
    A step that is not `whole` works in parts, so its gradients must be complete before any parameter moves.
    """

    whole = True

    def __init__(self, model: Model, batch: int) -> None:
        T, d, H = model.settings.block_size, model.settings.embedding_dim, model.settings.hidden
        V, inputs = len(model.C), T * d
        self.model, self.batch = model, batch
        self.embedded = torch.empty(batch * T, d)
        self.inputs = torch.ones(inputs + 1, batch)  # the last row stays one, and meets b1
        self.hidden = torch.ones(H + 1, batch)  # the last row stays one, and meets b2
        self.logits, self.slope = torch.empty(V, batch), torch.empty(V, batch)
        self.hidden_slope = torch.empty(H, batch)
        self.inputs_slope = torch.empty(inputs, batch)
        self.minus_one = torch.full((1, batch), -1.0)
        self._name_views(inputs, H)

    def _name_views(self, inputs: int, H: int) -> None:
        """Views of the buffers and parameters, named once: making a view costs as much as a small sum.

        Where NumPy does the same work on the same memory in half the time or less, it has a view too.
        """
        model = self.model
        self.W1b_T, self.W2b_T = model.W1b.T, model.W2b.T
        self.W_T = None if model.W is None else model.W.T
        self.inputs_top, self.hidden_top = self.inputs[:inputs], self.hidden[:H]
        self.slope_T, self.hidden_slope_T = self.slope.T, self.hidden_slope.T
        self.inputs_numpy, self.hidden_numpy = self.inputs_top.numpy(), self.hidden_top.numpy()
        self.inputs_slope_numpy = self.inputs_slope.numpy()
        self.C_numpy, self.embedded_numpy = model.C.numpy(), self.embedded.numpy()
        self.embedded_numpy_T = self.embedded_numpy.reshape(self.batch, inputs).T

    def forward(self, x: np.ndarray) -> None:
        """Fills `logits` (V, B) for contexts x: (B * T,) int64."""
        self.C_numpy.take(x, axis=0, out=self.embedded_numpy, mode="clip")  # any other mode would copy `out`
        np.copyto(self.inputs_numpy, self.embedded_numpy_T)
        torch.mm(self.W1b_T, self.inputs, out=self.hidden_top)
        np.tanh(self.hidden_numpy, out=self.hidden_numpy)
        torch.mm(self.W2b_T, self.hidden, out=self.logits)
        if self.W_T is not None:
            self.logits.addmm_(self.W_T, self.inputs_top)

    def backward(self, x: Tensor, y: Tensor, onto: Model, scale: float, keep: float) -> None:
        """For each parameter p of `onto`: p = keep * p + scale * (sum over the batch of the gradient).

        Args:
            x: (B * T,) and y: (1, B), int64, as in the forward pass before.
            onto: the model itself (a plain SGD step) or one that holds the gradients.
        """
        model = self.model
        torch.softmax(self.logits, 0, out=self.slope)
        self.slope.scatter_add_(0, y, self.minus_one)
        torch.mm(model.W2, self.slope, out=self.hidden_slope)
        tanh_backward(self.hidden_slope, self.hidden_top, grad_input=self.hidden_slope)
        torch.mm(model.W1, self.hidden_slope, out=self.inputs_slope)
        if model.W is not None:
            self.inputs_slope.addmm_(model.W, self.slope)
        onto.W2b.addmm_(self.hidden, self.slope_T, beta=keep, alpha=scale)
        onto.W1b.addmm_(self.inputs, self.hidden_slope_T, beta=keep, alpha=scale)
        if onto.W is not None:
            onto.W.addmm_(self.inputs_top, self.slope_T, beta=keep, alpha=scale)
        if keep == 0:
            onto.C.zero_()  # not `mul_`: nothing times zero is nothing, except nan, which a diverged run may have left
        elif keep != 1:
            onto.C.mul_(keep)
        np.multiply(self.inputs_slope_numpy, scale, out=self.embedded_numpy_T)  # that room now holds slopes
        onto.C.index_add_(0, x, self.embedded)

    def loss(self, y: Tensor) -> float:
        """The mean cross-entropy in nats of the logits of the last forward pass; y: (1, B) int64."""
        return F.cross_entropy(self.logits.T, y[0]).item()


class Memory(NamedTuple):
    """What one kind of optimizer remembers of earlier gradients, first and second: (parameters,), and of how many."""

    optimizer: str
    first: Tensor
    second: Tensor
    counted: int


class Optimizer:
    """How a gradient becomes an update: SGD, SGD with momentum, Adam; the arithmetic of `torch.optim`.

    Weight decay adds `weight_decay * p` to the gradient of every parameter p, as `torch.optim` does. What one kind
    remembers is forgotten at the first update of another, not before: a change that is taken back leaves no trace.
    """

    def __init__(self, model: Model) -> None:
        self.model = model
        self.gradient = model.at(torch.zeros_like(model.theta))
        self.first, self.second = torch.zeros_like(model.theta), torch.zeros_like(model.theta)
        self.forget("sgd")

    def update(self, step: Step, x: Tensor, y: Tensor, settings: Settings) -> None:
        """One update after `step.forward`; x: (B * T,) and y: (1, B), int64."""
        rate, decay = settings.learning_rate, settings.weight_decay
        if settings.optimizer != self.kind:
            self.forget(settings.optimizer)
        if self.kind == "sgd" and step.whole:
            step.backward(x, y, self.model, -rate / step.batch, 1 - rate * decay)
            return
        step.backward(x, y, self.gradient, 1 / step.batch, 0.0)
        gradient = self.gradient.theta
        if decay:
            gradient.add_(self.model.theta, alpha=decay)
        if self.kind == "sgd":
            self.model.theta.add_(gradient, alpha=-rate)
            return
        self.count += 1
        if self.kind == "momentum":
            self.first.mul_(MOMENTUM).add_(gradient)
            self.model.theta.add_(self.first, alpha=-rate)
        else:
            self._adam(gradient, rate)

    def _adam(self, gradient: Tensor, rate: float) -> None:
        beta1, beta2 = ADAM_BETAS
        self.first.lerp_(gradient, 1 - beta1)
        self.second.mul_(beta2).addcmul_(gradient, gradient, value=1 - beta2)
        size = (self.second.sqrt() / math.sqrt(1 - beta2**self.count)).add_(ADAM_EPSILON)
        self.model.theta.addcdiv_(self.first, size, value=-rate / (1 - beta1**self.count))

    def memory(self) -> Memory | None:
        """A copy of what is remembered of earlier gradients; None for plain SGD, which remembers nothing."""
        return None if self.kind == "sgd" else Memory(self.kind, self.first.clone(), self.second.clone(), self.count)

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
