"""One of our figures as a page of its own, to zoom and hover in without the app."""

import json

import plotly.graph_objects as go

from mlp.export.page import page


def figure_html(figure: go.Figure, title: str) -> str:
    """A self-contained HTML page of a figure, light or dark as its reader's system is.

    Args:
        figure: drawn in the colours of `mlp.plots.theme`. title: plain text above it.
    """
    return page("figure.html", "figure.js", title, {"figure": json.loads(figure.to_json())})
