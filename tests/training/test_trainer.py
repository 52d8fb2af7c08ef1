"""Training is the notes' own to float precision, and the same however it is cut into calls."""

import math
import statistics

import pytest
import torch
import torch.nn.functional as F
from hypothesis import given
from hypothesis import settings as example_settings
from hypothesis import strategies as st

import mlp
from mlp.training.batches import batch_count, place_after, shared_out
from mlp.training.timeline import EVERY_STEP_UNTIL
from tests.notes import NotesLoop

NOTES = mlp.Settings(train_examples=32, batch_size=None)
SMALL = mlp.Settings(hidden=8, train_examples=100, batch_size=16)
OPTIMIZERS = ["sgd", "momentum", "adam"]


def next_batch(trainer):
    """The examples of the next update, as (context, label), without making it."""
    (rows, (begin,), (size,)), train = trainer.batches.take(1), trainer.dataset.train
    chosen = rows[begin : begin + size]
    return list(zip(train.X[chosen].tolist(), train.Y[chosen].tolist(), strict=True))


def same(first, second):
    """Bit for bit the same run: parameters, optimizer, counts and history."""
    one, two = first.timeline, second.timeline
    return (
        torch.equal(first.model.theta, second.model.theta)
        and torch.equal(first.optimizer.first, second.optimizer.first)
        and torch.equal(first.optimizer.second, second.optimizer.second)
        and first.state()[2:] == second.state()[2:]
        and first.optimizer.count == second.optimizer.count
        and first.recipe().changes == second.recipe().changes
        and first.diverged == second.diverged
        and repr(first.last_batch_loss) == repr(second.last_batch_loss)
        and (one.steps, one.epochs, repr(one.batch_losses)) == (two.steps, two.epochs, repr(two.batch_losses))
        and one.snapshots.keys() == two.snapshots.keys()
        and all(torch.equal(one.snapshots[step], two.snapshots[step]) for step in one.snapshots)
    )


def test_a_thousand_steps_are_the_notes_own():
    trainer = mlp.Trainer(NOTES, mlp.load_words("pokemon"))
    notes = NotesLoop(trainer.dataset.train.X, trainer.dataset.train.Y)
    ours = [trainer.step() for _ in range(1000)]
    theirs = [notes.step().item() for _ in range(1000)]
    assert ours == pytest.approx(theirs, rel=1e-5)
    assert ours[0] == pytest.approx(17.0956, abs=1e-4)
    assert ours[-1] == pytest.approx(0.1776, abs=1e-4)
    for name in ("C", "W1", "b1", "W2", "b2"):
        assert torch.allclose(getattr(trainer.model, name), getattr(notes, name), rtol=1e-3, atol=5e-4)


@pytest.mark.parametrize("batch_size", [1, 7, 16, 100, None])
def test_an_epoch_visits_each_example_once_in_an_order_of_its_own(batch_size):
    trainer = mlp.Trainer(SMALL.with_changes(batch_size=batch_size))
    train, orders = trainer.dataset.train, []
    for number in range(1, 4):
        seen = []
        while trainer.batches.passes < number:
            seen += next_batch(trainer)
        assert sorted(seen) == sorted(zip(train.X.tolist(), train.Y.tolist(), strict=True))
        orders.append(seen)
    if batch_size not in (None, 100):
        assert orders[0] != orders[1] != orders[2] != orders[0]


def test_the_batches_of_an_epoch_share_its_examples_out_evenly():
    trainer = mlp.Trainer(SMALL)  # 100 examples in batches of 16 at most: seven, of 14 or 15
    assert trainer.batches.left_in_pass == 7
    sizes = trainer.batches.take(14).sizes.tolist()
    assert sizes == 2 * [15, 15, 14, 14, 14, 14, 14]
    trainer = mlp.Trainer(SMALL)
    trainer.step()
    assert trainer.epoch_done == pytest.approx(0.15)
    assert trainer.batches.left_in_pass == 6
    trainer.epoch()
    assert (*trainer.state()[-3:], trainer.epoch_done) == (7, 1, 0, 1)
    trainer.epoch()
    assert (trainer.steps_done, trainer.epoch_done) == (14, 2)


