"""The figures of a run as web pages."""

from typing import TYPE_CHECKING

from mlp.export.figures import figure_html
from mlp.plots import embedding, loss
from mlp.plots.of_run import embedding_plot, loss_curve

if TYPE_CHECKING:
    from mlp import Trainer


def figure_pages(trainer: "Trainer") -> dict[str, str]:
    """Each figure as a page, by the name of its file."""
    figures = {loss.TITLE: loss_curve(trainer), embedding.TITLE: embedding_plot(trainer)}
    return {f"{title.lower().replace(' ', '-')}.html": figure_html(figure, title) for title, figure in figures.items()}
