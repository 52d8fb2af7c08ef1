"""Pinned runs: curves that stay as named ghosts beside the current one, and forks of the run."""

import math
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from weakref import WeakKeyDictionary

from pydantic import ValidationError

from mlp.dataset import make_dataset
from mlp.engine.snapshot import Curve, Snapshot
from mlp.model import parameter_count
from mlp.plots.compare import Line
from mlp.plots.patches import finite
from mlp.settings import INVALID, SPECS, Settings, explain, in_words, parse, show
from mlp.training.batches import batch_count, batch_size
from mlp.training.curves import best_step
from mlp.training.recipe import Recipe
from mlp.words import OWN_LIST
from pages.ui.live.commands import NO_OWN, REFUSED
from pages.ui.live.session import Session

CURVE = "steps", "epochs", "batch", "train", "dev"
MAX_CHANGES = 2  # settings in which a run may differ from one before, to be named after it


@dataclass(frozen=True)
class Pin:
    """A run as it was when it was pinned.

    Attributes:
        moment: its network and step. name: what tells it apart, in words; label: the same in a legend's room.
        recipe: from which it can be opened again. cost: milliseconds an epoch, None where nothing was played.
    """

    number: int
    moment: tuple[int, int]
    name: str
    label: str
    settings: Settings
    dev_words: tuple[str, ...]
    curve: Curve
    recipe: Recipe
    parameters: int
    best: tuple[int, float] | None
    cost: float | None

    @property
    def line(self) -> Line:
        curve = self.curve
        return Line(self.label, self.recipe.words.title, curve.steps, curve.train, curve.dev, self.dev_words)


@dataclass
class Board:
    """The pinned runs of one session, and how many there have been."""

    pins: list[Pin] = field(default_factory=list)
    pinned: int = 0


_boards: WeakKeyDictionary[Session, Board] = WeakKeyDictionary()


def board(session: Session) -> Board:
    """The pinned runs of a session."""
    return _boards.setdefault(session, Board())


def pin_of(snapshot: Snapshot, number: int, earlier: Sequence[Pin] = ()) -> Pin:
    """The run of a snapshot, pinned beside earlier ones."""
    best = best_step(snapshot.curve.steps, snapshot.curve.dev)
    examples = len(snapshot.dataset.train)
    steps_per_epoch = batch_count(examples, batch_size(snapshot.settings, examples))
    played = snapshot.trained_steps
    name, label = names_of(snapshot.settings, snapshot.step, number, earlier)
    return Pin(
        number=number,
        moment=(snapshot.network, snapshot.step),
        name=name,
        label=label,
        settings=snapshot.settings,
        dev_words=snapshot.dataset.dev.words,
        curve=snapshot.curve,
        recipe=snapshot.recipe,
        parameters=parameter_count(snapshot.settings, len(snapshot.dataset.vocabulary)),
        best=None if best is None else (best, snapshot.curve.dev[snapshot.curve.steps.index(best)]),
        cost=1000 * snapshot.training_seconds / played * steps_per_epoch if played else None,
    )


def names_of(settings: Settings, step: int, number: int, earlier: Sequence[Pin]) -> tuple[str, str]:
    """A run's name and its short form: what is different from the most similar run pinned before, or the default."""
    like = min(earlier, key=lambda pin: len(settings.differences(pin.settings)), default=None)
    if like and len(settings.differences(like.settings)) <= MAX_CHANGES:
        changes, rest = settings.differences(like.settings), f"other settings as run {like.number}"
    else:
        changes, rest = settings.differences(Settings()), ""
    if not changes:
        same = f"same as run {like.number}, at step {step:,}" if rest and like else "default settings"
        return f"{number}: {same}", f"{number}: {same}"
    said = [in_words({name: getattr(settings, name)}) for name in changes]
    more = "" if len(said) == 1 else " …"
    return f"{number}: {', '.join([*said, *filter(None, [rest])])}", f"{number}: {said[0]}{more}"


def pin_now(session: Session) -> str:
    """Pin the current run, unless it is pinned as it stands; why it could not be, or ""."""
    snapshot, kept = session.run.now(), board(session)
    if any(pin.moment == (snapshot.network, snapshot.step) for pin in kept.pins):
        return ""
    if len(kept.pins) >= session.engine.limits.pins:
        return f"You can pin at most {session.engine.limits.pins} runs. Unpin one first."
    kept.pinned += 1
    kept.pins.append(pin_of(snapshot, kept.pinned, kept.pins))
    return ""


