"""The databases of tests: a SQLite file each, or one on the server that `MLP_TEST_DATABASE` names."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa

SERVER = os.environ.get("MLP_TEST_DATABASE", "")  # the URL of a database server on which tests may make databases


@contextmanager
def database(folder: Path) -> Iterator[str]:
    """The URL of a new database, which is gone afterwards: a file in the folder, or one on that server."""
    if not SERVER:
        yield f"sqlite:///{folder / 'runs.db'}"
        return
    name = f"mlp_{secrets.token_hex(8)}"
    server = sa.create_engine(SERVER, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    yield sa.make_url(SERVER).set(database=name).render_as_string(hide_password=False)
    with server.connect() as connection:
        connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
