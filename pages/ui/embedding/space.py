"""Which directions of a larger embedding are looked at: the first dimensions, or principal components that stay."""

from dataclasses import dataclass

import numpy as np
import streamlit as st
import torch
from torch import Tensor

from mlp.engine.snapshot import Snapshot

PCA_2, PCA_3, FLAT, DEEP = "PCA, 2-D", "PCA, 3-D", "Dimensions 1 and 2", "Dimensions 1 to 3"
HELP = (
    "*PCA* (principal component analysis) finds the directions in which the characters differ most. The directions are "
    "fitted once and then stay, so the points move only because C does."
)


@dataclass(frozen=True)
class Space:
    """What is looked at: `basis` (embedding_dim, 2 or 3) is None for the first dimensions; `fitted` its step."""

    deep: bool
    basis: np.ndarray | None
    fitted: int = 0

    def text(self, now: Snapshot) -> str:
        """How much of the embedding is seen, where not all of it is."""
        C = now.model.C
        seen = 3 if self.deep else 2
        if C.shape[1] <= seen:
            return ""
        basis = torch.eye(C.shape[1])[:, :seen] if self.basis is None else torch.from_numpy(self.basis)
        shares = explained(C, basis)
        total = f"{shares.sum().item():.0%} of the variance of all {C.shape[1]} dimensions"
        if self.basis is None:
            return f"The {seen} dimensions shown hold {total}."
        parts = ", ".join(f"{share:.0%}" for share in shares.tolist())
        return f"The {seen} directions hold {total} ({parts}); they were fitted at step {self.fitted:,}."


def explained(C: Tensor, basis: Tensor) -> Tensor:
    """The share of the variance of C (V, embedding_dim) along each of some orthonormal directions, (directions,)."""
    centred = (C - C.mean(0)).double()
    return (centred @ basis.double()).square().sum(0) / centred.square().sum()


def choose(now: Snapshot) -> Space:
    """The choice of what is looked at; a network of one or two dimensions leaves none."""
    dim = now.settings.embedding_dim
    if dim <= 2:
        return Space(False, None)
    options = [PCA_2, PCA_3, FLAT, DEEP] if dim > 3 else [DEEP, PCA_2, FLAT]
    left, right = st.columns([4, 1], vertical_alignment="bottom")
    shown = left.segmented_control(
        "Show", options, default=options[0], required=True, key=f"embedding_space_{dim > 3}", help=HELP,
        persist_state="session",
    )  # fmt: skip
    if shown not in (PCA_2, PCA_3):
        return Space(shown == DEEP, None)
    right.button("Fit again", on_click=_forget, help="Fit the directions to the step you look at.")
    kept = st.session_state.get("embedding_basis")
    if kept is None or kept[:2] != (now.network, dim):
        kept = st.session_state.embedding_basis = (now.network, dim, now.step, _basis(now.model.C))
    return Space(shown == PCA_3, kept[3][:, : 3 if shown == PCA_3 else 2], kept[2])


def _forget() -> None:
    st.session_state.embedding_basis = None


def _basis(C: Tensor) -> np.ndarray:
    """The three directions in which the characters differ most: (embedding_dim, 3), orthonormal."""
    if not C.isfinite().all():
        return np.eye(C.shape[1], 3, dtype=np.float32)
    found: np.ndarray = torch.linalg.svd(C - C.mean(0), full_matrices=False).Vh[:3].T.contiguous().numpy()
    return found
