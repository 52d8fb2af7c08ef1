"""A connection to the database of saved runs: what SQLite needs to be told, and the table as this version wants it."""

import time
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from mlp.store.faults import LOCKED, OTHER, sentence_of
from mlp.store.schema import bring_up_to_date

WAIT_SECONDS = 5.0  # for another server that is writing
TRIES = 5


def connect(url: str) -> sa.Engine:
    """The database of a URL, brought up to date.

    Raises:
        NewerSchema: a newer version of the package has made it.
        SQLAlchemyError: it cannot be opened.
    """
    engine = sa.create_engine(url, pool_pre_ping=True, hide_parameters=True, **_for_sqlite(url))  # no words in a log
    if engine.dialect.name == "sqlite":

        @sa.event.listens_for(engine, "connect")
        def prepare(connection: Any, _: Any) -> None:
            connection.isolation_level = None  # SQLAlchemy begins transactions itself, see below
            for pragma in ("journal_mode=WAL", "synchronous=FULL", f"busy_timeout={int(1000 * WAIT_SECONDS)}"):
                connection.execute(f"PRAGMA {pragma}")

        @sa.event.listens_for(engine, "begin")
        def begin(connection: sa.Connection) -> None:
            connection.exec_driver_sql("BEGIN IMMEDIATE")  # two servers wait for one another instead of failing late

    _at_once(engine)
    return engine


def _for_sqlite(url: str) -> dict[str, Any]:
    return {"connect_args": {"timeout": WAIT_SECONDS}} if url.startswith("sqlite") else {}


def _at_once(engine: sa.Engine) -> None:
    """Bring the database up to date; of several servers that begin at once, one does it and the others wait."""
    for tried in range(1, TRIES + 1):
        try:
            with engine.begin() as connection:
                bring_up_to_date(connection)
            return
        except DBAPIError as error:
            if tried == TRIES or sentence_of(error) not in (LOCKED, OTHER):
                raise
            time.sleep(0.2 * tried)
