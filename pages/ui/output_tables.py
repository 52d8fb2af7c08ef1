"""The live tables of the page on output and loss: rows of text made from the numbers of `mlp.lessons.output`."""

from mlp.lessons.output import FirstLoss, Output, Worst
from mlp.settings import SPECS
from pages.ui.said import chance, fixed

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
        "columns": ["example", "loss in nats", "its probability", "expected instead", "with probability"],
        "rows": [
            [
                f"{one.context} ---> {one.label}",
                fixed(one.loss, 4),
                chance(one.probability),
                one.expected,
                chance(one.expected_probability),
            ]
            for one in found
        ],
    }


def starts(found: dict[str, FirstLoss]) -> dict[str, list[str]]:
    """The first loss for each way to draw the weights, as columns."""
    spec = SPECS["init"]
    assert spec.choices
    return {
        spec.label: [spec.choices[init] for init in found],
        "first loss": [fixed(start.loss, 4) for start in found.values()],
        "even guessing": [fixed(start.even, 4) for start in found.values()],
        "spread of the scores": [fixed(start.spread, 3) for start in found.values()],
    }
