"""The live channel: who is let in, what is sent, and that nonsense does no harm."""

import json

import numpy as np
import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from mlp.engine.snapshot import Snapshot
from mlp.limits import Limits
from mlp.settings import Settings
from mlp.training.divergence import Divergence
from mlp.training.recipe import Recipe
from pages.ui.live.address import link_of, opened
from pages.ui.live.channel import same_origin
from pages.ui.live.commands import handle
from pages.ui.live.frames import encode
from pages.ui.live.rate import Rate
from pages.ui.live.routes import routes
from pages.ui.live.session import Application, Session
from pages.ui.live.static_files import PLOTLY_ADDRESS


@pytest.fixture
def app() -> Application:
    return Application()


@pytest.fixture
def client(app: Application) -> TestClient:
    return TestClient(Starlette(routes=routes(app=app)))


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
        '{"type": "drawn", "frame": Infinity}',
        '{"type": "watch", "views": [], "wish": 1e999}',
        '{"type": "watch", "views": [], "wish": 1%s}' % ("0" * 30),
        '{"type": "command", "name": "\\ud800"}',
        '{"type": "command", "name": "set", "setting": "hidden", "value": "\\ud800"}',
        '{"type": "command", "name": "run_epochs", "value": 1%s}' % ("0" * 400),
        "[" * 20_000,
    ],
    ids=lambda nonsense: nonsense[:60],
)
def test_nonsense_is_refused_and_loses_nothing(client: TestClient, session: Session, nonsense: str) -> None:
    with client.websocket_connect(f"/live/socket/{session.token}") as socket:
        socket.send_text(nonsense)
        frames(socket, lambda f: "refused" in f)
        socket.send_json({"type": "command", "name": "step"})
        frames(socket, lambda f: f.get("step") == 1)


def test_bytes_are_refused_and_lose_nothing(client: TestClient, session: Session) -> None:
    with client.websocket_connect(f"/live/socket/{session.token}") as socket:
        socket.send_bytes(b"\x00\xff")
        frames(socket, lambda f: "refused" in f)
        socket.send_json({"type": "command", "name": "step"})
        frames(socket, lambda f: f.get("step") == 1)


def test_lets_in_nobody_without_the_token_or_from_another_site(client: TestClient, session: Session) -> None:
    with pytest.raises(WebSocketDisconnect), client.websocket_connect("/live/socket/guess"):
        pass
    headers = {"origin": "https://elsewhere.example"}
    with pytest.raises(WebSocketDisconnect), client.websocket_connect(f"/live/socket/{session.token}", headers=headers):
        pass


