"""What it costs to bring each lesson chart up to date: done up to twenty times a second for each one in sight."""

import pytest

import mlp
from tests.plots.test_lesson_figures import charts

TRAINER = mlp.Trainer(mlp.Settings())


@pytest.mark.parametrize("name", charts(TRAINER))
def test_an_update(benchmark, name):
    module, arguments, keywords = charts(TRAINER)[name]
    assert benchmark(module.update, *arguments, **keywords)["data"]
