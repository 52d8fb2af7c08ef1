"""The notes' own training loop, written as the notes write it: the reference for exactness and for speed."""

import torch
import torch.nn.functional as F
from torch import Tensor


class NotesLoop:
    """Bengio's network by autograd and `p.data += -lr * p.grad`, on examples X (N, block_size) and Y (N,)."""

    def __init__(self, X: Tensor, Y: Tensor, vocabulary: int = 34, embedding_dim: int = 2, hidden: int = 100) -> None:
        self.X, self.Y = X, Y
        self.inputs = X.shape[1] * embedding_dim
        g = torch.Generator().manual_seed(1337)
        self.C = torch.randn((vocabulary, embedding_dim), generator=g)
        self.W1 = torch.randn((self.inputs, hidden), generator=g)
        self.b1 = torch.randn(hidden, generator=g)
        self.W2 = torch.randn((hidden, vocabulary), generator=g)
        self.b2 = torch.randn(vocabulary, generator=g)
        self.parameters = [self.C, self.W1, self.b1, self.W2, self.b2]
        for p in self.parameters:
            p.requires_grad = True

    def step(self, ix: Tensor | slice = slice(None), lr: float = 0.1) -> Tensor:
        """One update from the examples `ix`; their loss before it, ()."""
        emb = self.C[self.X[ix]]  # (B, T, embedding_dim)
        h = torch.tanh(emb.view(-1, self.inputs) @ self.W1 + self.b1)  # (B, hidden)
        logits = h @ self.W2 + self.b2  # (B, V)
        loss = F.cross_entropy(logits, self.Y[ix])
        for p in self.parameters:
            p.grad = None
        loss.backward()
        for p in self.parameters:
            p.data += -lr * p.grad
        return loss

    def minibatches(self, steps: int, batch: int, lr: float = 0.1) -> None:
        """So many updates, each from a batch drawn anew from all examples."""
        for _ in range(steps):
            self.step(torch.randint(0, len(self.X), (batch,)), lr)
