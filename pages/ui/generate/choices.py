"""How names or words are drawn: what they begin with, temperature, top-k and seed, as the reader chooses them."""

from dataclasses import dataclass

import streamlit as st
from torch import Tensor

from mlp import sampling
from mlp.dataset import Dataset
from mlp.engine.snapshot import Snapshot
from mlp.model import Model
from pages.ui.shared.plain import plain

TEMPERATURE_HELP = (
    "The logits are divided by it before the softmax. 1: the network’s own probabilities. Lower: the likely characters "
    "become likelier still; at 0 the likeliest is always taken. Higher: all characters become more alike."
)
TOP_K_HELP = "Only so many of the likeliest characters can be drawn; the others get probability 0."
SEED_HELP = "The luck of the draw. The same network, choices and seed give the same result."


@dataclass(frozen=True)
class Choices:
    """How words are drawn; `top_k` is None where every character can be drawn."""

    start: str
    temperature: float
    top_k: int | None
    seed: int

    def draw(self, snapshot: Snapshot, count: int) -> list[sampling.Drawn]:
        """So many words of the network."""
        return self.draw_with(snapshot.model, snapshot.dataset, count)

    def draw_with(self, model: Model, dataset: Dataset, count: int) -> list[sampling.Drawn]:
        """The same of a model."""
        return sampling.draw(model, dataset.vocabulary, count, self.seed, self.start, self.temperature, self.top_k)

    def probabilities(self, logits: Tensor) -> Tensor:
        """What is drawn from: logits (..., V) as probabilities (..., V)."""
        return sampling.probabilities(logits, self.temperature, self.top_k)


def choose(now: Snapshot) -> Choices:
    """The four controls. A start that the network cannot read says why, and the last one stays."""
    V, nouns = len(now.dataset.vocabulary), now.dataset.noun.capitalize()
    one, two, three, four = st.columns(4, gap="medium")
    typed = one.text_input(f"{nouns} begin with", key="generate_start", persist_state="session", placeholder="anything")
    temperature = two.slider(
        "Temperature", 0.0, 3.0, 1.0, 0.05, key="generate_temperature", help=TEMPERATURE_HELP, persist_state="session"
    )
    kept = three.slider(
        "Top-k: characters that can be drawn", 1, V, V, key=f"generate_top_{V}", help=TOP_K_HELP,
        persist_state="session",
    )  # fmt: skip
    seed = four.number_input(
        "Seed of the draw", 0, 10**9, now.settings.seed, key="generate_seed", help=SEED_HELP, persist_state="session"
    )
    return Choices(_start(now, typed), temperature, None if kept == V else kept, int(seed))


def _start(now: Snapshot, typed: str) -> str:
    """What was typed, made clean; where the network does not know it, the start before."""
    vocabulary, nouns = now.dataset.vocabulary, now.dataset.noun.capitalize()
    start = vocabulary.spell(typed)
    try:
        sampling.checked_start(vocabulary, start)
    except ValueError as error:
        before = st.session_state.get("generate_last_start", "")
        start = before if vocabulary.knows(before) else ""
        now_used = f"“{start}”" if start else "any character"
        st.warning(plain(f"{error} {nouns} still begin with {now_used}."), icon=":material/edit:")
    else:
        if start != typed:
            st.caption(plain(f"{nouns} begin with {f'“{start}”' if start else 'any character'}."))
    st.session_state.generate_last_start = start
    return start
