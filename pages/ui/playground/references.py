"""Lines that give the losses their meaning: what counting reaches, and the lowest possible train loss."""

from functools import partial

import streamlit as st

from mlp.analysis.baselines import Baselines, baselines, mixed_loss
from mlp.engine.snapshot import Snapshot
from mlp.plots.loss import Extras
from pages.ui.live.session import Session
from pages.ui.playground import pins
from pages.ui.shared.throttle import Throttled

LINES = {
    "unigram": ("unigram (single characters), dev loss", "unigram"),
    "bigram": ("bigram (pairs), dev loss", "bigram"),
    "trigram": ("trigram (triples), dev loss", "trigram"),
    "interpolated": ("interpolated trigram, dev loss", "interpolated"),
    "lowest": ("lowest possible train loss", "lowest possible train loss"),
    "mixed": ("mixture: half network, half trigram, dev loss", "mixture"),
}
HELP = (
    "Models that only **count**: how often a character occurs (unigram), follows one character (bigram) or two "
    "(trigram). A network that is worth the effort beats them on dev. The **interpolated trigram** mixes all three. "
    "**Lowest possible train loss**: where the training data continues one context in several ways, no network can "
    "always be right. **Mixture**: the average of this network’s and the interpolated trigram’s probabilities, as in "
    "the paper."
)
AXES = {"log_x": "log x-axis (steps)", "log_y": "log y-axis (loss)"}


def choose() -> tuple[list[str], list[str]]:
    """What the reader wants to see: the names of lines and of logarithmic axes."""
    with st.popover("Reference lines", icon=":material/tune:"):
        lines = st.multiselect(
            "Lines", list(LINES), format_func=lambda line: LINES[line][0], key="references",
            persist_state="session", help=HELP,
        )  # fmt: skip
        axes = st.pills(
            "Logarithmic axes", list(AXES), selection_mode="multi", format_func=AXES.__getitem__, key="loss_axes",
            persist_state="session",
        )  # fmt: skip
    return list(lines), list(axes)


class References:
    """The chosen lines and the pinned runs, as the loss curve of each snapshot takes them."""

    def __init__(self, session: Session, lines: list[str], axes: list[str]) -> None:
        self._session, self._lines, self._axes = session, lines, axes
        self._mixed = Throttled(lambda snapshot: mixed_loss(snapshot.model, snapshot.dataset), least=1.0)

    def extras(self, snapshot: Snapshot) -> Extras:
        wanted = {LINES[line][1]: partial(self._loss, line, snapshot) for line in self._lines}
        return Extras(
            log_x="log_x" in self._axes,
            log_y="log_y" in self._axes,
            references={name: loss() for name, loss in wanted.items()},
            ghosts=[pin.line for pin in pins.board(self._session).pins],
            words=snapshot.recipe.words.title,
            dev_words=snapshot.dataset.dev.words,
            changes=snapshot.recipe.changes,
        )

    def _loss(self, line: str, snapshot: Snapshot) -> float:
        if line == "mixed":
            return self._mixed(snapshot)
        known: Baselines = baselines(snapshot.dataset)
        return known.lowest if line == "lowest" else getattr(known.dev, line)
