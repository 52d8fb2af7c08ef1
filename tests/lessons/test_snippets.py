"""Each snippet runs as it stands, and gives the numbers that the page shows beside it."""

import pytest
import torch
import torch.nn.functional as F

import mlp
from mlp.dataset import Split
from mlp.lessons import last_lines
from mlp.lessons.backward import embedding_movement, finite_difference, next_batch, plain_update
from mlp.lessons.descent import descent, next_batches
from mlp.lessons.examples import pair_counts, word_examples
from mlp.lessons.hidden import saturation
from mlp.lessons.lookup import lookup
from mlp.lessons.output import first_loss, output, worst
from mlp.lessons.snippets import SYMBOLS, backward_lines, forward_lines, namespace, page_lines
from mlp.lessons.trace import trace
from mlp.model import parameter_count

CASES = [{}, {"direct": True}, {"block_size": 1, "embedding_dim": 1, "hidden": 1}, {"block_size": 12, "direct": True}]


@pytest.fixture(scope="module", params=CASES, ids=str)
def page(request):
    trainer = mlp.Trainer(mlp.Settings(**request.param))
    return trainer, word_examples("ralts", trainer.dataset.vocabulary, trainer.settings.block_size)


def run(page, code):
    """What a snippet leaves behind, when nothing is there but the namespace that pages promise."""
    trainer, word = page
    names = namespace(trainer.model, word.X, word.Y, trainer.dataset.vocabulary, [word.word])
    exec(code, names)
    return names


def close(ours, theirs):
    return torch.allclose(ours, theirs, rtol=1e-4, atol=1e-5)


def test_every_line_of_the_forward_and_backward_pass(page):
    trainer, word = page
    found, direct = trace(trainer.model, word.X, word.Y), trainer.settings.direct
    for name, code in forward_lines(direct).items():
        assert found.nodes[name].code == code
        assert close(run(page, code)[SYMBOLS[name]], found.nodes[name].value), name
    for name, code in backward_lines(direct).items():
        assert found.nodes[name].gradient_code == code
        assert close(run(page, code)[f"d{SYMBOLS[name]}"], found.nodes[name].gradient), name
    assert set(backward_lines(direct)) == set(found.backward)


def test_all_lines_in_turn_are_one_program(page):
    trainer, word = page
    direct = trainer.settings.direct
    found = trace(trainer.model, word.X, word.Y)
    lines = [*forward_lines(direct).values(), *(backward_lines(direct)[name] for name in found.backward)]
    left = run(page, "\n".join(lines))
    assert close(left["dC"], found.nodes["C"].gradient)


def test_every_other_snippet_gives_what_its_page_shows(page):
    trainer, word = page
    model, X, Y = trainer.model, word.X, word.Y
    forward, vocabulary, lr = model.forward(X), trainer.dataset.vocabulary, trainer.settings.learning_rate
    code = page_lines(trainer.settings.direct)
    update = plain_update(model, X, Y, lr)
    checks = {
        "examples": lambda n: torch.equal(n["X"], X) and torch.equal(n["Y"], Y),
        "pairs": lambda n: int(n["N"].sum()) == len(word.rows) and n["N"].shape == pair_counts(trainer.dataset).shape,
        "one_hot": lambda n: torch.equal(n["row"], lookup(model.C, 5).product),
        "lookup": lambda n: torch.equal(n["row"], lookup(model.C, 5).row),
        "cat_slices": lambda n: torch.equal(n["embcat"], forward.concatenated),
        "cat_unbind": lambda n: torch.equal(n["embcat"], forward.concatenated),
        "view": lambda n: torch.equal(n["embcat"], forward.concatenated),
        "saturation": lambda n: tuple(n["dead"].nonzero()[:, 0].tolist()) == saturation(forward.hidden).dead,
        "probabilities": lambda n: close(n["prob"], torch.softmax(forward.logits, 1)),
        "loss_by_hand": lambda n: n["loss"].item() == pytest.approx(update.loss_before, rel=1e-4),
        "loss_fused": lambda n: n["loss"].item() == F.cross_entropy(forward.logits, Y).item(),
        "autograd": lambda n: all(close(n[name].grad, update.gradient[name]) for name in model.parameters),
        "count": lambda n: n["count"] == parameter_count(trainer.settings, len(vocabulary)),
    }
    assert checks.keys() | {"update"} == code.keys()
    for name, check in checks.items():
        assert check(run(page, code[name])), name
    left = run(page, code["autograd"] + "\n" + code["update"])
    assert all(close(left[name], update.after[name]) for name in model.parameters)


