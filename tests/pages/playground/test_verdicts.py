"""The verdict on the screen is that of all losses that are known, also of those that are worked out after a pause."""

import math
from dataclasses import replace

import mlp
from mlp.engine.scheduler import Engine
from mlp.engine.snapshot import curve_of
from pages.ui.playground.verdicts import make_view

OVER_FIT = mlp.Settings(init="scaled", embedding_dim=10, hidden=200, train_examples=512)


def test_losses_that_come_after_the_pause_change_the_verdict() -> None:
    run = Engine().start(OVER_FIT)
    trainer = mlp.Trainer(OVER_FIT)
    trainer.step(2000)
    run.adopt(trainer)
    while (snapshot := run.now()).step < 2000:
        pass
    trainer.timeline.losses("dev")
    whole = curve_of(trainer.timeline)
    few = replace(
        whole, **{name: (*getattr(whole, name)[:1], *[math.nan] * (len(whole.steps) - 1)) for name in ("train", "dev")}
    )
    view = make_view()
    early = view(replace(snapshot, playing=False, curve=few))
    late = view(replace(snapshot, playing=False, curve=whole))
    assert early["sentence"] != late["sentence"]
    assert late["sentence"] == mlp.diagnose(trainer).sentence
