"""Short runs are those of plain PyTorch with autograd: without the bend, and with a part that is left out."""

import pytest
import torch
import torch.nn.functional as F

import mlp
from mlp.lessons.short_runs import ShortRuns, Variant, VariantRun
from mlp.training.batches import Batches


def by_autograd(settings, dataset, frozen, bend, steps):
    """The dev loss after some steps of the notes' own loop, with `torch.optim`."""
    leaves = {name: p.clone().requires_grad_() for name, p in mlp.Trainer(settings).model.parameters.items()}
    learning = [p for name, p in leaves.items() if name != frozen]
    rate, decay = settings.learning_rate, settings.weight_decay
    optimizer = (
        torch.optim.Adam(learning, rate, weight_decay=decay)
        if settings.optimizer == "adam"
        else torch.optim.SGD(learning, rate, weight_decay=decay)
    )
    batches = Batches(dataset.train, settings)

    def loss(split, rows):
        x = leaves["C"][split.X[rows]].flatten(1)
        a = x @ leaves["W1"] + leaves["b1"]
        logits = (torch.tanh(a) if bend else a) @ leaves["W2"] + leaves["b2"]
        if "W" in leaves:
            logits = logits + x @ leaves["W"]
        return F.cross_entropy(logits, split.Y[rows])

    for _ in range(steps):
        optimizer.zero_grad()
        plan = batches.take(1)
        loss(dataset.train, torch.from_numpy(plan.rows[: plan.sizes[0]])).backward()
        optimizer.step()
    return loss(dataset.dev, slice(None)).item()


@pytest.mark.parametrize("frozen", [None, "C", "W1", "b2"])
@pytest.mark.parametrize("bend", [True, False])
@pytest.mark.parametrize(
    "changes", [{}, {"direct": True, "weight_decay": 0.01}, {"optimizer": "adam", "learning_rate": 0.01}], ids=str
)
def test_a_variant_is_plain_pytorch(frozen, bend, changes):
    trainer = mlp.Trainer(mlp.Settings(init="scaled", hidden=20, **changes))
    run = VariantRun(trainer.model, Variant("", frozen, bend), trainer.dataset.train, trainer.settings)
    run.step(30)
    expected = by_autograd(trainer.settings, trainer.dataset, frozen, bend, 30)
    assert run.loss(trainer.dataset.dev) == pytest.approx(expected, rel=1e-4)
    assert run.model is not trainer.model
    if frozen:
        assert torch.equal(run.model.parameters[frozen], trainer.model.parameters[frozen])


def test_the_run_of_nothing_done_is_the_trainers():
    trainer = mlp.Trainer(mlp.Settings())
    runs = ShortRuns(trainer.settings, trainer.dataset, [Variant("as it is")], 200)
    while not runs.done:
        runs.run_for(0.05)
    curve = runs.curves[0]
    assert (curve.steps[0], curve.steps[-1], runs.short.split) == (0, 200, "dev")
    assert not runs.short.cut_short
    assert not runs.short.smaller_batch
    assert curve.losses[0] == pytest.approx(trainer.evaluate("dev"), rel=1e-5)
    trainer.step(200)
    assert curve.last == pytest.approx(trainer.evaluate("dev"), rel=1e-3)


def test_without_dev_words_the_train_loss_is_told_and_huge_runs_are_cut_short():
    huge = mlp.Settings(block_size=12, embedding_dim=64, hidden=1024, dev_share=0, batch_size=None)
    trainer = mlp.Trainer(huge)
    runs = ShortRuns(huge, trainer.dataset, [Variant("a"), Variant("b", bend=False)], 2000)
    assert runs.short.split == "train"
    assert runs.steps < 2000
    assert len(runs.short.test) < len(trainer.dataset.train)
    assert runs.settings.batch_size == 32
    assert runs.short.cut_short
    assert runs.short.smaller_batch
