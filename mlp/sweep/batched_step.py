"""Networks of one shape whose updates are made together, in batched tensors: `mlp.training.backprop`, for N at once.

Each network has its own parameters, examples, learning rate and weight decay, and gets the very batches that
`Trainer` would give it, so its numbers are those of the same network trained alone. A network with fewer hidden units
than the others is filled up with units whose weights are all zero: their slopes are zero too, so they stay out of it.
"""

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from mlp.model import Model
from mlp.settings import Settings
from mlp.sweep.batch_feed import Feed
from mlp.training.backprop import ADAM_BETAS, ADAM_EPSILON, MOMENTUM
from mlp.training.divergence import HUGE


@dataclass(frozen=True)
class Member:
    """A network on its way into or out of a stack: parameters and the optimizer's memory, each flat as in `Model`."""

    settings: Settings
    theta: Tensor
    first: Tensor
    second: Tensor


class Blocks(NamedTuple):
    """Numbers for every parameter of N networks. Biases are the last row of the matrix that they go with."""

    C: Tensor  # (N, V, embedding_dim)
    W1b: Tensor  # (N, T * embedding_dim + 1, hidden)
    W2b: Tensor  # (N, hidden + 1, V)
    W: Tensor  # (N, T * embedding_dim, V); no rows without direct connections


