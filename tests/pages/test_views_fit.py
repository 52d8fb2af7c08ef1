"""Each view of a chart is made for the figure that the page draws: trace by trace, nothing is left over."""

import pytest

from pages.ui.lessons.lesson import ORDER
from pages.ui.live import components
from tests.pages.opening import opened

PAGES = ["", "lab", "embedding", "generate", "diagnostics", *(file.removesuffix(".py") for file, _, _ in ORDER)]


@pytest.mark.parametrize("page", PAGES)
def test_a_view_gives_a_patch_for_each_trace_with_its_points_where_the_names_are(
    page: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    figures = {}
    draw = components._drawing

    def noted(key, title, figure):
        figures[key] = figure
        return draw(key, title, figure)

    monkeypatch.setattr(components, "_drawing", noted)
    app = opened(page)
    assert not app.exception
    live = app.session_state.live
    live.run.call(lambda trainer: trainer.step(3))
    now = live.run.now()
    shown = [key for key in figures if key in live.views]  # the playground is opened first, and left
    assert shown
    for key in shown:
        figure, patch = figures[key], live.views[key](now)
        if "data" not in patch:
            continue
        assert len(patch["data"]) == len(figure.data), key
        for trace, change in zip(figure.data, patch["data"], strict=True):
            named = trace.mode and "text" in trace.mode
            if trace.type == "scatter" and change.get("text") and len(change["text"]) > 1:
                assert named, f"{key}: the names of {trace.name} would not be seen"
