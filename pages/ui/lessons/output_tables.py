"""The live tables of the page on output and loss: rows of text made from the numbers of `mlp.lessons.output`."""

from mlp.lessons.output import FirstLoss, Output, Worst
from mlp.settings import SPECS
from pages.ui.shared.formatting import format_number, format_probability, format_size
from pages.ui.shared.once import show_spaces

LITTLE = 3.0  # logits that spread less are not ruled by the largest alone

Table = dict[str, list[str] | list[list[str]] | list[int]]


def sums(made: Output, place: int, label: int, target: str) -> Table:
    """One example's way from the logit of its target to the probability of its target."""
    return {
        "columns": ["quantity", "now"],
        "rows": [
            [f"logit of “{target}”", format_number(made.logits[place, label].item(), 4)],
            [f"exp(logit) of “{target}” (counts)", format_size(made.counts[place, label].item())],
            ["sum over all characters", format_size(made.sums[place].item())],
            [
                f"probability of “{target}” = exp(logit) / sum",
                format_probability(made.probabilities[place, label].item()),
            ],
            ["sum of all probabilities", format_number(made.probabilities[place].sum().item())],
        ],
        "strong": [3],
    }


def losses(made: Output) -> Table:
    """The loss both ways."""
    return {
        "columns": ["mean loss of your word", "nats"],
        "rows": [["by hand", format_number(made.by_hand)], ["F.cross_entropy", format_number(made.fused)]],
    }


def overflow(made: Output, place: int, label: int, target: str, added: int) -> Table:
    """What becomes of every number on the way when a constant was added to the logits."""
    return {
        "columns": [f"logits {'−' if added < 0 else '+'} {abs(added)}", "now"],
        "rows": [
            ["largest logit of the word", format_number(made.logits.max().item(), 3)],
            ["largest exp(logit)", format_size(made.counts.max().item(), 4)],
            ["sum of exp(logit), your example", format_size(made.sums[place].item(), 4)],
            [f"probability of “{target}” in your example", format_probability(made.probabilities[place, label].item())],
            ["loss by hand", format_number(made.by_hand)],
            ["loss by F.cross_entropy", format_number(made.fused)],
        ],
        "strong": [4, 5],
    }


def hardest(found: list[Worst]) -> Table:
    """The examples with the highest loss."""
    return {
        "columns": ["example", "loss (nats)", "probability of target", "top prediction", "its probability"],
        "rows": [
            [
                f"{show_spaces(one.context)}\N{NO-BREAK SPACE}→\N{NO-BREAK SPACE}{show_spaces(one.label)}",
                format_number(one.loss, 4),
                format_probability(one.probability),
                show_spaces(one.top),
                format_probability(one.top_probability),
            ]
            for one in found
        ],
    }


def starts(found: dict[str, FirstLoss], few: dict[str, FirstLoss], examples: int, fewer: int) -> dict[str, list[str]]:
    """The first loss for each way to draw the weights, as columns: on all `examples`, and on the first `fewer`."""
    spec = SPECS["init"]
    assert spec.choices
    rows = {f"first loss, {examples:,} training examples": [format_number(start.loss, 4) for start in found.values()]}
    if fewer < examples:
        rows[f"first loss, only the first {fewer}"] = [format_number(start.loss, 4) for start in few.values()]
    rows |= {
        "loss of a uniform guess": [format_number(start.uniform, 4) for start in found.values()],
        "spread: standard deviation of the logits": [format_number(start.spread, 3) for start in found.values()],
        "loss expected from it": [format_number(start.from_spread, 1) for start in found.values()],
    }
    columns = {spec.choices[init]: [row[place] for row in rows.values()] for place, init in enumerate(found)}
    return {spec.label: list(rows), **columns}


def why_so_high(start: FirstLoss, largest: float, V: int) -> str:
    """The first loss with N(0, 1) weights, estimated in a sentence from the spread of the logits."""
    actual = f"The actual first loss is {start.loss:.2f}."
    if start.spread < LITTLE:
        return (
            f"A rough estimate: here the standard deviation of the logits is only {start.spread:.1f}, and {V} random "
            f"logits that spread so little give a loss of about **{start.from_spread:.1f}** nats. {actual}"
        )
    return (
        f"A rough estimate: of {V} random numbers the largest is on average {largest:.1f} standard deviations above "
        "the mean, while the target’s logit is at the mean on average. Here one standard deviation is "
        f"{start.spread:.1f}, so expect about {largest:.1f} × {start.spread:.1f} ≈ **{largest * start.spread:.0f}** "
        f"nats. {actual}"
    )
