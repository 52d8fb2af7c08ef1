"""One forward and backward pass as plain data: every tensor with its value, its gradient and where both come from."""

from dataclasses import dataclass
from typing import Literal

import torch
from torch import Tensor

from mlp.lessons.snippets import SYMBOLS, backward_lines, forward_lines
from mlp.model import Model
from mlp.training.backprop import gradients

Kind = Literal["data", "parameter", "intermediate", "loss"]


@dataclass(frozen=True)
class Node:
    """One tensor of the graph.

    Attributes:
        name: as in `mlp.model` ("embedded"). symbol: as in the code shown ("emb").
        parents: the names of what it is computed from; empty for data and parameters.
        formula, code: how the value is made (KaTeX, PyTorch); "" for data and parameters.
        gradient: of the loss, the same shape as the value; None for data.
        gradient_formula, gradient_code: how the gradient is made; "" for data.
    """

    name: str
    symbol: str
    kind: Kind
    meaning: str
    parents: tuple[str, ...]
    value: Tensor
    gradient: Tensor | None
    formula: str
    code: str
    gradient_formula: str
    gradient_code: str

    @property
    def shape(self) -> tuple[int, ...]:
        return tuple(self.value.shape)


@dataclass(frozen=True)
class Trace:
    """The nodes in the order of the forward pass, and the names in the order in which backward reaches them."""

    nodes: dict[str, Node]
    backward: tuple[str, ...]

    def reached(self, steps: int) -> tuple[str, ...]:
        """What has its gradient after so many steps backwards; 0 is none, 1 the loss alone."""
        return self.backward[: max(0, steps)]


MEANINGS = {
    "X": "contexts: each row holds the indices of the last characters",
    "Y": "targets: the index of the next character",
    "C": "lookup table: one row of numbers for each character",
    "embedded": "each context character replaced by its row of C",
    "concatenated": "the embeddings of a context side by side, as one long row",
    "W1": "weights into the hidden layer: a column for each hidden unit",
    "b1": "biases of the hidden layer: one number for each hidden unit",
    "preactivation": "the pre-activation of each hidden unit: its weighted sum plus its bias",
    "hidden": "the hidden layer: tanh squashes each pre-activation into −1 to 1",
    "W2": "weights into the output: a column for each character",
    "b2": "biases of the output: one number for each character",
    "W": "direct connections from the embeddings to the output",
    "logits": "one raw score per possible next character",
    "logprobs": "log-probability (ln) of each character",
    "loss": "mean negative log-probability of the targets, in nats",
}

FORMULAS = {
    "embedded": r"E = C[X]",
    "concatenated": r"x = [E_1, E_2, \dots, E_T]",
    "preactivation": r"a = x W_1 + b_1",
    "hidden": r"h = \tanh(a)",
    "logits": r"z = h W_2 + b_2",
    "logprobs": r"\ln p_j = z_j - \ln \sum_k e^{z_k}",
    "loss": r"L = -\frac{1}{B} \sum_{n=1}^{B} \ln p_{n, y_n}",
}

GRADIENT_FORMULAS = {
    "loss": r"\frac{\partial L}{\partial L} = 1",
    "logprobs": r"\frac{\partial L}{\partial \ln p_{n,j}} = -\frac{1}{B} \, [j = y_n]",
    "logits": r"\frac{\partial L}{\partial z_{n,j}} = \frac{p_{n,j} - [j = y_n]}{B}",
    "W2": r"\frac{\partial L}{\partial W_2} = h^\top \frac{\partial L}{\partial z}",
    "b2": r"\frac{\partial L}{\partial b_2} = \sum_{n} \frac{\partial L}{\partial z_n}",
    "W": r"\frac{\partial L}{\partial W} = x^\top \frac{\partial L}{\partial z}",
    "hidden": r"\frac{\partial L}{\partial h} = \frac{\partial L}{\partial z} \, W_2^\top",
    "preactivation": r"\frac{\partial L}{\partial a} = (1 - h^2) \odot \frac{\partial L}{\partial h}",
    "W1": r"\frac{\partial L}{\partial W_1} = x^\top \frac{\partial L}{\partial a}",
    "b1": r"\frac{\partial L}{\partial b_1} = \sum_{n} \frac{\partial L}{\partial a_n}",
    "concatenated": r"\frac{\partial L}{\partial x} = \frac{\partial L}{\partial a} \, W_1^\top",
    "embedded": r"\frac{\partial L}{\partial E} = \frac{\partial L}{\partial x} \text{ as } (B, T, d)",
    "C": r"\frac{\partial L}{\partial C_i} = \sum_{n,t \,:\, X_{n,t} = i} \frac{\partial L}{\partial E_{n,t}}",
}

