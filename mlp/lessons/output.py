"""The output layer and the loss: from logits to probabilities, and cross-entropy by hand and fused."""

import math
from dataclasses import dataclass
from functools import lru_cache

import torch
import torch.nn.functional as F
from torch import Tensor

from mlp.dataset import Split, Vocabulary
from mlp.model import EVALUATION_ROWS, Model


@dataclass(frozen=True)
class Output:
    """Logits (B, V) made probabilities step by step, and the loss of the targets, by hand and fused.

    Where a constant was added, exp may overflow by hand: then counts are inf, probabilities and the loss nan.
    """

    logits: Tensor  # (B, V)
    counts: Tensor  # (B, V) exp(logits)
    sums: Tensor  # (B, 1)
    probabilities: Tensor  # (B, V)
    by_hand: float
    fused: float

    @property
    def overflows(self) -> bool:
        """True where the loss by hand is not finite though the fused one is."""
        return math.isfinite(self.fused) and not math.isfinite(self.by_hand)


def output(logits: Tensor, Y: Tensor, added: float = 0.0) -> Output:
    """The notes' steps on logits (B, V) + `added` and labels (B,), in the logits' own precision."""
    logits = logits + added
    counts = logits.exp()
    sums = counts.sum(1, keepdim=True)
    probabilities = counts / sums
    by_hand = -probabilities[torch.arange(len(Y)), Y].log().mean()
    return Output(logits, counts, sums, probabilities, by_hand.item(), F.cross_entropy(logits, Y).item())


def example_losses(logits: Tensor, Y: Tensor) -> Tensor:
    """The loss of each example in nats, (B,): -ln of the probability given to the target."""
    return F.cross_entropy(logits, Y, reduction="none")


def price(probability: float) -> float:
    """The loss in nats of an example whose target had this probability: -ln p, infinite for 0."""
    return -math.log(probability) + 0.0 if probability > 0 else math.inf


@dataclass(frozen=True)
class Worst:
    """A hard example: its place in the split, the network's top prediction, and the probability of each."""

    number: int
    context: str
    label: str
    loss: float
    probability: float
    top: str
    top_probability: float


@torch.inference_mode()
def worst(model: Model, split: Split, vocabulary: Vocabulary, count: int = 10) -> list[Worst]:
    """The examples of a split with the highest loss; the mean of all losses is the split's loss."""
    if not len(split):
        return []
    logits = torch.cat([model.forward(part).logits for part in split.X.split(EVALUATION_ROWS)])  # (N, V)
    losses = example_losses(logits, split.Y).nan_to_num(math.inf)
    hardest = losses.topk(min(count, len(split)))
    likely = torch.softmax(logits[hardest.indices], 1).max(1)
    return [
        Worst(
            number,
            vocabulary.decode(split.X[number].tolist()),
            vocabulary.characters[int(split.Y[number])],
            loss,
            math.exp(-loss),
            vocabulary.characters[best],
            probability,
        )
        for number, loss, best, probability in zip(
            hardest.indices.tolist(),
            hardest.values.tolist(),
            likely.indices.tolist(),
            likely.values.tolist(),
            strict=True,
        )
    ]


@dataclass(frozen=True)
class FirstLoss:
    """The loss of the untrained network beside that of a uniform guess, ln V, and how far its logits spread.

    A uniform guess needs logits that are all alike. N(0, 1) weights add up about as many numbers as there are hidden
    units, so the logits spread by up to √hidden, and the network is sure of itself before it has learnt anything.
    `from_spread` is the loss to expect of V independent random logits of that spread, whatever the target.
    """

    loss: float
    uniform: float
    spread: float
    expected_spread: float
    from_spread: float


@torch.inference_mode()
def first_loss(model: Model, split: Split) -> FirstLoss:
    """The first loss of this network: its settings drawn afresh, on the examples of a split."""
    V = len(model.C)
    fresh = Model(model.settings, V)
    forward = fresh.forward(split.X[:EVALUATION_ROWS])
    bias = fresh.b2.var(correction=0).item()
    weight = fresh.W2.var(correction=0).item() * (forward.hidden**2).sum(1).mean().item()
    if fresh.W is not None:
        weight += fresh.W.var(correction=0).item() * (forward.concatenated**2).sum(1).mean().item()
    spread = forward.logits.std(1, correction=0).mean().item()
    expected = torch.logsumexp(spread * _random_logits(V), 1).mean().item()
    return FirstLoss(fresh.loss(split.X, split.Y), math.log(V), spread, math.sqrt(bias + weight), expected)


def first_losses(model: Model, split: Split) -> dict[str, FirstLoss]:
    """The first loss of this network for each way to draw its weights, by the setting's value."""
    return {
        init: first_loss(Model(model.settings.with_changes(init=init), len(model.C)), split)
        for init in ("normal", "scaled")
    }


def largest_of(V: int) -> float:
    """How many standard deviations above their mean the largest of V random logits lies, on average: 2.1 for 34."""
    return _random_logits(V).amax(1).mean().item()


@lru_cache(maxsize=4)
def _random_logits(V: int) -> Tensor:
    """N(0, 1) logits, (4096, V), always the same."""
    return torch.randn(4096, V, generator=torch.Generator().manual_seed(0))
