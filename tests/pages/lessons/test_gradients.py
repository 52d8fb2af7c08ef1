"""The pages on output and loss, the backward pass and the whole network: they run at the ends of the settings, their
views hold against every snapshot, and what their tables say is PyTorch's own."""

import re
import time

import pytest
import torch
import torch.nn.functional as F
from streamlit.testing.v1 import AppTest

import mlp
from mlp.engine.transport import Transport
from mlp.lessons.architecture import explain, parts
from mlp.lessons.backward import check_gradients, largest_entry, next_movement, plain_update, without_zeroing
from mlp.lessons.effort import MULTIPLICATIONS, max_examples
from mlp.lessons.examples import word_examples
from mlp.lessons.output import first_losses, largest_of, output
from mlp.model import EVALUATION_ROWS, parameter_count
from mlp.plots import movement, softmax
from mlp.plots.network import highlight
from mlp.plots.network_places import bundles
from mlp.plots.theme import LIGHT
from pages.ui.lessons import backward_tables, lesson, output_tables, sizes
from pages.ui.live.frames import encode
from pages.ui.shared.formatting import format_number, format_probability
from pages.ui.shared.throttle import Throttled, if_same_shape
from tests.paths import FRAME

PAGES = ("output", "backward", "network")
LINKS = [
    {}, {"block_size": "12", "embedding_dim": "64", "hidden": "1024", "direct": "true"},
    {"block_size": "1", "embedding_dim": "1", "hidden": "1"},
    {"word_list": "names", "batch_size": "full", "dev_share": "0"},
]  # fmt: skip


def open_page(page: str, link: dict[str, str]) -> AppTest:
    app = AppTest.from_file(FRAME, default_timeout=120)
    for name, value in link.items():
        app.query_params[name] = value
    return app.run().switch_page(f"{page}.py").run()


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("link", LINKS, ids=str)
def test_a_page_runs_and_all_its_views_hold(page: str, link: dict[str, str]) -> None:
    app = open_page(page, link)
    assert not app.exception
    session = app.session_state["live"]
    snapshot = session.run.now()
    views = {key: view for key, view in session.views.items() if key.startswith(page)}
    assert len(views) >= {"output": 7, "backward": 20, "network": 1}[page]
    for key, view in views.items():
        assert view(snapshot), key
        encode(view(snapshot))


@pytest.mark.parametrize("page", PAGES)
def test_views_hold_after_divergence_and_leave_other_networks_alone(page: str) -> None:
    app = open_page(page, {"learning_rate": "10", "weight_decay": "1"})
    session = app.session_state["live"]
    ruined = Transport(mlp.Trainer(mlp.Settings()), lambda: False, lambda: None)
    ruined.trainer.model.theta.fill_(torch.nan)
    other = Transport(mlp.Trainer(mlp.Settings(hidden=7, block_size=2)), lambda: False, lambda: None)
    for key, view in session.views.items():
        if key.startswith(page):
            assert encode(view(ruined.take_snapshot())), key
            assert view(other.take_snapshot()) == {}, key


def test_walking_back_and_picking_leave_no_exception() -> None:
    app = open_page("backward", {})
    for _ in range(14):
        app.button[[button.label for button in app.button].index("One step back")].click().run()
        assert not app.exception
    assert app.session_state["backward_steps"] == len(parts(mlp.Settings(), 34)) + 1  # dC, the last of 12


def test_the_nudge_goes_to_the_largest_gradient() -> None:
    app = open_page("backward", {})
    button = next(button for button in app.button if "largest gradient" in button.label)
    button.click().run()
    assert not app.exception
    trainer = mlp.Trainer(mlp.Settings())
    found = word_examples("ralts", trainer.dataset.vocabulary, 3)
    W1 = trainer.model.W1.clone().requires_grad_()
    h = torch.tanh(trainer.model.C[found.X].view(-1, 6) @ W1 + trainer.model.b1)
    F.cross_entropy(h @ trainer.model.W2 + trainer.model.b2, found.Y).backward()
    row, column = divmod(int(W1.grad.abs().argmax()), 100)
    entry = [field.value for field in app.number_input if str(field.key).startswith("backward_entry")]
    assert entry == [row, column]


