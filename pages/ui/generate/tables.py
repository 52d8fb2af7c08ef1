"""The live texts and tables of the page on generating names or words."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from mlp.sampling import MAX_LENGTH, Drawn
from mlp.scoring import Likely
from mlp.words import singular
from pages.ui.shared.formatting import format_number, format_probability, format_size, number
from pages.ui.shared.once import show_spaces

FROM = {
    "new": "new", "train": "in the training list", "dev": "in dev", "test": "in test",
    "unused": "in the list, not trained on", "cut off": "cut off", "empty": "empty",
}  # fmt: skip  # the origins of `mlp.scoring.origin`, as the page names them
EMPTY = "(empty)"
OVERFLOWED = "The network’s numbers have overflowed, so nothing has a probability."

Table = dict[str, Any]


def shown_word(word: str) -> str:
    """A word as a table shows it."""
    return show_spaces(word) or EMPTY


def batch(drawn: Sequence[Drawn], nats: Sequence[Sequence[float]], sources: Sequence[str], noun: str) -> Table:
    """Words with their probabilities; of one that was cut off, the probability of its characters without an end."""
    rows = []
    for each, surprise, source in zip(drawn, nats, sources, strict=True):
        counted = surprise if each.ended else surprise[:-1]
        word = shown_word(each.word) + ("" if each.ended else "…")
        probability = format_size(math.exp(-sum(counted)), 4)
        rows.append([word, probability if each.ended else f"at most {probability}", FROM[source]])
    return {"columns": [singular(noun), "probability", "where it is from"], "rows": rows}


def batch_text(shares: Mapping[str, float], count: int, step: int, noun: str) -> str:
    """Where so many words of the network at a step are from, in a sentence."""
    held = shares["dev"] + shares["test"]
    parts = [
        f"{shares['new']:.0%} are new", f"{shares['train']:.0%} are in the training list", f"{held:.0%} in dev or test"
    ]  # fmt: skip
    if shares["unused"]:
        parts.append(f"{shares['unused']:.0%} in the list but not trained on")
    if shares["empty"]:
        parts.append(f"{shares['empty']:.0%} are empty")
    if shares["cut off"]:
        parts.append(f"{shares['cut off']:.0%} were cut off after {MAX_LENGTH} characters")
    return f"Of {count} {noun} drawn like these at step {step:,}, {', '.join(parts)}."


def likeliest(found: Sequence[Likely], sources: Sequence[str], noun: str) -> Table:
    """The most probable words, the most probable first."""
    if not found:
        return {"text": OVERFLOWED, "columns": [], "rows": []}
    certain = sum(each.certain for each in found)
    text = (
        f"No other {singular(noun)} is more probable."
        if certain == len(found)
        else f"The search has to leave out so much here that only the first {certain} are certain; other {noun} may be "
        "as probable as the rest."
        if certain
        else f"The search has to leave out so much here that other {noun} may be more probable."
    )
    rows = [
        [str(place), shown_word(each.word), format_size(each.probability, 4), FROM[source]]
        for place, (each, source) in enumerate(zip(found, sources, strict=True), start=1)
    ]
    return {"text": text, "columns": ["place", singular(noun), "probability", "where it is from"], "rows": rows}


def surprise(network: Sequence[float], bigram: Sequence[float], source: str) -> Table:
    """How surprising a word is in all, a character, and as a perplexity, beside the bigram."""
    both = network, bigram
    return {
        "text": f"This word is {FROM[source]}.",
        "columns": ["measure", "network", "bigram"],
        "rows": [
            ["surprise in all (nats)", *(format_number(sum(nats), 4) for nats in both)],
            ["surprise per character (nats)", *(format_number(_mean(nats), 4) for nats in both)],
            ["perplexity, e^(surprise per character)", *(number(_perplexity(nats), 2) for nats in both)],
            ["probability of the whole word", *(format_probability(math.exp(-sum(nats))) for nats in both)],
        ],
        "strong": [1],
    }


def _mean(nats: Sequence[float]) -> float:
    return sum(nats) / len(nats)


def _perplexity(nats: Sequence[float]) -> float:
    mean = _mean(nats)
    return math.exp(mean) if mean < 700 else math.inf
