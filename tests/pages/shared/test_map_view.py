"""The line under the map of letters is true of the settings at hand."""

import pytest

from tests.pages.opening import opened, patches


@pytest.mark.parametrize(
    ("decay", "end"), [("0", "moves this point."), ("0.1", "moves this point; only weight decay does.")]
)
def test_the_grey_letters_are_told_to_stay_only_where_they_do(decay: str, end: str) -> None:
    app = opened("", weight_decay=decay)
    run = app.session_state.live.run
    assert patches(app)["untrained"]["text"].endswith(end)
    row = run.trainer.dataset.untrained[0]
    before = run.now().model.C[row].clone()
    run.run_to(50)
    while run.now().step < 50:
        pass
    assert run.now().model.C[row].equal(before) == (decay == "0")
