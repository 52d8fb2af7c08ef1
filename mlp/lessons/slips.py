"""Slips that the notes ask about, from the hidden layer to the step: each is run, and PyTorch's own words are kept.

None of them changes the tensors that it is given.
"""

import torch
import torch.nn as nn
import torch.nn.functional as F
from torch import Tensor

from mlp.lessons.mistakes import Mistake, mistake


def unjoined(embedded: Tensor, W1: Tensor) -> Mistake:
    """`emb @ W1` before the embeddings (B, T, embedding_dim) are joined; only at T = 1 do the shapes match."""
    _, T, d = embedded.shape
    why = (
        f"`@` multiplies the *last* dimension of `emb` ({d}) with the first of `W1` ({len(W1)}), and these differ."
        if T > 1
        else f"With one character of context the last dimension of `emb` ({d}) happens to match the first of `W1`."
    )
    return mistake("emb @ W1 + b1", lambda: embedded @ W1, why)


def transposed(embedded: Tensor) -> Mistake:
    """A view of embedded (B, T, embedding_dim) with two dimensions swapped, whose numbers are not in order."""
    _, T, d = embedded.shape
    swapped = embedded.transpose(0, 1)
    why = "`view` needs numbers that lie in memory in order (*contiguous*); `.reshape` copies them where they do not."
    return mistake(f"emb.transpose(0, 1).view(-1, {T * d})", lambda: swapped.view(-1, T * d), why)


def without_keepdim(logits: Tensor) -> Mistake:
    """Dividing exp(logits) (B, V) by sums whose shape is (B,), which broadcasting reads as one row."""
    (B, V), counts = logits.shape, logits.exp()
    if B == V:
        why = f"Here both sizes happen to be {B}, so there is no error: each *column* is divided by a sum, silently."
    else:
        why = f"The shape of the sums is ({B},), which broadcasting reads as one row of {B} numbers, but a row has {V}."
    return mistake("counts / counts.sum(1)", lambda: counts / counts.sum(1), why)


def int32_targets(logits: Tensor, Y: Tensor) -> Mistake:
    """Targets (B,) of a type that cannot index."""
    return mistake(
        "F.cross_entropy(logits, Y.int())",
        lambda: F.cross_entropy(logits, Y.int()),
        "Targets are indices, so they must be `int64`. `.int()` makes them `int32`; write `.long()`.",
    )


def not_recording(logits: Tensor, Y: Tensor) -> Mistake:
    """`loss.backward()` where no tensor records what is done to it."""

    def backward() -> None:
        with torch.inference_mode(False), torch.enable_grad():
            F.cross_entropy(logits.clone(), Y.clone()).backward()

    why = (
        "A tensor records operations for autograd only with `requires_grad=True`. The default is False, because "
        "recording costs memory."
    )
    return mistake("loss.backward()", backward, why)


def without_data(parameter: Tensor) -> Mistake:
    """An in-place update of a parameter that records."""

    def update() -> None:
        with torch.inference_mode(False), torch.enable_grad():
            leaf = parameter.clone().requires_grad_()
            leaf += -0.1 * torch.ones_like(leaf)

    why = (
        "`.data` is the tensor without its recording: the update itself must not become part of the graph. Today one "
        "writes `with torch.no_grad(): p -= lr * p.grad`."
    )
    return mistake("p += -lr * p.grad", update, why)


def in_two_modules(logits: Tensor, Y: Tensor) -> tuple[float, float, float]:
    """The loss by NLLLoss of LogSoftmax, by cross_entropy, and by cross_entropy of a softmax, which is one too many."""
    by_modules = nn.NLLLoss()(nn.LogSoftmax(1)(logits), Y)
    fused, twice = F.cross_entropy(logits, Y), F.cross_entropy(torch.softmax(logits, 1), Y)
    return by_modules.item(), fused.item(), twice.item()
