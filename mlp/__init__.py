"""A character-level neural language model (Bengio et al. 2003) that can be watched while it learns."""

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
