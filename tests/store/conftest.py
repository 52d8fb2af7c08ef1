"""The databases of these tests: a SQLite file each, or one on the server that the environment names."""

import os
import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from mlp.store.run_store import RunStore

SERVER = os.environ.get("MLP_TEST_DATABASE", "")  # the URL of a database server on which these tests may make databases


@pytest.fixture
def file_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'runs.db'}"


@pytest.fixture
def url(file_url: str) -> Iterator[str]:
    """A database of its own: a SQLite file, or one on the server that the environment names."""
    if not SERVER:
        yield file_url
        return
    name = f"mlp_{secrets.token_hex(8)}"
    server = sa.create_engine(SERVER, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    yield sa.make_url(SERVER).set(database=name).render_as_string(hide_password=False)
    with server.connect() as connection:
        connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def store(url: str) -> RunStore:
    return RunStore(url)
