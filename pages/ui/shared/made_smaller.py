"""What short runs take less of than the session’s own network, as a sentence or two."""

from mlp.lessons.effort import Short


def made_smaller(short: Short) -> str:
    """What was made smaller, or ""."""
    fewer = f"For a network of this size {short.steps:,} steps have to do." if short.cut_short else ""
    smaller = "A step takes fewer examples than your network’s, so that you need not wait."
    return f"{fewer} {smaller if short.smaller_batch else ''}".strip()
