"""A run loaded from its file goes on bit for bit, and a file that is no run is refused without harm."""

import json
import random
from contextlib import suppress

import pytest
import torch
from safetensors.torch import load as from_bytes
from safetensors.torch import save as to_bytes

import mlp
from mlp.training import checkpoint
from tests.training.test_trainer import OPTIMIZERS, same

SETTINGS = mlp.Settings(hidden=8, train_examples=100, batch_size=16, weight_decay=1e-3)


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("steps", [0, 3, 7, 150])  # seven steps are an epoch, so 3 and 150 are in the middle of one
def test_a_loaded_run_goes_on_bit_for_bit(tmp_path, optimizer, steps):
    trainer = mlp.Trainer(SETTINGS.with_changes(optimizer=optimizer, direct=True))
    trainer.step(steps)
    trainer.timeline.losses("dev")
    trainer.save(tmp_path / "run")
    loaded = mlp.Trainer.load(tmp_path / "run")
    assert loaded.settings == trainer.settings
    assert loaded.timeline.known == trainer.timeline.known
    assert same(loaded, trainer)
    assert trainer.step(200) == loaded.step(200)
    assert same(loaded, trainer)


def test_a_run_saved_after_a_change_within_an_epoch_goes_on(tmp_path):
    trainer = mlp.Trainer(SETTINGS)
    trainer.step(3)
    trainer.change(batch_size=5, optimizer="adam", learning_rate=0.003)
    trainer.step(2)
    trainer.save(str(tmp_path / "run"))
    loaded = mlp.Trainer.load(str(tmp_path / "run"))
    trainer.step(50)
    loaded.step(50)
    assert same(loaded, trainer)


def test_own_words_and_a_diverged_run_are_kept(tmp_path):
    trainer = mlp.Trainer(mlp.Settings(learning_rate=10, weight_decay=1), ["ada", "♀ü", "cleo", "dan"])
    trainer.step(1000)
    assert trainer.diverged
    trainer.save(tmp_path / "run")
    loaded = mlp.Trainer.load(tmp_path / "run")
    assert loaded.words == trainer.words
    assert loaded.diverged == trainer.diverged
    assert same(loaded, trainer)


def test_saving_leaves_the_run_as_it_was(tmp_path):
    saved, plain = mlp.Trainer(SETTINGS), mlp.Trainer(SETTINGS)
    for trainer in (saved, plain):
        trainer.step(10)
        trainer.save(tmp_path / "run") if trainer is saved else None
        trainer.step(10)
    assert same(saved, plain)


def altered(data, **changes):
    """A run's file with some of its state replaced."""
    state = json.loads(checkpoint_metadata(data)["state"]) | changes
    return to_bytes(from_bytes(data), metadata={"format": checkpoint.FORMAT, "state": json.dumps(state)})


def recipe(data, **changes):
    """The recipe in a run's file, with some of it replaced."""
    return json.loads(checkpoint_metadata(data)["state"])["recipe"] | changes


def checkpoint_metadata(data):
    length = int.from_bytes(data[:8], "little")
    return json.loads(data[8 : 8 + length])["__metadata__"]


@pytest.fixture(scope="module")
def data():
    trainer = mlp.Trainer(SETTINGS)
    trainer.step(10)
    return trainer.to_bytes()


