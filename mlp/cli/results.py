"""Results on stdout: numbers for a reader, or JSON, one object a line."""

import json
import math
from typing import Any

import click

HUGE = 1e6  # a loss of a run that is about to overflow


def print_json(**result: Any) -> None:
    """One object, in one line. JSON has no word for what is not finite, so that becomes null."""
    click.echo(json.dumps(_plain(result), allow_nan=False))


def loss_text(loss: float) -> str:
    """A loss in nats, to three decimals; "inf" where it overflowed, "nan" where there are no examples."""
    return f"{loss:.3f}" if loss < HUGE or not math.isfinite(loss) else f"{loss:.3e}"


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