PARENTS = {
    "embedded": ("C", "X"),
    "concatenated": ("embedded",),
    "preactivation": ("concatenated", "W1", "b1"),
    "hidden": ("preactivation",),
    "logits": ("hidden", "W2", "b2"),
    "logprobs": ("logits",),
    "loss": ("logprobs", "Y"),
}

FORWARD_ORDER = (
    "X", "C", "embedded", "concatenated", "W1", "b1", "preactivation", "hidden", "W2", "b2", "W", "logits",
    "logprobs", "Y", "loss",
)  # fmt: skip
BACKWARD_ORDER = (
    "loss", "logprobs", "logits", "b2", "W2", "W", "hidden", "preactivation", "b1", "W1", "concatenated", "embedded",
    "C",
)  # fmt: skip


def trace(model: Model, X: Tensor, Y: Tensor) -> Trace:
    """Forward and backward of the mean loss over contexts X (B, T) and labels Y (B,), the gradients by hand."""
    values, slopes = values_of(model, X, Y), gradients_by_hand(model, X, Y)
    direct = model.W is not None
    forward, backward = forward_lines(direct), backward_lines(direct)
    nodes = {
        name: Node(
            name=name,
            symbol=SYMBOLS[name],
            kind=_kind(name),
            meaning=MEANINGS[name],
            parents=parents_of(name, direct),
            value=values[name],
            gradient=slopes.get(name),
            formula=formula_of(name, direct),
            code=forward.get(name, ""),
            gradient_formula=gradient_formula_of(name, direct),
            gradient_code=backward.get(name, ""),
        )
        for name in FORWARD_ORDER
        if name in values
    }
    return Trace(nodes, tuple(name for name in BACKWARD_ORDER if name in values))


def values_of(model: Model, X: Tensor, Y: Tensor) -> dict[str, Tensor]:
    """Every value of the forward pass, data and parameters included, by name."""
    forward = model.forward(X)
    logprobs = torch.log_softmax(forward.logits, 1)  # (B, V)
    loss = -logprobs[torch.arange(len(Y)), Y].mean()  # ()
    return {"X": X, "Y": Y, **model.parameters, **vars(forward), "logprobs": logprobs, "loss": loss}


def gradients_by_hand(model: Model, X: Tensor, Y: Tensor) -> dict[str, Tensor]:
    """`mlp.training.backprop.gradients`, and above the logits those of the log-probabilities and of the loss itself."""
    forward = model.forward(X)
    logprobs = torch.zeros_like(forward.logits)  # (B, V)
    logprobs[torch.arange(len(Y)), Y] = -1 / len(Y)
    return {
        "loss": torch.ones((), dtype=logprobs.dtype),
        "logprobs": logprobs,
        **gradients(model, forward, X, Y),
    }


def gradients_by_autograd(model: Model, X: Tensor, Y: Tensor) -> dict[str, Tensor]:
    """The same gradients from PyTorch's own autograd, by name."""
    with torch.inference_mode(False), torch.enable_grad():
        leaves = model.at(model.theta.clone().requires_grad_())  # its parameters are views of one leaf
        values = values_of(leaves, X.clone(), Y.clone())
        wanted = {name: value for name, value in values.items() if name not in ("X", "Y")}
        found = torch.autograd.grad(values["loss"], list(wanted.values()))
    return dict(zip(wanted, found, strict=True))


def parents_of(name: str, direct: bool) -> tuple[str, ...]:
    """What a tensor is computed from."""
    return (*PARENTS["logits"], "concatenated", "W") if direct and name == "logits" else PARENTS.get(name, ())


def formula_of(name: str, direct: bool) -> str:
    """How a value is made, in KaTeX."""
    return FORMULAS.get(name, "") + (r" + x W" if direct and name == "logits" else "")


def gradient_formula_of(name: str, direct: bool) -> str:
    """How a gradient is made, in KaTeX."""
    more = r" + \frac{\partial L}{\partial z} \, W^\top" if direct and name == "concatenated" else ""
    return GRADIENT_FORMULAS.get(name, "") + more


def _kind(name: str) -> Kind:
    if name in ("X", "Y"):
        return "data"
    if name == "loss":
        return "loss"
    return "intermediate" if name in PARENTS else "parameter"
