"""A short load test: three visitors, none of whom meets an error or another's run."""

from tests.load.__main__ import load


def test_three_visitors_meet_no_error_and_not_each_other() -> None:
    found = load(sessions=3, seconds=5, seed=2)
    assert found.errors == []
    assert all(visitor["frames"] > 0 and visitor["steps"] > 0 for visitor in found.visitors)
    assert len({visitor["end"][0]["seed"] for visitor in found.visitors}) == 3
