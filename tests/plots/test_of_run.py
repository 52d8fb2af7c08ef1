"""The figures of a trainer show its own numbers, at every stage of a run."""

import math

import pytest

import mlp
from mlp.plots.of_run import embedding_plot, loss_curve, map_of_fits


def trace(figure: object, name: str) -> object:
    return next(each for each in figure.data if each.name == name)  # type: ignore[attr-defined]


def test_the_loss_curve_ends_at_the_losses_of_now() -> None:
    trainer = mlp.Trainer(mlp.Settings(hidden=5, train_examples=64), mlp.load_words("pokemon"))
    trainer.step(trainer.timeline.due())
    figure = loss_curve(trainer)
    for split in ("train", "dev"):
        drawn = trace(figure, split)
        assert drawn.x[-1] == trainer.steps_done
        assert drawn.y[-1] == pytest.approx(trainer.evaluate(split), rel=1e-4)
        assert None not in drawn.y


@pytest.mark.parametrize("dimensions", [1, 2, 5])
def test_every_character_has_its_place(dimensions: int) -> None:
    trainer = mlp.Trainer(mlp.Settings(hidden=5, embedding_dim=dimensions), mlp.load_words("pokemon"))
    trainer.step(10)
    points = [(x, y) for each in embedding_plot(trainer).data for x, y in zip(each.x, each.y, strict=True)]
    assert len(points) == len(trainer.dataset.vocabulary)
    C = trainer.model.C
    if dimensions == 1:
        assert sorted(x for x, _ in points) == pytest.approx(sorted(C[:, 0].tolist()))
    if dimensions == 2:
        assert sorted(points) == [pytest.approx(row) for row in sorted(map(tuple, C.tolist()))]
    if dimensions == 5:  # the plane holds as much of the variance as the two largest singular values do
        singular = (C - C.mean(0)).svd().S.tolist()
        middle = [sum(axis) / len(points) for axis in zip(*points, strict=True)]
        spread = sum((x - middle[0]) ** 2 + (y - middle[1]) ** 2 for x, y in points)
        assert spread == pytest.approx(singular[0] ** 2 + singular[1] ** 2, rel=1e-4)


def test_the_map_of_fits() -> None:
    fits = mlp.FitMap(mlp.Settings(), x=("hidden", [2, 4, 8]), y=("train_examples", [64, None]))
    fits.step(30)
    drawn = map_of_fits(fits, "train").data[0].z
    assert [list(row) for row in drawn] == [pytest.approx(row, rel=1e-4) for row in fits.loss("train").tolist()]


def test_before_the_first_step_and_after_divergence() -> None:
    trainer = mlp.Trainer(mlp.Settings(learning_rate=10, direct=True), mlp.load_words("pokemon"))
    for _ in range(2):
        assert math.isclose(loss_curve(trainer).data[1].x[0], 0)
        assert embedding_plot(trainer).data
        trainer.step(100)
    assert trainer.diverged
