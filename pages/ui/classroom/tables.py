"""The tables of a class: how each member's network is doing, and the board of the best dev losses."""

from typing import Any

from mlp.engine.snapshot import Snapshot
from mlp.settings import Settings, in_words
from pages.ui.live import components as live
from pages.ui.live.classroom import Classroom, Seen
from pages.ui.live.session import Session
from pages.ui.playground.verdicts import verdict_of
from pages.ui.shared.formatting import number
from pages.ui.shared.once import static_view


def members(room: Classroom, found: Seen) -> None:
    """A row for each member: step, losses, verdict, the settings in which the run differs from the class's.

    Where the class has a guided lesson, also how far each has come in it.
    """
    rows, led = list[list[str]](), ["lesson"] if room.lesson else []
    for member, session in found:
        if session is None:
            rows.append([member.nickname, "left", *[""] * (4 + len(led))])
            continue
        now = session.run.snapshot
        _, train, dev = now.losses
        rows.append([member.nickname, f"{now.step:,}{' ▶' if now.playing else ''}", number(train), number(dev),
                     _verdict(now), *(_place(room, session) for _ in led),
                     _settings(now.settings, room.settings)])  # fmt: skip
    text = "" if rows else "Nobody has come yet. Give the link to your class."
    live.live_table("class-members", "Members", static_view(_table(
        text, ["nickname", "step", "train loss", "dev loss", "verdict", *led, "other settings than the class’s"], rows
    )))  # fmt: skip


def _place(room: Classroom, session: Session) -> str:
    """Where a member is in the lesson of the class."""
    id, _, place = session.lesson.partition(".")
    return f"{place} of {len(room.lesson.steps)}" if room.lesson and id == room.lesson.id else "–"


def board(room: Classroom, found: Seen) -> None:
    """The best dev loss of each member, the lowest first."""
    scores = [(member.score, member.nickname) for member, _ in found if member.score]
    ranked = sorted(scores, key=lambda pair: pair[0].dev)
    rows = [
        [f"{place}.", name, number(score.dev), f"{score.step:,}", _settings(score.settings, room.settings)]
        for place, (score, name) in enumerate(ranked, start=1)
    ]
    text = (
        "Only runs on the same words, seed and fractions count: then all are measured on the same dev split. The best "
        "is chosen by this very loss, so the winner’s test loss may be higher."
        if rows
        else "Nobody has a dev loss on the words of the class yet."
    )
    columns = ["place", "nickname", "dev loss", "at step", "other settings than the class’s"]
    live.live_table("class-board", "Best dev losses", static_view(_table(text, columns, rows)))


def _table(text: str, columns: list[str], rows: list[list[str]]) -> dict[str, Any]:
    return {"text": text, "columns": columns, "rows": rows} if rows else {"text": text}


def _verdict(now: Snapshot) -> str:
    return str(verdict_of(now)["verdict"])


def _settings(settings: Settings, of_class: Settings) -> str:
    return in_words({name: getattr(settings, name) for name in settings.differences(of_class)}) or "–"
