"""A guided lesson in one tab: where it is, what it waits for, and what its panel shows.

What a step does is done one action after another by the page's script (`go_on`), since it may open another page. The
panel asks for that as soon as what was begun last has come to its end; meanwhile the app is the reader's as ever.
"""

import re
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from mlp.engine.snapshot import Snapshot
from mlp.guided.action import LOOKING, Action, Highlight
from mlp.guided.lesson import Lesson, Step
from mlp.guided.reading import read_lessons, shipped
from mlp.settings import Settings
from pages.ui.guide.actions import Finished, carry_out, page_of, train_to
from pages.ui.guide.conditions import Condition, condition
from pages.ui.live.session import Session

PLACE = re.compile(r"([a-z0-9-]{1,40})(?:\.(\d{1,2}))?")
BEGINNING = "One moment…"
NO_LESSON = "There is no lesson “{id}” here, so the link’s other parts were opened without it."


@dataclass
class Progress:
    """How far a reader has come in one lesson: the step that is shown, and up to which all was done; their answers."""

    lesson: Lesson
    place: int = 0
    furthest: int = -1
    answers: dict[int, int] = field(default_factory=dict)
    done: bool = False

    @property
    def step(self) -> Step:
        return self.lesson.steps[self.place]

    @property
    def last(self) -> bool:
        return self.place == len(self.lesson.steps) - 1


