"""The loss on a split with each distinct context worked out once: the number of `Model.loss`, several times as fast.

Short contexts repeat: of 7,000 examples with three characters each only a third are different.
"""

import math

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from mlp.dataset import Split
from mlp.model import EVALUATION_ROWS, Model


class Scorer:
    """The examples of a split as distinct contexts, and how often each character follows each of them."""

    def __init__(self, split: Split) -> None:
        self.examples = len(split)
        self.parts: list[tuple[Tensor, Tensor, Tensor]] = []
        if not self.examples:
            return
        contexts, which = torch.unique(split.X, dim=0, return_inverse=True)  # (U, T), (N,)
        pairs, often = torch.unique(torch.stack([which, split.Y], 1), dim=0, return_counts=True)  # (P, 2), (P,)
        for start in range(0, len(contexts), EVALUATION_ROWS):
            inside = (pairs[:, 0] >= start) & (pairs[:, 0] < start + EVALUATION_ROWS)
            places = pairs[inside] - torch.tensor([start, 0])
            self.parts.append((contexts[start : start + EVALUATION_ROWS], places, often[inside].double()))

    @torch.inference_mode()
    def loss(self, model: Model) -> float:
        """The mean cross-entropy in nats over the split; nan where it has no examples."""
        if not self.examples:
            return math.nan
        total = 0.0
        for contexts, places, often in self.parts:
            inputs = model.C.index_select(0, contexts.flatten()).view(len(contexts), -1)  # (U, T * embedding_dim)
            hidden = torch.addmm(model.b1, inputs, model.W1)  # (U, hidden)
            np.tanh(hidden.numpy(), out=hidden.numpy())  # the same memory; several times as fast as torch.tanh
            logits = torch.addmm(model.b2, hidden, model.W2)  # (U, V)
            if model.W is not None:
                logits.addmm_(inputs, model.W)
            chosen = F.log_softmax(logits, 1)[places[:, 0], places[:, 1]]  # (P,)
            total -= torch.dot(chosen.double(), often).item()
        return total / self.examples
