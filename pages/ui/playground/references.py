"""Lines that give the losses their meaning: what counting reaches, and the lowest loss that the examples allow."""

from functools import partial

import streamlit as st

from mlp.analysis.baselines import Baselines, baselines, mixed_loss
from mlp.engine.snapshot import Snapshot
from mlp.plots.loss import Extras
from pages.ui.live.session import Session
from pages.ui.playground import pins
from pages.ui.shared.throttle import Seldom

LINES = {
    "unigram": ("single characters (unigram), on dev", "unigram"),
    "bigram": ("pairs (bigram), on dev", "bigram"),
    "trigram": ("triples (trigram), on dev", "trigram"),
    "interpolated": ("interpolated trigram, on dev", "interpolated"),
    "lowest": ("lowest possible, on train", "lowest possible on train"),
    "mixed": ("half network, half trigram, on dev", "half and half"),
}
HELP = (
    "**Counting** how often each character occurs (unigram), or follows the last one (bigram) or two (trigram), needs "
    "no network; one that is worth its cost does better on dev. The **interpolated trigram** mixes these counts. "
    "**Lowest possible**: where the same context is followed by different characters, no network can be right each "
    "time. **Half network, half trigram** is the paper’s mixture: half this network’s probabilities, half the "
    "interpolated trigram’s."
)
AXES = {"log_x": "log steps", "log_y": "log loss"}


def choose() -> tuple[list[str], list[str]]:
    """What the reader wants to see: the names of lines and of logarithmic axes."""
    with st.popover("Lines and axes", icon=":material/tune:"):
        lines = st.multiselect(
            "Reference lines", list(LINES), format_func=lambda line: LINES[line][0], key="references",
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
        self._mixed = Seldom(lambda snapshot: mixed_loss(snapshot.model, snapshot.dataset), least=1.0)

    def extras(self, snapshot: Snapshot) -> Extras:
        wanted = {LINES[line][1]: partial(self._loss, line, snapshot) for line in self._lines}
        return Extras(
            log_x="log_x" in self._axes,
            log_y="log_y" in self._axes,
            references={name: loss() for name, loss in wanted.items()},
            ghosts=[pin.line for pin in self._session.pins],
            words=pins.words_of(snapshot.settings),
        )

    def _loss(self, line: str, snapshot: Snapshot) -> float:
        if line == "mixed":
            return self._mixed(snapshot)
        known: Baselines = baselines(snapshot.dataset)
        return known.lowest if line == "lowest" else getattr(known.dev, line)
