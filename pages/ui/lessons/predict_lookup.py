"""Two predictions on the page of the lookup table: any vector times C, and the shape of an indexing."""

from typing import Any

import numpy as np
import streamlit as st
from torch import Tensor

from mlp.engine.snapshot import Snapshot
from mlp.lessons.lookup import mixed
from mlp.lessons.shapes import Outcome, Shape, outcomes, read_shape
from mlp.plots import embedding
from mlp.plots.theme import LIGHT
from pages.ui.lessons import predict
from pages.ui.lessons.lookup_views import written
from pages.ui.live import components as live
from pages.ui.live.session import View
from pages.ui.shared import projection
from pages.ui.shared.map_view import MapView
from pages.ui.shared.once import show_spaces
from pages.ui.shared.plain import plain
from pages.ui.shared.throttle import if_same_shape

PLACES = ["on one of the two points", "halfway between the two points", "at the origin, 0", "nowhere: an error"]
RIGHT = PLACES[1]


def halves(now: Snapshot, index: int, basis: np.ndarray | None) -> None:
    """Two halves in the vector instead of one 1; once guessed, any two weights."""
    characters = now.dataset.vocabulary.characters
    other = _another(index, len(characters))
    first, second = (f"“{plain(show_spaces(characters[i]))}”" for i in (index, other))
    seen, place = predict.ask(
        "halves",
        index,
        "same row, two ways",
        f"The one-hot vector holds a single 1. Put 0.5 at {first} (index {index}) and 0.5 at {second} (index {other}) "
        "instead. Where does `v @ C` land in the plot?",
        [predict.Choice("v @ C lands", PLACES)],
        lambda guesses, then: None,
    )
    if seen:
        with place:
            st.markdown(
                f"Your guess: *{seen.guesses[0]}*. {'Right' if seen.guesses[0] == RIGHT else 'In fact'}: it lands "
                f"**{RIGHT}**. The product adds up the rows of C, each times its number in v. A one-hot vector is the "
                "special case in which one row is left. Try other numbers:"
            )
            _any_vector(now, (index, other), basis)


def _another(index: int, count: int) -> int:
    """A second character: the fourth after the first, as “e” is after “a”."""
    other = (index + 4) % count
    return other if other != index else (index + 1) % count


def _any_vector(now: Snapshot, pair: tuple[int, int], basis: np.ndarray | None) -> None:
    """Two weights to type, the product in numbers and as a ring on the plot."""
    characters = now.dataset.vocabulary.characters
    fields = st.columns(2)
    labels = [f"v[{index}], “{plain(show_spaces(characters[index]))}”" for index in pair]
    weights = {
        index: field.number_input(label, -2.0, 2.0, 0.5, 0.1, key=f"predict_v_{place}_{index}", persist_state="session")
        for place, (field, index, label) in enumerate(zip(fields, pair, labels, strict=True))
    }
    live.live_table("predict-mixed", "v @ C in numbers", if_same_shape(now, _mixed_view(weights)), mono=True)
    view = if_same_shape(now, _plot_view(weights, basis))
    live.chart("predict-mixed-plot", embedding.TITLE + " with v @ C", embedding.figure(420), view)


def _mixed_view(weights: dict[int, float]) -> View:
    def view(then: Snapshot) -> dict[str, Any]:
        rows = [
            [f"{weight:g} × C[{index}]", written(weight * then.model.C[index])] for index, weight in weights.items()
        ]
        rows.append(["v @ C", written(mixed(then.model.C, weights))])
        return {"columns": ["", "numbers"], "rows": rows, "strong": [len(rows) - 1]}

    return view


def _plot_view(weights: dict[int, float], basis: np.ndarray | None) -> View:
    plot = MapView("now", basis)

    def view(then: Snapshot) -> dict[str, Any]:
        patch, C = plot(then), then.model.C
        chosen = np.stack([*(C[index].numpy() for index in weights), mixed(C, weights).numpy()])
        points = embedding.project(chosen, projection.matching_basis(basis, then))
        first, second, product = points.tolist()
        patch["layout"]["shapes"] = [
            *([_line(first, second)] if np.isfinite(points).all() else []),
            embedding.ring(first, radius=12), embedding.ring(second, radius=12), _dot(product),
        ]  # fmt: skip
        return {**patch, "label": f"{embedding.TITLE} with v @ C: the filled dot is the product. {patch['label']}"}

    return view


def _line(first: list[float], second: list[float]) -> dict[str, Any]:
    ends = {"x0": first[0], "y0": first[1], "x1": second[0], "y1": second[1]}
    return {"type": "line", "line": {"color": LIGHT["accent"], "width": 2, "dash": "dot"}, **ends}


def _dot(at: list[float]) -> dict[str, Any]:
    return {**embedding.ring(at, radius=8), "fillcolor": LIGHT["accent"]}


def shapes(now: Snapshot, X: Tensor) -> None:
    """Three indexings, whose shapes are to be guessed before PyTorch is asked."""

    def find(guesses: tuple[Any, ...], then: Snapshot) -> list[tuple[Shape | None, Outcome]]:
        return list(zip(map(_read, guesses), outcomes(then.model.C, X), strict=True))

    seen, place = predict.ask(
        "outcomes",
        None,
        "what shape comes out?",
        f"`C` has the shape {tuple(now.model.C.shape)} and `X` the shape {tuple(X.shape)}. Which shape comes out of "
        "each? If you expect an error message, type `error`.",
        [predict.Text(f"Shape of {one.code}", "(…, …) or error") for one in outcomes(now.model.C, X)],
        find,
    )
    if seen:
        with place:
            for guess, outcome in seen.truth:
                _tell(guess, outcome)


def _read(text: str) -> Shape | None:
    """A typed shape; None for an error that is expected."""
    return None if "error" in text.lower() else read_shape(text)


def _tell(guess: Shape | None, outcome: Outcome) -> None:
    """Green where the guess was right; beside it what PyTorch says."""
    given = "an error" if guess is None else str(guess)
    truth = plain(outcome.error) if outcome.shape is None else f"the shape {outcome.shape}"
    if guess == outcome.shape:
        st.success(f"`{outcome.code}`: you said {given}, and that is right: {truth}", icon=":material/check:")
    else:
        st.error(f"`{outcome.code}`: you said {given}; PyTorch gives {truth}", icon=":material/close:")
