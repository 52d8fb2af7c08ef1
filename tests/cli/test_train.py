"""`train` gives the numbers of a trainer that is called from Python, and ends as its help says."""

import json
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import torch

import mlp
from tests.cli.terminal import Terminal

SMALL = ("train", "--hidden", 20, "--train-examples", 500)


def small(**settings: object) -> mlp.Trainer:
    return mlp.Trainer(mlp.Settings(hidden=20, train_examples=500, **settings), mlp.load_words("pokemon"))


def assert_same_run(found: mlp.Trainer, expected: mlp.Trainer) -> None:
    assert found.recipe() == expected.recipe()
    assert torch.equal(found.model.theta, expected.model.theta)


def test_it_prints_the_losses_to_three_decimals_and_the_verdict(terminal: Terminal) -> None:
    alone = small()
    alone.step(300)
    found = terminal(*SMALL, "--steps", 300)
    assert (found.code, found.err) == (0, "")
    assert f"train loss {alone.evaluate('train'):.3f}\ndev loss {alone.evaluate('dev'):.3f}\n" in found.out
    verdict = mlp.diagnose(alone)
    assert found.out.endswith(f"verdict {verdict.verdict}\n{verdict.sentence}\n")
    assert (found.number("step"), found.number("epoch")) == (300, round(alone.epoch_done, 2))


def test_as_json_the_losses_have_all_their_digits(terminal: Terminal) -> None:
    alone = small(batch_size=None, optimizer="adam", learning_rate=0.01, direct=True)
    alone.step(50)
    options = "--batch-size", "full", "--optimizer", "adam", "--learning-rate", "0.01", "--direct"
    found = json.loads(terminal(*SMALL, *options, "--steps", 50, "--json").out)
    assert (found["step"], found["train_loss"]) == (50, alone.evaluate("train"))
    assert (found["dev_loss"], found["verdict"]) == (alone.evaluate("dev"), mlp.diagnose(alone).verdict)


def test_epochs_are_passes_and_the_first_one_ends_the_running_pass(terminal: Terminal, saved: Path) -> None:
    alone = mlp.Trainer.load(saved)
    assert alone.batches.position  # in the midst of a pass
    alone.epoch()
    alone.epoch()
    terminal("train", "--from", saved, "--epochs", 2, "--out", saved)
    assert_same_run(mlp.Trainer.load(saved), alone)


def test_a_saved_run_goes_on_as_if_never_stopped(terminal: Terminal, tmp_path: Path) -> None:
    alone, file = small(), tmp_path / "run.mlp"
    alone.step(150)
    assert terminal(*SMALL, "--steps", 100, "--out", file).code == 0
    assert terminal("train", "--from", "-", "--steps", 50, "--out", file, stdin=file.read_bytes()).code == 0
    assert_same_run(mlp.Trainer.load(file), alone)


def test_settings_change_at_their_steps(terminal: Terminal, tmp_path: Path) -> None:
    alone, file = small(), tmp_path / "run.mlp"
    alone.step(40)
    alone.change(learning_rate=0.01, batch_size=None)
    alone.step(20)
    alone.change(optimizer="adam")
    alone.step(40)
    changes = "60:optimizer=adam", "40:learning_rate=0.01", "40:batch-size=full"
    options = [part for change in changes for part in ("--change", change)]
    assert terminal(*SMALL, "--steps", 100, *options, "--out", file).code == 0
    assert_same_run(mlp.Trainer.load(file), alone)


def test_a_live_setting_given_with_a_saved_run_holds_from_there_on(terminal: Terminal, saved: Path) -> None:
    alone = mlp.Trainer.load(saved)
    alone.change(learning_rate=0.01)
    alone.step(30)
    terminal("train", "--from", saved, "--learning-rate", 0.01, "--steps", 30, "--out", saved)
    assert_same_run(mlp.Trainer.load(saved), alone)


def test_a_change_after_the_end_is_told(terminal: Terminal) -> None:
    found = terminal(*SMALL, "--steps", 10, "--change", "500:learning_rate=1")
    assert found.code == 0
    assert found.err == "--change 500: the run ended before, at step 10.\n"


@pytest.mark.parametrize("from_stdin", [False, True])
def test_words_of_ones_own(terminal: Terminal, tmp_path: Path, from_stdin: bool) -> None:
    text = "Anna\nbob\ncarl\nbob\ndora\nemil\nfritz\ngerda\nhugo\nida\n"
    alone = mlp.Trainer(mlp.Settings(hidden=3), mlp.read_words(text))
    alone.step(20)
    file = tmp_path / "mine.txt"
    file.write_text(text)
    name = "-" if from_stdin else file
    found = terminal("train", "--words", name, "--hidden", 3, "--steps", 20, "--json", stdin=text.encode())
    assert json.loads(found.out)["train_loss"] == alone.evaluate("train")
    told = "standard input" if from_stdin else file
    assert found.err == f"{told}: 9 words, 1 of them changed, 1 left out.\n"


