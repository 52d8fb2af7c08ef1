"""The live channel: who is let in, what is sent, and that nonsense does no harm."""

import json

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from mlp.settings import Settings
from pages.ui.live.channel import routes
from pages.ui.live.frames import encode
from pages.ui.live.session import Application, Session


@pytest.fixture
def app() -> Application:
    return Application()


@pytest.fixture
def client(app: Application) -> TestClient:
    return TestClient(Starlette(routes=routes(app)))


@pytest.fixture
def session(app: Application) -> Session:
    session = Session(app, Settings(hidden=10, train_examples=64), [])
    session.show("steps", lambda snapshot: {"label": f"step {snapshot.step}", "data": [{"x": list(range(20))}]})
    return session


def frames(socket, until):
    """Frames up to the first of which something is true, each answered as a page does."""
    while True:
        frame = json.loads(socket.receive_text())
        if "frame" in frame:
            socket.send_json({"type": "drawn", "frame": frame["frame"]})
        if until(frame):
            return frame


def test_streams_what_is_watched_and_takes_commands(client: TestClient, session: Session) -> None:
    with client.websocket_connect(f"/live/socket/{session.token}") as socket:
        socket.send_json({"type": "watch", "wish": 1, "views": ["steps", "no such view"]})
        frame = frames(socket, lambda f: f.get("wish") == 1)
        assert frame["step"] == 0
        assert frame["views"]["steps"]["="]["label"] == "step 0"
        socket.send_json({"type": "command", "name": "step"})
        frame = frames(socket, lambda f: f.get("step") == 1)
        assert frame["views"]["steps"] == {"~": {"label": {"=": "step 1"}}}, "only what has changed is sent"
        socket.send_json({"type": "command", "name": "set", "setting": "hidden", "value": 99999})
        frame = frames(socket, lambda f: "settings" in f.get("status", {}).get("~", {}))
        assert frame["status"]["~"]["settings"] == {"~": {"hidden": {"=": 1024}}}


def test_a_new_wish_brings_everything_again(client: TestClient, session: Session) -> None:
    with client.websocket_connect(f"/live/socket/{session.token}") as socket:
        for wish in (1, 2):
            socket.send_json({"type": "watch", "wish": wish, "views": ["steps"]})
            frame = frames(socket, lambda f: f.get("wish") == wish)  # noqa: B023
            assert len(frame["views"]["steps"]["="]["data"][0]["x"]) == 20
            assert "settings" in frame["status"]["="]


@pytest.mark.parametrize(
    "nonsense",
    [
        "not json",
        "[]",
        "{}",
        '{"type": "command", "name": "rm -rf"}',
        '{"type": "watch"}',
        '{"type": "command", "name": "run_epochs", "value": "many"}',
        '{"type": "command", "name": "pace", "value": "NaN"}',
        '{"type": "command", "name": "set", "setting": "__class__", "value": 1}',
    ],
)
def test_nonsense_is_refused_and_loses_nothing(client: TestClient, session: Session, nonsense: str) -> None:
    with client.websocket_connect(f"/live/socket/{session.token}") as socket:
        socket.send_text(nonsense)
        frames(socket, lambda f: "refused" in f)
        socket.send_json({"type": "command", "name": "step"})
        frames(socket, lambda f: f.get("step") == 1)


def test_lets_in_nobody_without_the_token_or_from_another_site(client: TestClient, session: Session) -> None:
    with pytest.raises(WebSocketDisconnect), client.websocket_connect("/live/socket/guess"):
        pass
    headers = {"origin": "https://elsewhere.example"}
    with pytest.raises(WebSocketDisconnect), client.websocket_connect(f"/live/socket/{session.token}", headers=headers):
        pass


def test_serves_our_scripts_and_plotly_and_nothing_else(client: TestClient) -> None:
    assert "javascript" in client.get("/live/mount.js").headers["content-type"]
    assert "immutable" in client.get("/live/plotly.min.js").headers["cache-control"]
    assert client.get("/live/channel.py").status_code == 404
    assert client.get("/live/..%2Fchannel.py").status_code == 404


def test_numbers_that_json_lacks_become_null() -> None:
    assert json.loads(encode({"x": [1.0, float("nan"), float("inf")]})) == {"x": [1.0, None, None]}
