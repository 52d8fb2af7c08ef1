"""A character-level neural language model (Bengio et al. 2003) that can be watched while it learns.

The public names are imported when they are first used: PyTorch takes seconds, and a help text needs none of it.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mlp.analysis.diagnosis import diagnose
    from mlp.dataset import Dataset, Split, Vocabulary
    from mlp.export.notebook import export_notebook
    from mlp.export.script import export_script
    from mlp.limits import Limits
    from mlp.model import Forward, Model
    from mlp.settings import Settings
    from mlp.store.run_store import RunStore
    from mlp.sweep.fit_map import FitMap
    from mlp.training.recipe import Recipe
    from mlp.training.replay import replay
    from mlp.training.trainer import Trainer
    from mlp.words import WordList, load_words, read_words

__all__ = [
    "Dataset", "FitMap", "Forward", "Limits", "Model", "Recipe", "RunStore", "Settings", "Split", "Trainer",
    "Vocabulary", "WordList", "diagnose", "export_notebook", "export_script", "load_words", "read_words", "replay",
]  # fmt: skip

_MODULES = {
    "analysis.diagnosis": ("diagnose",),
    "dataset": ("Dataset", "Split", "Vocabulary"),
    "export.notebook": ("export_notebook",),
    "export.script": ("export_script",),
    "limits": ("Limits",),
    "model": ("Forward", "Model"),
    "settings": ("Settings",),
    "store.run_store": ("RunStore",),
    "sweep.fit_map": ("FitMap",),
    "training.recipe": ("Recipe",),
    "training.replay": ("replay",),
    "training.trainer": ("Trainer",),
    "words": ("WordList", "load_words", "read_words"),
}
_HOMES = {name: f"mlp.{module}" for module, names in _MODULES.items() for name in names}


def __getattr__(name: str) -> Any:
    """A public name from the module that it lives in, or a room of the package; from then on an attribute (PEP 562)."""
    if name in _HOMES:
        value = globals()[name] = getattr(import_module(_HOMES[name]), name)
        return value
    try:
        return import_module(f"mlp.{name}")
    except ModuleNotFoundError as error:
        if error.name != f"mlp.{name}":
            raise
        raise AttributeError(f"module “mlp” has no attribute “{name}”") from None


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
