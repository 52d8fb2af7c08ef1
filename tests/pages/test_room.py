"""The room of every chart is kept from the start: none of them has to say later how high it is."""

import pytest

from pages.ui.live import components
from pages.ui.live.room import ROOM
from tests.pages.opening import opened

PAGES = [
    "",
    "lab",
    "embedding",
    "generate",
    "diagnostics",
    "examples",
    "lookup",
    "hidden",
    "output",
    "backward",
    "network",
]


@pytest.fixture(scope="module")
def heights() -> dict[str, int]:
    """Of every chart of every page, as its page draws it."""
    found: dict[str, int] = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(components, "_reserve", lambda key, figure: found.update({key: figure.layout.height}))
        for page in PAGES:  # each after the playground
            assert not opened(page).exception
    return found


def test_the_table_has_the_height_of_every_chart_and_no_others(heights: dict[str, int]) -> None:
    assert heights == ROOM


def test_another_height_is_told_by_the_page_itself() -> None:
    longer = opened("lookup", word_list="names")  # of fewer characters
    told = {key for html in longer.get("html") for key in ROOM if f"st-key-live-{key} " in html.proto.body}
    assert told