def test_the_nudge_gives_the_number_shown_for_any_entry(page):
    trainer, word = page
    for name, tensor in trainer.model.parameters.items():
        entry = tuple(size - 1 for size in tensor.shape)
        for nudge in (0.1, 1e-4, 1e-6):
            code = last_lines.finite_difference(name, entry, nudge, trainer.settings.direct)
            shown = finite_difference(trainer.model, word.X, word.Y, name, entry, nudge)
            assert run(page, code)["estimate"].item() == pytest.approx(shown.measured, abs=1e-7), (name, nudge)


@pytest.mark.parametrize("added", [0, -200, 60, 200])
def test_a_constant_added_gives_both_losses_shown(page, added):
    trainer, word = page
    left = run(page, last_lines.with_constant(added))
    shown = output(trainer.model.forward(word.X).logits, word.Y, added)
    assert left["by_hand"].item() == pytest.approx(shown.by_hand, nan_ok=True)
    assert left["fused"].item() == pytest.approx(shown.fused)


def test_the_hardest_examples_are_those_shown(page):
    trainer, word = page
    vocabulary = trainer.dataset.vocabulary
    left = run(page, last_lines.WORST)
    shown = worst(trainer.model, Split(["ralts"], word.X, word.Y), vocabulary)
    assert left["hardest"].values.tolist() == pytest.approx([example.loss for example in shown])
    assert [vocabulary.decode(row) for row in left["contexts"].tolist()] == [example.context for example in shown]
    assert [vocabulary.characters[y] for y in left["labels"].tolist()] == [example.label for example in shown]


def test_the_first_loss_drawn_anew_is_the_one_shown(page):
    trainer, word = page
    left = run(page, last_lines.first_loss(trainer.settings, len(trainer.dataset.vocabulary)))
    shown = first_loss(trainer.model, Split(["ralts"], word.X, word.Y))
    assert left["loss"].item() == pytest.approx(shown.loss, rel=1e-5)
    assert left["spread"].item() == pytest.approx(shown.spread, rel=1e-4)


def test_the_notes_first_loss_is_that_of_its_snippet():
    trainer = mlp.Trainer(mlp.Settings())
    train = trainer.dataset.train.first(32)
    names = namespace(trainer.model, train.X, train.Y, trainer.dataset.vocabulary, [])
    exec(last_lines.first_loss(trainer.settings, 34), names)
    assert names["loss"].item() == pytest.approx(17.0956, abs=1e-4)


def test_the_arrows_are_drawn_from_their_snippet():
    trainer = mlp.Trainer(mlp.Settings(weight_decay=0.01))
    X, Y = next_batch(trainer.settings, trainer.dataset.train, 0.0)
    names = namespace(trainer.model, X, Y, trainer.dataset.vocabulary, [])
    exec(last_lines.ARROWS, names)
    assert close(names["move"], embedding_movement(trainer.model, trainer.settings, X, Y).move)


@pytest.mark.parametrize("set_to_none", [True, False])
def test_the_loop_with_and_without_none_gives_the_curve_shown(page, set_to_none):
    trainer, word = page
    batches = next_batches(trainer.settings, trainer.dataset.train, 0.0, 6)
    names = namespace(trainer.model, word.X, word.Y, trainer.dataset.vocabulary, [])
    names["batches"] = batches
    exec(last_lines.descent(trainer.settings.direct, set_to_none), names)
    shown = descent(trainer.model, batches, trainer.settings.learning_rate)
    expected = shown.cleared if set_to_none else shown.piled_up
    assert names["losses"] == pytest.approx(expected, rel=1e-3)


def test_no_snippet_can_change_the_network(page):
    trainer, _ = page
    before = trainer.model.theta.clone()
    code = page_lines(trainer.settings.direct)
    run(page, code["autograd"] + "\n" + code["update"])
    run(page, last_lines.finite_difference("W1", (0, 0), 1.0, trainer.settings.direct))
    assert torch.equal(trainer.model.theta, before)
