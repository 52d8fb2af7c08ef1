"""Every setting of a run, in one table: value, bounds, step, scale, unit, help, and whether a change applies live.

Widgets, links, files and error messages are all made from this table, so they cannot disagree.
"""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from mlp.words import OWN_LIST, WORD_LISTS


@dataclass(frozen=True)
class Spec:
    """One row of the table: how a setting is shown, bounded and applied.

    `none` names what `None` means ("all", "full"); `choices` maps each legal value to its label; `live` settings
    change a running network, the others start a new one. `of_list` has, by word list, what is true of that one only.
    """

    name: str
    label: str
    default: Any
    help: str
    live: bool
    low: float | None = None
    high: float | None = None
    step: float | None = None
    scale: Literal["linear", "log"] = "linear"
    unit: str = ""
    none: str | None = None
    choices: Mapping[Any, str] | None = None
    of_list: Mapping[str, str] | None = None

    @property
    def whole(self) -> bool:
        """True where only whole numbers are legal."""
        return self.step is not None and self.step == 1

    def help_on(self, word_list: str) -> str:
        """The help, and what there is to say besides on one word list."""
        return f"{self.help} {(self.of_list or {}).get(word_list, '')}".strip()

    def sentence(self) -> str:
        """What is legal, in words: "Hidden units must be a whole number from 1 to 1,024."."""
        if self.choices is not None:
            return f"{self.label} must be one of {', '.join(str(choice) for choice in self.choices)}."
        also = f", or “{self.none}”" if self.none else ""
        number = "a whole number" if self.whole else "a number"
        return f"{self.label} must be {number} from {self.low:,g} to {self.high:,g}{also}."


def _setting(label: str, default: Any, help: str, *, live: bool = False, **extra: Any) -> Any:
    bounds = {} if extra.get("choices") else {"ge": extra["low"], "le": extra["high"]}
    return Field(default, title=label, description=help, json_schema_extra={"live": live, **extra}, **bounds)


