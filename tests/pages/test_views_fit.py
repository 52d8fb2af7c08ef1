"""Each view of a chart is made for the figure that the page draws: trace by trace, nothing is left over."""

import pytest

from pages.ui.lessons.lesson import ORDER
from pages.ui.live import components
from tests.pages.opening import opened

CUT = ("lab-loss",)  # the first traces of a larger figure, whose view it shares
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
        if key not in CUT:
            assert len(patch["data"]) == len(figure.data), key
        for trace, change in zip(figure.data, patch["data"], strict=False):
            if trace.type == "scatter" and len(change.get("text") or ()) > 1:
                assert "text" in (trace.mode or "text"), f"{key}: the names of {trace.name} would not be seen"
