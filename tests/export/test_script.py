"""The exported program, run where there is no `mlp`, prints the losses of the run it was made from."""

import ast
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest

import mlp
from mlp.export.weights import model_card
from tests.export import runs

ALONE = """
import runpy, sys
for path in sys.argv[1:]:
    print("==", path)
    runpy.run_path(path)
assert "mlp" not in sys.modules
"""
MADE = {run.__name__: run for run in (*runs.RUNS, runs.diverged)}


def run_alone(folder: Path, *paths: Path) -> dict[str, str]:
    """What programs print, by their names, in one plain Python that cannot import `mlp`."""
    command = [sys.executable, "-I", "-X", "utf8", "-W", "error", "-c", ALONE, *map(str, paths)]
    found = subprocess.run(command, cwd=folder, capture_output=True, text=True, encoding="utf-8")
    assert not found.returncode, found.stderr
    parts = [part.split("\n", 1) for part in found.stdout.split("== ")[1:]]
    return {Path(path).stem: printed for path, printed in parts}


@pytest.fixture(scope="module")
def trainers() -> dict[str, mlp.Trainer]:
    return {name: run() for name, run in MADE.items()}


@pytest.fixture(scope="module")
def printed(trainers: dict[str, mlp.Trainer], tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What each script prints."""
    folder = tmp_path_factory.mktemp("elsewhere")
    paths = [folder / f"{name}.py" for name in trainers]
    for path in paths:
        path.write_text(mlp.export_script(trainers[path.stem]), encoding="utf-8")
    return run_alone(folder, *paths)


def table(text: str) -> dict[int, list[float]]:
    """The losses of a program's output, by step."""
    rows = text.split("\n\n")[0].splitlines()[1:]
    cells = [row.replace(",", "").split() for row in rows]
    return {int(step): [float(loss) for loss in losses] for step, *losses in cells}


@pytest.mark.parametrize("name", [run.__name__ for run in runs.RUNS])
def test_a_script_prints_the_losses_of_its_run(
    name: str, trainers: dict[str, mlp.Trainer], printed: dict[str, str]
) -> None:
    trainer, found = trainers[name], table(printed[name])
    assert (min(found), max(found)) == (0, trainer.steps_done)
    assert len(found) >= min(4, trainer.steps_done + 1)
    splits = ["train", "dev"] if trainer.dataset.dev.words else ["train"]
    for step, losses in found.items():
        wanted = [trainer.loss_of(trainer.at(step), split) for split in splits]
        assert losses == pytest.approx(wanted, abs=1.5e-4), step


def test_a_run_that_diverged_comes_out_as_far_as_it_was_finite(
    trainers: dict[str, mlp.Trainer], printed: dict[str, str]
) -> None:
    trainer, found = trainers["diverged"], table(printed["diverged"])
    assert list(found)[-1] == trainer.steps_done
    for step in (0, 1, 10):
        assert found[step][0] == pytest.approx(trainer.loss_of(trainer.at(step), "train"), abs=1.5e-4)
    assert not found[trainer.steps_done][0] < 1e6  # where it ends the numbers are so large that the sum may overflow
    assert "diverged" in mlp.export_script(trainer)


@pytest.mark.parametrize("name", list(MADE))
def test_the_losses_told_in_a_script_are_those_of_its_run(name: str, trainers: dict[str, mlp.Trainer]) -> None:
    trainer, script = trainers[name], mlp.export_script(trainers[name])
    told = script.split("in nats:\n#\n#")[1].split("\nimport")[0].splitlines()[1:]
    for line in told:
        step, train, *_ = line.removeprefix("#").replace(",", "").split()
        model = trainer.at(int(step))
        assert float(train) == pytest.approx(trainer.loss_of(model, "train"), abs=5.1e-5, rel=1e-4)


@pytest.mark.parametrize("name", list(MADE))
def test_a_script_prints_new_words_of_known_characters(
    name: str, trainers: dict[str, mlp.Trainer], printed: dict[str, str]
) -> None:
    words = printed[name].split("\n\n", 1)[1].removesuffix("\n").split("\n")
    assert len(words) == 10
    assert set("".join(words)) <= set(trainers[name].dataset.vocabulary.characters[1:])


def test_the_words_stand_in_a_script_as_they_are(trainers: dict[str, mlp.Trainer]) -> None:
    script = mlp.export_script(trainers["own_words"])
    words = ast.literal_eval("[" + script.split("\nwords = [")[1].split("\n]")[0] + "\n]")
    assert ["".join(word) for word in words] == runs.AWKWARD
    assert ["👩‍👩‍👧"] in words  # one character


@pytest.mark.parametrize("name", list(MADE))
def test_only_what_a_run_uses_stands_in_its_script(name: str, trainers: dict[str, mlp.Trainer]) -> None:
    trainer, script = trainers[name], mlp.export_script(trainers[name])
    recipe = trainer.recipe()
    used = {recipe.settings.optimizer, *(change.settings.get("optimizer", "") for change in recipe.changes)}
    decays = {recipe.settings.weight_decay, *(change.settings.get("weight_decay", 0) for change in recipe.changes)}
    assert ("squares" in script) == ("adam" in used)
    assert ("velocities" in script) == ("momentum" in used)
    assert ("optimizers" in script) == (len(used - {""}) > 1)
    assert ("weight_decay" in script) == (decays != {0})
    assert ("x @ W\n" in script.replace("  #", "\n")) == trainer.settings.direct
    assert ("X_dev" in script) == bool(trainer.dataset.dev.words)


@pytest.mark.parametrize("name", list(MADE))
def test_a_script_is_as_tidy_as_our_own_code(name: str, trainers: dict[str, mlp.Trainer], tmp_path: Path) -> None:
    path = tmp_path / "run.py"
    path.write_text(mlp.export_script(trainers[name]), encoding="utf-8")
    assert max(map(len, path.read_text(encoding="utf-8").splitlines())) <= 120
    for arguments in (["format", "--check"], ["check", "--select", "E,F,I", "--ignore", "E501"]):
        command = [sys.executable, "-m", "ruff", *arguments, "--line-length", "120", "--isolated", str(path)]
        found = subprocess.run(command, capture_output=True, text=True)
        assert not found.returncode, found.stdout


@pytest.mark.parametrize("run", [runs.changed, runs.own_words])
def test_a_notebook_prints_what_the_script_prints(
    run: Callable[[], mlp.Trainer], trainers: dict[str, mlp.Trainer], printed: dict[str, str], tmp_path: Path
) -> None:
    text = mlp.export_notebook(trainers[run.__name__])
    assert text == mlp.export_notebook(trainers[run.__name__])
    notebook = nbformat.reads(text, as_version=nbformat.NO_CONVERT)
    nbformat.validate(notebook)
    kinds = [cell.cell_type for cell in notebook.cells]
    assert kinds == ["markdown", "code"] * (len(kinds) // 2)
    path = tmp_path / "notebook.py"
    path.write_text("\n".join(cell.source for cell in notebook.cells if cell.cell_type == "code"), encoding="utf-8")
    assert run_alone(tmp_path, path)["notebook"] == printed[run.__name__]


def test_the_name_of_a_list_of_ones_own_is_told_and_breaks_out_of_nothing() -> None:
    name = 'my towns"""\nraise SystemExit(\'no\')\n<img src=x> [a](b) `c` *d*\u2028---'
    trainer = mlp.Trainer(mlp.Settings(), mlp.WordList(["ab", "abc", "b a"], name))
    script = mlp.export_script(trainer)
    assert not any(isinstance(node, ast.Raise) for node in ast.walk(ast.parse(script)))
    for text in (script, mlp.export_notebook(trainer), model_card(trainer)):
        assert "my towns" in text
        assert not any(sign in text for sign in ("<img", "[a]", "`c`", "*d*"))


def test_the_package_loads_neither_plotly_nor_nbformat() -> None:
    code = "import sys, mlp; print([name for name in ('plotly', 'nbformat', 'jsonschema') if name in sys.modules])"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
