"""Compiled once and kept where there is a place; where there is no compiler another path serves, and says so once."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

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


def test_other_sources_have_another_place(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(compiling, "ROOM", tmp_path)
    (tmp_path / "one.py").write_text("# a source\n")
    place = compiling._place()
    assert place is not None
    assert len(place.name) == 16
    assert compiling._place() == place
    (tmp_path / "two.py").write_text("# another source\n")
    assert compiling._place() != place


def test_where_compiling_fails_pytorch_serves_the_whole_run() -> None:
    broken = """
from mlp.kernel import compiled_network
def fail(*arguments):
    raise RuntimeError("no such instruction")
compiled_network.CompiledNetwork.loss = fail
"""
    loss, kind, *_ = run(broken + RUN).stdout.split()
    assert kind == "TorchNetwork"
    assert loss == run("import sys; sys.modules['numba'] = None\n" + RUN).stdout.split()[0]


def test_whoever_comes_while_it_is_compiled_waits_and_gets_the_same() -> None:
    code = """
import threading, time
from mlp.kernel import choice
calls = []
def slowly():
    calls.append(1)
    time.sleep(0.2)
    return choice.TorchNetwork
choice._choose = slowly
assert not choice.is_compiled()
found = []
threads = [threading.Thread(target=lambda: found.append(choice.compile_now())) for _ in range(5)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
assert choice.is_compiled()
print(len(calls), {kind.__name__ for kind in found})
"""
    assert run(code).stdout.split(maxsplit=1) == ["1", "{'TorchNetwork'}\n"]