@pytest.fixture(scope="module")
def word():
    trainer = mlp.Trainer(mlp.Settings())
    trainer.step(200)
    return trainer, word_examples("ralts", trainer.dataset.vocabulary, 3)


def test_the_table_of_sums_is_softmax(word):
    trainer, found = word
    logits = trainer.model.forward(found.X).logits
    rows = output_tables.sums(output(logits, found.Y), 3, int(found.Y[3]), "t")["rows"]
    assert [row[1] for row in rows] == [
        f"{logits[3, found.Y[3]].item():.4f}",
        f"{logits[3, found.Y[3]].exp().item():.5g}",
        f"{logits[3].exp().sum().item():.5g}",
        f"{(logits[3].exp() / logits[3].exp().sum())[found.Y[3]].item():.6f}",
        "1.000000",
    ]


def test_the_table_of_losses_overflows_by_hand_only(word):
    trainer, found = word
    logits = trainer.model.forward(found.X).logits
    expected = f"{F.cross_entropy(logits, found.Y).item():.4f}"
    for added in (-200, 200):
        rows = dict(output_tables.overflow(output(logits, found.Y, added), 0, int(found.Y[0]), "r", added)["rows"])
        assert rows["loss by hand"] == "not a number (nan)"
        assert rows["loss by F.cross_entropy"][:4] == expected[:4]


def test_the_tables_of_the_backward_pass_are_autograds(word):
    trainer, found = word
    model = trainer.model
    leaves = {name: tensor.clone().requires_grad_() for name, tensor in model.parameters.items()}
    h = torch.tanh(leaves["C"][found.X].view(-1, 6) @ leaves["W1"] + leaves["b1"])
    F.cross_entropy(h @ leaves["W2"] + leaves["b2"], found.Y).backward()
    checks = {check.name: check for check in check_gradients(model, found.X, found.Y)}
    for name, leaf in leaves.items():
        place = largest_entry(leaf.grad)
        entry, by_hand, autograd, _ = backward_tables.check(checks[name])["rows"][0]
        assert entry.replace("\N{NO-BREAK SPACE}", " ") == f"d{name}[{', '.join(map(str, place))}]"
        assert float(by_hand) == pytest.approx(leaf.grad[place].item(), abs=2e-6)
        assert float(autograd) == pytest.approx(leaf.grad[place].item(), abs=2e-6)
        rows = dict(backward_tables.update(plain_update(model, found.X, found.Y, 0.1), name)["rows"])
        assert float(rows["after"]) == pytest.approx((leaf - 0.1 * leaf.grad)[place].item(), abs=2e-6)
    for row in backward_tables.piled_up(without_zeroing(model, found.X, found.Y))["rows"]:
        once, twice, thrice = map(float, row[1:])
        assert (twice, thrice) == (pytest.approx(2 * once, abs=3e-6), pytest.approx(3 * once, abs=3e-6))


def test_the_bars_of_logits_are_the_logits(word):
    trainer, found = word
    logits = trainer.model.forward(found.X).logits[2]
    label, characters = int(found.Y[2]), trainer.dataset.vocabulary.characters
    patch = softmax.update(logits, label, characters)
    others, true, counts, count = patch["data"]
    assert true["y"][0] == pytest.approx(logits[label].item(), abs=1e-3 * logits.abs().max().item())
    assert count["y"][0] == pytest.approx(logits[label].exp().item(), abs=1e-3 * logits.exp().max().item())
    assert [y for y in others["y"] if y is None] == [None]
    assert counts["y"][label] is None
    assert patch["label"].startswith(softmax.TITLE)
    softmax.update(torch.full_like(logits, torch.nan), label, characters)


