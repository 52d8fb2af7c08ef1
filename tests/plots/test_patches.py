"""What the figures share."""

from mlp.plots.patches import MOST_TICKS, named_ticks


def test_an_axis_names_all_characters_or_as_many_as_can_be_read():
    few, many = [chr(65 + i) for i in range(MOST_TICKS)], [chr(0x4E00 + i) for i in range(513)]
    assert named_ticks(few)["xaxis.ticktext"] == few
    ticks = named_ticks(many)
    assert len(ticks["xaxis.ticktext"]) <= MOST_TICKS
    assert all(
        many[place] == name for place, name in zip(ticks["xaxis.tickvals"], ticks["xaxis.ticktext"], strict=True)
    )
