"""Neighbours and their purity, against plain loops and against points whose answer is known."""

import math
import random

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

import mlp
from mlp.analysis.embedding_file import metadata, vectors
from mlp.analysis.neighbours import distances, distances_to, nearest, purity
from mlp.plots.embedding import group_of


def points(seed: int, count: int = 20, dim: int = 3) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=(count, dim)).astype(np.float32)


@given(st.integers(0, 1000), st.integers(2, 12), st.integers(1, 5))
def test_distances_and_the_nearest_are_those_of_a_plain_loop(seed, count, dim):
    C = points(seed, count, dim)
    found = distances(C)
    for i in range(count):
        row = [math.dist(C[i].tolist(), C[j].tolist()) if i != j else math.inf for j in range(count)]
        assert found[i] == pytest.approx(row)
        assert distances_to(C, i) == pytest.approx(row)
        expected = sorted((far, j) for j, far in enumerate(row) if j != i)[:4]
        assert [place for place, _ in nearest(C, i, 4)] == [j for _, j in expected]
        some = list(range(0, count, 2))
        assert {place for place, _ in nearest(C, i, 4, among=some)} <= set(some) - {i}


@given(st.integers(0, 1000))
def test_purity_is_the_share_of_like_neighbours(seed):
    C, kind, among = points(seed), {1, 4, 7, 9}, set(range(1, 18))
    shares = []
    for i in sorted(kind):
        near = nearest(C, i, 3, among=among)
        shares.append(sum(place in kind for place, _ in near) / 3)
    found = purity(C, kind, among)
    assert found.value == pytest.approx(sum(shares) / len(shares))
    assert found.chance == pytest.approx(3 / 16)


def test_what_is_called_likely_by_chance_is_what_chance_does():
    C, among = points(3, 33, 2), set(range(33))
    luck = random.Random(1)
    values = [purity(C, set(luck.sample(range(33), 6)), among).value for _ in range(300)]
    found = purity(C, set(range(6)), among)
    assert np.mean(values) == pytest.approx(found.chance, abs=0.02)
    beyond = np.mean([value > found.likely for value in values])
    assert 0.0 < beyond < 0.09  # one in twenty, by 300 throws


def test_a_heap_of_one_kind_has_gathered_and_a_strewn_kind_has_not():
    C = points(1, 30, 2)
    C[:6] = C[0] + 0.01 * C[:6]
    assert purity(C, set(range(6)), set(range(30))).gathered
    assert purity(C, set(range(6)), set(range(30))).value == 1.0
    assert not purity(points(2, 30, 2), set(range(6)), set(range(30))).gathered


@pytest.mark.parametrize("kind", [set(), {3}, set(range(12))])
def test_where_there_is_nothing_to_compare_there_is_no_purity(kind):
    assert purity(points(1, 12), kind, set(range(12))) is None


def test_numbers_that_are_none_give_no_purity():
    C = points(1, 12)
    C[3] = math.nan
    assert purity(C, {1, 2, 4}, set(range(12))) is None
    assert purity(C, {1, 2, 4}, set(range(12)) - {3}) is not None


def test_the_vowels_gather_in_the_default_run_but_not_at_once():
    trainer = mlp.Trainer(mlp.Settings())
    characters = trainer.dataset.vocabulary.characters
    kind = {row for row, character in enumerate(characters) if group_of(character) == "vowel"}
    among = set(range(1, 34)) - set(trainer.dataset.untrained)
    trainer.step(5000)
    early = [purity(trainer.at(step).C.numpy(), kind, among).gathered for step in range(0, 120, 10)]
    assert not all(early)
    assert purity(trainer.model.C.numpy(), kind, among).gathered


def test_the_files_read_back_as_the_very_numbers():
    trainer = mlp.Trainer(mlp.Settings(embedding_dim=5, train_examples=200))
    trainer.step(50)
    rows = [[float(cell) for cell in line.split("\t")] for line in vectors(trainer.model.C).splitlines()]
    assert torch.equal(torch.tensor(rows, dtype=torch.float32), trainer.model.C)
    head, *lines = [line.split("\t") for line in metadata(trainer.dataset, group_of).splitlines()]
    assert len(lines) == len(rows)
    assert {len(line) for line in lines} == {len(head)}
    counts = torch.bincount(trainer.dataset.train.X.flatten(), minlength=34)
    assert [int(line[3]) for line in lines] == counts.tolist()
    assert {line[0] for line in lines if line[4] == "no"} == {
        "space" if trainer.dataset.vocabulary.characters[row] == " " else trainer.dataset.vocabulary.characters[row]
        for row in trainer.dataset.untrained
    }
