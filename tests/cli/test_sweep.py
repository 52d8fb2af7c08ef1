"""`sweep` prints the losses that each of its networks has when it is trained alone."""

import csv
import json
import signal

import pytest

import mlp
from mlp.sweep.grid import AXES
from tests.cli.terminal import Terminal

PLANE = "sweep", "--x", "hidden=2,10", "--y", "train-examples=64,all", "--steps", 60, "--learning-rate", 0.2
PLACES = [(2, 64), (10, 64), (2, None), (10, None)]


def losses_alone(steps: int = 60, **settings: object) -> tuple[float, float]:
    trainer = mlp.Trainer(mlp.Settings(**settings), mlp.load_words("pokemon"))
    trainer.step(steps)
    return trainer.evaluate("train"), trainer.evaluate("dev")


@pytest.fixture(scope="module")
def alone() -> list[tuple[float, float]]:
    """The losses of the plane's networks, each trained by a trainer of its own."""
    return [losses_alone(hidden=hidden, train_examples=count, learning_rate=0.2) for hidden, count in PLACES]


def test_the_table(terminal: Terminal, alone: list[tuple[float, float]]) -> None:
    found = terminal(*PLANE)
    assert (found.code, found.err) == (0, "")
    head, *rows = (line.split() for line in found.out.splitlines())
    assert head == ["hidden", "train_examples", "step", "train_loss", "dev_loss"]
    assert rows == [
        [str(hidden), "all" if count is None else str(count), "60", f"{train:.3f}", f"{dev:.3f}"]
        for (hidden, count), (train, dev) in zip(PLACES, alone, strict=True)
    ]
    assert len({len(line) for line in found.out.splitlines()}) == 1  # aligned


def test_json_has_all_digits(terminal: Terminal, alone: list[tuple[float, float]]) -> None:
    rows = [json.loads(line) for line in terminal(*PLANE, "--json").out.splitlines()]
    assert [(row["hidden"], row["train_examples"], row["step"]) for row in rows] == [(*p, 60) for p in PLACES]
    assert [(row["train_loss"], row["dev_loss"]) for row in rows] == [pytest.approx(each) for each in alone]


def test_one_axis_as_csv_and_a_network_that_diverges(terminal: Terminal) -> None:
    found = terminal("sweep", "--x", "learning_rate=0.1,10", "--direct", "--steps", 200, "--csv")
    good, bad = csv.DictReader(found.out.splitlines())
    train, dev = losses_alone(200, direct=True)
    assert good == {"learning_rate": "0.1", "step": "200", "train_loss": f"{train:.3f}", "dev_loss": f"{dev:.3f}"}
    assert (bad["train_loss"], bad["dev_loss"]) == ("inf", "inf")
    assert found.code == 0


def test_where_every_network_diverges(terminal: Terminal) -> None:
    found = terminal("sweep", "--x", "learning_rate=9,10", "--direct", "--steps", 200, "--json")
    assert [json.loads(line)["dev_loss"] for line in found.out.splitlines()] == [None, None]
    assert (found.code, found.err) == (1, "Error: Every network diverged. Try a lower learning rate.\n")


def test_words_of_ones_own(terminal: Terminal) -> None:
    text = "anna\nbob\ncarl\ndora\nemil\nfritz\n"
    trainer = mlp.Trainer(mlp.Settings(hidden=3), mlp.read_words(text))
    trainer.step(20)
    found = terminal("sweep", "--words", "-", "--x", "hidden=3", "--steps", 20, "--json", stdin=text.encode())
    assert json.loads(found.out)["train_loss"] == pytest.approx(trainer.evaluate("train"))


def test_ctrl_c_ends_with_the_losses_so_far(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    run_for = mlp.FitMap.run_for

    def pressed_after(fits: mlp.FitMap, seconds: float, until: int | None = None) -> int:
        done = run_for(fits, seconds, until)
        signal.raise_signal(signal.SIGINT)
        return done

    monkeypatch.setattr(mlp.FitMap, "run_for", pressed_after)
    found = terminal("sweep", "--x", "hidden=2,3", "--steps", 10**9, "--json")
    rows = [json.loads(line) for line in found.out.splitlines()]
    step = rows[0]["step"]
    assert (found.code, found.err) == (130, f"Error: Interrupted at step {step:,}.\n")
    assert [(row["step"], row["train_loss"]) for row in rows] == [
        (step, pytest.approx(losses_alone(step, hidden=hidden)[0])) for hidden in (2, 3)
    ]


def test_the_help_names_every_axis(terminal: Terminal) -> None:
    said = terminal("sweep", "--help").out
    assert all(name in said for name in AXES)


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ([], "'--x'"),
        (["--x", "hidden"], "'--x': “hidden” is not understood. Write NAME=VALUE,VALUE,…"),
        (["--x", "none=1"], "“none=1” is not understood."),
        (["--x", "hidden=0,5"], "'--x': Hidden units must be a whole number from 1 to 1,024."),
        (["--x", "hidden=5,5"], "Hidden units lists the same value twice."),
        (["--x", "seed=1,2"], "“seed” cannot be an axis."),
        (["--x", "hidden=1", "--y", "hidden=2"], "The two axes must be different settings."),
    ],
)
def test_a_wrong_axis_is_named(terminal: Terminal, options: list[str], sentence: str) -> None:
    found = terminal("sweep", *options)
    assert (found.code, found.out) == (2, "")
    assert sentence in found.err
