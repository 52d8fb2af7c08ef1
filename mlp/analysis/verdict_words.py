"""The words of the verdict: one sentence and its reasons for every case that `mlp.analysis.verdict_rules` can find."""

from dataclasses import dataclass
from typing import Any

from mlp.analysis.verdict_rules import CHANGE, GAP, Finding
from mlp.training.curves import CHANCE
from mlp.training.divergence import Divergence

VERDICTS = (
    "not known yet", "untrained", "learning", "slow progress", "rate too low", "rate too high", "underfitting",
    "bigram level", "good fit", "levelled off", "overfitting", "memorising", "saturated", "diverged",
)  # fmt: skip

NO_DEV = "There are no dev {noun}, so there is no way to measure how it does on unseen {noun}."
LOWEST = "The train loss is {above:.2f} above the lowest possible on these examples ({lowest:.2f})."
SINCE = "Since about step {since:,} the dev loss has risen by {rise:.2f} while the train loss has fallen by {fall:.2f}."
BIGRAM = "The train loss of a bigram model is {bigram:.2f}."
COUNTED = "For comparison: on dev, a bigram model has {bigram_dev:.2f}, the interpolated trigram {trigram_dev:.2f}."
PARTING = (
    "The gap grows: since about step {stalled:,} the train loss has fallen by {fall:.2f}, the dev loss not at all."
)
TIES = f"Dev losses vary by about {CHANCE} with the seed, so a smaller difference says nothing."
TUNED = (
    "Scaled starting weights, ten embedding dimensions and a weight decay of 0.003 together would help; here they are "
    "{init}, {dimensions} and {decay:g}."
)
LONGER = "A larger block size than {block} would help."
STILL = (
    f"Rule: it is still learning if a loss fell by clearly more than {CHANGE} over the second half of the run, or by "
    f"{2 * CHANGE} over the last three quarters."
)


@dataclass(frozen=True)
class Diagnosis:
    """`verdict` is one of `VERDICTS`; `sentence` says it in plain words; `reasons` are the numbers behind it.

    `turn` is the step from which on the smoothed dev loss has risen, where that is the verdict; the sentence rounds it.
    """

    verdict: str
    sentence: str
    reasons: tuple[str, ...]
    turn: int | None = None


@dataclass(frozen=True)
class Words:
    """A verdict's word, and templates of its sentence and reasons. A reason that lacks a number is left out."""

    verdict: str
    sentence: str
    reasons: tuple[str, ...] = ()


