"""Health and metrics: off unless the environment says so, and every number as counted by hand."""

import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families
from starlette.applications import Starlette
from starlette.testclient import TestClient

from mlp.limits import Limits
from mlp.settings import Settings
from pages.ui.live import logs
from pages.ui.live.routes import HEADERS, routes
from pages.ui.live.session import Application, Session
from pages.ui.live.static_files import PLOTLY_ADDRESS

SMALL = Settings(hidden=10, train_examples=64, batch_size=16)  # 4 updates are one epoch


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Application]:
    made = Application(Limits(sessions=7), f"sqlite:///{tmp_path / 'runs.db'}")
    yield made
    assert made.keeper
    made.keeper.stop()
    made.engine.stop()


@pytest.fixture
def client(app: Application, monkeypatch: pytest.MonkeyPatch) -> TestClient:
    monkeypatch.setenv("MLP_METRICS", "1")
    return TestClient(Starlette(routes=routes(app=app)))


def numbers(client: TestClient) -> dict[str, float]:
    answer = client.get("/live/metrics")
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    families = list(text_string_to_metric_families(answer.text))
    assert all(family.documentation for family in families)
    return {sample.name: sample.value for family in families for sample in family.samples}


@pytest.mark.parametrize("value", ["", "0", None])
def test_both_are_off_unless_the_environment_says_so(
    app: Application, value: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("MLP_METRICS", raising=False)
    if value is not None:
        monkeypatch.setenv("MLP_METRICS", value)
    client = TestClient(Starlette(routes=routes(app=app)))
    assert [client.get(f"/live/{name}").status_code for name in ("health", "metrics")] == [404, 404]
    assert client.get("/live/mount.js").status_code == 200


def test_every_update_of_every_run_is_counted_once(app: Application, client: TestClient) -> None:
    assert numbers(client)["mlp_steps_total"] == 0
    one, other = Session(app, SMALL, []), Session(app, SMALL.with_changes(hidden=5), [])
    one.run.run_epochs(25)  # 100 updates
    other.run.step()
    other.run.step()
    other.run.step()
    for session in (one, other):
        while session.run.now().goal:
            pass
    told = numbers(client)
    assert (one.run.snapshot.step, other.run.snapshot.step) == (100, 3)
    assert told["mlp_steps_total"] == 103
    one.run.rewind(0)  # what was made stays made, and going back makes nothing
    one.run.step()
    other.run.reset()
    assert (one.run.now().step, other.run.now().step) == (1, 0)
    assert numbers(client)["mlp_steps_total"] == 104


def test_tabs_sockets_and_players_are_those_of_now(app: Application, client: TestClient) -> None:
    tabs = [Session(app, SMALL, []) for _ in range(3)]
    tabs[1].run.play()
    tabs[1].run.now()
    told = numbers(client)
    assert (told["mlp_sessions"], told["mlp_sessions_limit"], told["mlp_playing_runs"]) == (3, 7, 1)
    assert told["mlp_watchers"] == 0
    assert told["process_resident_memory_bytes"] > 10_000_000
    tabs[1].run.pause()
    tabs[1].run.now()
    assert numbers(client)["mlp_playing_runs"] == 0


def test_frames_and_refused_messages_are_counted_as_the_page_gets_them(app: Application, client: TestClient) -> None:
    session = Session(app, SMALL, [])
    got: list[dict] = []
    with client.websocket_connect(f"/live/socket/{session.token}") as socket:
        for message in ("not json", '{"type": "command", "name": "nothing"}', '{"type": "command", "name": "step"}'):
            socket.send_text(message)
            while True:
                got.append(json.loads(socket.receive_text()))
                if "frame" in got[-1]:
                    socket.send_json({"type": "drawn", "frame": got[-1]["frame"]})
                if "refused" in got[-1] or got[-1].get("step") == 1:
                    break
        told = numbers(client)
    assert told["mlp_refused_messages_total"] == sum("refused" in message for message in got) == 2
    sent = sum("frame" in message for message in got)
    assert told["mlp_frames_total"] >= sent >= 1
    assert told["mlp_frames_total"] - sent <= 2, "at most those on the way"
    assert told["mlp_watchers"] == 1


def test_health_tells_of_the_database_and_counts_what_is_not_kept(
    app: Application, client: TestClient, tmp_path: Path
) -> None:
    answer = client.get("/live/health")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok", "saved_runs": "ok", "version": "1.0.0"})
    assert app.store
    assert app.keeper
    app.store.close()
    for file in tmp_path.iterdir():
        file.unlink()
    (tmp_path / "runs.db").write_bytes(b"no database" * 1000)
    answer = client.get("/live/health")
    assert (answer.status_code, answer.json()["status"]) == (503, "degraded")
    assert "damaged" in answer.json()["saved_runs"]
    app.keeper.stop()  # so that only this test looks
    before = numbers(client)["mlp_failed_saves_total"]
    session = Session(app, SMALL, [])
    session.run.step()
    session.run.now()
    app.keeper._look_at(session)
    assert numbers(client)["mlp_failed_saves_total"] == before + 1


@pytest.mark.parametrize(
    ("database", "status", "told"), [("", 200, "off"), ("sqlite:////no/such/folder/x.db", 503, "")]
)
def test_health_where_there_is_no_database(
    database: str, status: int, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MLP_METRICS", "1")
    app = Application(Limits(), database)
    answer = TestClient(Starlette(routes=routes("/base", app))).get("/base/live/health")
    assert (answer.status_code, answer.json()["saved_runs"]) == (status, told or app.store_fault)


def test_what_is_private_is_kept_nowhere_and_no_type_is_guessed(app: Application, client: TestClient) -> None:
    session = Session(app, SMALL, [])
    private = [f"/live/run/{session.token}/{what}" for what in ("link", "file", "nothing")]
    for path in (*private, "/live/health", "/live/metrics", "/live/nothing"):
        headers = client.get(path).headers
        assert {name: headers.get(name) for name in HEADERS} == HEADERS, path
    script = client.get("/live/mount.js").headers
    assert (script["cache-control"], script["x-content-type-options"]) == ("no-cache", "nosniff")
    assert "immutable" in client.get(f"/live/{PLOTLY_ADDRESS}").headers["cache-control"]


def test_a_log_line_is_json_and_quotes_nobody(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    loggers = [logging.getLogger(name) for name in logs.OURS]
    before = [(logger.handlers, logger.propagate, logger.level) for logger in loggers]
    monkeypatch.setenv("MLP_LOG", "json")
    try:
        logs.begin()
        try:
            try:
                {}["zoë’s word"]
            except KeyError as error:
                raise ValueError("zoë’s other word") from error
        except ValueError:
            logging.getLogger("pages.ui.live.frames").exception("The view %s failed", "letters")
        logging.getLogger("elsewhere").warning("not ours")
    finally:
        for logger, (handlers, propagate, level) in zip(loggers, before, strict=True):
            logger.handlers, logger.propagate = handlers, propagate
            logger.setLevel(level)
    line = capsys.readouterr().err
    ours = [json.loads(text) for text in line.splitlines() if text.startswith("{")]
    assert len(ours) == 1
    told = ours[0]
    assert (told["level"], told["logger"], told["message"]) == (
        "error",
        "pages.ui.live.frames",
        "The view letters failed",
    )
    assert told["time"].endswith("+00:00")
    assert (told["exception"]["kind"], told["exception"]["from"]["kind"]) == ("ValueError", "KeyError")
    assert "test_metrics.py" in told["exception"]["places"][-1]
    assert "zo" not in line


def test_logs_are_as_they_were_unless_the_environment_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MLP_LOG", raising=False)
    logs.begin()
    assert all(not logging.getLogger(name).handlers and logging.getLogger(name).propagate for name in logs.OURS)