def test_the_other_list_that_ships_is_in_the_settings(terminal: Terminal, tmp_path: Path) -> None:
    terminal(*SMALL, "--words", "names", "--steps", 1, "--out", tmp_path / "run.mlp")
    run = mlp.Trainer.load(tmp_path / "run.mlp")
    assert (run.settings.word_list, run.words) == ("names", mlp.load_words("names"))


def test_a_run_that_diverges_ends_with_a_sentence_and_is_saved(terminal: Terminal, tmp_path: Path) -> None:
    file = tmp_path / "run.mlp"
    found = terminal("train", "--learning-rate", 10, "--direct", "--steps", 500, "--out", file)
    run = mlp.Trainer.load(file)
    assert run.diverged
    assert found.code == 1
    assert found.err.startswith(f"Error: Training diverged at step {run.diverged.step:,}")
    assert found.number("step") == run.steps_done
    assert found.number("train loss") == pytest.approx(run.evaluate("train"), rel=1e-3)


def test_without_dev_words_there_is_no_dev_loss(terminal: Terminal) -> None:
    options = *SMALL, "--steps", 1, "--train-share", 1, "--dev-share", 0
    assert "dev loss nan\n" in terminal(*options).out
    assert json.loads(terminal(*options, "--json").out)["dev_loss"] is None


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--hidden", "5000"], "'--hidden': Hidden units must be a whole number from 1 to 1,024."),
        (["--train-share", "1"], "The train and dev fractions may add up to at most 1."),
        (["--steps", "5", "--epochs", "5"], "Give --steps or --epochs, not both."),
        (["--steps", "-1"], "'--steps'"),
        (["--change", "5:hidden=3"], "“hidden” cannot change while a network trains."),
        (["--change", "5:learning_rate"], "Write STEP:NAME=VALUE"),
        (["--change", "x:learning_rate=1"], "Write STEP:NAME=VALUE"),
        (["--change", "5:learning_rate=11"], "'--change': Learning rate must be a number from 0.0001 to 10."),
        (["--from", "FILE", "--hidden", "3"], "--hidden: a saved run keeps what it began with."),
        (["--from", "FILE", "--words", "names"], "--words: a saved run keeps what it began with."),
        (["--from", "FILE", "--change", "3:learning_rate=1"], "--change 3: this run is at step 90 already."),
        (["--nothing"], "--nothing"),
    ],
)
def test_a_wrong_option_is_named(terminal: Terminal, saved: Path, options: list[str], sentence: str) -> None:
    found = terminal("train", *(str(saved) if option == "FILE" else option for option in options))
    assert (found.code, found.out) == (2, "")
    assert sentence in found.err


@pytest.mark.parametrize(
    ("option", "content", "reason"),
    [
        ("--words", None, "No such file or directory"),
        ("--words", b"anna\nbob", "A word list needs at least 3 different words; this one has 2."),
        ("--words", b"\xff\xfe\xfd", "This is not a text in UTF-16."),
        ("--from", None, "No such file or directory"),
        ("--from", b"nonsense", "This file does not hold a whole run of this app."),
    ],
)
def test_a_bad_file_is_named(
    terminal: Terminal, tmp_path: Path, option: str, content: bytes | None, reason: str
) -> None:
    file = tmp_path / "bad"
    if content is not None:
        file.write_bytes(content)
    found = terminal("train", option, file)
    assert (found.code, found.out) == (3, "")
    assert found.err.startswith(f"Error: {file}: {reason}")


def test_a_file_that_cannot_be_written_is_named_before_the_training(terminal: Terminal, tmp_path: Path) -> None:
    for file in (tmp_path, tmp_path / "none" / "run.mlp"):
        found = terminal("train", "--steps", 10**9, "--out", file)
        assert (found.code, found.out) == (3, "")
        assert found.err.startswith(f"Error: {file}: ")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes here")
def test_a_pipe_is_written_to_and_not_replaced(terminal: Terminal, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with ThreadPoolExecutor(1) as reader:
        received = reader.submit(pipe.read_bytes)
        assert terminal(*SMALL, "--steps", 5, "--out", pipe).code == 0
        assert mlp.Trainer.load(received.result()).steps_done == 5
    assert pipe.is_fifo()


def test_the_losses_are_printed_though_the_disk_is_full(terminal: Terminal, saved: Path) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("mlp.training.checkpoint.write", full)
        found = terminal(*SMALL, "--steps", 5, "--out", saved)
    assert (found.code, found.err) == (3, f"Error: {saved}: No space left on device\n")
    assert found.number("train loss") > 0
    assert mlp.Trainer.load(saved).steps_done == 90
