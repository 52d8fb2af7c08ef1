"""A run in a link: the settings stay readable, and one parameter holds what they do not say.

The readable settings are those of now. The parameter holds the step, and for each change the values that held before
it, so that whoever loses or spoils the parameter still has the settings. It is checked together with them.
"""

import base64
import json
import zlib
from hashlib import sha256
from typing import Any

from mlp.settings import Settings, to_link
from mlp.training.history import Change
from mlp.training.recipe import Recipe, Words
from mlp.words import load_words

PARAMETER = "run"
VERSION = "1"
MAX_LENGTH = 6_000  # characters: longer addresses are cut by mail programs and servers
MAX_UNPACKED = 1_000_000
CHECK = 6  # bytes
FAULTS = (ValueError, LookupError, TypeError, AttributeError, RecursionError, zlib.error)

OUTDATED = "The link’s run was made by another version of this app, so only its settings were opened."
SPOILT = "The link’s run does not fit its settings (a part was lost or changed?), so only the settings were opened."
OTHER_WORDS = "The link’s run learned from another word list than the one here, so only its settings were opened."


def to_parameter(recipe: Recipe, settings: Settings) -> str:
    """What a link needs beside the settings of now, as URL-safe text; "" for an untrained network.

    Args:
        settings: those in force at the recipe's step.

    Raises:
        ValueError: the run cannot travel in a link, because it is too long or its words are the user's own.
    """
    if recipe.words.own is not None:
        raise ValueError("This run learned from words of your own, which no link can hold.")
    if not recipe.step:
        return ""
    told: dict[str, Any] = {"step": recipe.step, "words": recipe.words.id[:12], "before": _values_before(recipe)}
    if recipe.diverged:
        told["diverged"] = recipe.diverged
    packed = zlib.compress(json.dumps(told, separators=(",", ":")).encode(), 9)
    text = f"{VERSION}.{base64.urlsafe_b64encode(_check(packed, settings) + packed).decode().rstrip('=')}"
    if len(text) > MAX_LENGTH:
        raise ValueError(
            f"This run has {len(recipe.changes):,} changes, too many for a link ({len(text) / 1000:.0f} kB)."
        )
    return text


def from_parameter(text: str, settings: Settings) -> Recipe:
    """The run of a link with these settings.

    Raises:
        ValueError: it cannot be had; one sentence says why.
    """
    if len(text) > MAX_LENGTH:
        raise ValueError("The link is too long to hold a run, so only its settings were opened.")
    version, _, rest = text.partition(".")
    if version != VERSION:
        raise ValueError(OUTDATED if version.isdigit() and rest else SPOILT)
    words = load_words(settings.word_list)
    try:
        told = _unpack(rest, settings)
        of_these_words = words.id.startswith(told["words"])
        first, changes = _changes_after(told["before"], settings)
        recipe = Recipe(
            settings=first, words=Words.of(words), changes=changes, step=told["step"],
            diverged=told.get("diverged"),
        )  # fmt: skip
    except FAULTS:
        raise ValueError(SPOILT) from None
    if not of_these_words:
        raise ValueError(OTHER_WORDS)
    return recipe


def _values_before(recipe: Recipe) -> list[tuple[int, dict[str, Any]]]:
    """For each change its step and the values that held before it."""
    before, values = [], recipe.settings.model_dump()
    for change in recipe.changes:
        before.append((change.step, {name: values[name] for name in change.settings}))
        values |= change.settings
    return before


def _changes_after(before: list[Any], settings: Settings) -> tuple[Settings, tuple[Change, ...]]:
    """The first settings, and the changes that lead from them to these settings."""
    changes: list[Change] = []
    for step, values in reversed(before):
        changes.append(Change(step, {name: getattr(settings, name) for name in values}))
        settings = settings.with_changes(**values)
    return settings, tuple(reversed(changes))


def _unpack(text: str, settings: Settings) -> dict[str, Any]:
    data = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    check, packed = data[:CHECK], data[CHECK:]
    if check != _check(packed, settings):
        raise ValueError("the check does not fit")
    return json.loads(zlib.decompressobj().decompress(packed, MAX_UNPACKED))


def _check(packed: bytes, settings: Settings) -> bytes:
    return sha256(packed + json.dumps(to_link(settings), sort_keys=True).encode()).digest()[:CHECK]
