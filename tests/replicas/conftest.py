"""Two servers with one database behind one nginx, as docs/scaling.md has it."""

from collections.abc import Iterator

import pytest

from tests.replicas.gateway import House, standing


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with standing(tmp_path_factory.mktemp("house")) as built:
        yield built
