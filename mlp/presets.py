"""Settings that show each regime within seconds, and what helps against overfitting.

Every verdict and every number in a description holds for the words that ship and the seed that is the default; the
tests train each preset and ask `mlp.diagnose`.
"""

from dataclasses import dataclass
from typing import Any

from mlp.settings import Settings


@dataclass(frozen=True)
class Preset:
    """A run worth seeing: how many steps it takes, what is to be seen, and the verdict that it ends with."""

    label: str
    description: str
    settings: Settings
    steps: int
    verdict: str


@dataclass(frozen=True)
class Remedy:
    """One change against overfitting: settings to change, or `patience` steps to wait for a better dev loss."""

    label: str
    description: str
    changes: dict[str, Any]
    patience: int | None = None


_SCALED = Settings(init="scaled", embedding_dim=10)

PRESETS: dict[str, Preset] = {
    "notes": Preset(
        "The notes’ 32 examples",
        "Thirty-two examples, all in every step: the network soon knows its five names by heart.",
        Settings(train_examples=32, batch_size=None), 1000, "memorising",
    ),
    "under_fit": Preset(
        "Underfit",
        "A single hidden unit: train and dev loss stay together, and both stay high.",
        Settings(hidden=1), 10_000, "underfitting",
    ),
    "good_fit": Preset(
        "Good fit",
        "Ten dimensions, four characters and some weight decay: the dev loss levels off close to the train loss.",
        _SCALED.but(block_size=4, weight_decay=0.003), 6000, "good fit",
    ),
    "over_fit": Preset(
        "Overfit",
        "Two hundred units and 2,048 examples: the dev loss turns after some 200 steps while the train loss falls on.",
        _SCALED.but(hidden=200, train_examples=2048), 3000, "overfitting",
    ),
    "diverges": Preset(
        "Diverges",
        "A learning rate of 10 with direct connections: each step overshoots further, until the loss is no number.",
        Settings(learning_rate=10, direct=True), 100, "diverged",
    ),
    "bad_start": Preset(
        "Bad start",
        "Initial weights of N(0, 1) on 80 inputs: nearly every hidden unit sticks at −1 or 1.",
        Settings(embedding_dim=10, block_size=8), 800, "saturated",
    ),
    "better_start": Preset(
        "Better start",
        "The same network with initial weights scaled to the layer: it begins at ln V and is soon far ahead.",
        _SCALED.but(block_size=8), 800, "learning",
    ),
    "beats_counts": Preset(
        "Beats the trigram",
        "Eight characters, thirty dimensions and weight decay: on dev it beats counting, the interpolated trigram too.",
        _SCALED.but(embedding_dim=30, block_size=8, weight_decay=0.004), 8000, "good fit",
    ),
}  # fmt: skip


@dataclass(frozen=True)
class MapPreset:
    """A map of fits worth training: what the networks have in common, the two axes, and for how many steps."""

    settings: Settings
    x: tuple[str, tuple[Any, ...]]
    y: tuple[str, tuple[Any, ...]]
    steps: int


MAP = MapPreset(
    _SCALED,
    x=("hidden", (2, 5, 10, 20, 50, 100, 200, 300)),
    y=("train_examples", (64, 128, 256, 512, 1024, 2048, 4096, None)),
    steps=5000,
)


REMEDIES: dict[str, Remedy] = {
    "weight_decay": Remedy(
        "Weight decay", "Pull every weight towards zero, so that only what many examples ask for stays.",
        {"weight_decay": 0.005},
    ),
    "fewer_units": Remedy(
        "Fewer units", "Ten hidden units in place of 200 cannot learn every word by heart.", {"hidden": 10}
    ),
    "more_words": Remedy(
        "More words", "All training examples in place of 2,048: too many to learn by heart.", {"train_examples": None}
    ),
    "early_stopping": Remedy(
        "Early stopping", "Stop when the dev loss has not improved for 500 steps, and go back to its best.", {}, 500
    ),
}  # fmt: skip


def remedies() -> tuple[Preset, dict[str, Remedy]]:
    """The overfitting preset, and what to change in it; each remedy lowers its dev loss after the same steps."""
    return PRESETS["over_fit"], REMEDIES
