"""Level lines: each at its loss, and no two names on top of one another."""

import math

import pytest

from mlp.plots import levels

LEVELS = {"guess": 3.53, "trigram": 2.73, "bigram": 2.67, "unigram": 3.01, "half": 2.61, "lowest": 1.25}


@pytest.mark.parametrize("log_y", [False, True])
@pytest.mark.parametrize("log_x", [False, True])
def test_names_that_are_close_stand_side_by_side(log_x: bool, log_y: bool) -> None:
    bottom, top, right = 1.0, 4.5, 2000.0
    lines = levels.patches(LEVELS, (1.0, right), (bottom, top), log_x=log_x, log_y=log_y)
    assert len(lines) == levels.MAX_LEVELS
    drawn = {line["name"]: line for line in lines if line["visible"]}
    assert {name: line["y"] for name, line in drawn.items()} == {name: [loss] * 3 for name, loss in LEVELS.items()}
    assert drawn["guess"]["x"][1] == pytest.approx(right), "a name with room stands at the right"
    height = math.log10 if log_y else float
    for one in LEVELS:
        for other in LEVELS:
            apart = abs(height(LEVELS[one]) - height(LEVELS[other])) / (height(top) - height(bottom))
            if one != other and apart < levels.CLOSE:
                assert drawn[one]["x"][1] != drawn[other]["x"][1], (one, other)


def test_a_name_makes_room_for_that_at_the_end_of_a_curve() -> None:
    for end, share in ((3.6, levels.COLUMNS[1]), (2.0, levels.COLUMNS[0])):
        line = levels.patches({"guess": 3.53}, (0, 100), (1, 4.5), ends=[end])[0]
        assert line["x"][1] == pytest.approx(100 * share)


def test_what_is_no_number_is_not_drawn() -> None:
    lines = levels.patches({"mixed": math.nan, "bigram": 2.7}, (0, 10), (1, 4))
    assert [line.get("name") for line in lines if line["visible"]] == ["bigram"]
