"""The values of a map's axis as a person types them: "2, 5, 10, all"."""

import re
from typing import Any

from mlp.settings import INVALID, SPECS, parse

SUGGESTED = {
    "hidden": "1, 2, 3, 5, 10, 30, 100, 300",
    "train_examples": "512, 768, 1024, 1536, 2048, 3072, 4096, all",
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
        raise ValueError(f"{spec.label} lists the same value twice. Each value may appear once.")
    return tuple(sorted(values, key=lambda value: float("inf") if value is None else value))


def _value(name: str, word: str) -> Any:
    spec = SPECS[name]
    if re.fullmatch(r"0\d+", word):
        raise ValueError(f"“{word[:20]}” is not a number. Commas separate values, so write 1024, not 1,024.")
    value = parse(name, word)
    if value is INVALID:
        raise ValueError(f"“{word[:20]}” is not a valid value. {spec.sentence()}")
    if value is not None and not (spec.low or 0) <= value <= (spec.high or 0):
        raise ValueError(f"{word[:20]} is out of range. {spec.sentence()}")
    if spec.whole and isinstance(value, float):
        raise ValueError(f"{word[:20]} must be a whole number. {spec.sentence()}")
    return value
