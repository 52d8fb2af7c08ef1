"""The values of a map's axis as a person types them: "2, 5, 10, all"."""

import re
from typing import Any

from mlp.settings import INVALID, SPECS, parse

SUGGESTED = {
    "hidden": "2, 5, 10, 20, 50, 100, 200, 300",
    "train_examples": "64, 128, 256, 512, 1024, 2048, 4096, all",
    "embedding_dim": "1, 2, 3, 5, 10, 20, 40, 64",
    "block_size": "1, 2, 3, 4, 5, 6, 8, 12",
    "weight_decay": "0, 0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1",
    "learning_rate": "0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 10",
}


def read_axis(name: str, text: str) -> tuple[Any, ...]:
    """The values in a text, separated by commas or spaces, from the lowest to the highest; "all" comes last.

    Raises:
        ValueError: a word that is no value of this setting, a value out of bounds, or one that stands twice.
    """
    spec = SPECS[name]
    values = [_value(name, word) for word in re.split(r"[,;\s]+", text.strip()) if word]
    if not values:
        raise ValueError(f"{spec.label} needs at least one value, like {SUGGESTED[name]}.")
    if len(set(values)) < len(values):
        raise ValueError(f"{spec.label} has the same value twice; every row and column of the map must differ.")
    return tuple(sorted(values, key=lambda value: float("inf") if value is None else value))


def _value(name: str, word: str) -> Any:
    spec = SPECS[name]
    if re.fullmatch(r"0\d+", word):
        raise ValueError(f"“{word[:20]}” is no number here: write 1024 without a comma, which separates the values.")
    value = parse(name, word)
    if value is INVALID:
        raise ValueError(f"“{word[:20]}” is no value of this setting. {spec.sentence()}")
    if value is not None and not (spec.low or 0) <= value <= (spec.high or 0):
        raise ValueError(f"{word[:20]} is out of bounds. {spec.sentence()}")
    if spec.whole and isinstance(value, float):
        raise ValueError(f"{word[:20]} is not a whole number. {spec.sentence()}")
    return value