class BatchedStep:
    """N networks with the same block size, embedding dimension and batch size; one `step` is an update of each.

    Args:
        members: the networks. They may differ in hidden units, learning rate, weight decay and number of examples.
        feed: the batches, made for these members in this order.
        V: the size of the vocabulary.
        steps_done: how many updates the members have had.
    """

    def __init__(self, members: list[Member], feed: Feed, V: int, steps_done: int = 0) -> None:
        settings, N = members[0].settings, len(members)
        self.settings, self.members, self.feed, self.V, self.steps_done = settings, members, feed, V, steps_done
        self.hidden_units = [member.settings.hidden for member in members]
        self.parameters = self._unpack([member.theta for member in members])
        self.plain = settings.optimizer == "sgd"
        if not self.plain:
            self.first = self._unpack([member.first for member in members])
            self.second = self._unpack([member.second for member in members])
            self.gradient = Blocks(*(torch.zeros_like(block) for block in self.parameters))
        self.rates = torch.tensor([member.settings.learning_rate for member in members]).view(N, 1, 1)
        self.decays = torch.tensor([member.settings.weight_decay for member in members]).view(N, 1, 1)
        self.decaying = bool(self.decays.any())
        self.keep, self.minus_rates = 1 - self.rates * self.decays, -self.rates
        self._make_buffers(N, feed.B, settings.block_size * settings.embedding_dim)

    def _make_buffers(self, N: int, B: int, inputs: int) -> None:
        """Every buffer has an example a column, as in `mlp.training.backprop.Step`; views are named once."""
        T, d, H, V = self.settings.block_size, self.settings.embedding_dim, max(self.hidden_units), self.V
        self.embedded = torch.empty(N * B * T, d)
        self.inputs = torch.ones(N, inputs + 1, B)  # the last row stays one, and meets b1
        self.preactivation = torch.empty(N, H, B)
        self.hidden = torch.ones(N, H + 1, B)  # the last row stays one, and meets b2
        self.logits, self.slope = torch.empty(N, V, B), torch.empty(N, V, B)
        self.hidden_slope, self.inputs_slope = torch.empty(N, H, B), torch.empty(N, inputs, B)
        self.minus_one = torch.full((N, 1, B), -1.0)
        self.embedded_wide = self.embedded.view(N, B, inputs)
        self.inputs_top, self.hidden_top = self.inputs[:, :inputs], self.hidden[:, :H]
        self.numpy_views = self.preactivation.numpy(), self.hidden_top.numpy()
        self.W1, self.W2 = self.parameters.W1b[:, :inputs], self.parameters.W2b[:, :H]
        self.W1b_T, self.W2b_T, self.W_T = (block.mT for block in self.parameters[1:])
        self.flat_C = self.parameters.C.view(N * V, d)

    @torch.inference_mode()
    def step(self) -> None:
        """One update of every network."""
        x, y, weight = self.feed.next(self.steps_done)
        self._forward(x)
        self._slopes(y, weight * self.minus_rates if self.plain else weight)
        if self.plain:
            self._descend(x)
        else:
            self._remember_and_descend(x)
        self.steps_done += 1

    def _forward(self, x: Tensor) -> None:
        """Fills `logits` for contexts x: (N * B * T,) int64, rows of the N embedding tables one below the other."""
        torch.index_select(self.flat_C, 0, x, out=self.embedded)
        self.inputs_top.copy_(self.embedded_wide.mT)
        torch.bmm(self.W1b_T, self.inputs, out=self.preactivation)
        np.tanh(self.numpy_views[0], out=self.numpy_views[1])  # several times as fast as torch.tanh
        torch.bmm(self.W2b_T, self.hidden, out=self.logits)
        if self.settings.direct:
            self.logits.baddbmm_(self.W_T, self.inputs_top)

    def _slopes(self, y: Tensor, weight: Tensor) -> None:
        """Fills the slopes for labels y and the weight of each example, both (N, 1, B), before any parameter moves."""
        torch.softmax(self.logits, 1, out=self.slope)
        self.slope.scatter_add_(1, y, self.minus_one).mul_(weight)
        torch.bmm(self.W2, self.slope, out=self.hidden_slope)
        torch.ops.aten.tanh_backward.grad_input(self.hidden_slope, self.hidden_top, grad_input=self.hidden_slope)
        torch.bmm(self.W1, self.hidden_slope, out=self.inputs_slope)
        if self.settings.direct:
            self.inputs_slope.baddbmm_(self.parameters.W, self.slope)
        self.embedded_wide.copy_(self.inputs_slope.mT)  # the embeddings' room now holds their slopes

    def _descend(self, x: Tensor) -> None:
        """Plain SGD; the slopes already hold the learning rates, so they are added straight onto the parameters."""
        if self.decaying:
            for block in self.parameters:
                block.mul_(self.keep)
        self._add_to(self.parameters, x)

    def _add_to(self, blocks: Blocks, x: Tensor) -> None:
        blocks.W2b.baddbmm_(self.hidden, self.slope.mT)
        blocks.W1b.baddbmm_(self.inputs, self.hidden_slope.mT)
        if self.settings.direct:
            blocks.W.baddbmm_(self.inputs_top, self.slope.mT)
        blocks.C.view(self.flat_C.shape).index_add_(0, x, self.embedded)

    def _remember_and_descend(self, x: Tensor) -> None:
        """SGD with momentum, or Adam: the sums of `mlp.training.backprop.Optimizer`."""
        for block in self.gradient:
            block.zero_()
        self._add_to(self.gradient, x)
        blocks = zip(self.parameters, self.gradient, self.first, self.second, strict=True)
        beta1, beta2 = ADAM_BETAS
        count = self.steps_done + 1
        for parameter, gradient, first, second in blocks:
            if self.decaying:
                gradient.addcmul_(parameter, self.decays)
            if self.settings.optimizer == "momentum":
                parameter.addcmul_(first.mul_(MOMENTUM).add_(gradient), self.minus_rates)
                continue
            first.lerp_(gradient, 1 - beta1)
            second.mul_(beta2).addcmul_(gradient, gradient, value=1 - beta2)
            size = (second.sqrt() / math.sqrt(1 - beta2**count)).add_(ADAM_EPSILON)
            parameter.addcmul_(first / size, self.minus_rates / (1 - beta1**count))

    def broken(self) -> list[int]:
        """Which networks have parameters that are huge or no longer finite numbers (see `training.divergence`)."""
        largest = torch.stack([block.flatten(1).abs().amax(1) for block in self.parameters if block.numel()]).amax(0)
        return (largest < HUGE).logical_not().nonzero().flatten().tolist()  # nan is not smaller

    def out(self) -> list[Member]:
        """The networks as they are now, in tensors of their own; plain SGD remembers nothing."""
        if self.plain:
            thetas = self.thetas()
            return [Member(m.settings, theta, m.first, m.second) for m, theta in zip(self.members, thetas, strict=True)]
        parts = (self.thetas(), self._pack(self.first), self._pack(self.second))
        return [Member(m.settings, *part) for m, *part in zip(self.members, *parts, strict=True)]

    def thetas(self) -> list[Tensor]:
        """The parameters of each network as it is now, flat as in `Model`: copies."""
        return self._pack(self.parameters)

    def _unpack(self, flat: list[Tensor]) -> Blocks:
        """Flat vectors, one for each network, as blocks."""
        N, V, H, d = len(flat), self.V, max(self.hidden_units), self.settings.embedding_dim
        inputs = self.settings.block_size * d
        W = torch.zeros(N, inputs if self.settings.direct else 0, V)
        blocks = Blocks(torch.zeros(N, V, d), torch.zeros(N, inputs + 1, H), torch.zeros(N, H + 1, V), W)
        for n, (member, theta) in enumerate(zip(self.members, flat, strict=True)):
            model, h = Model(member.settings, V, theta), member.settings.hidden
            blocks.C[n] = model.C
            blocks.W1b[n, :-1, :h], blocks.W1b[n, -1, :h] = model.W1, model.b1
            blocks.W2b[n, :h], blocks.W2b[n, -1] = model.W2, model.b2
            if model.W is not None:
                blocks.W[n] = model.W
        return blocks

    def _pack(self, blocks: Blocks) -> list[Tensor]:
        """Blocks as flat vectors in the order C, W1, b1, W2, b2, W, one for each network."""
        return [
            torch.cat([part.flatten() for part in (C, W1b[:, :h], W2b[:h], W2b[-1], W)])
            for C, W1b, W2b, W, h in zip(*blocks, self.hidden_units, strict=True)
        ]
