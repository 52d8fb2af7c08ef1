"""The whole network as parts and what they feed: Bengio et al. (2003), figure 1, and how many numbers each part has."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from mlp.model import parameter_shapes
from mlp.settings import Settings


@dataclass(frozen=True)
class Part:
    """A part of the figure.

    `batch_shape` is its shape for B examples; for a parameter, its own shape.
    """

    name: str
    label: str
    meaning: str
    batch_shape: tuple[int | str, ...]
    parameter: bool


def parts(settings: Settings, vocabulary_size: int) -> dict[str, Part]:
    """The parts from the context up to the probabilities, by name."""
    T, d, H, V = settings.block_size, settings.embedding_dim, settings.hidden, vocabulary_size
    shapes = parameter_shapes(settings, V)
    rows: list[tuple[str, str, str, tuple[int | str, ...]]] = [
        ("X", "context", "the indices of the last characters", ("B", T)),
        ("C", "lookup table C", "one row for each character, shared by all positions", shapes["C"]),
        ("embedded", "embeddings", "each context character’s row of C", ("B", T, d)),
        ("concatenated", "concatenation", "the rows side by side", ("B", T * d)),
        ("W1", "weights W1", "from every input to every hidden unit", shapes["W1"]),
        ("b1", "biases b1", "one for each hidden unit", shapes["b1"]),
        ("hidden", "tanh", "the hidden layer, each unit between −1 and 1", ("B", H)),
        ("W2", "weights W2", "from every hidden unit to every character", shapes["W2"]),
        ("b2", "biases b2", "one for each character", shapes["b2"]),
        ("logits", "logits", "one raw score per character", ("B", V)),
        ("probabilities", "softmax", "the probability of each next character", ("B", V)),
    ]
    if settings.direct:
        rows.append(("W", "direct W", "straight from the embeddings to the output", shapes["W"]))
    return {row[0]: Part(*row, parameter=row[0] in shapes) for row in rows}


def edges(settings: Settings) -> list[tuple[str, str]]:
    """What feeds what, as (from, to)."""
    direct = [("concatenated", "W"), ("W", "logits")] if settings.direct else []
    return [
        ("X", "embedded"), ("C", "embedded"), ("embedded", "concatenated"), ("concatenated", "hidden"),
        ("W1", "hidden"), ("b1", "hidden"), ("hidden", "logits"), ("W2", "logits"), ("b2", "logits"),
        ("logits", "probabilities"), *direct,
    ]  # fmt: skip


def feeds(settings: Settings, name: str) -> tuple[frozenset[str], frozenset[str]]:
    """The parts that feed a part, and those that it feeds, near and far."""
    pairs = edges(settings)
    return _reach(name, pairs), _reach(name, [(after, before) for before, after in pairs])


def explain(settings: Settings, vocabulary_size: int, name: str) -> str:
    """A part in a few sentences: its shape, what it is, what it is computed from and what it is used in."""
    known = parts(settings, vocabulary_size)
    part, (before, after) = known[name], feeds(settings, name)
    size = ", ".join(f"{size:,}" if isinstance(size, int) else size for size in part.batch_shape)
    shape = f"({size},)" if len(part.batch_shape) == 1 else f"({size})"
    sources = ", ".join(known[other].label for other in known if other in before)
    uses = ", ".join(known[other].label for other in known if other in after and not known[other].parameter)
    origin = "A parameter." if part.parameter else f"Computed from: {sources}." if sources else "An input."
    return (
        f"{part.label}, shape {shape}: {part.meaning}. {origin} {f'Used in: {uses}.' if uses else 'The final result.'}"
    )


def _reach(name: str, pairs: list[tuple[str, str]]) -> frozenset[str]:
    """Everything found by going from the second of a pair to its first, again and again."""
    found: set[str] = set()
    edge = {name}
    while edge := {before for before, after in pairs if after in edge} - found:
        found |= edge
    return frozenset(found)


@dataclass(frozen=True)
class Count:
    """How many numbers a parameter has; `sum` shows how they multiply: "34 × 2"."""

    name: str
    shape: tuple[int, ...]
    sum: str
    count: int


def counts(settings: Settings, vocabulary_size: int) -> list[Count]:
    """Every parameter in numbers; they add up to `mlp.model.parameter_count`."""
    shapes = parameter_shapes(settings, vocabulary_size)
    return [
        Count(name, shape, " × ".join(f"{size:,}" for size in shape), math.prod(shape))
        for name, shape in shapes.items()
    ]


def first_wrong(rows: Sequence[Count], guesses: Sequence[float]) -> Count | None:
    """The first parameter whose guess is not how many numbers it has; None where all are right."""
    return next((row for row, guess in zip(rows, guesses, strict=True) if row.count != guess), None)


PAPER_FORMULA = r"|V|(1 + nm + h) + h(1 + (n-1)m)"


@dataclass(frozen=True)
class PaperNetwork:
    """A network of the paper's tables 1 and 2, in the paper's letters.

    order: n, so that n - 1 words predict the next. hidden: h (0: no hidden layer). dim: m. perplexity, mixed: on the
    test set, e to the loss, of the network alone and averaged with a trigram model; None where the paper has none.
    """

    name: str
    corpus: str
    vocabulary: int
    order: int
    hidden: int
    dim: int
    direct: bool
    perplexity: int | None = None
    mixed: int | None = None

    @property
    def parameters(self) -> int:
        """The free parameters; with direct connections that is the paper's own formula, `PAPER_FORMULA`."""
        V, n, h, m = self.vocabulary, self.order, self.hidden, self.dim
        direct = V * (n - 1) * m if self.direct else 0
        return V * m + V * (1 + h) + h * (1 + (n - 1) * m) + direct


BROWN, AP_NEWS = ("Brown", 16_383), ("AP News", 17_964)

PAPER = (
    PaperNetwork("MLP1, MLP2", *BROWN, 5, 50, 60, True, 268, 257),
    PaperNetwork("MLP3, MLP4", *BROWN, 5, 0, 60, True, 310, 272),
    PaperNetwork("MLP5, MLP6", *BROWN, 5, 50, 30, True, 279, 259),
    PaperNetwork("MLP7, MLP8", *BROWN, 3, 50, 30, True, 293, 270),
    PaperNetwork("MLP9, MLP10", *BROWN, 5, 100, 30, False, 276, 252),
    PaperNetwork("MLP10", *AP_NEWS, 6, 60, 100, True, None, 109),
)