@pytest.mark.parametrize(
    ("headers", "allowed"),
    [
        ({"host": "app.example:8501"}, True),  # not a browser
        ({"host": "app.example", "origin": "https://app.example:8443"}, True),  # behind a proxy with a port of its own
        ({"host": "10.0.0.7:8501", "x-forwarded-host": "app.example", "origin": "https://app.example"}, True),
        ({"host": "inner", "x-forwarded-host": "app.example:8443, inner", "origin": "https://app.example:8443"}, True),
        ({"host": "app.example", "origin": "https://localhost:3000"}, True),  # as Streamlit itself allows
        ({"host": "app.example", "origin": "https://app.example.evil.example"}, False),
        ({"host": "app.example", "origin": "null"}, False),
        ({"host": "app.example", "origin": "nonsense"}, False),
    ],
)
def test_the_origin_is_judged_as_streamlit_does(
    headers: dict[str, str], allowed: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("streamlit.net_util.get_external_ip", lambda: None)  # which would ask the internet
    assert same_origin(headers) == allowed


def test_the_first_run_says_why_it_ends(session: Session) -> None:
    session.run.play()
    handle(session, {"name": "end_welcome"})
    now = session.run.now()
    assert not now.playing
    assert now.note.startswith("The first run ends by itself here.")


def test_a_typed_value_is_never_silently_another(session: Session) -> None:
    def type_in(setting: str, text: str) -> Snapshot:
        handle(session, {"name": "set", "setting": setting, "value": text})
        return session.run.now()

    assert type_in("learning_rate", "0,05").settings.learning_rate == 0.05
    refused = type_in("block_size", "2,5")
    assert refused.settings.block_size == 3
    assert refused.note == "“2,5” changes nothing: Block size must be a whole number from 1 to 12."
    clamped = type_in("block_size", "50")
    assert clamped.settings.block_size == 12
    assert clamped.note == "Block size 50 is out of range; using 12."


def test_the_run_is_told_as_a_link_and_as_a_file(client: TestClient, session: Session) -> None:
    session.run.run_epochs(1)
    while session.run.now().goal:
        pass
    answer = client.get(f"/live/run/{session.token}/link").json()
    settings, recipe, notes = opened(answer["parameters"])
    assert (settings, recipe, notes) == (session.run.snapshot.settings, session.run.snapshot.recipe, [])
    told = client.get(f"/live/run/{session.token}/file")
    assert Recipe.model_validate_json(told.content) == session.run.snapshot.recipe
    assert "attachment" in told.headers["content-disposition"]
    assert client.get("/live/run/guess/link").status_code == 404
    assert client.get(f"/live/run/{session.token}/secrets").status_code == 404


def test_a_run_too_long_for_a_link_is_offered_as_a_file(
    client: TestClient, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mlp.training.link.MAX_LENGTH", 50)
    session.run.step()
    answer = client.get(f"/live/run/{session.token}/link").json()
    assert "too many for a link" in answer["fault"]
    assert answer["size"].endswith(" kB")


def test_a_link_whose_settings_or_run_cannot_be_had_says_so_and_opens_what_it_can(session: Session) -> None:
    session.run.step()
    parameters = link_of(session.run.now())
    for spoilt, words in (
        ({"run": parameters["run"][:-9]}, "does not fit"),
        ({"hidden": "11"}, "does not fit"),
        ({"hidden": "5000"}, "So the link’s run was not opened"),
    ):
        settings, recipe, notes = opened({**parameters, **spoilt})
        assert recipe is None
        assert settings.train_examples == 64
        assert words in notes[-1]


def test_serves_our_scripts_and_plotly_and_nothing_else(client: TestClient) -> None:
    assert "javascript" in client.get("/live/mount.js").headers["content-type"]
    assert "immutable" in client.get(f"/live/{PLOTLY_ADDRESS}").headers["cache-control"]
    assert client.get("/live/plotly.min.js").headers["cache-control"] == "no-cache"  # of which version is not said
    packed, plain = (
        client.get("/live/plotly.min.js", headers={"Accept-Encoding": way}) for way in ("gzip", "identity")
    )
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.text == plain.text
    assert client.get("/live/channel.py").status_code == 404
    assert client.get("/live/..%2Fchannel.py").status_code == 404


def test_numbers_that_json_lacks_become_null() -> None:
    numbers = {"x": [1.0, float("nan"), float("inf")], "y": np.float64("nan"), "z": (np.float32(0.5), np.int64(3))}
    assert json.loads(encode(numbers)) == {"x": [1.0, None, None], "y": None, "z": [0.5, 3]}
    assert json.loads(encode({"change": Divergence(7, "loss")})) == {"change": [7, "loss"]}


def test_a_message_that_is_too_long_is_left_out_and_the_page_says_so(client: TestClient, session: Session) -> None:
    with client.websocket_connect(f"/live/socket/{session.token}") as socket:
        socket.send_json({"type": "watch", "wish": 1, "views": []})
        frames(socket, lambda f: f.get("wish") == 1)
        socket.send_json({"type": "command", "name": "step", "padding": "x" * Limits().message_bytes})
        assert "50,000 are allowed" in frames(socket, lambda f: "refused" in f)["refused"]
        socket.send_json({"type": "command", "name": "step"})
        frames(socket, lambda f: f.get("step") == 1)
    assert session.run.snapshot.step == 1


def test_messages_beyond_the_rate_wait_and_none_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 100.0
    monkeypatch.setattr("pages.ui.live.rate.time.monotonic", lambda: now)
    rate = Rate(Limits(messages_a_second=10, message_burst=3))
    assert [rate.wait() for _ in range(3)] == [0, 0, 0]
    assert rate.wait() == pytest.approx(0.1)
    now += 0.1  # it has waited
    assert rate.wait() == pytest.approx(0.1)
    now += 60
    assert [rate.wait() for _ in range(3)] == [0, 0, 0]


def test_a_full_server_says_so_and_has_room_again_when_a_tab_is_gone() -> None:
    small = Application(Limits(sessions=2))
    tabs = [Session(small, Settings(hidden=2, train_examples=8), [])]
    assert not small.full
    tabs.append(Session(small, Settings(hidden=2, train_examples=8), []))
    assert small.full.startswith("This server is full: 2 tabs are open.")
    tabs.pop()
    assert not small.full
