"""What a page would send and what only an attacker would, drawn from a seeded source of chance."""

import json
import random
from typing import Any

from mlp.settings import SPECS

NAMES = [
    "play", "pause", "step", "epoch", "reset", "undo", "run_epochs", "now", "look", "new_seed", "pace", "set",
    "defaults", "plane-drag", "rm", "__class__",
]  # fmt: skip
NUMBERS = 0, -1, 0.5, 7, 1e9, -1e308, 10**30, 10**400, float("inf"), float("-inf"), float("nan")
TEXTS = "", "none", "full", "1e999", "💥" * 30, "\ud800", "\x00", "<script>alert(1)</script>", "'; DROP TABLE runs; --"
LINKS = (
    "", "hidden=1e999&seed=-5", "block_size=💥", "run=1.xxxx&seed=3", "mine=../../etc/passwd",
    "train_share=1&dev_share=1", "word_list=own", "hidden=0&hidden=99999&embedding_dim=nan",
)  # fmt: skip
TOKENS = "guess", "..%2F..%2Fetc%2Fpasswd", "x" * 5000, "%00"
FLOOD = 500  # messages at once: more than the server takes without a pause


class Hostile:
    """A source of messages. The same seed gives the same messages."""

    def __init__(self, seed: str) -> None:
        self.chance = random.Random(seed)

    def message(self) -> str | bytes:
        """One message, legal or not."""
        kinds = (
            self._legal,
            self._command,
            self._command,
            self._frame,
            self._text,
            self._broken,
            self._bytes,
            self._large,
        )
        return self.chance.choices(kinds, (8, 4, 4, 2, 1, 1, 1, 0.3))[0]()

    def flood(self) -> list[str | bytes]:
        """Many messages at once, most of them alike: a slider under a very fast finger, or a stuck key."""
        one = [self.message() for _ in range(5)]
        return [self.chance.choice(one) for _ in range(FLOOD)]

    def value(self, depth: int = 0) -> Any:
        """Anything that JSON can say, and some things that only Python's can."""
        leaves = self.chance.choice([NUMBERS, TEXTS, (None, True, False)])
        if depth > 2 or self.chance.random() < 0.7:
            return self.chance.choice(leaves)
        parts = [self.value(depth + 1) for _ in range(self.chance.randint(0, 3))]
        names = "step", "exact", "x", "y", "phase", "point"
        return parts if self.chance.random() < 0.5 else {self.chance.choice(names): part for part in parts}

    def _legal(self) -> str:
        name = self.chance.choice(NAMES[:13])
        value: Any = None
        if name == "run_epochs":
            value = self.chance.randint(1, 3)
        elif name == "pace":
            value = self.chance.choice([None, "watch", 1, 100])
        elif name == "look":
            value = {"step": self.chance.randint(0, 5000), "exact": self.chance.random() < 0.3}
        setting = self.chance.choice(list(SPECS))
        if name == "set":
            value = self._legal_value(setting)
        return json.dumps({"type": "command", "name": name, "setting": setting, "value": value})

    def _legal_value(self, setting: str) -> Any:
        spec = SPECS[setting]
        if spec.choices is not None:
            return self.chance.choice(list(spec.choices))
        assert spec.low is not None
        assert spec.high is not None
        value = self.chance.choice([spec.low, spec.high, spec.default, self.chance.uniform(spec.low, spec.high)])
        return round(value) if value is not None and spec.whole else value

    def _command(self) -> str:
        setting = self.chance.choice([*SPECS, "__class__", "", None, [], {}])
        name = self.chance.choice([*NAMES, *NAMES, self.value()])
        return json.dumps({"type": "command", "name": name, "setting": setting, "value": self.value()})

    def _frame(self) -> str:
        views: Any = self.chance.choice([[], ["loss", "embedding"], ["nobody"] * 200, [None, [], 7], self.value()])
        watch = {"type": "watch", "wish": self.value(), "views": views}
        return json.dumps(self.chance.choice([watch, {"type": "drawn", "frame": self.value()}, {"type": self.value()}]))

    def _text(self) -> str:
        return self.chance.choice(
            ["", "{}", "[]", "null", "1" * 5000, "[" * 20_000, '{"a":' * 5000, "NaN", self._command()]
        )

    def _broken(self) -> str:
        text = self._command()
        return text[: self.chance.randrange(len(text))]

    def _bytes(self) -> bytes:
        return self.chance.randbytes(self.chance.randint(0, 2000))

    def _large(self) -> str:
        return json.dumps(
            {"type": "command", "name": "step", "padding": "x" * self.chance.choice([49_900, 60_000, 10**6])}
        )
