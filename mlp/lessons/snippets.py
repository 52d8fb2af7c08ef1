"""The few lines of PyTorch shown beside each tensor. Each runs as it stands in `namespace`; a test runs them all."""

from collections.abc import Sequence
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from mlp.dataset import Vocabulary
from mlp.model import Model
from mlp.saturation import SATURATED
from mlp.training.backprop import gradients

FORWARD = {
    "embedded": "emb = C[X]",
    "concatenated": "embcat = emb.view(-1, block_size * dim)",
    "preactivation": "hpreact = embcat @ W1 + b1",
    "hidden": "h = torch.tanh(hpreact)",
    "logits": "logits = h @ W2 + b2",
    "logprobs": "logprobs = F.log_softmax(logits, 1)",
    "loss": "loss = -logprobs[torch.arange(len(Y)), Y].mean()",
}
FORWARD_DIRECT = {**FORWARD, "logits": "logits = h @ W2 + b2 + embcat @ W"}

BACKWARD = {
    "loss": "dloss = torch.tensor(1.0)",
    "logprobs": "dlogprobs = torch.zeros_like(logprobs)\ndlogprobs[torch.arange(len(Y)), Y] = -1 / len(Y)",
    "logits": "dlogits = (logprobs.exp() - F.one_hot(Y, len(C))) / len(Y)",
    "W2": "dW2 = h.T @ dlogits",
    "b2": "db2 = dlogits.sum(0)",
    "hidden": "dh = dlogits @ W2.T",
    "preactivation": "dhpreact = (1 - h**2) * dh",
    "W1": "dW1 = embcat.T @ dhpreact",
    "b1": "db1 = dhpreact.sum(0)",
    "concatenated": "dembcat = dhpreact @ W1.T",
    "embedded": "demb = dembcat.view(emb.shape)",
    "C": "dC = torch.zeros_like(C)\ndC.index_add_(0, X.flatten(), demb.view(-1, dim))",
}
BACKWARD_DIRECT = {
    **BACKWARD,
    "W": "dW = embcat.T @ dlogits",
    "concatenated": "dembcat = dhpreact @ W1.T + dlogits @ W.T",
}

SYMBOLS = {
    "X": "X", "Y": "Y", "C": "C", "W1": "W1", "b1": "b1", "W2": "W2", "b2": "b2", "W": "W",
    "embedded": "emb", "concatenated": "embcat", "preactivation": "hpreact", "hidden": "h", "logits": "logits",
    "logprobs": "logprobs", "loss": "loss",
}  # fmt: skip

PAGES = {
    "examples": """X, Y = [], []
for w in words:
    context = [0] * block_size
    for ch in w + '.':
        X.append(context)
        Y.append(stoi[ch])
        context = context[1:] + [stoi[ch]]
X, Y = torch.tensor(X), torch.tensor(Y)""",
    "pairs": """N = torch.zeros(len(stoi), len(stoi), dtype=torch.int64)
for w in words:
    for ch1, ch2 in zip('.' + w, w + '.'):
        N[stoi[ch1], stoi[ch2]] += 1""",
    "one_hot": "row = F.one_hot(torch.tensor(5), num_classes=len(C)).float() @ C",
    "lookup": "row = C[5]",
    "cat_slices": "embcat = torch.cat([emb[:, i, :] for i in range(block_size)], 1)",
    "cat_unbind": "embcat = torch.cat(torch.unbind(emb, 1), 1)",
    "view": "embcat = emb.view(-1, block_size * dim)",
    "saturation": f"saturated = h.abs() > {SATURATED}\ndead = saturated.all(0)",
    "probabilities": "counts = logits.exp()\nprob = counts / counts.sum(1, keepdim=True)",
    "loss_by_hand": "loss = -prob[torch.arange(len(Y)), Y].log().mean()",
    "loss_fused": "loss = F.cross_entropy(logits, Y)",
    "autograd": """parameters = [C, W1, b1, W2, b2]
for p in parameters:
    p.requires_grad_()
emb = C[X]
h = torch.tanh(emb.view(-1, block_size * dim) @ W1 + b1)
logits = h @ W2 + b2
loss = F.cross_entropy(logits, Y)
for p in parameters:
    p.grad = None
loss.backward()""",
    "update": "for p in parameters:\n    p.data += -lr * p.grad",
    "count": "count = sum(p.nelement() for p in [C, W1, b1, W2, b2])",
}
PAGES_DIRECT = {
    **PAGES,
    "autograd": PAGES["autograd"]
    .replace("W2, b2]", "W2, b2, W]")
    .replace("h @ W2 + b2", "h @ W2 + b2 + emb.view(-1, block_size * dim) @ W"),
    "count": PAGES["count"].replace("b2]", "b2, W]"),
}


def forward_lines(direct: bool) -> dict[str, str]:
    """The line that makes each intermediate, by name, in the order of the forward pass."""
    return FORWARD_DIRECT if direct else FORWARD


def logits_lines(direct: bool) -> str:
    """The lines from the contexts to the logits."""
    return "\n".join(code for name, code in forward_lines(direct).items() if name not in ("logprobs", "loss"))


def backward_lines(direct: bool) -> dict[str, str]:
    """The line that makes the gradient of each tensor, by name, from the loss back to C."""
    return BACKWARD_DIRECT if direct else BACKWARD


def page_lines(direct: bool) -> dict[str, str]:
    """The other snippets that the pages show, by name; with direct connections, those that need W have it."""
    return PAGES_DIRECT if direct else PAGES


def namespace(model: Model, X: Tensor, Y: Tensor, vocabulary: Vocabulary, words: Sequence[str]) -> dict[str, Any]:
    """Everything that a snippet may read: copies, so that no snippet can change the network.

    The snippets that show row 5 of C suppose that there is one; every vocabulary of six characters has it.
    """
    forward = model.forward(X)
    names = {SYMBOLS[name]: tensor.clone() for name, tensor in {**model.parameters, **vars(forward)}.items()}
    names["logprobs"] = torch.log_softmax(forward.logits, 1)
    names["prob"] = torch.softmax(forward.logits, 1)
    names["loss"] = F.cross_entropy(forward.logits, Y)
    for name, gradient in gradients(model, forward, X, Y).items():
        names[f"d{SYMBOLS[name]}"] = gradient
    settings = model.settings
    return {
        "torch": torch,
        "F": F,
        "X": X.clone(),
        "Y": Y.clone(),
        "words": words,
        "stoi": dict(vocabulary.index),
        "itos": dict(enumerate(vocabulary.characters)),
        "block_size": settings.block_size,
        "dim": settings.embedding_dim,
        "lr": settings.learning_rate,
        "weight_decay": settings.weight_decay,
        **names,
    }
