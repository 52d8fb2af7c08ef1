"""What a step of a guided lesson may do to the app."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StrictBool, field_validator, model_validator

from mlp.analysis.presets import PRESETS
from mlp.settings import Settings

PAGES = (
    "playground", "lab", "embedding", "generate", "diagnostics",
    "examples", "lookup", "hidden", "output", "backward", "network",
)  # fmt: skip
LINES = ("unigram", "bigram", "trigram", "interpolated", "lowest", "mixed")
TARGETS = (  # parts of the app that can be outlined: those of every page, then those of single pages
    "play", "step", "losses", "settings", "timeline", "verdict", "embedding", "loss", "names",
    "lab-map", "lab-scrub", "lab-network", "lab-numbers", "lab-verdict", "lab-loss", "lab-capacity", "lab-rate",
    "lab-rates", "lab-compared", "lab-results", "embedding-large", "embedding-near", "embedding-distances",
    "embedding-gathering", "generate-next", "generate-novelty", "generate-surprise",
    "examples-window", "examples-rows", "examples-X", "examples-Y", "examples-shapes", "examples-split",
    "examples-followers", "examples-ambiguous", "examples-lowest",
    "lookup-C", "lookup-map", "lookup-product", "lookup-equal", "lookup-emb", "hidden-W1", "hidden-tanh",
    "hidden-saturation", "hidden-dead", "hidden-passage", "output-logits", "output-softmax", "output-probabilities",
    "output-losses", "output-loss", "output-added", "output-worst", "backward-graph", "backward-check-logits",
    "backward-check-C", "backward-nudge", "backward-descent", "backward-update", "backward-step-gradient",
    "network",
)  # fmt: skip
MOST_STEPS = 200_000


class Strict(BaseModel):
    """No key that is not known: a slip in a file is told instead of ignored."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Press(Strict):
    """A press of one of the app's buttons, or nothing at all ("quiet")."""

    action: Literal["play", "pause", "step", "epoch", "reset", "restore_best", "pin", "find_rate", "compare_remedies",
                    "quiet"]  # fmt: skip


class SetValue(Strict):
    """One setting, live or by a new network, as in the settings panel."""

    action: Literal["set"]
    setting: str
    value: Any

    @model_validator(mode="after")
    def _legal(self) -> "SetValue":
        Settings().with_changes(**{self.setting: self.value})
        return self


class Fork(Strict):
    """Pins the run and begins another from the same seed with some settings changed."""

    action: Literal["fork"]
    changes: dict[str, Any] = Field(min_length=1)

    @field_validator("changes")
    @classmethod
    def _legal(cls, changes: dict[str, Any]) -> dict[str, Any]:
        Settings().with_changes(**changes)
        return changes


class LoadPreset(Strict):
    """Loads a preset and trains it for its steps."""

    action: Literal["preset"]
    name: Literal[tuple(PRESETS)]  # type: ignore[valid-type]


class RunTo(Strict):
    """Trains up to a step; what is done next waits for it."""

    action: Literal["run_to"]
    step: int = Field(ge=1, le=MOST_STEPS)


class OpenPage(Strict):
    action: Literal["page"]
    name: Literal[PAGES]  # type: ignore[valid-type]


class PickWord(Strict):
    """The word of the lesson pages, and which of its examples, counted from 1."""

    action: Literal["pick_word"]
    word: str = Field(min_length=1, max_length=64)
    example: int = Field(1, ge=1, le=65)


class PickBatch(Strict):
    """On the backward page: all examples of the word, or the chosen one alone."""

    action: Literal["pick_batch"]
    whole: StrictBool


class OpenMap(Strict):
    """The lab with the default map of fits; what is done next waits until it is trained."""

    action: Literal["open_map"]


class MapCursor(Strict):
    """The map's cursor, by the values of its axes: "all" is all training examples."""

    action: Literal["map_cursor"]
    x: int | float | str
    y: int | float | str


class ShowLines(Strict):
    """Reference lines of the loss curve."""

    action: Literal["show_lines"]
    lines: list[Literal[LINES]]  # type: ignore[valid-type]


class Highlight(Strict):
    """Outlines a part of the page, and brings it into sight."""

    action: Literal["highlight"]
    target: Literal[TARGETS]  # type: ignore[valid-type]


Action = Annotated[
    Press | SetValue | Fork | LoadPreset | RunTo | OpenPage | PickWord | PickBatch | OpenMap | MapCursor | ShowLines
    | Highlight,
    Field(discriminator="action"),
]  # fmt: skip
LOOKING = OpenPage | PickWord | PickBatch | MapCursor | ShowLines | Highlight  # change what is looked at, and no run
