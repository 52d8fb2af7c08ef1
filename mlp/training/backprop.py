"""The gradients by hand, one line a tensor: the chain rule as it stands in the notes, from the logits back to C.

The lessons show them, and the tests hold them against autograd's. Training does the same sums in `mlp.kernel`.
"""

import torch
from torch import Tensor

from mlp.model import Forward, Model


def gradients(model: Model, forward: Forward, X: Tensor, Y: Tensor, *, bend: bool = True) -> dict[str, Tensor]:
    """The gradient of the mean cross-entropy for every intermediate and every parameter, by name.

    Args:
        model: the network. X: (B, T) int64 contexts. Y: (B,) int64 labels.
        forward: the forward pass of X. bend: False where its hidden layer is the pre-activation itself, without tanh.
    """
    rows = torch.arange(len(Y))
    logits = torch.softmax(forward.logits, dim=1)  # (B, V)
    logits[rows, Y] -= 1
    logits /= len(Y)
    W2 = forward.hidden.T @ logits  # (hidden, V)
    b2 = logits.sum(0)  # (V,)
    hidden = logits @ model.W2.T  # (B, hidden)
    preactivation = hidden * (1 - forward.hidden**2) if bend else hidden  # (B, hidden)
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
