"""The batches of several networks at once, each from its own pass, just as `Trainer` would take them."""

from functools import lru_cache

import torch
import torch.nn.functional as F
from torch import Tensor
from torch.nn.utils.rnn import pad_sequence

from mlp.dataset import Split
from mlp.settings import Settings
from mlp.training.batches import batch_count, batch_size, pass_order, shared_out

AHEAD_STEPS, AHEAD_NUMBERS = 64, 500_000

Batch = tuple[Tensor, Tensor, Tensor]


class Feed:
    """Batches of B examples for N networks, prepared some steps ahead; stacks of different shapes may share one.

    A pass is shared out evenly (see `mlp.training.batches`), so some batches have fewer examples than others; they
    are filled up to B, the size of the largest, with an example whose weight is zero.

    Args:
        settings: those of each network. They agree in block size, seed and batch size.
        train: every training example; a network takes the first `train_examples` of them.
        V: the size of the vocabulary; the rows of network n's embedding begin at n V.
    """

    def __init__(self, settings: list[Settings], train: Split, V: int) -> None:
        self.seed = settings[0].seed
        self.examples = [examples_taken(s, len(train)) for s in settings]
        self.size = batch_taken(settings[0], len(train))
        self.B = max(shared_out(count, self.size)[0] for count in self.examples)
        self.filler = len(train)
        self.X = torch.cat([train.X, torch.zeros(1, train.X.shape[1], dtype=torch.int64)])
        self.Y = torch.cat([train.Y, torch.zeros(1, dtype=torch.int64)])
        self.offsets = (torch.arange(len(settings)) * V).view(1, -1, 1, 1)
        numbers = len(settings) * self.B * train.X.shape[1]
        self.ahead = max(1, min(AHEAD_STEPS, AHEAD_NUMBERS // numbers))
        self._start, self._ready = 0, list[Batch]()

    def next(self, step: int) -> Batch:
        """The batches of update `step`: x (N * B * T,), y (N, 1, B) int64, and weights (N, 1, B), 1 / size or 0."""
        if not 0 <= step - self._start < len(self._ready):
            self._start, self._ready = step, self._prepare(step)
        return self._ready[step - self._start]

    def _prepare(self, step: int) -> list[Batch]:
        rows = {count: self._rows(count, step) for count in set(self.examples)}
        chosen = torch.stack([rows[count] for count in self.examples], 1)  # (ahead, N, B)
        X = (self.X[chosen] + self.offsets).flatten(1)  # (ahead, N * B * T)
        real = (chosen != self.filler).to(torch.get_default_dtype())
        weights = real / real.sum(2, keepdim=True)
        return list(zip(X, self.Y[chosen].unsqueeze(2), weights.unsqueeze(2), strict=True))

    def _rows(self, count: int, step: int) -> Tensor:
        """Which examples the updates from `step` on take, for a network with `count` of them; (ahead, B)."""
        if count == self.size:  # a full batch keeps the list's own order, as in the notes
            return torch.arange(count).expand(self.ahead, count)
        a_pass = batch_count(count, self.size)
        number, row = divmod(step, a_pass)
        last = (step + self.ahead - 1) // a_pass
        passes = [_rows_of_pass(self.seed, n, count, self.size, self.B, self.filler) for n in range(number, last + 1)]
        return torch.cat(passes)[row : row + self.ahead]


def examples_taken(settings: Settings, available: int) -> int:
    """How many of the training examples there are a network learns from."""
    return min(settings.train_examples or available, available)


def batch_taken(settings: Settings, available: int) -> int:
    """How many examples an update takes: `batch_size`, or all that the network learns from where they are fewer."""
    return batch_size(settings, examples_taken(settings, available))


@lru_cache(maxsize=64)
def _rows_of_pass(seed: int, number: int, count: int, size: int, width: int, filler: int) -> Tensor:
    """The order of one pass, a row for each batch, filled up to `width`."""
    batches = pass_order(seed, number, count).split(shared_out(count, size))
    rows = pad_sequence(list(batches), batch_first=True, padding_value=filler)
    return F.pad(rows, (0, width - rows.shape[1]), value=filler)
