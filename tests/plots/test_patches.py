"""What the figures share."""

import plotly.graph_objects as go

import mlp
from mlp.engine.snapshot import Curve
from mlp.plots import embedding, letters, loss, tensors
from mlp.plots.patches import MOST_TICKS, apply, named_ticks
from mlp.plots.theme import empty_figure


def test_an_axis_names_all_characters_or_as_many_as_can_be_read():
    few, many = [chr(65 + i) for i in range(MOST_TICKS)], [chr(0x4E00 + i) for i in range(513)]
    assert named_ticks(few)["xaxis.ticktext"] == few
    ticks = named_ticks(many)
    assert len(ticks["xaxis.ticktext"]) <= MOST_TICKS
    assert all(
        many[place] == name for place, name in zip(ticks["xaxis.tickvals"], ticks["xaxis.ticktext"], strict=True)
    )


def test_a_patch_does_what_plotly_itself_does_with_each_change():
    trainer = mlp.Trainer(mlp.Settings())
    C, dataset = trainer.model.C.numpy(), trainer.dataset
    curve = Curve((0, 10, 20), (0.0, 0.1, 0.2), (3.2, 2.6, 2.1), (3.0, 2.5, 2.0), (3.1, 2.7, 2.4))
    for figure, patch in (
        (letters.figure(), letters.update(C, dataset, 7, embedding.extent(C), marked=5)),
        (loss.figure(), loss.update(curve, len(dataset.vocabulary), 20, 2.1)),
        (tensors.figure("C", trainer.model.C), tensors.update("C", 2 * trainer.model.C, mark=3)),
    ):
        by_plotly = go.Figure(figure)
        for trace, change in zip(by_plotly.data, patch["data"], strict=True):
            trace.update(change)
        for key, value in patch["layout"].items():
            by_plotly.layout[key] = value
        before = figure.to_dict()
        assert apply(figure, patch).to_dict() == by_plotly.to_dict()
        assert figure.to_dict() == before, "the figure itself stays as it was"


def test_what_is_merged_into_a_layout_is_what_plotly_merges():
    changes = {"margin": {"t": 34}, "xaxis": {"title": {"text": "step"}}, "legend": {"x": 0}, "height": 300}
    by_plotly = empty_figure()
    by_plotly.update_layout(**changes)
    assert empty_figure(**changes).to_dict() == by_plotly.to_dict()


def test_figures_that_are_made_once_are_still_each_callers_own():
    first = letters.figure(300)
    first.update_layout(height=111, meta={"rows": True})
    first.data[0].name = "changed"
    second = letters.figure(300)
    assert (second.layout.height, second.layout.meta) == (300, None)
    assert second.data[0].name == "trail"
    assert letters.figure(400).layout.height == 400
