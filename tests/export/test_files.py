"""Weights, model card, table and pages: read back with the libraries of the field, they say what the trainer says."""

import csv
import io
import json
import math
import re
import zipfile
from collections.abc import Callable
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
import torch
import torch.nn.functional as F
from safetensors import safe_open

import mlp
from mlp.export.figures import figure_html
from mlp.export.history import COLUMNS, history_csv
from mlp.export.page import in_script
from mlp.export.replay_page import MOST_STATES, replay_page
from mlp.export.weights import export_model, export_weights, model_card
from mlp.plots import embedding
from tests.export import runs

Run = Callable[[], mlp.Trainer]


@pytest.mark.parametrize("run", [runs.mini_batches, runs.direct_with_decay, runs.own_words])
def test_weights_read_back_give_the_losses_of_their_run(run: Run, tmp_path: Path) -> None:
    trainer = run()
    (tmp_path / "w.safetensors").write_bytes(export_weights(trainer))
    with safe_open(tmp_path / "w.safetensors", framework="pt") as file:
        p, told = {name: file.get_tensor(name) for name in file.keys()}, file.metadata()  # noqa: SIM118
    assert json.loads(told["vocabulary"]) == list(trainer.dataset.vocabulary.characters)
    assert mlp.Settings.model_validate_json(told["settings"]) == trainer.settings
    assert int(told["step"]) == trainer.steps_done
    for split in ("train", "dev", "test"):
        part = trainer.dataset.split(split)
        x = p["C"][part.X].flatten(1)  # (N, block_size * embedding_dim)
        logits = torch.tanh(x @ p["W1"] + p["b1"]) @ p["W2"] + p["b2"]  # (N, V)
        if trainer.settings.direct:
            logits = logits + x @ p["W"]
        assert F.cross_entropy(logits, part.Y).item() == pytest.approx(trainer.evaluate(split), abs=1e-5)


@pytest.mark.parametrize("run", [runs.mini_batches, runs.direct_with_decay, runs.without_dev])
def test_the_code_on_the_model_card_loads_the_weights_beside_it(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trainer = run()
    with zipfile.ZipFile(io.BytesIO(export_model(trainer))) as archive:
        archive.extractall(tmp_path)
        assert archive.namelist() == ["model.safetensors", "README.md"]
    card = (tmp_path / "README.md").read_text(encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    found: dict[str, Any] = {}
    exec(re.findall(r"```python\n(.*?)```", card, re.S)[0], found)
    assert torch.allclose(found["logits"], trainer.model.forward(found["context"]).logits, atol=1e-5)
    assert found["characters"] == list(trainer.dataset.vocabulary.characters)


def test_the_card_tells_the_losses_and_every_setting() -> None:
    trainer = runs.mini_batches()
    card = model_card(trainer)
    assert card.startswith("---\n")
    assert "library_name: pytorch" in card.split("---\n")[1]
    for split in ("train", "dev", "test"):
        assert f"{trainer.evaluate(split):.4f} |" in card
    assert "| Learning rate | 0.1 |" in card
    assert "Pokémon names (1,025)" in card


@pytest.mark.parametrize("run", [runs.changed, runs.without_dev, runs.diverged])
def test_the_table_holds_what_the_timeline_remembers(run: Run) -> None:
    trainer = run()
    known = trainer.timeline.losses_at(trainer.timeline.steps[5])
    rows = list(csv.DictReader(io.StringIO(history_csv(trainer), newline="")))
    timeline = trainer.timeline
    assert tuple(rows[0]) == COLUMNS
    assert [int(row["step"]) for row in rows] == timeline.steps
    assert [float(row["epoch"]) for row in rows] == timeline.epochs
    for row, batch in zip(rows, timeline.batch_losses, strict=True):
        assert row["batch_loss"] == ("" if math.isnan(batch) else str(batch))
        settings = trainer.history.at(int(row["step"]))
        assert float(row["learning_rate"]) == settings.learning_rate
        assert row["optimizer"] == settings.optimizer
        assert row["batch_size"] == str(settings.batch_size or "full")
    assert float(rows[5]["train_loss"]) == known[0]
    assert rows[5]["dev_loss"] == ("" if math.isnan(known[1]) else str(known[1]))
    assert rows[4]["train_loss"] == rows[4]["dev_loss"] == ""
    assert not any(cell[:1] in "=+@-" for row in rows for cell in row.values() if cell)


def data_of(page: str) -> dict[str, Any]:
    """What a page's script reads."""
    return json.loads(re.findall(r'<script type="application/json" id="data">(.*?)</script>', page, re.S)[0])


@pytest.mark.parametrize("run", [runs.changed, runs.direct_with_decay, runs.untrained, runs.diverged, runs.without_dev])
def test_a_page_holds_the_states_of_its_run(run: Run) -> None:
    trainer = run()
    data = data_of(replay_page(trainer))
    states = data["states"]
    assert (states[0]["at"], states[-1]["at"]) == (0, trainer.steps_done)
    assert len(data["map"]["states"]) == len(states) <= MOST_STATES + 2
    for state in states[:: max(1, len(states) // 5)]:
        model = trainer.at(state["at"])
        if trainer.evaluate("train") < 1e3:
            assert float(state["train"]) == pytest.approx(trainer.loss_of(model, "train"), abs=5.1e-5)
        drawn = mlp.sampling.sample(model, trainer.dataset.vocabulary, 8, trainer.settings.seed)
        assert state["names"] == drawn


def test_a_map_of_two_dimensions_is_the_lookup_table_itself() -> None:
    trainer = runs.mini_batches()
    data = data_of(replay_page(trainer))
    place, state = data["map"]["states"][-1], data["states"][-1]
    model = trainer.at(state["at"])
    found = zip(*(chain.from_iterable(place[axis]) for axis in ("x", "y")), strict=True)
    assert sorted(found) == sorted((round(x, 4), round(y, 4)) for x, y in model.C.tolist())


def test_a_long_run_is_thinned_to_a_file_of_bounded_size() -> None:
    trainer = mlp.Trainer(mlp.Settings(train_examples=32, hidden=10))
    trainer.step(100_000)
    page = replay_page(trainer)
    assert len(trainer.timeline.snapshots) > 2 * MOST_STATES
    assert 100 < len(data_of(page)["states"]) <= MOST_STATES + 2
    assert len(page.encode()) < 8_000_000


def test_no_word_can_end_the_script_it_stands_in() -> None:
    data = ["</script><script>alert(1)</script>", "<!--", "&amp;", "\u2028"]
    assert json.loads(in_script(data)) == data
    assert not set("<>&") & set(in_script(data))
    page = replay_page(runs.own_words())
    assert page.count("</script>") == 3
    assert data_of(page)


def test_a_figure_becomes_a_page_that_needs_no_network() -> None:
    drawn = embedding.figure()
    page = figure_html(drawn, "a <b> & {{data}}")
    assert data_of(page)["figure"] == json.loads(drawn.to_json())
    assert "<h1>a &lt;b&gt; &amp; {{data}}</h1>" in page
    assert page.count("</script>") == 3
