"""The file of a run that the store keeps: with fewer states of its past, from bytes and open files."""

from pathlib import Path

import pytest
import torch

import mlp
from mlp.store.run_store import RunStore
from tests.store.saving import trained


def test_a_thinned_file_has_the_same_run_with_fewer_states_of_its_past(store: RunStore) -> None:
    trainer = trained(5000)
    trainer.timeline.losses("dev")
    thin = trainer.to_bytes(room_bytes=20 * trainer.model.theta.nbytes)
    assert len(thin) < len(trainer.to_bytes()) / 5
    loaded = store.load(store.save(trainer, "thin", data=thin))
    assert loaded.timeline.known == trainer.timeline.known
    assert loaded.timeline.best() == trainer.timeline.best()
    for step in (0, 17, 4321, trainer.timeline.best()):
        assert torch.equal(loaded.at(step).theta, trainer.at(step).theta)
    loaded.step(100)
    trainer.step(100)
    assert torch.equal(loaded.model.theta, trainer.model.theta)


def test_a_run_is_saved_to_and_loaded_from_bytes_and_open_files(tmp_path: Path) -> None:
    trainer = trained()
    with (tmp_path / "run").open("wb") as file:
        trainer.save(file)
    with (tmp_path / "run").open("rb") as file:
        opened = mlp.Trainer.load(file)
    for loaded in (opened, mlp.Trainer.load(trainer.to_bytes()), mlp.Trainer.load(tmp_path / "run")):
        assert torch.equal(loaded.model.theta, trainer.model.theta)
    for spoilt in (b"", b"\x00" * 8, b"\xff" * 100, trainer.to_bytes()[:-20]):
        with pytest.raises(ValueError, match="does not hold a whole run"):
            mlp.Trainer.load(spoilt)
