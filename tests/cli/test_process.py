"""What only a process of its own shows: how it starts, is interrupted, loses its reader, and ends."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

import mlp
from tests.cli.terminal import Result
from tests.paths import ROOT

PROGRAM = [sys.executable, "-m", "mlp"]


def process(*arguments: object, stdin: bytes = b"") -> Result:
    ended = subprocess.run([*PROGRAM, *map(str, arguments)], cwd=ROOT, input=stdin, capture_output=True)
    return Result(ended.returncode, ended.stdout.decode(), ended.stderr.decode())


def test_alone_it_prints_its_help() -> None:
    found = process()
    assert (found.code, found.err) == (0, "")
    assert found.out == process("--help").out
    for expected in (
        "Examples:",
        "Exit codes:",
        "python -m mlp train",
        "  train ",
        "  sample ",
        "  sweep ",
        "  export ",
    ):
        assert expected in found.out


def test_no_help_waits_for_pytorch() -> None:
    script = (
        "import sys; from mlp.cli.main import run\n"
        "codes = [run([*command, '--help']) for command in ([], ['train'], ['sample'], ['sweep'], ['export'])]\n"
        "print(codes, 'torch' in sys.modules, 'numpy' in sys.modules)"
    )
    found = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert found.stdout.endswith("[0, 0, 0, 0, 0] False False\n")


def test_a_wrong_command_line_ends_without_a_traceback() -> None:
    for arguments in (["nothing"], ["train", "--hidden", "x"], ["sample"]):
        found = process(*arguments)
        assert (found.code, found.out) == (2, "")
        assert "Error: " in found.err
        assert "Traceback" not in found.err


def test_words_are_piped_in_and_numbers_come_out() -> None:
    found = process("train", "--words", "-", "--steps", 30, "--hidden", 3, stdin="anna\nbjörn\ncarl\n".encode())
    trainer = mlp.Trainer(mlp.Settings(hidden=3), mlp.read_words("anna\nbjörn\ncarl"))
    trainer.step(30)
    assert (found.code, found.err) == (0, "")
    assert f"train loss {trainer.evaluate('train'):.3f}\n" in found.out


def test_whoever_reads_may_leave(tmp_path: Path, trained: mlp.Trainer) -> None:
    trained.save(tmp_path / "run.mlp")
    command = [*PROGRAM, "sample", "--from", str(tmp_path / "run.mlp"), "--count", "20000"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=ROOT, stdout=pipe, stderr=pipe, text=True) as running:
        assert running.stdout
        assert running.stderr
        assert running.stdout.readline() == f"{trained.sample(1)[0]}\n"
        running.stdout.close()
        assert running.stderr.read() == ""
    assert running.returncode == -signal.SIGPIPE  # as `cat` ends, and what a shell tells as 141


def test_ctrl_c_lets_the_step_end_prints_the_losses_and_saves(tmp_path: Path) -> None:
    pty = pytest.importorskip("pty")
    ours, theirs = pty.openpty()  # where stderr is a terminal, a bar tells how far it is
    command = [*PROGRAM, "train", "--steps", str(10**9), "--out", str(tmp_path / "run.mlp")]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=theirs, text=True) as running:
        shown = b""
        while b"batch loss" not in shown:
            shown += os.read(ours, 4096)
        running.send_signal(signal.SIGINT)
        out, _ = running.communicate()
    os.close(theirs)
    os.close(ours)
    run = mlp.Trainer.load(tmp_path / "run.mlp")
    assert running.returncode == 130
    assert Result(130, out, "").number("step") == run.steps_done > 0
    assert f"train loss {run.evaluate('train'):.3f}\ndev loss {run.evaluate('dev'):.3f}\n" in out
    assert b"Training" in shown
    assert max(map(len, shown.decode().replace("\r", "\n").splitlines())) <= 80  # so that no line is wrapped