def fork(session: Session, setting: str, text: Any, *, here: bool = False) -> str:
    """Pin the current run and go on with another: the same seed and words, one setting changed.

    Args:
        here: from the step it has, which only settings that apply live can; else from the start, played at once.

    Returns:
        why that cannot be, in a sentence, or "".
    """
    value = parse(setting, text)
    snapshot = session.run.now()
    label = SPECS[setting].label
    if value is INVALID:
        return f"{label} cannot be “{str(text)[:20]}”. {SPECS[setting].sentence()}"
    if session.refuses(setting):
        return REFUSED
    if value == OWN_LIST and snapshot.own is None:
        return NO_OWN
    if value == getattr(snapshot.settings, setting):
        return f"{label} is already {show(setting, value)}. Choose another value."
    if here and not SPECS[setting].live:
        return f"{label} needs a new network, so this fork can only begin at the start."
    try:
        changed = snapshot.settings.with_changes(**{setting: value})
    except ValidationError as error:
        return explain(error)
    if fault := pin_now(session):
        return fault
    if here:
        session.run.set(setting, value)
        return ""
    note = f"Forked with {label.lower()} {show(setting, value)}, same seed."
    session.run.load(changed, max(snapshot.step, 1), note)
    return ""


def open_pin(session: Session, pin: Pin) -> None:
    """Do a pinned run again, up to where it was pinned."""
    session.run.open(pin.recipe, f"This is pinned run {pin.number}, at step {pin.recipe.step:,}.")


def continue_from(session: Session, step: int, keep: bool) -> None:
    """Back to an earlier step, from which the run goes on; what came after is kept as a pinned run, or forgotten."""
    if keep and (fault := pin_now(session)):
        session.run.tell(fault)
        return
    session.look.now()
    session.run.rewind(step)
    if keep and board(session).pins:
        number = board(session).pins[-1].number
        session.run.tell(f"Went back to step {step:,}. What came after is pinned run {number} in the playground.")


def back_to_best(session: Session, *, keep: bool) -> str:
    """Back to the best step; what lay ahead is kept as a pinned run, or forgotten. Why it cannot be kept, or ""."""
    if keep and (fault := pin_now(session)):
        return fault
    session.run.back_to_best()
    return ""


def dump(session: Session) -> dict[str, Any]:
    """The pinned runs as plain data, to be kept beside the run."""
    kept = board(session)
    return {"pinned": kept.pinned, "pins": [_told(pin) for pin in kept.pins]} if kept.pins else {}


def version(session: Session) -> tuple[int, ...]:
    """Something that changes as the pinned runs do."""
    return tuple(pin.number for pin in board(session).pins)


def restore(session: Session, told: Mapping[str, Any]) -> None:
    """Take up pinned runs that were kept; what cannot be read is left out."""
    kept = board(session)
    for each in list(told.get("pins", []))[: session.engine.limits.pins]:
        with suppress(ValueError, LookupError, TypeError):
            kept.pins.append(_pin_of_told(each))
    kept.pinned = max([int(told.get("pinned", 0)), *(pin.number for pin in kept.pins)], default=0)


def _told(pin: Pin) -> dict[str, Any]:
    curve = {name: finite(values) for name, values in vars(pin.curve).items()}
    return {
        "number": pin.number, "name": pin.name, "label": pin.label, "recipe": pin.recipe.model_dump(mode="json"),
        "settings": pin.settings.model_dump(), "curve": curve, "parameters": pin.parameters, "best": pin.best,
        "cost": pin.cost,
    }  # fmt: skip


def _pin_of_told(told: Mapping[str, Any]) -> Pin:
    settings, recipe = Settings(**told["settings"]), Recipe.model_validate(told["recipe"])
    columns: dict[str, Any] = {
        name: tuple(math.nan if each is None else each for each in told["curve"][name]) for name in CURVE
    }
    best = told["best"]
    return Pin(
        number=int(told["number"]),
        moment=(-1, recipe.step),  # of no network of this session
        name=str(told["name"]),
        label=str(told["label"]),
        settings=settings,
        dev_words=make_dataset(settings, recipe.words.load()).dev.words,
        curve=Curve(**columns),
        recipe=recipe,
        parameters=int(told["parameters"]),
        best=None if best is None else (int(best[0]), float(best[1])),
        cost=told["cost"],
    )
