"""The live tables and figures of the page of examples: what each shows of a snapshot."""

from typing import Any

from torch import Tensor

from mlp.dataset import Dataset
from mlp.engine.snapshot import Snapshot
from mlp.graphemes import clusters
from mlp.lessons.examples import Followed, WordExamples, alike, expected_loss, parts, split_of, word_examples
from mlp.plots import tensors, window
from mlp.plots.patches import text
from mlp.plots.theme import shown
from mlp.words import singular
from pages.ui.lessons.lesson import Pick
from pages.ui.live.session import View
from pages.ui.shared.formatting import number
from pages.ui.shared.once import show_spaces, static_view

MAX_FOLLOWERS = 6
LONGEST = 16
LETTERS = 4
UNSEEN = "does not occur in the training examples. The network has to generalise from similar contexts."


def window_view(picked: Pick) -> View:
    """The window over the word; it follows the block size at once."""

    def view(then: Snapshot) -> dict[str, Any]:
        index = then.dataset.vocabulary.index
        if not set(picked.word) <= set(index):
            return {}
        return window.update(picked.word, picked.position, then.settings.block_size, index)

    return view


def rows_view(picked: Pick) -> View:
    """The notes' picture of a word's examples, as characters and as indices."""

    def view(then: Snapshot) -> dict[str, Any]:
        found = examples_now(picked, then)
        if found is None:
            return {}
        rows = [
            [
                f"{show_spaces(row.context)} ---> {show_spaces(row.label)}",
                f"[{', '.join(map(str, row.context_indices))}] ---> {row.label_index}",
            ]
            for row in found.rows
        ]
        return {"columns": ["as characters", "as indices: X ---> Y"], "rows": rows, "strong": [picked.position]}

    return view


def examples_now(picked: Pick, then: Snapshot) -> WordExamples | None:
    """The word's examples at the block size of a snapshot; None where its network does not know the word."""
    if not set(picked.word) <= set(then.dataset.vocabulary.characters):
        return None
    if then.settings.block_size == picked.X.shape[1] and then.dataset.vocabulary.encode(picked.word)[0] == picked.Y[0]:
        return picked.examples
    return word_examples(picked.word, then.dataset.vocabulary, then.settings.block_size)


def tensor_views(picked: Pick) -> tuple[View, View]:
    """X and Y of the word as heatmaps, the chosen example marked in X."""
    X, Y = picked.X, picked.Y
    labels = [shown(row.label) for row in picked.examples.rows]

    def x_view(then: Snapshot) -> dict[str, Any]:
        return tensors.update(
            "X", picked.X, contexts(picked), positive=True, mark=picked.position, corner=corner(picked.position, X)
        )

    def y_view(then: Snapshot) -> dict[str, Any]:
        return tensors.update("Y", Y, columns=labels, positive=True, corner=corner(0, Y, picked.position))

    return x_view, y_view


def contexts(picked: Pick) -> list[str]:
    """The labels of a tensor with a row an example: the contexts."""
    return [text(row.context) for row in picked.examples.rows]


def corner(row: int, tensor: Tensor, column: int = 0) -> tuple[int, int]:
    """The first row and column shown of a large tensor, so that the chosen ones are among them."""
    rows, columns = tensors.as_table(tensor).shape
    return _first(row, rows), _first(column, columns)


def _first(chosen: int, count: int) -> int:
    return max(0, min(chosen - tensors.MAX_SHOWN // 2, count - tensors.MAX_SHOWN))


def shapes(then: Snapshot, word: str) -> dict[str, Any]:
    """The shapes of X and Y for the word and for each split."""
    T = then.settings.block_size
    counts = [(quoted(word), len(clusters(word)) + 1)] + [(part.name, part.examples) for part in parts(then.dataset)]
    return {
        "columns": ["examples from", "X.shape", "Y.shape"],
        "rows": [[name, f"({count}, {T})", f"({count},)"] for name, count in counts],
        "strong": [0],
    }


def quoted(word: str) -> str:
    """A word within a sentence or a table; of a very long one the beginning."""
    return f"“{show_spaces(word if len(word) <= LONGEST else word[: LONGEST - 1] + '…')}”"


def split(then: Snapshot, word: str) -> dict[str, Any]:
    """How many words and examples each split has, and where the word is."""
    where = split_of(then.dataset, word)
    rows = [
        [part.name, f"{part.words:,}", f"{part.fraction:.1%}", f"{part.examples:,}"] for part in parts(then.dataset)
    ]
    return {
        "text": f"{quoted(word)} is a {where} {singular(then.dataset.noun)}."
        if where
        else f"{quoted(word)} is not among these {then.dataset.noun}, so the network never trains on it.",
        "columns": ["split", then.dataset.noun, "fraction", "examples"],
        "rows": rows,
        "strong": [i for i, row in enumerate(rows) if row[0] == where],
    }


def followed_view(picked: Pick, followed: Followed) -> View:
    """What follows the chosen context in a sentence, and the lowest loss on these examples beside the network's."""
    context, kinds = show_spaces(followed.context), len(followed.counts)
    if not followed.total:
        return static_view({"text": f"“{context}” {UNSEEN}"})
    always = "always " if followed.total > 1 else ""
    one = f"{always}followed by “{show_spaces(followed.counts[0][0])}”."
    following = f"followed by {kinds} different characters." if kinds > 1 else one

    def view(then: Snapshot) -> dict[str, Any]:
        loss = expected_loss(followed, then.model.forward(picked.x).logits[0], then.dataset.vocabulary)
        return {
            "text": f"“{context}” occurs {times(followed.total)} in the training examples, {following}",
            "columns": ["mean loss on these examples", "nats"],
            "rows": [["lowest possible", number(followed.lowest)], ["this network now", number(loss)]],
            "strong": [0],
        }

    return view


def times(count: int) -> str:
    """How often something occurs."""
    return "once" if count == 1 else f"{count:,} times"


def ambiguous(contexts: list[Followed]) -> dict[str, Any]:
    """Contexts that different characters follow, as a table."""
    if not contexts:
        return {"text": "None: in these examples every context is always followed by the same character."}
    return {
        "columns": ["context", "count", "followed by", "lowest possible loss"],
        "rows": [
            [show_spaces(found.context), f"{found.total:,}", _named(found), f"{found.lowest:.4f}"] for found in contexts
        ],
    }


def _named(found: Followed) -> str:
    named = ", ".join(f"{show_spaces(character)} {count}" for character, count in found.counts[:MAX_FOLLOWERS])
    more = len(found.counts) - MAX_FOLLOWERS
    return f"{named} and {more} more" if more > 0 else named


def lowest(then: Snapshot, losses: dict[int, float]) -> dict[str, Any]:
    """The lowest train loss that these examples allow at each block size, beside the network's."""
    own = then.settings.block_size
    return {
        "columns": ["train loss", "nats"],
        "rows": [
            *([f"lowest possible at block size {size}", number(loss)] for size, loss in losses.items()),
            ["this network now", number(then.losses[1])],
        ],
        "strong": [place for place, size in enumerate(losses) if size == own],
    }


def related(dataset: Dataset) -> str:
    """How much dev resembles train, in a sentence; "" where no dev word begins like a train word."""
    count, total = alike(dataset, LETTERS), len(dataset.dev.words)
    if not count:
        return ""
    begin = "begins" if count == 1 else "begin"
    return (
        f" Related {dataset.noun} can still be in different splits: {count:,} of {total:,} dev {dataset.noun} {begin} "
        f"with the same {LETTERS} characters as a train {singular(dataset.noun)}, which makes dev a little too easy."
    )
