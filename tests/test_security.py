"""What no module of ours may do: run text as code, or open what can run code by being opened."""

import ast
from pathlib import Path

import pytest

from tests.paths import ROOT

SOURCES = [ROOT / "streamlit_app.py", *sorted((ROOT / "mlp").rglob("*.py")), *sorted((ROOT / "pages").rglob("*.py"))]
MODULES = {"pickle", "cPickle", "_pickle", "cloudpickle", "dill", "joblib", "marshal", "shelve"}
BARE = {"eval", "exec", "compile", "__import__"}
OF_MODULES = {("torch", "load"), ("torch", "save"), ("os", "system"), ("os", "popen"), ("builtins", "eval"),
              ("builtins", "exec"), ("pd", "read_pickle"), ("pandas", "read_pickle")}  # fmt: skip
KEYWORDS = {"allow_pickle", "shell", "unsafe_allow_html", "unsafe_allow_javascript"}


def faults(tree: ast.AST) -> list[str]:
    """What a module does that it may not, with its line."""
    return [f"{node.lineno}: {found}" for node in ast.walk(tree) if (found := _fault(node))]  # type: ignore[attr-defined]


def _fault(node: ast.AST) -> str:
    match node:
        case ast.Import(names=names) if found := {name.name.split(".")[0] for name in names} & MODULES:
            return str(found)
        case ast.ImportFrom(module=str(module), names=names):
            if module.split(".")[0] in MODULES or {(module, name.name) for name in names} & OF_MODULES:
                return module
        case ast.Name(id=name) if name in BARE:
            return name
        case ast.Attribute(value=ast.Name(id=module), attr=name) if (module, name) in OF_MODULES:
            return f"{module}.{name}"
        case ast.keyword(arg=name, value=ast.Constant(value=True)) if name in KEYWORDS:
            return str(name)
    return ""


@pytest.mark.parametrize("text", [
    "import pickle", "import pickle as p", "from pickle import loads", "eval('1')", "run = exec", "torch.load('x')",
    "from torch import load", "numpy.load(x, allow_pickle=True)", "subprocess.run(x, shell=True)",
    "st.markdown(x, unsafe_allow_html=True)", "builtins.eval('1')", "from dill.source import x",
])  # fmt: skip
def test_the_walk_sees_it(text: str) -> None:
    assert len(faults(ast.parse(text))) == 1


def test_what_only_looks_alike_is_let_be() -> None:
    alike = (
        "model.eval(); re.compile('x'); safetensors.torch.load(x); ast.literal_eval('1'); connection.exec_driver_sql"
    )
    assert faults(ast.parse(alike)) == []


def test_no_module_pickles_or_runs_text_as_code() -> None:
    assert len(SOURCES) > 200
    found = {str(Path(path).relative_to(ROOT)): faults(ast.parse(path.read_text(encoding="utf-8"))) for path in SOURCES}
    assert {path: lines for path, lines in found.items() if lines} == {}
