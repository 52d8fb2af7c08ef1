"""Saved runs: they go on bit for bit, and no fault of a disk, a process or another server harms one that was saved."""

import math
import os
import random
import secrets
import signal
import sqlite3
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
import torch

import mlp
from mlp.limits import Limits
from mlp.store import database, run_store
from mlp.store.faults import DAMAGED, FULL, LOCKED, NEWER, OTHER, READ_ONLY, StoreError
from mlp.store.run_store import GONE, RunStore
from mlp.store.schema import METADATA, RUNS
from tests.paths import ROOT

SMALL = mlp.Settings(hidden=8, train_examples=64, batch_size=16)


def trained(steps: int = 60, **changes) -> mlp.Trainer:
    trainer = mlp.Trainer(SMALL.with_changes(**changes))
    trainer.step(steps)
    return trainer


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


def test_a_saved_run_goes_on_as_if_it_had_never_stopped(store: RunStore) -> None:
    trainer = trained(optimizer="adam", learning_rate=0.01)
    trainer.change(learning_rate=0.003)
    trainer.step(25)
    loaded = store.load(store.save(trainer, "mine"))
    assert loaded.recipe() == trainer.recipe()
    assert loaded.timeline.steps == trainer.timeline.steps
    trainer.step(100)
    loaded.step(100)
    assert torch.equal(loaded.model.theta, trainer.model.theta)


def test_the_list_tells_what_was_saved_the_latest_first(store: RunStore) -> None:
    trainer = trained()
    losses = trainer.evaluate("train"), trainer.evaluate("dev")
    first = store.save(
        trainer, "  a\nname\x00 ", owner="me", note="a note", tags=["x", " ", "y", "x"], extra={"pins": []}
    )
    second = store.save(trained(3), "", owner="you")
    assert [run.id for run in store.list()] == [second, first]
    (run,) = store.list("me")
    assert (run.name, run.note, run.tags, run.extra, run.kind) == (
        "a name",
        "a note",
        ("x", "y"),
        {"pins": []},
        "saved",
    )
    assert (run.step, run.epoch, (run.train, run.dev)) == (60, trainer.epoch_done, losses)
    assert run.settings == trainer.settings.model_dump()
    assert store.get(second).name == "Unnamed run"
    unknown = store.save(trained(3), "kept", losses=(math.nan, math.nan))
    assert math.isnan(store.get(unknown).dev)


def test_runs_are_renamed_annotated_copied_deleted_and_brought_back(store: RunStore) -> None:
    trainer = trained()
    id = store.save(trainer, "one")
    store.rename(id, "two")
    store.annotate(id, note="n", tags=["t"])
    copy = store.duplicate(id)
    assert {run.name for run in store.list()} == {"two", "Copy of two"}
    store.delete(id)
    assert [run.id for run in store.list()] == [copy]
    with pytest.raises(StoreError, match="not there"):
        store.load(id)
    store.restore(id)
    assert store.get(id).tags == ("t",)
    assert torch.equal(store.load(copy).model.theta, trainer.model.theta)
    for wrong in (
        store.delete,
        store.duplicate,
        store.restore,
        store.load,
        store.get,
        lambda id: store.rename(id, "x"),
    ):
        with pytest.raises(StoreError, match="not there"):
            wrong("nobody")


def test_saving_under_an_id_replaces_that_run_and_nobody_elses(store: RunStore) -> None:
    id = store.save(trained(3), "a", owner="me")
    assert store.save(trained(9), "b", owner="me", id=id) == id
    assert [(run.name, run.step) for run in store.list()] == [("b", 9)]
    with pytest.raises(StoreError):
        store.save(trained(1), "c", owner="you", id=id)
    assert store.load(id).steps_done == 9


def test_bounds_are_told_in_a_sentence(url: str) -> None:
    store = RunStore(url, Limits(saved_runs=2, saved_run_bytes=200_000))
    ids = [store.save(trained(1), "a") for _ in range(2)]
    with pytest.raises(StoreError, match="You can keep 2 saved runs"):
        store.save(trained(1), "a")
    store.save(trained(1), "kept by itself", kind="auto")
    store.delete(ids[0])
    store.save(trained(1), "a")
    with pytest.raises(StoreError, match="too large to be saved"):
        store.save(mlp.Trainer(mlp.Settings(hidden=1024)), "large")
    assert len(store.list(kind="saved")) == 2


