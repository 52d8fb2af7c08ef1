"""`sample` prints the names that a trainer draws, and what it knows of each."""

import json
import math
from pathlib import Path

import pytest

import mlp
from tests.cli.terminal import Terminal


def test_names_one_a_line(terminal: Terminal, trained: mlp.Trainer, saved: Path) -> None:
    assert terminal("sample", "--from", saved).out.splitlines() == trained.sample(10)
    options = "--count", 4, "--start", "ch", "--temperature", 0.8, "--top-k", 5, "--seed", 7
    found = terminal("sample", "--from", "-", *options, stdin=saved.read_bytes())
    assert (found.code, found.err) == (0, "")
    assert found.out.splitlines() == trained.sample(4, 7, start="ch", temperature=0.8, top_k=5)
    assert terminal("sample", "--from", saved, "--count", 0).out == ""


def test_as_json_with_probability_surprise_and_origin(terminal: Terminal, tmp_path: Path) -> None:
    trainer = mlp.Trainer(mlp.Settings(train_examples=32, batch_size=None), mlp.load_words("pokemon"))
    trainer.step(600)
    trainer.save(tmp_path / "run.mlp")
    lines = terminal("sample", "--from", tmp_path / "run.mlp", "--json").out.splitlines()
    found = [json.loads(line) for line in lines]
    assert [each["name"] for each in found] == trainer.sample(10)
    probable = dict(trainer.most_probable(3))
    assert {each["name"] for each in found} & probable.keys()  # it knows its three names by heart
    for each in found:
        assert each["origin"] == trainer.origin(each["name"])
        assert each["surprise"] == trainer.surprise(each["name"])
        assert -math.log(each["probability"]) == pytest.approx(sum(each["surprise"]))
        assert each["probability"] == pytest.approx(probable.get(each["name"], each["probability"]), rel=1e-4)


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--start", "%"], "'--start': The network does not know %"),
        (["--temperature", "11"], "The temperature lies between 0 and 10; 11 does not."),
        (["--temperature", "-1"], "'--temperature'"),
        (["--top-k", "0"], "'--top-k'"),
        (["--count", "-1"], "'--count'"),
    ],
)
def test_a_wrong_option_is_named(terminal: Terminal, saved: Path, options: list[str], sentence: str) -> None:
    found = terminal("sample", "--from", saved, *options)
    assert (found.code, found.out) == (2, "")
    assert sentence in found.err


def test_a_run_is_needed(terminal: Terminal, tmp_path: Path) -> None:
    found = terminal("sample")
    assert (found.code, "--from" in found.err) == (2, True)
    assert terminal("sample", "--from", tmp_path / "none").code == 3
