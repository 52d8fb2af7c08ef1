"""Debian's nginx with the configuration of `deploy/`, before servers of this machine instead of containers."""

import getpass
import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import pytest

from mlp.store.run_store import RunStore
from tests.databases import database
from tests.paths import ROOT
from tests.serving import Server, free_port, wait_for

DEPLOY = ROOT / "deploy"
CONTAINERS = "172.30.14.11:8501", "172.30.14.12:8501"  # in replicas.conf and compose.yaml
MAIN = """
user {user};
pid nginx.pid;
error_log error.log;
events {{ }}
http {{
    log_format served '$uri $cookie_mlp_replica $served';
    client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi;
    uwsgi_temp_path uwsgi; scgi_temp_path scgi;
    include site.conf;
}}
"""


class Served(NamedTuple):
    """A line of the access log: a path, the replica that the visitor's cookie named, and the one that has answered."""

    path: str
    wanted: str
    by: str


class Gateway:
    """A running nginx.

    Attributes:
        url: its address.
    """

    def __init__(self, folder: Path, replicas: Sequence[Server]) -> None:
        port = free_port()
        self.url, self._folder = f"http://127.0.0.1:{port}/", folder
        site, known = ((DEPLOY / name).read_text() for name in ("nginx.conf", "replicas.conf"))
        for container, replica in zip(CONTAINERS, replicas, strict=True):
            known = known.replace(container, f"127.0.0.1:{replica.port}")
        site = site.replace("listen 80;", f"listen 127.0.0.1:{port};")
        site = site.replace("access_log off;", "access_log access.log served;")
        files = {"nginx.conf": MAIN.format(user=getpass.getuser()), "site.conf": site, "replicas.conf": known}
        for name, text in files.items():
            (folder / name).write_text(text)

    def start(self) -> None:
        """Start it, and wait until it answers."""
        command = [path_of_nginx(), "-p", str(self._folder), "-c", "nginx.conf", "-e", "error.log"]
        self.process = subprocess.Popen([*command, "-g", "daemon off;"])
        wait_for(f"{self.url}_stcore/health", self.process)

    def stop(self) -> None:
        """End it."""
        self.process.terminate()
        self.process.wait()

    def served(self) -> list[Served]:
        """What has been asked for so far; a socket is in it when it is closed."""
        lines = (self._folder / "access.log").read_text().splitlines()
        return [Served(*line.split(" ")) for line in lines]


@dataclass
class House:
    """The gateway, the replicas behind it by their names, and their one database."""

    gateway: Gateway
    replicas: dict[str, Server]
    store: RunStore

    @property
    def url(self) -> str:
        return self.gateway.url


@contextmanager
def standing(folder: Path) -> Iterator[House]:
    """Two running servers behind a running nginx, all of which end afterwards; what they write goes into a folder."""
    path_of_nginx()
    with ExitStack() as stack:
        url = stack.enter_context(database(folder))
        replicas = {name: Server(database=url) for name in "ab"}
        for replica in replicas.values():
            stack.callback(replica.stop)
        with ThreadPoolExecutor(2) as starting:
            list(starting.map(Server.start, replicas.values()))
        gateway = Gateway(folder, list(replicas.values()))
        stack.callback(gateway.stop)
        gateway.start()
        store = RunStore(url)
        stack.callback(store.close)
        yield House(gateway, replicas, store)


def path_of_nginx() -> str:
    """Where nginx is. Without it these tests are skipped, unless `MLP_TEST_ALL` is set, as in CI: then they fail."""
    path = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
    if not path and not os.environ.get("MLP_TEST_ALL"):
        pytest.skip("nginx is not installed (apt-get install nginx)")
    assert path, "The tests of several replicas need nginx: install it (apt-get install nginx)."
    return path
