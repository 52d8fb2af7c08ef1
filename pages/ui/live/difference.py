"""What turns one state of a view into the next, so that a frame carries only what has changed.

A change is a dict with one or two of these keys; `difference.js` applies it in the browser:

    {"=": value}          the value in place of what was there
    {"~": {key: change}}  a dict: the changes of some keys
    {"-": [key, …]}       a dict: keys that are gone (beside "~")
    {"+": [value, …]}     a list: more values at its end
    {"@": [[index, change], …]}  a list of the same length: the changes of some places
    {}                    no change
"""

from itertools import compress
from operator import is_not, ne, or_
from typing import Any

Change = dict[str, Any]
NESTED = {dict, list}
SHORT = 8  # a list of so few numbers is sent whole: naming places would take more room


def difference(old: Any, new: Any) -> Change:
    """What turns `old` into `new`, both plain data (dicts with text keys, lists, numbers, texts, None)."""
    if isinstance(old, dict) and isinstance(new, dict):
        return _of_dicts(old, new)
    if isinstance(old, list) and isinstance(new, list):
        return _of_lists(old, new)
    return {} if type(old) is type(new) and old == new else {"=": new}


def _of_dicts(old: dict[str, Any], new: dict[str, Any]) -> Change:
    changed = {key: difference(old[key], value) if key in old else {"=": value} for key, value in new.items()}
    parts = {
        "~": {key: change for key, change in changed.items() if change},
        "-": [key for key in old if key not in new],
    }
    return {mark: part for mark, part in parts.items() if part}


def _of_lists(old: list[Any], new: list[Any]) -> Change:
    if old == new:
        return {}
    if len(old) == len(new):
        return _of_places(old, new)
    if len(new) > len(old) > SHORT and new[: len(old)] == old:
        return {"+": new[len(old) :]}
    return {"=": new}


def _of_places(old: list[Any], new: list[Any]) -> Change:
    """The changes of two lists of one length; the new list where naming the places would take more room."""
    kinds = list(map(type, new))
    nested = not NESTED.isdisjoint(kinds)
    if not nested and len(new) <= SHORT:
        return {"=": new}
    differs = map(ne, old, new)
    if kinds != list(map(type, old)):  # True equals 1
        differs = map(or_, differs, map(is_not, map(type, old), kinds))
    changed = list(compress(range(len(new)), differs))
    if not nested and 2 * len(changed) > len(new):
        return {"=": new}
    changes = ((place, difference(old[place], new[place])) for place in changed)
    return {"@": [(place, change) for place, change in changes if change]}
