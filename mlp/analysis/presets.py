"""Settings that show each regime within seconds, and what helps against overfitting.

Every verdict holds for the Pokémon list, and so does every number in a description, for the default seed; the tests
train each preset and ask `mlp.diagnose`. Dev losses vary by about 0.03 with the seed, so nothing here rests on less.
On another list nothing was measured: there `on` gives a description that says what is set and claims no more.
"""

from dataclasses import dataclass, replace
from typing import Any

from mlp.settings import Settings
from mlp.words import OWN_LIST, noun_of, singular

MEASURED_ON = Settings().word_list
UNTRIED = "It was tried out on the Pokémon list, so with these {noun} it can go another way."


@dataclass(frozen=True)
class Preset:
    """Ready-made settings: how many steps they take, what there is to see, and the verdict that they end with.

    `elsewhere` describes them on a list that they were not measured on; None where they are of that list alone.
    """

    label: str
    description: str
    settings: Settings
    steps: int
    verdict: str
    elsewhere: str | None = None

    def on(self, word_list: str) -> "Preset":
        """The preset for another word list, as far as it is not of one list alone."""
        if word_list == MEASURED_ON or self.elsewhere is None:
            return self
        description = f"{self.elsewhere} {UNTRIED.format(noun=_noun(word_list))}"
        return replace(self, settings=self.settings.with_changes(word_list=word_list), description=description)


@dataclass(frozen=True)
class Remedy:
    """One change against overfitting: settings to change, or `patience` steps to wait for a better dev loss.

    `elsewhere` describes it on a list that it was not measured on, where that is not the same.
    """

    label: str
    description: str
    changes: dict[str, Any]
    patience: int | None = None
    elsewhere: str | None = None

    def on(self, word_list: str) -> "Remedy":
        """The remedy for another word list."""
        if word_list == MEASURED_ON or self.elsewhere is None:
            return self
        return replace(self, description=self.elsewhere.format(one=singular(_noun(word_list))))


def _noun(word_list: str) -> str:
    return noun_of(ships=word_list != OWN_LIST)


_SCALED = Settings(init="scaled", embedding_dim=10)

PRESETS: dict[str, Preset] = {
    "notes": Preset(
        "The notes’ 32 examples",
        "The first 32 examples of the Pokémon list, all in every step: three whole names and the start of a fourth, "
        "soon known by heart.",
        Settings(train_examples=32, batch_size=None), 1000, "memorising",
    ),
    "under_fit": Preset(
        "Underfit",
        "Only one hidden unit: train and dev loss stay close together, and both stay high.",
        Settings(hidden=1), 10_000, "underfitting",
        "Only one hidden unit: the least that a hidden layer can have.",
    ),
    "good_fit": Preset(
        "Good fit",
        "Ten embedding dimensions, four characters of context and a little weight decay: the dev loss ends just above "
        "the train loss, clearly below a bigram model’s.",
        _SCALED.with_changes(block_size=4, weight_decay=0.003), 6000, "good fit",
        "Ten embedding dimensions, four characters of context and a little weight decay.",
    ),
    "over_fit": Preset(
        "Overfit",
        "200 hidden units but only 2,048 examples: after about 300 steps the dev loss starts to rise while the train "
        "loss keeps falling.",
        _SCALED.with_changes(hidden=200, train_examples=2048), 3000, "overfitting",
        "200 hidden units but at most 2,048 examples.",
    ),
    "diverges": Preset(
        "Diverges",
        "A learning rate of 10, with direct connections: every step overshoots more, until the loss overflows.",
        Settings(learning_rate=10, direct=True), 100, "diverged",
        "A learning rate of 10, with direct connections: steps so large that each may overshoot more.",
    ),
    "bad_start": Preset(
        "Bad start",
        "Starting weights from N(0, 1) and 80 inputs per unit: almost every hidden activation is stuck near −1 or 1.",
        Settings(embedding_dim=10, block_size=8), 800, "saturated",
        "Starting weights from N(0, 1) and 80 inputs per unit: such sums are mostly so large that tanh is near ±1.",
    ),
    "better_start": Preset(
        "Better start",
        "The same network with weights scaled by fan-in: it starts at a uniform guess (ln V) and is far better after "
        "800 steps.",
        _SCALED.with_changes(block_size=8), 800, "learning",
        "The network of “Bad start” with weights scaled by fan-in: it starts near a uniform guess (ln V).",
    ),
    "beats_counts": Preset(
        "Beats the trigram",
        "Eight characters, 30 dimensions and weight decay: its dev loss is lower than that of every counting model, "
        "even the interpolated trigram.",
        _SCALED.with_changes(embedding_dim=30, block_size=8, weight_decay=0.004), 8000, "good fit",
        "Eight characters, 30 dimensions and weight decay: “Reference lines” shows what counting models reach here.",
    ),
}  # fmt: skip


@dataclass(frozen=True)
class MapPreset:
    """A map of fits: what the networks have in common, the two axes, and for how many steps."""

    settings: Settings
    x: tuple[str, tuple[Any, ...]]
    y: tuple[str, tuple[Any, ...]]
    steps: int


MAP = MapPreset(
    _SCALED,
    x=("hidden", (1, 2, 3, 5, 10, 30, 100, 300)),
    y=("train_examples", (512, 768, 1024, 1536, 2048, 3072, 4096, None)),
    steps=5000,
)


REMEDIES: dict[str, Remedy] = {
    "weight_decay": Remedy(
        "Weight decay",
        "Pull every parameter towards zero, so that only patterns supported by many examples survive. It still holds "
        "when training goes on.",
        {"weight_decay": 0.005},
        elsewhere="Pull every parameter towards zero, so that only patterns supported by many examples survive.",
    ),
    "fewer_units": Remedy(
        "Fewer units",
        "Use 10 hidden units instead of 200: too few to memorise every name. Overfitting starts later (around step "
        "1,400 instead of 300) and is weaker.",
        {"hidden": 10},
        elsewhere="Use 10 hidden units instead of 200, which leaves less room to memorise every {one}.",
    ),
    "more_words": Remedy(
        "More examples",
        "Use all training examples instead of 2,048. Overfitting starts later (around step 1,300 instead of 300) and "
        "is weaker.",
        {"train_examples": None},
        elsewhere="Use all training examples instead of at most 2,048.",
    ),
    "early_stopping": Remedy(
        "Early stopping", "Stop when the dev loss has not improved for 500 steps, and restore the best step.", {}, 500
    ),
}  # fmt: skip


def remedies(word_list: str = MEASURED_ON) -> tuple[Preset, dict[str, Remedy]]:
    """The overfitting preset, and what to change in it.

    On the Pokémon list each remedy lowers its dev loss after the same steps; on another one that is to be seen.
    """
    return PRESETS["over_fit"].on(word_list), {name: remedy.on(word_list) for name, remedy in REMEDIES.items()}
