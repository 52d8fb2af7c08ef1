"""What `pip install .` brings: the package with its word lists and types, and nothing of the app."""

import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

import mlp
from tests.paths import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
TRY = """
import sys
sys.path.insert(0, sys.argv[1])
import mlp, mlp.plots.loss
assert mlp.__file__.startswith(sys.argv[1])
trainer = mlp.Trainer(mlp.Settings(train_examples=32, batch_size=None), mlp.load_words("pokemon"))
print(trainer.step(), len(mlp.load_words("names")), "streamlit" in sys.modules)
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package as pip builds it, unpacked."""
    source, built, unpacked = (tmp_path_factory.mktemp(name) for name in ("source", "wheel", "unpacked"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    shutil.copytree(ROOT / "mlp", source / "mlp")
    command = [sys.executable, "-m", "pip", "wheel", "--no-deps", "--wheel-dir", str(built), str(source)]
    subprocess.run(command, check=True, capture_output=True)
    zipfile.ZipFile(next(built.glob("*.whl"))).extractall(unpacked)
    return unpacked


def test_the_installed_package_works_alone(wheel: Path) -> None:
    found = subprocess.run([sys.executable, "-I", "-c", TRY, str(wheel)], check=True, capture_output=True, text=True)
    loss, names, streamlit = found.stdout.split()
    assert float(loss) == pytest.approx(17.095606, abs=1e-5)
    assert (int(names) > 5000, streamlit) == (True, "False")
    assert (wheel / "mlp" / "py.typed").exists()
    assert (wheel / "mlp" / "export" / "static" / "replay.html").exists()
    assert not (wheel / "pages").exists()
    entries = next(wheel.glob("*.dist-info/entry_points.txt")).read_text(encoding="utf-8")
    assert entries.split() == ["[console_scripts]", "see-a-network-learn", "=", "mlp.cli.main:main"]


def test_every_requirement_of_the_package_is_pinned_for_the_app() -> None:
    def names(lines: list[str]) -> set[str]:
        return {line.split("=")[0].split(">")[0].strip() for line in lines}

    pinned = names((ROOT / "requirements.txt").read_text(encoding="utf-8").split())
    wanted = names([*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["app"]])
    assert wanted <= pinned


def test_every_public_name_is_there_and_none_is_imported_before_it_is_used() -> None:
    script = "import sys, mlp; print('torch' in sys.modules, *(hasattr(mlp, name) for name in mlp.__all__))"
    found = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True, cwd=ROOT)
    assert found.stdout.split() == ["False"] + ["True"] * len(mlp.__all__)
    assert set(mlp.__all__) <= set(dir(mlp))
    assert mlp.settings.SPECS["hidden"].default == mlp.Settings().hidden
    with pytest.raises(AttributeError, match="no attribute"):
        mlp.nothing  # noqa: B018
