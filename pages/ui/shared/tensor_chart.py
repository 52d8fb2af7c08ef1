"""One of the network's tensors as a live heatmap, its rows and columns named by contexts and characters."""

from collections.abc import Callable

from torch import Tensor

from mlp.engine.snapshot import Snapshot
from mlp.lessons.examples import Row
from mlp.lessons.snippets import SYMBOLS
from mlp.plots import tensors
from mlp.plots.patches import text
from mlp.plots.theme import shown
from pages.ui.live import components as live
from pages.ui.shared.throttle import if_same_shape

BY_EXAMPLE = {"X", "embedded", "concatenated", "preactivation", "hidden", "logits", "logprobs"}
TO_CHARACTER = {"logits", "logprobs", "W2", "b2", "W"}


def show(
    key: str,
    now: Snapshot,
    name: str,
    tensor_of: Callable[[Snapshot], Tensor],
    rows: tuple[Row, ...],
    mark: int | None = None,
    title: str | None = None,
) -> None:
    """The chart.

    Args:
        key: as in `live.chart`. now: the snapshot that the page was made for.
        name: which tensor it is (`mlp.lessons.snippets.SYMBOLS`). tensor_of: the tensor itself, or its gradient.
        rows: the examples of the batch. mark: the example to draw a frame around. title: instead of the symbol.
    """
    symbol = SYMBOLS[name]
    known = [shown(character) for character in now.dataset.vocabulary.characters]
    across = known if name in TO_CHARACTER else None
    down = [text(row.context) for row in rows] if name in BY_EXAMPLE else known if name == "C" else None
    drawn = tensors.figure(symbol, tensor_of(now), down, across, mark=mark, title=title)
    view = if_same_shape(now, lambda s: tensors.update(symbol, tensor_of(s), down, across, mark=mark, title=title))
    live.chart(key, title or symbol, drawn, view)