def test_old_runs_are_cleared_by_the_stated_rule(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    store = RunStore(url, Limits(auto_runs=3))
    now = run_store._now()

    def saved(age: timedelta, **more) -> str:
        monkeypatch.setattr(run_store, "_now", lambda: now - age)
        return store.save(trained(1), "a", **more)

    ever = saved(timedelta(days=900))
    weekold = saved(timedelta(days=8), kind="auto")
    recent = [saved(timedelta(hours=hours), kind="auto", owner="me") for hours in (1, 2, 3, 4)]
    others = saved(timedelta(hours=9), kind="auto", owner="you")
    gone, going = saved(timedelta(0)), saved(timedelta(0))
    monkeypatch.setattr(run_store, "_now", lambda: now - timedelta(hours=2))
    store.delete(gone)
    monkeypatch.setattr(run_store, "_now", lambda: now)
    store.delete(going)
    assert store.clear_old() == 3
    assert {run.id for run in store.list()} == {ever, others, *recent[:3]}
    assert weekold not in {run.id for run in store.list()}
    store.restore(going)
    with pytest.raises(StoreError, match="not there"):
        store.restore(gone)


def test_the_table_is_the_one_that_the_migrations_make(store: RunStore) -> None:
    found = sa.inspect(store._engine).get_columns("runs")
    assert [(column["name"], column["nullable"]) for column in found] == [(c.name, c.nullable) for c in RUNS.c]
    assert set(sa.inspect(store._engine).get_table_names()) == {*METADATA.tables, "alembic_version"}


def test_a_newer_schema_is_left_alone(store: RunStore, url: str) -> None:
    id = store.save(trained(), "a")
    with store._engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(StoreError, match=NEWER):
        RunStore(url)
    assert store.load(id).steps_done == 60


def test_a_file_that_is_no_database_and_a_place_that_cannot_be_written_are_told(tmp_path: Path) -> None:
    (tmp_path / "text.db").write_text("not a database, but a text that is long enough to be looked at" * 100)
    with pytest.raises(StoreError, match=DAMAGED):
        RunStore(f"sqlite:///{tmp_path / 'text.db'}")
    with pytest.raises(StoreError, match=READ_ONLY):
        RunStore(f"sqlite:///{tmp_path / 'no' / 'such' / 'folder' / 'runs.db'}")


def test_a_database_whose_driver_is_not_there_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(StoreError, match="lacks the driver of their database, psycopg"):
        RunStore("postgresql+psycopg://localhost/runs")


def test_a_locked_database_gives_a_sentence_and_goes_on_after_it(
    file_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "WAIT_SECONDS", 0.1)
    store = RunStore(file_url)
    id = store.save(trained(), "a")
    other = sqlite3.connect(tmp_path / "runs.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreError, match=LOCKED):
        store.save(trained(), "b")
    other.execute("ROLLBACK")
    store.save(trained(), "b")
    assert {run.name for run in store.list()} == {"a", "b"}
    assert store.load(id).steps_done == 60


def python(code: str, *arguments: str) -> subprocess.Popen:
    """Another server: a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(code), *arguments], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )


SAVER = """
import sys, mlp
from mlp.limits import Limits
store = mlp.RunStore(sys.argv[1], Limits(saved_runs=10**6))
trainer = mlp.Trainer(mlp.Settings(hidden=8, train_examples=64, batch_size=16))
trainer.step(60)
count = int(sys.argv[2])
for number in range(count):
    print(store.save(trainer, f"run {number}"), flush=True)
"""


def test_kill_9_while_saving_loses_no_run_that_was_saved(url: str) -> None:
    store = RunStore(url)
    told = set()
    for round in range(3):
        process = python(SAVER, url, "1000000")
        assert process.stdout
        for _ in range(random.Random(round).randint(3, 12)):
            told.add(process.stdout.readline().strip())
        process.send_signal(signal.SIGKILL)
        told |= {line.strip() for line in process.stdout if line.endswith("\n")}
        process.wait()
        listed = {run.id for run in store.list()}
        assert told <= listed
        for id in listed:
            assert store.load(id).steps_done == 60


def test_two_servers_begin_and_save_at_once(url: str) -> None:
    servers = [python(SAVER, url, "15") for _ in range(2)]
    told = [server.communicate(timeout=120)[0].split() for server in servers]
    assert [server.returncode for server in servers] == [0, 0]
    store = RunStore(url)
    assert {run.id for run in store.list()} == {id for ids in told for id in ids}
    assert len(store.list()) == 30


def test_many_threads_save_and_read_at_once(store: RunStore) -> None:
    trainer = trained()
    with ThreadPoolExecutor(6) as pool:
        ids = list(pool.map(lambda number: store.save(trainer, str(number)), range(24)))
        loaded = list(pool.map(lambda id: store.load(id).steps_done, ids))
    assert loaded == [60] * 24


def test_a_full_disk_gives_a_sentence_and_keeps_what_was_saved(file_url: str) -> None:
    url = file_url
    store = RunStore(url)
    ids = [store.save(trained(), "before") for _ in range(2)]
    store.close()
    code = """
    import resource, signal, sys, mlp
    from mlp.store.faults import StoreError
    store = mlp.RunStore(sys.argv[1])
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))  # as a disk with so much room
    trainer = mlp.Trainer(mlp.Settings(hidden=100))
    trainer.step(100)
    try:
        store.save(trainer, "too much")
    except StoreError as error:
        print(error)
    print(len(store.list()))
    """
    process = python(code, url)
    sentence, count = process.communicate(timeout=120)[0].splitlines()
    assert (sentence, count) == (FULL, "2")
    store = RunStore(url)
    assert [store.load(id).steps_done for id in ids] == [60, 60]
    store.save(trained(), "after")


@pytest.mark.parametrize("seed", range(12))
def test_corrupt_bytes_anywhere_are_noticed_and_harm_no_other_run(tmp_path: Path, url: str, seed: int) -> None:
    store = RunStore(url)
    trainer = trained()
    ids = [store.save(trainer, str(number)) for number in range(6)]
    with store._engine.begin() as connection:
        luck = random.Random(seed)
        victim = luck.choice(ids)
        data = bytearray(connection.execute(sa.select(RUNS.c.data).where(RUNS.c.id == victim)).scalar_one())
        for _ in range(luck.randint(1, 20)):
            data[luck.randrange(len(data))] ^= 1 + luck.randrange(255)
        connection.execute(sa.update(RUNS).where(RUNS.c.id == victim).values(data=bytes(data)))
    with pytest.raises(StoreError, match="damaged"):
        store.load(victim)
    for id in set(ids) - {victim}:
        assert torch.equal(store.load(id).model.theta, trainer.model.theta)
    assert len(store.list()) == 6


@pytest.mark.parametrize("seed", range(12))
def test_a_damaged_file_never_gives_wrong_numbers(tmp_path: Path, file_url: str, seed: int) -> None:
    """Bytes of the database file itself are spoilt: every answer is the true one or a sentence."""
    url = file_url
    store = RunStore(url)
    trainer = trained()
    ids = [store.save(trainer, str(number)) for number in range(6)]
    store.close()
    connection = sqlite3.connect(tmp_path / "runs.db")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    path, luck = tmp_path / "runs.db", random.Random(seed)
    data = bytearray(path.read_bytes())
    for _ in range(4):
        place = luck.randrange(len(data))
        data[place : place + 16] = luck.randbytes(16)
    path.write_bytes(data)
    for id in ids:
        try:
            loaded = RunStore(url).load(id)
        except StoreError as error:
            sentence = str(error)
        else:
            sentence = "" if torch.equal(loaded.model.theta, trainer.model.theta) else "other numbers"
        assert sentence in ("", DAMAGED, NEWER, OTHER, GONE) or "cannot be opened" in sentence


def test_a_thinned_file_has_the_same_run_with_fewer_states_of_its_past(store: RunStore) -> None:
    trainer = trained(5000)
    trainer.timeline.losses("dev")
    thin = trainer.to_bytes(room_bytes=20 * trainer.model.theta.nbytes)
    assert len(thin) < len(trainer.to_bytes()) / 5
    loaded = store.load(store.save(trainer, "thin", data=thin))
    assert loaded.timeline.known == trainer.timeline.known
    assert loaded.timeline.best() == trainer.timeline.best()
    for step in (0, 17, 4321, trainer.timeline.best()):
        assert torch.equal(loaded.at(step).theta, trainer.at(step).theta)
    loaded.step(100)
    trainer.step(100)
    assert torch.equal(loaded.model.theta, trainer.model.theta)


def test_a_run_is_saved_to_and_loaded_from_bytes_and_open_files(tmp_path: Path) -> None:
    trainer = trained()
    with (tmp_path / "run").open("wb") as file:
        trainer.save(file)
    with (tmp_path / "run").open("rb") as file:
        opened = mlp.Trainer.load(file)
    for loaded in (opened, mlp.Trainer.load(trainer.to_bytes()), mlp.Trainer.load(tmp_path / "run")):
        assert torch.equal(loaded.model.theta, trainer.model.theta)
    for spoilt in (b"", b"\x00" * 8, b"\xff" * 100, trainer.to_bytes()[:-20]):
        with pytest.raises(ValueError, match="does not hold a whole run"):
            mlp.Trainer.load(spoilt)