def test_both_first_losses_are_those_of_fresh_networks():
    trainer = mlp.Trainer(mlp.Settings(train_examples=32))
    found = first_losses(trainer.model, trainer.dataset.train)
    assert found["normal"].loss == pytest.approx(17.0956, abs=1e-4)
    scaled = mlp.Trainer(mlp.Settings(train_examples=32, init="scaled"))
    assert found["scaled"].loss == pytest.approx(scaled.evaluate("train"), rel=1e-6)


@pytest.mark.parametrize(
    "settings",
    [
        {}, {"seed": 2}, {"hidden": 1}, {"hidden": 8}, {"hidden": 20, "seed": 5}, {"hidden": 1024, "optimizer": "adam"},
        {"block_size": 12, "embedding_dim": 64, "direct": True}, {"word_list": "names", "block_size": 5},
    ],
    ids=str,
)  # fmt: skip
def test_the_rough_estimate_of_the_first_loss_is_near_it_for_any_run(settings):
    trainer = mlp.Trainer(mlp.Settings(**settings))
    V, actual = len(trainer.dataset.vocabulary), trainer.evaluate("train")
    start = first_losses(trainer.model, trainer.dataset.train)["normal"]
    said = output_tables.why_so_high(start, largest_of(V), V)
    assert said.endswith(f"The actual first loss is {actual:.2f}.")
    assert float(re.search(r"\*\*([\d.]+)\*\*", said)[1]) == pytest.approx(actual, rel=0.2)
    rows = trainer.model.forward(trainer.dataset.train.X[:EVALUATION_ROWS]).logits
    spread = sum(row.std(correction=0).item() for row in rows) / len(rows)
    assert f"{spread:.1f}" in said


@pytest.mark.parametrize(
    "settings",
    [
        {}, {"seed": 7}, {"optimizer": "momentum", "learning_rate": 0.01}, {"optimizer": "adam", "learning_rate": 0.01},
        {"optimizer": "adam", "learning_rate": 0.01, "seed": 3, "block_size": 1}, {"weight_decay": 0.01},
        {"weight_decay": 0.01, "optimizer": "momentum"}, {"block_size": 8, "batch_size": 4, "embedding_dim": 5},
    ],
    ids=str,
)  # fmt: skip
def test_what_is_said_of_grey_dots_is_what_the_next_step_does(settings):
    trainer = mlp.Trainer(mlp.Settings(**settings))
    trainer.step(60)
    step = next_movement(trainer.model, trainer.settings, trainer.dataset.train, trainer.epoch_done)
    idle = ~step[0].move.any(1)
    before = trainer.model.C.clone()
    trainer.step()
    moved = trainer.model.C.ne(before).any(1)
    said = backward_tables.grey(trainer.settings)
    text = backward_tables.arrows(step, movement.stable_range(before), trainer.settings.optimizer)["text"]
    assert ("none is grey" in said) == (not idle.any())
    assert ("it can still move" in said) == bool((idle & moved).any())
    assert ("stays where it is" in said) == bool(idle.any() and not (idle & moved).any())
    exact = torch.allclose(before + step[0].move, trainer.model.C, atol=1e-6)
    assert text.startswith("Exact") == exact


def test_the_arrows_of_a_huge_batch_are_told_from_its_first_examples():
    trainer = mlp.Trainer(mlp.Settings(batch_size=None, hidden=1024, embedding_dim=64, block_size=12))
    move, asked, batch = next_movement(trainer.model, trainer.settings, trainer.dataset.train, 0.0)
    assert asked == MULTIPLICATIONS // trainer.model.theta.nelement() < batch == len(trainer.dataset.train)
    assert not move.exact
    small = mlp.Trainer(mlp.Settings())
    assert next_movement(small.model, small.settings, small.dataset.train, 0.0)[0].exact
    assert max_examples(small.model, 0) == 0


