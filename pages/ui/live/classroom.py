"""A class: a teacher's link opens the same network for everybody, and the teacher sees how each one's is doing.

It is in the memory of the server alone: nicknames, and gone when the teacher clears it or the server ends.
"""

import math
import secrets
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from weakref import ref

from mlp.guided.lesson import Lesson
from mlp.settings import SPECS, Settings
from mlp.training.recipe import Recipe
from mlp.words import WordList
from pages.ui.live.replica import PARAMETER as REPLICA

if TYPE_CHECKING:
    from pages.ui.live.keeper import Kept
    from pages.ui.live.session import Session

PARAMETER = "class"  # in the address; it lets members in, and nobody as the teacher
NICKNAME_LENGTH = 24
MOST_CLASSES, MOST_MEMBERS = 200, 200
CONTROLS = {"preset": "Presets", "new_seed": "New seed", "link": "Copy link"}  # what can be hidden beside settings


@dataclass(frozen=True)
class Score:
    """The best dev loss in nats that a member has had, at which step, and by which settings."""

    dev: float
    step: int
    settings: Settings


@dataclass
class Member:
    """One browser in a class. `score` stays when its tab is closed, and so does what is `kept` of its tabs' runs."""

    nickname: str
    session: "ref[Session]"
    score: Score | None = None
    kept: list["Kept"] = field(default_factory=list)

    def note(self, session: "Session", alike: bool) -> None:
        """Take down the dev loss of now, if it is the best so far and on the words of the class."""
        step, _, dev = session.run.snapshot.losses
        if alike and step and math.isfinite(dev) and (self.score is None or dev < self.score.dev):
            self.score = Score(dev, step, session.run.snapshot.settings)


Seen = list[tuple[Member, "Session | None"]]


@dataclass
class Classroom:
    """What a teacher has set up, and who has come.

    Attributes:
        id: in the members' link. key: only the teacher has it. owner: the teacher's browser.
        replica: the server that the class is on, "" where there is one only.
        hidden: names of settings and of `CONTROLS` that members neither see nor can change.
        board: whether members see the best dev losses. keep: whether their runs are kept by themselves (see `Keeper`).
        lesson: the guided lesson that leads a member who comes, if any.
    """

    owner: str
    settings: Settings
    words: WordList
    hidden: frozenset[str] = frozenset()
    board: bool = False
    keep: bool = False
    lesson: Lesson | None = None
    replica: str = ""
    id: str = field(default_factory=lambda: secrets.token_urlsafe(9))
    key: str = field(default_factory=lambda: secrets.token_urlsafe(18))
    members: dict[str, Member] = field(default_factory=dict)  # by the owner of the browser
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def address(self) -> dict[str, str]:
        """The query parameters that let members in."""
        return {PARAMETER: self.id} | ({REPLICA: self.replica} if self.replica else {})

    def join(self, session: "Session") -> Member:
        """The member of a browser, new or known; a browser with two tabs is one member, seen by its latest."""
        with self.lock:
            member = self.members.get(session.owner)
            if member is None:
                if len(self.members) >= MOST_MEMBERS:
                    raise ValueError(f"This class is full: it has {MOST_MEMBERS} members.")
                member = Member(f"guest {len(self.members) + 1}", ref(session))
                self.members[session.owner] = member
            member.session = ref(session)
            member.kept.append(session.kept)
            return member

    def allows(self, recipe: Recipe) -> bool:
        """Whether a member may go on with the run of an address: all that the class hides must be as it has it."""
        fixed = {name: getattr(self.settings, name) for name in self.hidden & SPECS.keys()}
        had = [
            {name: getattr(recipe.settings, name) for name in fixed},
            *(change.settings for change in recipe.changes),
        ]
        as_fixed = all(settings.get(name, value) == value for settings in had for name, value in fixed.items())
        return as_fixed and ("word_list" not in fixed or recipe.words.id == self.words.id)

    def rename(self, member: Member, nickname: str) -> str:
        """Give a member a nickname; why that cannot be, in a sentence, or ""."""
        wanted = " ".join("".join(c for c in nickname if c.isprintable()).split())[:NICKNAME_LENGTH]
        if not wanted:
            return "A nickname needs at least one letter."
        with self.lock:
            if any(other is not member and other.nickname.lower() == wanted.lower() for other in self.members.values()):
                return f"Somebody else is called “{wanted}” already."
            member.nickname = wanted
        return ""

    def take_down(self) -> "Seen":
        """The members with their open tabs, None where there is none, after a look at how each is doing."""
        with self.lock:
            found = [(member, member.session()) for member in self.members.values()]
        for member, session in found:
            if session is not None:
                member.note(session, self._alike(session))
        return found

    def _alike(self, session: "Session") -> bool:
        """Whether a run's dev loss is on the same words as the class's: the list, the seed and the fractions are."""
        now = session.run.snapshot
        same = ("seed", "train_share", "dev_share")
        return now.recipe.words.id == self.words.id and all(
            getattr(now.settings, name) == getattr(self.settings, name) for name in same
        )


class Classes:
    """All classes of a server, by their ids."""

    def __init__(self) -> None:
        self._classes: dict[str, Classroom] = {}
        self._lock = threading.Lock()

    def __iter__(self) -> Iterator[Classroom]:
        return iter(list(self._classes.values()))

    def get(self, id: str) -> Classroom | None:
        return self._classes.get(id)

    def add(self, room: Classroom) -> None:
        """Open a class.

        Raises:
            ValueError: there are too many.
        """
        with self._lock:
            if len(self._classes) >= MOST_CLASSES:
                raise ValueError(f"This server has {MOST_CLASSES} classes, and no room for another.")
            self._classes[room.id] = room

    def of_teacher(self, owner: str, key: str = "") -> Classroom | None:
        """The class that a browser has made last, or the one that a key opens."""
        for room in reversed(list(self)):
            if (key and secrets.compare_digest(room.key, key)) or (not key and room.owner == owner):
                return room
        return None

    def clear(self, room: Classroom) -> list["Kept"]:
        """End a class and forget all that it knew; what is kept of its members' runs."""
        with self._lock:
            self._classes.pop(room.id, None)
        with room.lock:
            kept = [each for member in room.members.values() for each in member.kept]
            room.members.clear()
        return kept
