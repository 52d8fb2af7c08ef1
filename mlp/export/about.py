"""What every file that leaves the app says of its run, in the same plain words."""

import math
import re
from collections.abc import Iterator

from mlp.settings import SPECS, Settings, in_words, show
from mlp.training.recipe import Recipe
from mlp.training.trainer import Trainer
from mlp.words import OWN, WORD_LISTS

UNITS = ("block_size", "embedding_dim", "hidden", "train_examples", "batch_size")


def words_of(trainer: Trainer) -> str:
    """Which words a run learns from, and how many: "Pokémon names (1,025)".

    The name of a list of one's own may be any text, so all is left out that could break out of where it is put.
    """
    words = trainer.recipe().words
    if words.own is None:
        return WORD_LISTS[words.name]
    name = " ".join(re.sub(r"[^\w ,’-]", " ", words.name).split())
    return f"{name or OWN} ({len(trainer.words):,})"


def title_of(trainer: Trainer) -> str:
    """The run in one line: its words, the settings that shape it, and the step it has come to."""
    s = trainer.settings
    network = [f"block size {s.block_size}", f"{s.embedding_dim}-D embedding", f"{s.hidden:,} hidden units"]
    return f"{words_of(trainer)}, {', '.join(network)}, {trainer.steps_done:,} steps"


def settings_rows(settings: Settings, of_own_words: bool) -> Iterator[tuple[str, str]]:
    """Every setting by its label, as text; the word list only where it is the one that was learned from."""
    for name, spec in SPECS.items():
        if name == "word_list" and of_own_words:
            continue
        value = getattr(settings, name)
        yield spec.label, spec.choices[value] if spec.choices else show(name, value)


def live_story(recipe: Recipe) -> Iterator[str]:
    """What was changed on the way, one sentence a change."""
    for change in recipe.changes:
        yield f"From step {change.step:,} on: {in_words(change.settings)}."


def loss(value: float) -> str:
    """A loss in nats as the app shows it; a dash where there is none."""
    if math.isnan(value):
        return "–"
    return f"{value:.4f}" if abs(value) < 1e6 else f"{value:.4e}"