class Settings(BaseModel):
    """The settings of one run: immutable, checked, comparable.

    Raises:
        ValueError: a value is out of bounds or of the wrong kind (pydantic's `ValidationError` is a `ValueError`).
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    word_list: Literal["pokemon", "names", "own"] = _setting(
        "Word list",
        "pokemon",
        "The words to learn from: a list that comes with the app, or your own.",
        choices={**WORD_LISTS, OWN_LIST: "Own words"},
    )
    block_size: int = _setting(
        "Block size", 3, "The context length: how many characters the network sees when it predicts the next one.",
        low=1, high=12, step=1, unit="characters",
    )  # fmt: skip
    embedding_dim: int = _setting(
        "Embedding dimension", 2, "How many numbers represent each character.",
        low=1, high=64, step=1, unit="dimensions",
    )  # fmt: skip
    hidden: int = _setting(
        "Hidden units", 100, "How many tanh units (neurons) the hidden layer has.",
        low=1, high=1024, step=1, scale="log", unit="units",
    )  # fmt: skip
    train_examples: int | None = _setting(
        "Training examples", None,
        "Train on only the first N examples of the list. The fewer, the easier they are to memorise.",
        low=8, high=1_000_000, step=1, scale="log", unit="examples", none="all",
        of_list={
            "pokemon": "The Pokémon list is in Pokédex order, so few examples also means only the oldest names.",
        },
    )  # fmt: skip
    batch_size: int | None = _setting(
        "Batch size", 32,
        "The most examples a step learns from; the steps of an epoch share its examples out evenly. The "
        "gradient of a few random examples points roughly the right way: many rough steps beat few exact ones.",
        low=1, high=4096, step=1, scale="log", unit="examples", none="full", live=True,
    )  # fmt: skip
    learning_rate: float = _setting(
        "Learning rate", 0.1, "The step size: each step subtracts learning rate × gradient (with plain SGD).",
        low=1e-4, high=10, scale="log", live=True,
    )  # fmt: skip
    optimizer: Literal["sgd", "momentum", "adam"] = _setting(
        "Optimizer", "sgd", "How the gradient is turned into a step.", live=True,
        choices={"sgd": "SGD", "momentum": "SGD with momentum 0.9", "adam": "Adam"},
    )  # fmt: skip
    weight_decay: float = _setting(
        "Weight decay", 0.0, "Pulls every parameter towards zero at each step: a remedy for overfitting.",
        low=0, high=1, scale="log", live=True,
    )  # fmt: skip
    init: Literal["normal", "scaled"] = _setting(
        "Initial weights", "normal",
        "How the random starting weights are drawn. N(0, 1) is the normal distribution with mean 0 and standard "
        "deviation 1; scaled by fan-in, pre-activations and logits stay small.",
        choices={"normal": "N(0, 1), as in the notes", "scaled": "Scaled by fan-in"},
    )  # fmt: skip
    direct: bool = _setting(
        "Direct connections", False,
        "Also connect the embeddings directly to the output: the paper’s optional matrix W.",
        choices={False: "off", True: "on"},
    )  # fmt: skip
    train_share: float = _setting(
        "Train fraction", 0.8, "Fraction of the list used for training.",
        low=0.1, high=1, step=0.05, unit="of the words",
    )  # fmt: skip
    dev_share: float = _setting(
        "Dev fraction", 0.1, "Fraction of the list held back for comparing settings. The rest is the test split.",
        low=0, high=0.9, step=0.05, unit="of the words",
    )  # fmt: skip
    seed: int = _setting(
        "Seed", 1337,
        "Fixes the starting weights, the train/dev/test split and the batches, so a run can be repeated exactly. "
        "Another seed also means another dev split.",
        low=0, high=2**31 - 1, step=1,
    )  # fmt: skip

    @model_validator(mode="after")
    def _shares_fit(self) -> "Settings":
        if self.train_share + self.dev_share > 1 + 1e-9:
            raise ValueError("The train and dev fractions may add up to at most 1.")
        return self

    def with_changes(self, **changes: Any) -> "Settings":
        """These settings with some changed, checked again."""
        return Settings(**{**self.model_dump(), **changes})

    def differences(self, other: "Settings") -> list[str]:
        """The names of the settings in which the two differ, in the order of the table."""
        return [name for name in SPECS if getattr(self, name) != getattr(other, name)]


SPECS: dict[str, Spec] = {
    name: Spec(name, field.title, field.default, field.description, **field.json_schema_extra)  # type: ignore[arg-type]
    for name, field in Settings.model_fields.items()
}


def to_link(settings: Settings) -> dict[str, str]:
    """The settings that are not the default, as the query parameters of a link."""
    return {name: show(name, getattr(settings, name)) for name in settings.differences(Settings())}


def from_link(parameters: Mapping[str, str]) -> tuple[Settings, list[str]]:
    """Settings from a link's query parameters, and one sentence for each value that had to be changed.

    A number out of bounds becomes the nearest legal one, nonsense becomes the default; unknown names are left alone.
    """
    values, notes = {}, []
    for name in parameters.keys() & SPECS.keys():
        values[name], note = nearest(name, parameters[name])
        notes += [note] if note else []
    try:
        return Settings(**values), sorted(notes)
    except ValidationError:
        values["train_share"], values["dev_share"] = SPECS["train_share"].default, SPECS["dev_share"].default
        note = "The train and dev fractions in the link add up to more than 1, so both were reset."
        return Settings(**values), [*sorted(notes), note]


def later_seed(seed: int, by: int = 1) -> int:
    """The seed so many later; after the highest comes 0."""
    return (seed + by) % (int(SPECS["seed"].high or 0) + 1)


def nearest(name: str, text: str, where: str = " in the link") -> tuple[Any, str]:
    """The legal value of a setting nearest to a text, and a sentence saying what was changed ("" if nothing was)."""
    spec = SPECS[name]
    value = parse(name, text)
    if value is INVALID:
        fault = f"{spec.label} “{text[:20]}”{where} was not understood"
        return spec.default, f"{fault}; using {show(name, spec.default)}."
    if isinstance(value, float | int) and not isinstance(value, bool) and spec.choices is None:
        bounded: float = min(max(value, spec.low), spec.high)  # type: ignore[type-var, assignment]
        legal = round(bounded) if spec.whole else bounded
        if legal != value:
            fault = "out of range" if bounded != value else "not a whole number"
            return legal, f"{spec.label} {text[:20]}{where} is {fault}; using {show(name, legal)}."
    return value, ""


INVALID = object()
GROUPED = re.compile(r"\d{1,3}(([,.'’\u00a0\u202f _])\d{3}(\2\d{3})*)")  # 10,000 or 10.000 or 10 000


def parse(name: str, text: str) -> Any:
    """The value that a text stands for, bounds not yet checked; `INVALID` where it stands for none."""
    spec, text = SPECS[name], str(text).strip().lower()
    if spec.choices is not None:
        return next((choice for choice in spec.choices if str(choice).lower() == text), INVALID)
    if spec.none and text in (spec.none, "none", ""):
        return None
    try:
        number = float(_plain_number(text, spec.whole))
    except ValueError:
        return INVALID
    if not math.isfinite(number):
        return INVALID
    return int(number) if spec.whole and number.is_integer() else number


def _plain_number(text: str, whole: bool) -> str:
    """A number as Python writes it: 0,05 is 0.05; the marks between groups of three digits of a whole number go."""
    if whole and GROUPED.fullmatch(text):
        return re.sub(r"\D", "", text)
    decimal = max(",.", key=text.rfind)
    if not whole and text.count(decimal) == 1:
        return text.replace(".,".replace(decimal, ""), "").replace(decimal, ".")
    return text


def show(name: str, value: Any) -> str:
    """A value as text that `parse` reads back: "100", "0.1", "all"."""
    if value is None:
        return SPECS[name].none or ""
    return str(value).removesuffix(".0").lower()


def in_words(values: Mapping[str, Any]) -> str:
    """Settings by their names as a reader says them: "hidden units 5, batch size full"."""
    return ", ".join(f"{SPECS[name].label.lower()} {show(name, value)}" for name, value in values.items())


def explain(error: ValidationError) -> str:
    """What is wrong with settings, as one plain sentence a fault."""
    sentences = []
    for fault in error.errors():
        name = str(fault["loc"][0]) if fault["loc"] else ""
        sentences.append(SPECS[name].sentence() if name in SPECS else fault["msg"].removeprefix("Value error, "))
    return " ".join(dict.fromkeys(sentences))
