"""Each snippet runs as it stands, and gives the numbers that the page shows beside it."""

import pytest
import torch
import torch.nn.functional as F

import mlp
from mlp.lessons.backward import finite_difference, plain_update
from mlp.lessons.examples import pair_counts, word_examples
from mlp.lessons.hidden import saturation
from mlp.lessons.lookup import lookup
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
        "finite_difference": lambda n: (
            n["estimate"].item() == pytest.approx(finite_difference(model, X, Y, "W1", (0, 0)).measured, abs=0.03)
        ),  # float32 is that coarse
        "count": lambda n: n["count"] == parameter_count(trainer.settings, len(vocabulary)),
    }
    assert checks.keys() | {"update"} == code.keys()
    for name, check in checks.items():
        assert check(run(page, code[name])), name
    left = run(page, code["autograd"] + "\n" + code["update"])
    assert all(close(left[name], update.after[name]) for name in model.parameters)


def test_no_snippet_can_change_the_network(page):
    trainer, _ = page
    before = trainer.model.theta.clone()
    code = page_lines(trainer.settings.direct)
    run(page, code["autograd"] + "\n" + code["update"])
    assert torch.equal(trainer.model.theta, before)
