"""Saved runs in a database: a local SQLite file, or any that SQLAlchemy knows.

A run is saved whole or not at all, with a checksum, so that a damaged one is known and harms no other. Nothing is
pickled. Whatever the database cannot do ends in a `StoreError` whose text is a sentence for the user.
"""

import math
import secrets
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

import sqlalchemy as sa

from mlp.limits import LIMITS, Limits
from mlp.store.database import connect
from mlp.store.faults import StoreError, sentences
from mlp.store.schema import RUNS
from mlp.training.trainer import Trainer

NAME_LENGTH, NOTE_LENGTH, TAGS, TAG_LENGTH = 200, 4000, 12, 40


@dataclass(frozen=True)
class SavedRun:
    """What the list says of a run. Times are UTC; losses in nats, nan where not known.

    `kind` is "saved" where a person did it, "auto" where the app kept it; `settings` are those in force at its step.
    """

    id: str
    owner: str
    kind: str
    name: str
    note: str
    tags: tuple[str, ...]
    created: datetime
    changed: datetime
    step: int
    epoch: float
    train: float
    dev: float
    settings: dict[str, Any]
    extra: dict[str, Any]


SavedRuns = list[SavedRun]
GONE = "This run is not there (any more)."


class RunStore:
    """The saved runs of a database. Every method may be called from any thread.

    Args:
        url: of the database, as SQLAlchemy writes it. limits: how much is kept, and how large a run may be.

    Raises:
        StoreError: the database cannot be opened, or a newer version of the package has made it.
    """

    def __init__(self, url: str = "sqlite:///runs.db", limits: Limits = LIMITS) -> None:
        self._limits, self._lock = limits, threading.Lock()
        with sentences():
            self._engine = connect(url)

    def save(
        self,
        trainer: Trainer,
        name: str,
        *,
        owner: str = "",
        id: str | None = None,
        kind: str = "saved",
        note: str = "",
        tags: Sequence[str] = (),
        extra: dict[str, Any] | None = None,
        data: bytes | None = None,
        losses: tuple[float, float] | None = None,
    ) -> str:
        """Save a run; its id.

        Args:
            id: of a run to be replaced, or of a new one; a new id is made where left out.
            extra: plain data to find again. data: the run's file, where it is already made.
            losses: train and dev loss in nats at its step, nan where not known; worked out where left out.

        Raises:
            StoreError: it could not be saved; an older run of that id is as it was.
        """
        data = trainer.to_bytes() if data is None else data
        if len(data) > (most := self._limits.saved_run_bytes):
            size, room = len(data) / 1e6, most / 1e6
            raise StoreError(f"This run is too large to be saved ({size:,.0f} MB; {room:,.0f} MB are allowed).")
        known = losses or (trainer.evaluate("train"), trainer.evaluate("dev"))
        row = {
            "kind": kind, "name": _name(name), "note": note[:NOTE_LENGTH], "tags": _tags(tags), "changed": _now(),
            "deleted": None, "step": trainer.steps_done, "epoch": trainer.epoch_done, "train": _number(known[0]),
            "dev": _number(known[1]), "settings": trainer.settings.model_dump(), "extra": extra or {},
            "check": sha256(data).hexdigest(), "data": data,
        }  # fmt: skip
        id = id or secrets.token_urlsafe(16)
        with self._writing() as connection:
            changed = connection.execute(sa.update(RUNS).where(RUNS.c.id == id, RUNS.c.owner == owner).values(row))
            if not changed.rowcount:
                self._make_room(connection, owner, kind)
                connection.execute(sa.insert(RUNS).values(id=id, owner=owner, created=_now(), **row))
        return id

    def load(self, id: str, limits: Limits = LIMITS) -> Trainer:
        """The run of an id, which goes on bit for bit.

        Raises:
            StoreError: there is none, or it is damaged.
        """
        with self._reading() as connection:
            query = sa.select(RUNS.c.data, RUNS.c.check, RUNS.c.name).where(RUNS.c.id == id, RUNS.c.deleted.is_(None))
            row = connection.execute(query).one_or_none()
        if row is None:
            raise StoreError(GONE)
        if sha256(row.data).hexdigest() != row.check:
            raise StoreError(
                f"The saved run “{row.name}” is damaged and cannot be opened. The others are not affected."
            )
        try:
            return Trainer.load(row.data, limits)
        except ValueError as error:
            raise StoreError(f"The saved run “{row.name}” cannot be opened: {error}") from None

    def get(self, id: str) -> SavedRun:
        """What the list says of one run.

        Raises:
            StoreError: there is none of that id.
        """
        for found in self._listed(RUNS.c.id == id):
            return found
        raise StoreError(GONE)

    def list(self, owner: str | None = None, kind: str | None = None) -> SavedRuns:
        """The saved runs, the one that was changed last first; all of them, or those of one owner or kind.

        Raises:
            StoreError: the database cannot be read.
        """
        conditions = [
            column == value for column, value in ((RUNS.c.owner, owner), (RUNS.c.kind, kind)) if value is not None
        ]
        return self._listed(*conditions)

    def rename(self, id: str, name: str) -> None:
        """Give a run another name.

        Raises:
            StoreError: there is none of that id, or it cannot be done now.
        """
        self._update(id, name=_name(name))

    def annotate(self, id: str, *, note: str | None = None, tags: Sequence[str] | None = None) -> None:
        """Give a run another note, or other tags.

        Raises:
            StoreError: as of `rename`.
        """
        if note is not None:
            self._update(id, note=note[:NOTE_LENGTH])
        if tags is not None:
            self._update(id, tags=_tags(tags))

    def duplicate(self, id: str, name: str | None = None) -> str:
        """A copy of a run; its id.

        Raises:
            StoreError: as of `rename`.
        """
        copy = secrets.token_urlsafe(16)
        with self._writing() as connection:
            row = connection.execute(sa.select(RUNS).where(RUNS.c.id == id, RUNS.c.deleted.is_(None))).one_or_none()
            if row is None:
                raise StoreError(GONE)
            values = dict(row._mapping) | {"id": copy, "name": _name(name or f"Copy of {row.name}"), "kind": "saved"}
            self._make_room(connection, row.owner, "saved")
            connection.execute(sa.insert(RUNS).values(values | {"created": _now(), "changed": _now()}))
        return copy

    def delete(self, id: str) -> None:
        """Put a run away; `restore` brings it back, until `clear_old` clears it.

        Raises:
            StoreError: as of `rename`.
        """
        self._update(id, deleted=_now())

    def restore(self, id: str) -> None:
        """Bring back a deleted run.

        Raises:
            StoreError: it is not there any more, or it cannot be done now.
        """
        with self._writing() as connection:
            changed = connection.execute(sa.update(RUNS).where(RUNS.c.id == id).values(deleted=None))
            if not changed.rowcount:
                raise StoreError(GONE)

    def clear_old(self) -> int:
        """Clear what the rule lets go; how many runs that was.

        The rule: a deleted run after an hour; a run that the app kept by itself after a week; of those, all but the
        latest `Limits.auto_runs` of an owner. A run that a person has saved stays until that person deletes it.

        Raises:
            StoreError: it cannot be done now.
        """
        now = _now()
        old = sa.or_(
            RUNS.c.deleted < now - timedelta(hours=1),
            sa.and_(RUNS.c.kind == "auto", RUNS.c.changed < now - timedelta(days=7)),
        )
        with self._writing() as connection:
            count = connection.execute(sa.delete(RUNS).where(old)).rowcount
            autos = sa.select(RUNS.c.id, RUNS.c.owner).where(RUNS.c.kind == "auto").order_by(RUNS.c.changed.desc())
            seen: dict[str, int] = {}
            extra = []
            for id, owner in connection.execute(autos):
                seen[owner] = seen.get(owner, 0) + 1
                extra += [id] if seen[owner] > self._limits.auto_runs else []
            for id in extra:
                connection.execute(sa.delete(RUNS).where(RUNS.c.id == id))
        return count + len(extra)

    def check(self) -> None:
        """See whether the saved runs can be read.

        Raises:
            StoreError: they cannot; its text says why.
        """
        with self._reading() as connection:
            connection.execute(sa.select(RUNS.c.id).limit(1)).first()

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()

    def _listed(self, *conditions: sa.ColumnElement[bool]) -> SavedRuns:
        columns = [column for column in RUNS.c if column.name not in ("data", "check", "deleted")]
        query = (
            sa.select(*columns).where(RUNS.c.deleted.is_(None), *conditions).order_by(RUNS.c.changed.desc(), RUNS.c.id)
        )
        with self._reading() as connection:
            return [_saved(dict(row._mapping)) for row in connection.execute(query)]

    def _update(self, id: str, **values: Any) -> None:
        with self._writing() as connection:
            changed = connection.execute(
                sa.update(RUNS).where(RUNS.c.id == id, RUNS.c.deleted.is_(None)).values(values)
            )
            if not changed.rowcount:
                raise StoreError(GONE)

    def _make_room(self, connection: sa.Connection, owner: str, kind: str) -> None:
        """See to it that an owner keeps no more runs than allowed."""
        if kind != "saved":
            return
        query = sa.select(sa.func.count()).select_from(RUNS)
        mine = connection.execute(query.where(RUNS.c.owner == owner, RUNS.c.kind == kind, RUNS.c.deleted.is_(None)))
        if mine.scalar_one() >= self._limits.saved_runs:
            raise StoreError(f"You can keep {self._limits.saved_runs} saved runs. Delete one first.")

    @contextmanager
    def _writing(self) -> Iterator[sa.Connection]:
        with self._lock, sentences(), self._engine.begin() as connection:
            yield connection

    @contextmanager
    def _reading(self) -> Iterator[sa.Connection]:
        with sentences(), self._engine.connect() as connection:
            yield connection


def _saved(row: dict[str, Any]) -> SavedRun:
    losses = {name: math.nan if row[name] is None else row[name] for name in ("train", "dev")}
    return SavedRun(**{**row, **losses, "tags": tuple(row["tags"])})


def _name(name: str) -> str:
    """A name as it is kept: one line, not too long, never empty."""
    return " ".join("".join(c if c.isprintable() else " " for c in name).split())[:NAME_LENGTH] or "Unnamed run"


def _tags(tags: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(_name(tag)[:TAG_LENGTH] for tag in tags if tag.strip()))[:TAGS]


def _number(value: float) -> float | None:
    return value if math.isfinite(value) else None


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)
