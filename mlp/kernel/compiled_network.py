"""A model's parameters in the kernel's hands. The kernel checks no bounds: whatever it reads is checked before."""

import math
from collections.abc import Callable, Sequence

import numpy as np
from torch import Tensor

from mlp.kernel import network as kernel
from mlp.kernel.examples import Examples, Plan, Trained, checked_marks, flat_array
from mlp.kernel.layers import BLOCK
from mlp.kernel.layout import Shape, packed, unpack
from mlp.kernel.parts import parts_of_batch, parts_of_evaluation
from mlp.model import Model
from mlp.settings import Settings

OPTIMIZERS = {"sgd": kernel.SGD, "momentum": kernel.MOMENTUM, "adam": kernel.ADAM}


class CompiledNetwork:
    """The network of a model; updates change `model.theta` itself.

    Raises:
        ValueError: theta is of another size, kind or place than the kernel can take.
    """

    def __init__(self, model: Model) -> None:
        s = model.settings
        self.shape = Shape.of(model.shapes["C"][0], s.embedding_dim, s.hidden, s.block_size, s.direct)
        self.theta = self._one_each(model.theta)

    def train(
        self, first: Tensor, second: Tensor, count: int, examples: Examples, plan: Plan, settings: Settings,
        keep: Sequence[int] = (),
    ) -> Trained:  # fmt: skip
        """The updates of a plan.

        Args:
            first, second: what the optimizer remembers of `count` gradients, (parameters,) float32; changed too.
            keep: after how many of the updates the numbers are to be kept, rising.

        Raises:
            ValueError: something does not belong together; nothing was changed.
        """
        self._check(examples)
        plan.check(len(examples))
        marks, losses = checked_marks(keep, len(plan.sizes)), np.zeros(len(plan.sizes))
        kept = np.zeros((len(marks), 3, len(self.theta)), np.float32)
        small = kernel.train(
            self.theta, self._one_each(first), self._one_each(second), count, self.shape, examples.X, examples.Y, *plan,
            OPTIMIZERS[settings.optimizer], settings.learning_rate, settings.weight_decay, marks, kept, losses,
        )  # fmt: skip
        return Trained(losses, kept, small)

    def train_in_parts(
        self, first: Tensor, second: Tensor, count: int, examples: Examples, plan: Plan, settings: Settings,
        between: Callable[[], None],
    ) -> float:  # fmt: skip
        """The one update of a plan with a large batch: as `train`, but `between` is called before each part."""
        self._check(examples)
        plan.check(len(examples))
        batch = plan.rows[plan.begins[0] : plan.begins[0] + plan.sizes[0]]
        flat, buffers = packed(self.theta, self.shape), kernel.make_buffers(self.shape)
        gradient, loss, scale, one = np.zeros_like(flat), 0.0, np.float32(1 / len(batch)), np.float32(1)
        for part in parts_of_batch(len(batch), len(self.theta), BLOCK):
            between()
            loss += kernel.add_gradient(
                flat, gradient, self.shape, examples.X, examples.Y, batch[part], scale, one, buffers, True
            )
        memory = [self._one_each(first), self._one_each(second)]
        padded = [packed(numbers, self.shape) for numbers in memory]
        which, rate, decay = OPTIMIZERS[settings.optimizer], settings.learning_rate, settings.weight_decay
        kernel.descend(flat, gradient, *padded, count + 1, which, rate, decay)
        for changed, numbers in zip([flat, *padded], [self.theta, *memory], strict=True):
            unpack(changed, numbers, self.shape)
        return loss / len(batch)

    def loss(self, examples: Examples, between: Callable[[], None] = lambda: None) -> float:
        """The mean cross-entropy in nats; nan where there are no examples. `between` is called before each part."""
        self._check(examples)
        if not len(examples):
            return math.nan
        total, T = 0.0, self.shape.T
        for part in parts_of_evaluation(len(examples)):
            between()
            X, Y = examples.X[part.start * T : part.stop * T], examples.Y[part]
            total += kernel.summed_loss(self.theta, self.shape, X, Y)
        return total / len(examples)

    def draw_words(self, luck: np.ndarray) -> np.ndarray:
        """The indices of words, (count, longest) int64, 0 where a word ends and behind.

        luck: as many float64 numbers in [0, 1), one for each draw.
        """
        luck = np.ascontiguousarray(luck, np.float64)
        words = np.zeros(luck.shape, np.int64)
        kernel.draw_words(self.theta, self.shape, luck, words)
        return words

    def _check(self, examples: Examples) -> None:
        if (examples.block_size, examples.vocabulary_size) != (self.shape.T, self.shape.V):
            raise ValueError("These examples are not of this network's block size and vocabulary.")

    def _one_each(self, numbers: Tensor) -> np.ndarray:
        """One number for each parameter."""
        array = flat_array(numbers, np.float32)
        if len(array) != self.shape.parameters:
            raise ValueError(f"{len(array)} numbers do not fit a network of {self.shape.parameters} parameters.")
        return array
