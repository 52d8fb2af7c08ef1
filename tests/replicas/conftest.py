"""Two servers with one database behind one nginx, as docs/scaling.md has it."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import pytest

from mlp.store.run_store import RunStore
from tests.databases import database
from tests.replicas.gateway import Gateway, House, path_of_nginx
from tests.serving import Server


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    path_of_nginx()
    with ExitStack() as stack:
        url = stack.enter_context(database(tmp_path_factory.mktemp("database")))
        replicas = {name: Server(database=url) for name in "ab"}
        for replica in replicas.values():
            stack.callback(replica.stop)
        with ThreadPoolExecutor(2) as starting:
            list(starting.map(Server.start, replicas.values()))
        gateway = Gateway(tmp_path_factory.mktemp("nginx"), list(replicas.values()))
        stack.callback(gateway.stop)
        gateway.start()
        store = RunStore(url)
        stack.callback(store.close)
        yield House(gateway, replicas, store)