@pytest.mark.parametrize(
    "spoil",
    [
        lambda data: b"",
        lambda data: b"not a run",
        lambda data: bytes(1000),
        lambda data: data[:-100],
        lambda data: data[: len(data) // 2],
        lambda data: to_bytes({"theta": torch.zeros(3)}),
        lambda data: to_bytes({"theta": torch.zeros(3)}, metadata={"format": checkpoint.FORMAT, "state": "{}"}),
        lambda data: to_bytes(from_bytes(data), metadata={"format": checkpoint.FORMAT, "state": "nonsense"}),
        lambda data: to_bytes(from_bytes(data), metadata={"format": checkpoint.FORMAT, "state": "[]"}),
        lambda data: to_bytes(from_bytes(data), metadata={"format": "another", "state": "{}"}),
        lambda data: to_bytes(
            from_bytes(data) | {"theta": torch.zeros(1)},  # which would stretch to every parameter
            metadata=checkpoint_metadata(data),
        ),
        lambda data: to_bytes(
            {name: tensor[:5] if "timeline" in name else tensor for name, tensor in from_bytes(data).items()},
            metadata=checkpoint_metadata(data),
        ),
        lambda data: altered(data, recipe=recipe(data, settings={"hidden": 0})),
        lambda data: altered(data, recipe=recipe(data, settings={"hidden": 9})),
        lambda data: altered(data, recipe=recipe(data, settings=3)),
        lambda data: altered(data, recipe=recipe(data, changes=[[3, {"hidden": 9}]])),
        lambda data: altered(data, recipe=recipe(data, changes=[[30, {"batch_size": 9}]])),
        lambda data: altered(data, recipe=recipe(data, step=-1)),
        lambda data: altered(data, recipe=None),
        lambda data: altered(data, words=[]),
        lambda data: altered(data, words=7),
        lambda data: altered(data, words=["a", "b", "c"]),
        lambda data: altered(data, counts=[1]),
        lambda data: altered(data, counts=[1, -5, 0]),
        lambda data: altered(data, counts=[1, 5000, 0]),
        lambda data: altered(data, steps=[]),
        lambda data: altered(data, steps=["0"] * 11),
        lambda data: altered(data, known=[1]),
        lambda data: altered(data, snapshots=[]),
    ],
)
def test_a_file_that_is_no_run_is_refused(tmp_path, data, spoil):
    path = tmp_path / "run"
    path.write_bytes(spoil(data))
    with pytest.raises(ValueError, match="does not hold"):
        mlp.Trainer.load(path)


def test_an_unspoilt_file_is_taken(tmp_path, data):
    (tmp_path / "run").write_bytes(altered(data))
    assert mlp.Trainer.load(tmp_path / "run").steps_done == 10


def test_a_missing_file_is_an_os_error(tmp_path):
    with pytest.raises(OSError, match="nowhere"):
        mlp.Trainer.load(tmp_path / "nowhere")


def test_a_path_that_cannot_be_written_is_an_os_error(tmp_path):
    with pytest.raises(OSError, match="nowhere"):
        mlp.Trainer(SETTINGS).save(tmp_path / "nowhere" / "run")
    (tmp_path / "folder").mkdir()
    with pytest.raises(OSError, match="folder"):
        mlp.Trainer(SETTINGS).save(tmp_path / "folder")
    assert [path.name for path in tmp_path.iterdir()] == ["folder"]  # and no draft is left behind


def test_a_failed_save_keeps_the_older_file(tmp_path, monkeypatch):
    trainer = mlp.Trainer(SETTINGS)
    trainer.save(tmp_path / "run")
    older = (tmp_path / "run").read_bytes()
    trainer.step(5)

    def full_disk(*_):
        raise OSError("No space left on device")

    monkeypatch.setattr(checkpoint.os, "replace", full_disk)
    with pytest.raises(OSError, match="No space"):
        trainer.save(tmp_path / "run")
    assert (tmp_path / "run").read_bytes() == older
    assert [path.name for path in tmp_path.iterdir()] == ["run"]


@pytest.mark.parametrize("seed", range(20))
def test_a_file_with_a_changed_bit_never_gives_wrong_numbers(data, seed):
    spoilt, luck = bytearray(data), random.Random(seed)
    spoilt[luck.randrange(len(spoilt))] ^= 1 << luck.randrange(8)
    loaded = None
    with suppress(ValueError):
        loaded = mlp.Trainer.load(bytes(spoilt))
    if loaded:  # the name of the checksum itself was hit: the file is as one that has none
        assert same(loaded, mlp.Trainer.load(data))


def test_a_changed_number_is_noticed(data):
    tensors = from_bytes(data)
    tensors["theta"][7] += 1e-6
    spoilt = to_bytes(tensors, metadata=checkpoint_metadata(data))
    with pytest.raises(ValueError, match="does not hold a whole run"):
        mlp.Trainer.load(spoilt)
