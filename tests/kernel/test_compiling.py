"""Compiled once and kept where there is a place; where there is no compiler another path serves, and says so once."""

import os
import subprocess
import sys
import tempfile

import pytest

from mlp.kernel import compiling
from tests.paths import ROOT

RUN = """
import mlp
trainer = mlp.Trainer(mlp.Settings(init="scaled", hidden=20, train_examples=100))
trainer.step(50)
print(trainer.evaluate("dev"), type(trainer._network).__name__, trainer.sample(2))
"""


def run(code: str, **environment: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=os.environ | environment, capture_output=True, text=True, check=True
    )


def test_without_a_compiler_pytorch_serves_and_says_so_once() -> None:
    without = run("import sys; sys.modules['numba'] = None\n" + RUN)
    loss, kind, *_ = without.stdout.split()
    assert kind == "TorchNetwork"
    assert without.stderr.count("Training without compiled code") == 1
    with_it = run(RUN)
    assert with_it.stdout.split()[1] == "CompiledNetwork"
    assert not with_it.stderr
    assert float(loss) == pytest.approx(float(with_it.stdout.split()[0]), rel=1e-5)


def test_where_nothing_can_be_written_it_compiles_without_a_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*arguments: object, **options: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(tempfile, "TemporaryFile", full)
    assert compiling._place() is None
    monkeypatch.setattr(compiling, "PLACE", None)
    twice = compiling.compiled(lambda x: 2 * x)
    assert twice(21) == 42


def test_other_sources_have_another_place() -> None:
    place = compiling.PLACE
    assert place is not None
    assert len(place.name) == 16
    source = compiling.ROOM / "zzz_test.py"
    source.write_text("# another source\n")
    try:
        assert compiling._place() != place
    finally:
        source.unlink()
    assert compiling._place() == place