@given(st.integers(1, 3000), st.integers(1, 3000), st.integers(0, 8000))
def test_shared_out_means_as_few_batches_as_can_be_and_as_equal_as_can_be(examples, size, steps):
    sizes = shared_out(examples, size)
    assert sum(sizes) == examples
    assert max(sizes) <= size
    assert max(sizes) - min(sizes) <= 1
    assert len(sizes) == math.ceil(examples / size) == batch_count(examples, size)
    for seen in range(len(sizes)):  # what is left is shared out as it would have been anyway
        assert shared_out(examples - sum(sizes[:seen]), size) == sizes[seen:]
    passes, position = place_after(steps, examples, size)
    assert passes == steps // len(sizes)
    assert passes * examples + position == sum((sizes * (steps // len(sizes) + 1))[:steps])


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_an_epoch_ends_as_well_as_it_goes(seed):
    """A short last batch at the full rate would make the end of an epoch worse than its middle, by some 0.07."""
    trainer = mlp.Trainer(mlp.Settings(seed=seed))
    trainer.step(20 * trainer.batches.a_pass)
    half = trainer.batches.a_pass // 2
    middle, end = [], []
    for _ in range(20):
        trainer.step(half)
        middle.append(trainer.evaluate("train"))
        trainer.epoch()
        end.append(trainer.evaluate("train"))
    luck = statistics.stdev([e - m for m, e in zip(middle, end, strict=True)]) / math.sqrt(len(end))
    assert statistics.mean(end) - statistics.mean(middle) < 3 * luck
    assert statistics.mean(end) - statistics.mean(middle) < 0.03


def test_the_order_follows_from_the_seed():
    first, again, other = (mlp.Trainer(SMALL.with_changes(seed=seed)) for seed in (1, 1, 2))
    batches = [next_batch(trainer) for trainer in (first, again, other)]
    assert batches[0] == batches[1] != batches[2]


@pytest.mark.parametrize("batch_size", [1, 5, 64, 4096, None])
def test_a_batch_size_changed_within_an_epoch_leaves_no_example_out(batch_size):
    trainer = mlp.Trainer(SMALL)
    seen = []
    for turn in range(100):
        if turn == 3:
            trainer.change(batch_size=batch_size)
        batch = next_batch(trainer)
        assert len(batch) <= trainer.batches.size
        seen += batch
        if trainer.batches.passes:
            break
    train = trainer.dataset.train
    assert sorted(seen) == sorted(zip(train.X.tolist(), train.Y.tolist(), strict=True))


@pytest.mark.parametrize("batch_size", [1, 5, 64, None])
def test_a_batch_size_changed_within_an_epoch_leaves_every_way_back_exact(batch_size, tmp_path):
    at_once, in_pieces = mlp.Trainer(SMALL), mlp.Trainer(SMALL)
    for trainer in (at_once, in_pieces):
        trainer.step(3)
        trainer.change(batch_size=batch_size)
    at_once.step(60)
    for count in (1, 2, 30, 27):
        in_pieces.step(count)
        in_pieces.save(str(tmp_path / "run"))
        in_pieces = mlp.Trainer.load(str(tmp_path / "run"))
    assert same(at_once, in_pieces)
    in_pieces.rewind(5)
    in_pieces.step(58)
    assert same(at_once, in_pieces)


cuts = st.lists(st.integers(0, 150), min_size=1, max_size=6)


@given(cuts, st.sampled_from(OPTIMIZERS), st.sampled_from([3, 16, None]), st.booleans())
@example_settings(max_examples=30)
def test_steps_are_the_same_however_they_are_cut(cut, optimizer, batch_size, direct):
    settings = SMALL.with_changes(optimizer=optimizer, batch_size=batch_size, direct=direct, weight_decay=1e-3)
    in_pieces, at_once, one_by_one = (mlp.Trainer(settings) for _ in range(3))
    for count in cut:
        in_pieces.step(count)
    at_once.step(sum(cut))
    for _ in range(sum(cut)):
        one_by_one.step()
    assert same(in_pieces, at_once)
    assert same(one_by_one, at_once)


@pytest.mark.parametrize("settings", [NOTES, SMALL, SMALL.with_changes(optimizer="adam")])
def test_a_slice_of_time_is_so_many_steps(settings):
    timed, counted = mlp.Trainer(settings), mlp.Trainer(settings)
    made = timed.run_for(0.02) + timed.run_for(0.0)
    assert made == timed.steps_done >= 2
    counted.step(made)
    assert same(timed, counted)


def test_the_loss_is_that_of_the_batch_before_the_update():
    trainer = mlp.Trainer(NOTES)
    before = trainer.evaluate("train")
    assert trainer.step() == pytest.approx(before, rel=1e-6)
    before = trainer.evaluate("train")
    assert trainer.step() == pytest.approx(before, rel=1e-6)


@pytest.mark.parametrize("direct", [False, True])
def test_evaluation_is_plain_cross_entropy(direct):
    trainer = mlp.Trainer(mlp.Settings(direct=direct))
    trainer.step(50)
    model = trainer.model
    for name in ("train", "dev", "test"):
        part = trainer.dataset.split(name)
        x = model.C[part.X].flatten(1)
        logits = torch.tanh(x @ model.W1 + model.b1) @ model.W2 + model.b2
        if direct:
            logits = logits + x @ model.W
        assert trainer.evaluate(name) == pytest.approx(F.cross_entropy(logits, part.Y).item(), rel=1e-5)


def test_training_lowers_the_loss_on_words_it_never_saw():
    trainer = mlp.Trainer(mlp.Settings(init="scaled"))
    trainer.step(3000)
    assert trainer.evaluate("dev") < 2.9, "character frequencies alone reach 3.01"


def test_live_changes_keep_the_run():
    trainer = mlp.Trainer(SMALL)
    trainer.step(20)
    theta = trainer.model.theta.clone()
    trainer.change(learning_rate=0.01, weight_decay=0.1, batch_size=None, optimizer="momentum")
    assert trainer.settings == SMALL.with_changes(
        learning_rate=0.01, weight_decay=0.1, batch_size=None, optimizer="momentum"
    )
    assert torch.equal(trainer.model.theta, theta)
    assert trainer.steps_done == 20
    trainer.step()
    assert trainer.steps_done == 21


def test_a_changed_learning_rate_is_that_of_the_next_step():
    changed, plain = mlp.Trainer(NOTES), mlp.Trainer(NOTES.with_changes(learning_rate=0.01))
    changed.change(learning_rate=0.01)
    changed.step()
    plain.step()
    assert torch.equal(changed.model.theta, plain.model.theta)


def test_a_new_optimizer_starts_without_memory():
    trainer = mlp.Trainer(SMALL.with_changes(optimizer="adam"))
    trainer.step(5)
    fresh = mlp.Trainer(SMALL.with_changes(optimizer="momentum"))
    fresh.restore(trainer.state()._replace(memory=None))
    trainer.change(optimizer="momentum")
    for run in (trainer, fresh):
        run.step()
    assert trainer.optimizer.count == 1
    assert torch.equal(trainer.optimizer.first, fresh.optimizer.first)
    assert torch.equal(trainer.model.theta, fresh.model.theta)


@pytest.mark.parametrize(
    "changes", [{"hidden": 3}, {"seed": 1}, {"learning_rate": 11}, {"nonsense": 1}, {"learning_rate": 0.5, "hidden": 3}]
)
def test_a_change_that_cannot_apply_changes_nothing(changes):
    trainer = mlp.Trainer(SMALL)
    with pytest.raises(ValueError, match=next(iter(changes)) if len(changes) == 1 else "hidden"):
        trainer.change(**changes)
    assert trainer.settings == SMALL


def test_a_fork_is_untrained_with_the_same_seed_and_words():
    words = ["ada", "bob", "cleo", "dan", "eve", "finn"]
    trainer = mlp.Trainer(SMALL, words)
    trainer.step(30)
    fork = trainer.fork(weight_decay=1e-3)
    assert fork.settings == SMALL.with_changes(weight_decay=1e-3)
    assert fork.words == words
    assert fork.steps_done == 0
    assert torch.equal(fork.model.theta, trainer.at(0).theta)
    assert same(trainer.fork(), mlp.Trainer(SMALL, words))


def test_a_fork_to_another_word_list_has_its_words():
    assert mlp.Trainer(SMALL).fork(word_list="names").words == mlp.load_words("names")


@pytest.mark.parametrize("words", [["a", "b", "c"], ["aa", "b", "ab", "ba"]])
@pytest.mark.parametrize("shares", [(0.1, 0.9), (0.125, 0.0), (0.8, 0.1), (1.0, 0.0)])
def test_tiny_word_lists_train(words, shares):
    trainer = mlp.Trainer(mlp.Settings(train_share=shares[0], dev_share=shares[1]), words)
    trainer.step(30)
    assert trainer.epoch_done == 30
    assert math.isfinite(trainer.evaluate("train"))
    for name in ("dev", "test"):
        assert math.isnan(trainer.evaluate(name)) == (not trainer.dataset.split(name).words)
    assert len(trainer.sample(3)) == 3
    assert trainer.timeline.steps[-1] == 30 <= EVERY_STEP_UNTIL


def test_a_slice_of_time_makes_so_many_steps_at_most():
    trainer = mlp.Trainer(mlp.Settings(hidden=4, train_examples=64))
    assert trainer.run_for(1.0, most=130) == trainer.steps_done == 130
