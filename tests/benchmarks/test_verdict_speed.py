"""What a verdict costs: it is passed a few times a second while training plays, on a curve of a thousand steps."""

import math

import mlp
from mlp.analysis.diagnosis import diagnose_view
from mlp.analysis.presets import PRESETS


def test_a_verdict_on_a_long_curve(benchmark, report):
    trainer = mlp.Trainer(mlp.Settings(hidden=100))
    steps = list(range(0, 100_000, 100))
    train = [1.5 + 2.5 / (1 + step / 100) for step in steps]
    dev = [2.5 + 0.3 * abs(math.log((step + 10) / 20_010)) for step in steps]
    samples = trainer.dataset.train.words[:10]
    found = benchmark(
        lambda: diagnose_view(steps, train, dev, trainer.model, trainer.dataset, trainer.settings, samples=samples)
    )
    assert found.verdict == "memorising"
    report(f"A verdict on {len(steps):,} steps: {benchmark.stats.stats.median * 1e3:.2f} ms")


def test_every_preset_shows_its_regime_in_seconds(benchmark, report):
    def train_all():
        for preset in PRESETS.values():
            mlp.Trainer(preset.settings).step(preset.steps)

    benchmark.pedantic(train_all, rounds=1)
    report(f"{len(PRESETS)} presets, one after another: {benchmark.stats.stats.median:.1f} s")
