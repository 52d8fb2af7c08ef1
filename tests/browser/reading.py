"""How the tests read the lesson pages: their charts by title, their live tables, the places of their parts."""

import mlp
from mlp.lessons.examples import word_examples
from mlp.plots import descent, example_losses, graph, movement, network, probabilities, softmax
from tests.browser.app import App, eventually

TITLES = {
    "output": ["logits", softmax.TITLE, probabilities.TITLE, example_losses.TITLE],
    "backward": [graph.TITLE, "loss", descent.TITLE, "C before", "C.grad", "C after", movement.TITLE],
    "network": [network.TITLE],
}


def opened(app: App, page: str, link: str = "") -> App:
    app.open(page + link)
    for title in TITLES[page]:
        eventually(lambda: app.draws(title) > 0, f"{title} on {page}")  # noqa: B023
    return app


def table(app: App, title: str) -> list[list[str]]:
    """A live table, row by row."""
    rows = app.page.get_by_role("group", name=title, exact=True).locator("tbody tr")
    return [row.locator("td").all_inner_texts() for row in rows.all()]


def cell(app: App, title: str, row: str) -> float:
    """The number in a row of a live table of two columns; nan before it is there."""
    return float(dict(table(app, title)).get(row, "nan"))


def ralts(trainer: mlp.Trainer):
    return word_examples("ralts", trainer.dataset.vocabulary, trainer.settings.block_size)


def label(app: App, title: str) -> str:
    return app.chart(title).get_attribute("aria-label") or ""


def place(app: App, number: int, part: str) -> tuple[float, float]:
    """Where on the screen a part of a diagram stands, scrolled into view."""
    plot = app.page.locator(".live-wide .js-plotly-plot").nth(number)
    plot.evaluate("plot => plot.scrollIntoView({ block: 'center' })")
    app.page.wait_for_timeout(300)
    x, y = plot.evaluate(
        """(plot, part) => {
          const box = plot.getBoundingClientRect();
          const { xaxis, yaxis } = plot._fullLayout;
          for (const trace of plot.data)
            for (const [i, data] of (trace.customdata ?? []).entries())
              if (data[0] === part)
                return [box.x + xaxis._offset + xaxis.l2p(trace.x[i]), box.y + yaxis._offset + yaxis.l2p(trace.y[i])];
        }""",
        part,
    )
    return x, y
