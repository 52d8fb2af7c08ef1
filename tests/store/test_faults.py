"""No fault of a disk, a process, a database or another server harms a run that was saved; each gets a sentence."""

import random
import signal
import sqlite3
import subprocess
import sys
import textwrap
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa
import torch

from mlp.store import database
from mlp.store.faults import DAMAGED, FULL, LOCKED, NEWER, OTHER, READ_ONLY, StoreError
from mlp.store.run_store import GONE, RunStore
from mlp.store.schema import RUNS
from tests.paths import ROOT
from tests.store.saving import trained


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
