"""The embedding plot of the page on the backward pass: how the next step moves each row of C, and how exact that is."""

import streamlit as st

from mlp.engine.snapshot import Snapshot
from mlp.lessons.backward import Movement, next_movement
from mlp.plots import movement
from mlp.plots.patches import Patch
from pages.ui.lessons import backward_tables
from pages.ui.live import components as live
from pages.ui.shared.throttle import Throttled, if_same_shape


class Arrows:
    """The next step of C, worked out once for the chart and the table, on axes that stay as long as they fit."""

    def __init__(self, now: Snapshot) -> None:
        self._now = now
        self._next = Throttled(lambda s: next_movement(s.model, s.settings, s.dataset.train, s.epoch), 3.0, 0.0)
        self._reach = movement.stable_range(now.model.C)

    def chart(self) -> None:
        """The plot with its arrows."""
        characters = self._now.dataset.vocabulary.characters

        def view(snapshot: Snapshot) -> Patch:
            step, _, _ = self._at(snapshot)
            return movement.update(step.before, step.move, characters, self._reach)

        step, _, _ = self._at(self._now)
        drawn = movement.figure(step.before, step.move, characters, self._reach)
        live.chart("backward-movement", movement.TITLE, drawn, if_same_shape(self._now, view), wide=True)

    def explanation(self) -> None:
        """How to read the chart."""
        settings = self._now.settings
        dims = {1: ", each on a line of its own", 2: ""}.get(settings.embedding_dim, " (its first two dimensions)")
        step = "(gradient + weight decay × row)" if settings.weight_decay else "gradient"
        st.write(
            f"Each dot is a row of C{dims}. An arrow shows −learning rate × {step} for the next batch. A green dot "
            "without an arrow moves too little to be seen. " + backward_tables.grey(settings)
        )

    def table(self) -> None:
        """What the arrows are drawn from."""
        view = if_same_shape(
            self._now, lambda s: backward_tables.arrows(self._at(s), self._reach, s.settings.optimizer)
        )
        live.live_table("backward-arrows", "What the arrows show", view)

    def _at(self, snapshot: Snapshot) -> tuple[Movement, int, int]:
        found = self._next(snapshot)
        self._reach = movement.stable_range(found[0].before, self._reach)
        return found
