"""The live tables of the page on output and loss: rows of text made from the numbers of `mlp.lessons.output`."""

from mlp.lessons.output import FirstLoss, Output, Worst
from mlp.settings import SPECS
from pages.ui.shared.formatting import chance, fixed
from pages.ui.shared.once import visible

Table = dict[str, list[str] | list[list[str]] | list[int]]


def sums(made: Output, place: int, label: int, true: str) -> Table:
    """One example's way from its true character's logit to that character's probability."""
    return {
        "columns": ["", "now"],
        "rows": [
            [f"logit of “{true}”", fixed(made.logits[place, label].item(), 4)],
            [f"count of “{true}” = exp(logit)", f"{made.counts[place, label].item():.5g}"],
            ["sum of all counts", f"{made.sums[place].item():.5g}"],
            [f"probability of “{true}” = count / sum", chance(made.probabilities[place, label].item())],
            ["sum of all probabilities", fixed(made.probabilities[place].sum().item())],
        ],
        "strong": [3],
    }


def losses(made: Output) -> Table:
    """The loss both ways."""
    return {
        "columns": ["loss of this word", "nats"],
        "rows": [["by hand", fixed(made.by_hand)], ["F.cross_entropy", fixed(made.fused)]],
    }


def overflow(made: Output, place: int, label: int, true: str, added: int) -> Table:
    """What becomes of every number on the way when a constant was added to the logits."""
    return {
        "columns": [f"logits {'−' if added < 0 else '+'} {abs(added)}", "now"],
        "rows": [
            ["largest logit of the word", fixed(made.logits.max().item(), 3)],
            ["largest count = exp(logit)", f"{made.counts.max().item():.4g}"],
            ["sum of counts, picked example", f"{made.sums[place].item():.4g}"],
            [f"probability of “{true}” there", chance(made.probabilities[place, label].item())],
            ["loss by hand", fixed(made.by_hand)],
            ["loss by F.cross_entropy", fixed(made.fused)],
        ],
        "strong": [4, 5],
    }


def hardest(found: list[Worst]) -> Table:
    """The examples with the highest loss."""
    return {
        "columns": ["example", "loss in nats", "its probability", "most likely", "with probability"],
        "rows": [
            [
                f"{visible(one.context)}\N{NO-BREAK SPACE}→\N{NO-BREAK SPACE}{visible(one.label)}",
                fixed(one.loss, 4),
                chance(one.probability),
                visible(one.expected),
                chance(one.expected_probability),
            ]
            for one in found
        ],
    }


def starts(found: dict[str, FirstLoss], few: dict[str, FirstLoss], examples: int, fewer: int) -> dict[str, list[str]]:
    """The first loss for each way to draw the weights, as columns: on all `examples`, and on the first `fewer`."""
    spec = SPECS["init"]
    assert spec.choices
    rows = {f"first loss, {examples:,} training examples": [fixed(start.loss, 4) for start in found.values()]}
    if fewer < examples:
        rows[f"first loss, only the first {fewer}"] = [fixed(start.loss, 4) for start in few.values()]
    rows |= {
        "loss of even guessing": [fixed(start.even, 4) for start in found.values()],
        "spread of the scores": [fixed(start.spread, 3) for start in found.values()],
        "loss to expect from that spread": [fixed(start.from_spread, 1) for start in found.values()],
    }
    columns = {spec.choices[init]: [row[place] for row in rows.values()] for place, init in enumerate(found)}
    return {spec.label: list(rows), **columns}


def why_so_high(start: FirstLoss, largest: float, V: int) -> str:
    """The first loss with N(0, 1) weights, reckoned in a sentence from the spread of the scores."""
    if start.spread < 3:
        return "Here the scores hardly spread, so the first loss is not far above even guessing."
    return (
        f"What that costs: the largest of {V} random scores lies on average {largest:.1f} spreads above their mean, "
        f"the true one at the mean. Here a spread is {start.spread:.1f}, so the loss should begin near {largest:.1f} × "
        f"{start.spread:.1f} = **{largest * start.spread:.0f}** nats. It begins at {start.loss:.2f}."
    )
