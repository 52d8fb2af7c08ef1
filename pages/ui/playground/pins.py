"""Pinned runs: curves that stay as named ghosts beside the current one, and forks of the run."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from mlp.engine.snapshot import Curve, Snapshot
from mlp.model import parameter_count
from mlp.plots.compare import MOST_GHOSTS, Line
from mlp.settings import INVALID, SPECS, Settings, explain, parse, show
from mlp.training.curves import best_step
from mlp.words import WORD_LISTS
from pages.ui.live.session import Session

MOST_CHANGES = 2  # settings in which a run may differ from one before, to be named after it


@dataclass(frozen=True)
class Pin:
    """A run as it was when it was pinned.

    Attributes:
        moment: its network and step. name: what tells it apart, in words; label: the same in a legend's room.
        cost: milliseconds an epoch, None where nothing was played.
    """

    number: int
    moment: tuple[int, int]
    name: str
    label: str
    settings: Settings
    dev_words: tuple[str, ...]
    curve: Curve
    parameters: int
    best: tuple[int, float] | None
    cost: float | None

    @property
    def line(self) -> Line:
        curve = self.curve
        return Line(self.label, words_of(self.settings), curve.steps, curve.train, curve.dev, self.dev_words)


def words_of(settings: Settings) -> str:
    """The word list's name, without its count."""
    return WORD_LISTS[settings.word_list].split(" (")[0]


def pin_of(snapshot: Snapshot, number: int, earlier: Sequence[Pin] = ()) -> Pin:
    """The run of a snapshot, pinned beside earlier ones."""
    best = best_step(snapshot.curve.steps, snapshot.curve.dev)
    batch = min(snapshot.settings.batch_size or len(snapshot.dataset.train), len(snapshot.dataset.train))
    steps_a_pass = -(-len(snapshot.dataset.train) // batch)
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
        parameters=parameter_count(snapshot.settings, len(snapshot.dataset.vocabulary)),
        best=None if best is None else (best, snapshot.curve.dev[snapshot.curve.steps.index(best)]),
        cost=1000 * snapshot.training_seconds / played * steps_a_pass if played else None,
    )


def names_of(settings: Settings, step: int, number: int, earlier: Sequence[Pin]) -> tuple[str, str]:
    """A run's name and its short form: what is different from the most similar run pinned before, or the default."""
    like = min(earlier, key=lambda pin: len(settings.differences(pin.settings)), default=None)
    if like and len(settings.differences(like.settings)) <= MOST_CHANGES:
        changes, rest = settings.differences(like.settings), f"other settings as run {like.number}"
    else:
        changes, rest = settings.differences(Settings()), ""
    if not changes:
        same = f"same as run {like.number}, at step {step:,}" if rest and like else "default settings"
        return f"{number}: {same}", f"{number}: {same}"
    said = [f"{SPECS[name].label.lower()} {show(name, getattr(settings, name))}" for name in changes]
    more = "" if len(said) == 1 else " …"
    return f"{number}: {', '.join([*said, *filter(None, [rest])])}", f"{number}: {said[0]}{more}"


def pin_now(session: Session) -> str:
    """Pin the current run, unless it is pinned as it stands; why it could not be, or ""."""
    snapshot = session.run.now()
    if any(pin.moment == (snapshot.network, snapshot.step) for pin in session.pins):
        return ""
    if len(session.pins) >= MOST_GHOSTS:
        return f"You can pin at most {MOST_GHOSTS} runs. Unpin one first."
    session.pinned += 1
    session.pins.append(pin_of(snapshot, session.pinned, session.pins))
    return ""


def fork(session: Session, setting: str, text: Any) -> str:
    """Pin the current run and begin another: the same seed and words, one setting changed, played at once.

    Returns why that cannot be, in a sentence, or "".
    """
    value = parse(setting, text)
    snapshot = session.run.now()
    label = SPECS[setting].label
    if value is INVALID:
        return f"{label} cannot be “{str(text)[:20]}”. {SPECS[setting].sentence()}"
    if value == getattr(snapshot.settings, setting):
        return f"{label} is already {show(setting, value)}. Choose another value."
    try:
        changed = snapshot.settings.but(**{setting: value})
    except ValidationError as error:
        return explain(error)
    if fault := pin_now(session):
        return fault
    note = f"Forked with {label.lower()} {show(setting, value)}, same seed."
    session.run.load(changed, max(snapshot.step, 1), note)
    return ""
