"""Every page runs without an exception, cold, at the ends of the settings (what AppTest can see: no JavaScript)."""

import pytest
from streamlit.testing.v1 import AppTest

from pages.ui.lessons.lesson import ORDER
from tests.paths import FRAME


@pytest.mark.parametrize(
    "link", [{}, {"block_size": "12", "embedding_dim": "64"}, {"block_size": "1", "embedding_dim": "1", "hidden": "1"}]
)
def test_the_playground_runs(link: dict[str, str]) -> None:
    app = AppTest.from_file(FRAME, default_timeout=60)
    for name, value in link.items():
        app.query_params[name] = value
    app.run()
    assert not app.exception
    headings = {heading.value for heading in app.subheader}
    assert {"Character embedding", "Loss curve", "Generated names"} <= headings


@pytest.mark.parametrize(
    "page", ["lab", "embedding", "generate", "diagnostics", "runs", *(file.removesuffix(".py") for file, _, _ in ORDER)]
)
@pytest.mark.parametrize(
    "link", [{"block_size": "12", "embedding_dim": "64", "hidden": "1024"}, {"block_size": "1", "embedding_dim": "1"}]
)
def test_every_page_runs_at_the_ends_of_the_settings(page: str, link: dict[str, str]) -> None:
    app = AppTest.from_file(FRAME, default_timeout=120)
    for name, value in link.items():
        app.query_params[name] = value
    app.run()
    app.switch_page(f"{page}.py").run()
    assert not app.exception
    assert app.title


def test_a_link_with_nonsense_says_what_was_changed() -> None:
    app = AppTest.from_file(FRAME, default_timeout=60)
    app.query_params["hidden"] = "99999"
    app.run()
    assert not app.exception
    assert "1024" in app.info[0].value
