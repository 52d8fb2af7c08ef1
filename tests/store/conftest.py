"""What the tests of saved runs share: a database of their own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from mlp.store.run_store import RunStore
from tests.databases import database


@pytest.fixture
def file_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'runs.db'}"


@pytest.fixture
def url(tmp_path: Path) -> Iterator[str]:
    """A database of its own: a SQLite file, or one on the server that the environment names."""
    with database(tmp_path) as made:
        yield made


@pytest.fixture
def store(url: str) -> RunStore:
    return RunStore(url)
