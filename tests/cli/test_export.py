"""`export` hands a saved run to the form that is asked for, and writes what comes of it."""

import sys
from pathlib import Path
from types import ModuleType

import pytest

import mlp
from mlp.cli.export import FORMS, Content, Form
from tests.cli.terminal import Terminal


@pytest.fixture
def give(monkeypatch: pytest.MonkeyPatch) -> list[mlp.Trainer]:
    """Forms that need nothing of `mlp.export`; the trainers that they were given."""
    seen: list[mlp.Trainer] = []
    made = ModuleType("made")

    def form(name: str, content: Content) -> None:
        def maker(trainer: mlp.Trainer) -> Content:
            seen.append(trainer)
            return content

        setattr(made, name, maker)
        monkeypatch.setitem(FORMS, name, Form("made", name, ""))

    form("script", "# é\n")
    form("model", b"\x00\xff")
    form("figures", {"one.html": "<p>1", "two.html": "<p>2"})
    monkeypatch.setitem(sys.modules, "made", made)
    return seen


def test_text_and_bytes(terminal: Terminal, give: list[mlp.Trainer], saved: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    found = terminal("export", "--from", saved, "--format", "script", "--out", out)
    assert (found.code, found.out, found.err) == (0, "", "")
    assert out.read_bytes() == "# é\n".encode()
    assert terminal("export", "--from", saved, "--format", "script").out == "# é\n"
    terminal("export", "--from", "-", "--format", "model", "--out", out, stdin=saved.read_bytes())
    assert out.read_bytes() == b"\x00\xff"
    assert [trainer.steps_done for trainer in give] == [90] * 3
    assert all(trainer.timeline.unknown() is None for trainer in give)  # every loss of the curve is there


def test_figures_come_in_a_folder(terminal: Terminal, give: list[mlp.Trainer], saved: Path, tmp_path: Path) -> None:
    folder = tmp_path / "a" / "b"
    for _ in range(2):  # the second time the folder is there
        assert terminal("export", "--from", saved, "--format", "figures", "--out", folder).code == 0
    assert {file.name: file.read_text() for file in folder.iterdir()} == {"one.html": "<p>1", "two.html": "<p>2"}
    found = terminal("export", "--from", saved, "--format", "figures")
    assert (found.code, "'--out': Figures are several files" in found.err) == (2, True)


def test_a_file_that_cannot_be_written_is_named(
    terminal: Terminal, give: list[mlp.Trainer], saved: Path, tmp_path: Path
) -> None:
    for form, out in (("script", tmp_path), ("script", tmp_path / "none" / "x"), ("figures", saved)):
        found = terminal("export", "--from", saved, "--format", form, "--out", out)
        assert (found.code, found.err.startswith(f"Error: {out}: ")) == (3, True)


def test_wrong_use(terminal: Terminal, tmp_path: Path) -> None:
    found = terminal("export", "--from", "x", "--format", "poem")
    assert (found.code, "'--format'" in found.err) == (2, True)
    assert terminal("export", "--from", tmp_path / "none", "--format", "script").code == 3


@pytest.mark.parametrize("form", FORMS)
def test_every_form_can_be_made(terminal: Terminal, saved: Path, tmp_path: Path, form: str) -> None:
    pytest.importorskip("mlp.export")
    assert terminal("export", "--from", saved, "--format", form, "--out", tmp_path / form).code == 0
    files = list((tmp_path / form).iterdir()) if form == "figures" else [tmp_path / form]
    assert all(file.stat().st_size > 100 for file in files)