class Guide:
    """The lessons of one tab. Its views and `answer` may be called from any thread, all else from the script's.

    Attributes:
        own: lessons from a file of the reader's. progress: of each lesson that was begun, by its id.
        active: the id of the lesson that leads just now, or None. target: what is outlined, or "".
    """

    def __init__(self, session: Session, place: str = "") -> None:
        self._session = session
        self.own: tuple[Lesson, ...] = ()
        self.progress: dict[str, Progress] = {}
        self.active: str | None = None
        self.target = ""
        self._queue = deque[Action]()
        self._finished: Finished | None = None
        self._asks = False  # whether the panel is to run the script for the rest: not while a script is about to do it
        self._condition: Condition | None = None
        self._settings: Settings | None = None  # that the lesson has left the run with; None where that is not known
        self._next_page: str | None = None
        self._since = 0  # the snapshot from which on the run is as the last action has left it
        session.handlers |= {"guide-answer": self.answer, "guide-train": self.train}
        if place:
            self._open(place)

    @property
    def lessons(self) -> Sequence[Lesson]:
        given = self._session.room.lesson if self._session.room else None
        known = {lesson.id: lesson for lesson in (*shipped(), *self.own, *((given,) if given else ()))}
        return list(known.values())

    @property
    def now(self) -> Progress | None:
        """The lesson that leads."""
        return self.progress.get(self.active) if self.active else None

    def load(self, content: bytes) -> None:
        """Take lessons from a file; one with the id of another takes its place.

        Raises:
            ValueError: the file is wrong; what, and where. Nothing is changed.
        """
        found = read_lessons(content)
        ids = {lesson.id for lesson in found}
        self.own = (*(lesson for lesson in self.own if lesson.id not in ids), *found)
        for id in ids:
            self.progress.pop(id, None)
        if self.active in ids:
            self.leave()

    def begin(self, id: str) -> None:
        """A lesson from its first step, with the network that it needs; the run before can be had again by Undo."""
        lesson = next(lesson for lesson in self.lessons if lesson.id == id)
        self.progress[id] = Progress(lesson)
        self.active = id
        run, settings = self._session.run, lesson.needs.made()
        self._session.look.now()
        run.pause()
        if run.now().step or run.snapshot.settings != settings:
            run.set_many(settings.model_dump(), f"A new network for the lesson “{lesson.title}”.")
        self._arrive()

    def resume(self, id: str) -> None:
        """A lesson that was begun, where it was left and on its page; the run stays as it is."""
        self.active, self._settings = id, None
        self._arrive()
        self._next_page = self._page_of_step()

    def leave(self) -> None:
        """No lesson leads any more; where it was is kept."""
        self.active, self.target = None, ""
        self._queue.clear()
        self._finished = self._condition = None
        self._session.lesson = ""

    def turn(self, by: int) -> None:
        """To the next step (1) or the one before (-1); after the last step the lesson is over."""
        if not (progress := self.now):
            return
        if by > 0 and progress.last:
            self.progress[progress.lesson.id] = Progress(progress.lesson, done=True)
            self.leave()
            self._next_page = "lessons"
            return
        progress.place = max(0, progress.place + by)
        self._arrive()
        if by < 0:
            self._next_page = self._page_of_step()

    def answer(self, value: Any) -> None:
        """Choose an answer to the question of the step that is shown; the first one stands."""
        progress = self.now
        if progress and progress.step.ask and isinstance(value, int) and 0 <= value < len(progress.step.ask.choices):
            progress.answers.setdefault(progress.place, value)
            self._session.run.notify()

    def train(self, _: Any = None) -> None:
        """Train on to the step that is waited for, as after a pause."""
        if self._condition and self._condition.step:
            train_to(self._session, self._condition.step)

    def go_on(self, page: str) -> str | None:
        """Do what can be done by now on a page, by its name; the page to open for the rest, or None."""
        self._asks = False
        wanted, self._next_page = self._next_page, None
        if wanted and wanted != page:
            return wanted
        while self._queue:
            if self._blocked(self._session.run.now()):
                self._asks = True
                if self._blocked(self._session.run.now()):  # so that its end, if it came just now, is not missed
                    return None
                self._asks = False
            wanted = page_of(self._queue[0])
            if wanted and wanted != page:
                return wanted
            action = self._queue.popleft()
            if isinstance(action, Highlight):
                self.target = action.target
            self._finished = carry_out(self._session, action)
            now = self._session.run.now()
            self._since, self._settings = now.number, now.settings
        return None

    def _page_of_step(self) -> str | None:
        """The page that the lesson has opened last, up to the step that is shown."""
        progress = self.now
        assert progress
        steps = progress.lesson.steps[: progress.place + 1]
        pages = [page for step in steps for action in step.do if (page := page_of(action))]
        return pages[-1] if pages else None

    def _blocked(self, snapshot: Snapshot) -> bool:
        """Whether what was begun last goes on."""
        if self._finished and (snapshot.number < self._since or not self._finished(snapshot)):
            return True
        self._finished = None
        return False

    def view(self, page: str) -> Callable[[Snapshot], dict[str, Any]]:
        """What the panel shows on a page, by its name."""
        return lambda seen: self._shown(seen.now, page)

    def _shown(self, snapshot: Snapshot, page: str) -> dict[str, Any]:
        progress, waits = self.now, self._condition
        if not progress or not waits:
            return {"title": ""}
        step, ask = progress.step, progress.step.ask
        chosen = progress.answers.get(progress.place)
        busy = self._blocked(snapshot)
        waiting = waits.missing(snapshot, page) if snapshot.number >= self._since else BEGINNING
        if self._queue:
            waiting = waiting or BEGINNING  # the run before may stand at the step that the next one is to come to
        if waiting:
            ask = None  # it speaks of what is then on the screen
        missing = waiting or ("Choose an answer first." if ask and chosen is None else "")
        due = self._queue and self._asks and not busy
        return {
            "title": progress.lesson.title,
            "place": progress.place,
            "count": len(progress.lesson.steps),
            "say": step.say,
            "question": ask.question if ask else "",
            "choices": list(ask.choices) if ask else [],
            "chosen": chosen,
            "right": ask.right if ask and chosen is not None else None,
            "why": ask.why if ask and chosen is not None else "",
            "missing": missing,
            "train": f"Train to step {waits.step:,}" if waiting and waits.step and not snapshot.playing else "",
            "due": f"{progress.place}-{len(self._queue)}" if due else "",
            "target": self.target,
            "aside": self._aside(progress, snapshot, busy=busy or bool(self._queue)),
        }

    def _aside(self, progress: Progress, snapshot: Snapshot, *, busy: bool) -> str:
        """Why the numbers on the screen may be others than those of the lesson."""
        if progress.place < progress.furthest:
            return "You have been here before; the network stays as it is now."
        if not busy and self._settings and snapshot.settings != self._settings:
            return "You have changed a setting, so the numbers may be others than those of the lesson."
        return ""

    def _arrive(self) -> None:
        """Show a step: do all of it the first time, and later only what changes what is looked at."""
        progress = self.now
        assert progress
        again = progress.place <= progress.furthest
        progress.furthest = max(progress.furthest, progress.place)
        self.target, self._finished, self._asks = "", None, False
        self._queue = deque(action for action in progress.step.do if not again or isinstance(action, LOOKING))
        self._condition = condition(progress.step.wait_for, self._session)
        self._session.lesson = f"{progress.lesson.id}.{progress.place + 1}"

    def _open(self, told: str) -> None:
        """What an address asks for: a lesson from its beginning, or one of its steps with the run as it is."""
        found = PLACE.fullmatch(told)
        lesson = next((lesson for lesson in self.lessons if found and lesson.id == found[1]), None)
        if lesson is None or not found:
            self._session.notes.append(NO_LESSON.format(id=told[:40]))
        elif found[2] is None:
            self.begin(lesson.id)
        else:
            place = min(max(int(found[2]), 1), len(lesson.steps)) - 1
            self.progress[lesson.id] = Progress(lesson, place, place)
            self.active = lesson.id
            self._arrive()
