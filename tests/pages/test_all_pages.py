"""Every page runs without an exception, cold, at the ends of the settings (what AppTest can see: no JavaScript)."""

import pytest

from pages.ui.lessons.lesson import ORDER
from tests.pages.opening import opened


@pytest.mark.parametrize(
    "link", [{}, {"block_size": "12", "embedding_dim": "64"}, {"block_size": "1", "embedding_dim": "1", "hidden": "1"}]
)
def test_the_playground_runs(link: dict[str, str]) -> None:
    app = opened(**link)
    assert not app.exception
    headings = {heading.value for heading in app.header}
    assert {"Character embedding", "Loss curve"} <= headings
    assert "to invent names" in app.get("html")[0].proto.body


@pytest.mark.parametrize(
    "page", ["lab", "embedding", "generate", "diagnostics", "runs", *(file.removesuffix(".py") for file, _, _ in ORDER)]
)
@pytest.mark.parametrize(
    "link", [{"block_size": "12", "embedding_dim": "64", "hidden": "1024"}, {"block_size": "1", "embedding_dim": "1"}]
)
def test_every_page_runs_at_the_ends_of_the_settings(page: str, link: dict[str, str]) -> None:
    app = opened(page, **link)
    assert not app.exception
    assert app.title


def test_a_link_with_nonsense_says_what_was_changed() -> None:
    app = opened(hidden="99999")
    assert not app.exception
    assert "1024" in app.info[0].value


def test_what_a_link_says_is_shown_as_text() -> None:
    app = opened(optimizer="[a](http://b.example)")
    assert not app.exception
    assert r"\[a\]\(http://b\.exa" in app.info[0].value.replace(r"\:", ":")
