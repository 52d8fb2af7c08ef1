"""What the tests of the commands share: a terminal, and a run in a file."""

from pathlib import Path

import pytest

import mlp
from tests.cli.terminal import Terminal
from tests.cli.terminal import terminal as in_this_process


@pytest.fixture
def terminal(capfdbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """`terminal("train", "--steps", 5)` runs a command."""
    return in_this_process(capfdbinary, monkeypatch)


@pytest.fixture(scope="session")
def trained() -> mlp.Trainer:
    """A small run of 90 steps; tests leave it as it is."""
    trainer = mlp.Trainer(mlp.Settings(hidden=20, train_examples=500), mlp.load_words("pokemon"))
    trainer.step(90)
    return trainer


@pytest.fixture
def saved(trained: mlp.Trainer, tmp_path: Path) -> Path:
    """The file of that run."""
    trained.save(tmp_path / "run.mlp")
    return tmp_path / "run.mlp"