def test_lighting_a_bias_lights_its_own_line_only():
    settings = mlp.Settings()
    drawn = [bundle.name for bundle in bundles(False)]
    for lit, other in (("W1", "b1"), ("b1", "W1"), ("W2", "b2"), ("b2", "W2")):
        to = "hidden" if "1" in lit else "logits"
        lines = dict(zip(drawn, highlight(settings, lit), strict=False))
        assert lines[f"{lit} to {to}"]["line"]["color"] == LIGHT["accent"]
        assert lines[f"{other} to {to}"]["line"]["color"] == LIGHT["line"]


@pytest.mark.parametrize("direct", [False, True])
def test_a_parameter_is_computed_from_nothing_and_nothing_is_said_to_use_itself(direct):
    settings = mlp.Settings(direct=direct)
    known = parts(settings, 34)
    for name, part in known.items():
        said = explain(settings, 34, name)
        assert ("A parameter." in said) == part.parameter
        assert ("Computed from: " in said) == (not part.parameter and name != "X")
        used = said.partition("Used in: ")[2].rstrip(".").split(", ")
        assert not {other.label for other in known.values() if other.parameter} & set(used)
    assert "An input." in explain(settings, 34, "X")
    assert explain(settings, 34, "probabilities").endswith("The final result.")
    assert ("direct W" in explain(settings, 34, "logits")) is direct


def test_a_part_is_explained_with_what_feeds_it():
    settings = mlp.Settings()
    for name, part in parts(settings, 34).items():
        said = explain(settings, 34, name)
        assert part.label in said
        assert part.meaning in said
    assert "shape (B, 100)" in explain(settings, 34, "hidden")
    assert "Used in: logits, softmax." in explain(settings, 34, "hidden")
    assert "A parameter. Used in: embeddings, " in explain(settings, 34, "C")


@pytest.mark.parametrize("direct", [False, True])
def test_the_sizes_add_up(direct):
    settings = mlp.Settings(direct=direct)
    total = f"{parameter_count(settings, 34):,}"
    assert sizes.ours(settings, 34)["parameters"][-1] == total
    assert sizes.formula(settings, 34).count(total.replace(",", "{,}")) == 1
    paper = sizes.beside_the_paper(settings, 34)
    assert paper["parameters"][0] == total
    assert len({len(column) for column in paper.values()}) == 1


def test_seldom_rests_in_play_and_never_when_paused():
    run, calls = Transport(mlp.Trainer(mlp.Settings()), lambda: False, lambda: None), []
    seldom = Throttled(lambda snapshot: calls.append(snapshot.step) or len(calls), least=0.05)
    run.trainer.step()
    run.playing = True
    assert seldom(run.take_snapshot()) == 1
    run.trainer.step()
    assert seldom(run.take_snapshot()) == 1
    time.sleep(0.06)
    assert seldom(run.take_snapshot()) == 2
    run.trainer.step()
    run.playing = False
    assert seldom(run.take_snapshot()) == 3
    assert seldom(run.take_snapshot()) == 3
    assert calls == [1, 2, 3]


def test_fitting_passes_what_fits():
    run = Transport(mlp.Trainer(mlp.Settings()), lambda: False, lambda: None)
    now = run.take_snapshot()
    assert if_same_shape(now, lambda snapshot: {"step": snapshot.step})(now) == {"step": 0}


def test_numbers_are_written_so_that_they_say_something():
    assert format_number(1.5) == "1.500000"
    assert format_number(float("nan")) == "not a number (nan)"
    assert format_number(-float("inf")) == "infinite (−inf)"
    assert format_number(6.4e34, 4) == "6.4e+34"
    assert format_number(-3e-9) == "-3.0e-09"
    assert format_number(-0.0, 2) == "0.00"
    assert format_probability(0.25) == "0.250000"
    assert format_probability(3e-9) == "3.00e-09"
    assert format_probability(0.0) == "0.000000"


def test_every_part_of_the_network_has_a_page_that_explains_it() -> None:
    assert lesson.EXPLAINED_ON.keys() == parts(mlp.Settings(direct=True), 34).keys()
    assert {f"{page}.py" for page in lesson.EXPLAINED_ON.values()} <= {file for file, _, _ in lesson.ORDER}