DIVERGED = "Training diverged at step {step:,}: {what} overflowed (inf or nan)."
OVERFLOWED = {"loss": "the loss", "parameters": "a parameter"}
LOSSES = ("Smoothed over the last steps: train loss {train:.2f}, dev loss {dev:.2f}.",)
WORDS = {
    "pending": Words("not known yet", "Working out the losses…"),
    "untrained": Words(
        "untrained", "Untrained: the weights are still random.", ("A uniform guess has a loss of {uniform:.2f}.",)
    ),
    "diverged": Words("diverged", DIVERGED, ("The learning rate is {rate:g}. Try a lower one.",)),
    "blown up": Words(
        "diverged", "Diverging: the loss has grown to {train:.3g}. The learning rate {rate:g} is too high.",
        ("That is worse than at the start ({first:.2f}).", "That is worse than a uniform guess ({guess:.2f})."),
    ),
    "rate too high": Words(
        "rate too high",
        "Rate too high: the losses jump up and down by about {noise:.1g}. The learning rate is {rate:g}.",
        ("With a lower rate they would settle.", *LOSSES),
    ),
    "rises": Words(
        "rate too high", "Rate too high: the train loss has risen to {train:.2f}. The learning rate is {rate:g}.",
        ("Around step {then:,} it was {low:.2f}. With a lower rate it would not rise again.", *LOSSES),
    ),
    "rate too low": Words(
        "rate too low",
        "Rate too low: after {step:,} steps the train loss is still {train:.2f}. The learning rate is {rate:g}.",
        ("It has fallen by only {fall:.2f} since about step {before:,}, and so smoothly that larger steps would do.",
         BIGRAM, *LOSSES),
    ),
    "learning": Words(
        "learning", "Still learning: the {split} loss has fallen by {fall:.2f} since about step {before:,}.",
        (*LOSSES, STILL),
    ),
    "learning apart": Words(
        "learning", "Still learning, but the dev loss is already {gap:.1f} above the train loss.",
        ("The {split} loss has fallen by {fall:.2f} since about step {before:,}.", *LOSSES, STILL),
    ),
    "begun": Words(
        "learning", "Still learning: training has only just started.", ("There is no other verdict before step 200.",)
    ),
    "turned": Words(
        "overfitting", "Overfitting since about step {since:,}: the dev loss rises while the train loss keeps falling.",
        (SINCE, *LOSSES, LOWEST),
    ),
    "wide gap": Words(
        "overfitting", "Overfitting: the dev loss is {gap:.2f} above the train loss and has stopped falling.",
        (f"This app calls a gap of more than {GAP} nats overfitting, even if the dev loss is not rising yet.", *LOSSES,
         LOWEST),
    ),
    "memorising": Words(
        "memorising",
        "Memorising: {copies} of {samples} generated {noun} are training {noun}, and the dev loss is {gap:.1f} above "
        "the train loss.",
        (SINCE, *LOSSES, LOWEST),
    ),
    "copies": Words(
        "memorising", "Memorising: {copies} of {samples} generated {noun} are training {noun}.", (NO_DEV, LOWEST)
    ),
    "saturated": Words(
        "saturated",
        "Saturated: {fraction:.0%} of the hidden activations are beyond ±0.97, where almost no gradient gets through.",
        ("Smaller starting weights (“Scaled by fan-in”) or a lower learning rate avoid this.",
         "Its train loss is worse than a bigram model’s ({bigram:.2f}).", *LOSSES),
    ),
    "decayed": Words(
        "underfitting",
        "Underfitting: a weight decay of {decay:g} keeps the train loss at {train:.2f}, above a bigram model’s "
        "({bigram:.2f}).",
        ("A weaker decay, below 0.01, would help.", *LOSSES),
    ),
    "short": Words(
        "underfitting",
        "Underfitting: with a block size of {block} no train loss is below {lowest:.2f}, and this one is {train:.2f}.",
        (LONGER, *LOSSES),
    ),
    "small": Words(
        "underfitting",
        "Underfitting: the smoothed train loss is {train:.2f} and hardly falls; even a bigram model’s is {bigram:.2f}.",
        ("Hidden units: {hidden}. The network has {parameters:,} parameters, a bigram model {table:,}: more units "
         "would help.",
         "It has fallen by {fall:.2f} since about step {before:,}.", *LOSSES),
    ),
    "slow": Words(
        "slow progress", "Slow progress: the smoothed train loss is {train:.2f}, still above a bigram model’s "
        "({bigram:.2f}).",
        ("More embedding dimensions than {dimensions} would help.",
         "Starting weights scaled by fan-in would help; these are {init}.", "Or train longer.", *LOSSES),
    ),
    "like a bigram": Words(
        "bigram level",
        "On unseen {noun} only about as good as a bigram model: the smoothed dev loss is {dev:.2f}, a bigram model’s "
        "{bigram_dev:.2f}.",
        (TIES, PARTING, LONGER, TUNED, *LOSSES),
    ),
    "worse than a bigram": Words(
        "bigram level",
        "On unseen {noun} worse than a bigram model: the smoothed dev loss is {dev:.2f}, a bigram model’s "
        "{bigram_dev:.2f}.",
        (PARTING, LONGER, TUNED, *LOSSES),
    ),
    "good fit": Words(
        "good fit", "Good fit: the dev loss has levelled off at {dev:.2f}, {place} the train loss.",
        (COUNTED, PARTING, *LOSSES),
    ),
    "levelled": Words("levelled off", "The train loss has levelled off at {train:.2f}.", (NO_DEV,)),
}  # fmt: skip


def told(diverged: Divergence) -> dict[str, Any]:
    """When a run diverged, and what overflowed, as a sentence takes it."""
    return {"step": diverged.step, "what": OVERFLOWED[diverged.what]}


def divergence_sentence(diverged: Divergence) -> str:
    """What happened to a run that diverged."""
    return DIVERGED.format(**told(diverged))


def in_words(found: Finding) -> Diagnosis:
    """A finding as a reader meets it."""
    words = WORDS[found.case]
    reasons = (_filled(reason, found) for reason in words.reasons)
    return Diagnosis(
        words.verdict, _filled(words.sentence, found), tuple(filter(None, reasons)), found.numbers.get("turn")
    )


def _filled(template: str, found: Finding) -> str:
    """A template with its numbers; "" where one is missing."""
    gap = found.numbers.get("gap", 0.0)
    place = "near" if abs(gap) < 0.005 else f"{abs(gap):.2f} {'above' if gap > 0 else 'below'}"
    try:
        return template.format(place=place, **found.numbers)
    except KeyError:
        return ""
