"""What one tab may hold in memory: its run, the run before it, a map of fits and a comparison stay within 64 MB."""

import math

import mlp
from mlp.analysis.comparison import Comparison
from mlp.analysis.presets import remedies
from mlp.limits import LIMITS, MEGABYTE
from mlp.training.trainer import Trainer

LARGE = mlp.Settings(embedding_dim=10, hidden=200, train_examples=500)  # 13,374 parameters, 53 kB a state


def kept(trainer: Trainer) -> int:
    states = len(trainer.timeline.snapshots) + 2 * len(trainer.timeline.memories)
    return states * trainer.model.theta.nbytes


def test_a_tab_stays_within_its_memory() -> None:
    run = mlp.Trainer(LARGE)
    run.step(3000)
    compared = Comparison(*remedies())
    compared.run_for(math.inf)
    fits = mlp.FitMap(LARGE, x=("hidden", [100, 200, 300]), y=("train_examples", [100, 200, 300]))
    fits.step(6000)
    runs = [runner.trainer for runner in compared._runners]
    of_the_map = sum(cell.bytes_kept() for row in fits.cells for cell in row)
    assert kept(run) <= LIMITS.run_bytes
    assert of_the_map <= LIMITS.map_bytes
    assert 2 * LIMITS.run_bytes + LIMITS.map_bytes + sum(map(kept, runs)) <= 64 * MEGABYTE


def test_what_a_comparison_forgets_changes_none_of_its_losses() -> None:
    preset, tried = remedies()
    compared = Comparison(preset, {"weight_decay": tried["weight_decay"]})
    compared.run_for(math.inf)
    alone = mlp.Trainer(preset.settings.with_changes(**tried["weight_decay"].changes))
    alone.step(preset.steps)
    assert compared.attempts[1].final == (alone.evaluate("train"), alone.evaluate("dev"))
