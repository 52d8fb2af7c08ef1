"""The compose file agrees with what stands beside it. It is not run here; that needs Docker."""

import re

import yaml

from tests.paths import ROOT
from tests.replicas.gateway import CONTAINERS, DEPLOY

TEXT = (DEPLOY / "compose.yaml").read_text(encoding="utf-8")
COMPOSE = yaml.safe_load(TEXT)
REPLICAS = {name: service for name, service in COMPOSE["services"].items() if name.startswith("app-")}


def test_nginx_knows_every_replica_by_its_address() -> None:
    addresses = [f"{service['networks']['inside']['ipv4_address']}:8501" for service in REPLICAS.values()]
    assert tuple(addresses) == CONTAINERS
    known = (DEPLOY / "replicas.conf").read_text(encoding="utf-8")
    assert set(re.findall(r"[\d.]+:8501", known)) == set(CONTAINERS)
    assert COMPOSE["services"]["nginx"]["depends_on"].keys() == REPLICAS.keys()


def test_every_setting_stands_in_the_example_once_and_has_the_default_that_it_tells() -> None:
    lines = (DEPLOY / ".env.example").read_text(encoding="utf-8").splitlines()
    told = [re.split(r"=|\s+#", line)[:2] for line in lines if line and not line.startswith("#")]
    used = dict(re.findall(r"\$\{(\w+)(?::?-([^}]*))?", TEXT))
    assert sorted(name for name, _ in told) == sorted(used)
    assert dict(told) == used


def test_the_image_has_what_the_app_needs() -> None:
    built = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
    (torch,) = re.findall(r"^torch==(\S+)", (ROOT / "requirements.txt").read_text(encoding="utf-8"), re.MULTILINE)
    assert f'"torch=={torch}+cpu"' in built
    taken = (DEPLOY / "Dockerfile.dockerignore").read_text(encoding="utf-8").splitlines()
    assert all((ROOT / name[1:]).exists() for name in taken if name.startswith("!"))


def test_every_service_has_a_bound_and_a_health_check() -> None:
    for service in COMPOSE["services"].values():
        assert service["mem_limit"]
        assert service["healthcheck"]["test"][0] == "CMD"
        assert service["restart"] == "unless-stopped"
