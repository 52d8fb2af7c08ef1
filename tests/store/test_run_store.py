"""Saved runs: they go on bit for bit, are listed, named, copied, deleted and cleared, and bounds are told."""

import math
from datetime import timedelta

import pytest
import sqlalchemy as sa
import torch

import mlp
from mlp.limits import Limits
from mlp.store import run_store
from mlp.store.faults import StoreError
from mlp.store.run_store import RunStore
from mlp.store.schema import METADATA, RUNS
from tests.store.saving import trained


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
