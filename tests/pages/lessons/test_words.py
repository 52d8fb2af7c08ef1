"""The pages from words to the hidden layer run at the ends of the settings, and what they show is what PyTorch says."""

import html
import math
from collections import Counter

import pytest
import torch
import torch.nn.functional as F
from streamlit.testing.v1 import AppTest

import mlp
from mlp.engine.run import Run
from mlp.lessons import first_lines
from mlp.lessons.examples import ambiguous_contexts, followers, word_examples
from mlp.lessons.first_lines import EXAMPLES
from mlp.lessons.hidden import memory, passages, tanh_values, unit_sum
from mlp.lessons.lookup import lookup, same_embedding, try_index
from mlp.lessons.snippets import namespace, page_lines
from mlp.plots import characters as bars
from mlp.plots import followers as follower_bars
from mlp.plots import window
from mlp.training.backprop import gradients
from pages.ui.lessons import example_views, hidden_views, lookup_views
from pages.ui.lessons.lesson import Pick
from tests.paths import FRAME

PAGES = ["examples.py", "lookup.py", "hidden.py"]
ENDS = [
    {},
    {"block_size": "12", "embedding_dim": "64", "hidden": "1024", "direct": "true"},
    {"block_size": "1", "embedding_dim": "1", "hidden": "1", "train_examples": "8"},
    {"word_list": "names", "block_size": "5"},
]


def open_page(page: str, link: dict[str, str]) -> AppTest:
    app = AppTest.from_file(FRAME, default_timeout=60)
    for name, value in link.items():
        app.query_params[name] = value
    app.run()
    app.switch_page(page).run()
    return app


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("link", ENDS, ids=str)
def test_the_page_runs(page, link):
    app = open_page(page, link)
    assert not app.exception
    assert len(app.title) == 1
    assert len(app.header) >= 5
    for word in ("zubat", "ço!", "", "a" * 65):  # the first is fine, the others get a sentence
        app.text_input(key="lesson_word").set_value(word).run()
        assert not app.exception
        assert len(app.warning) == (word != "zubat")


@pytest.fixture(scope="module", params=[{}, {"block_size": 1, "embedding_dim": 1, "hidden": 1}, {"block_size": 12}])
def trainer(request):
    made = mlp.Trainer(mlp.Settings(**request.param))
    made.step(5)
    return made


def run(trainer, found, code):
    names = namespace(trainer.model, found.X, found.Y, trainer.dataset.vocabulary, [found.word])
    exec(f"{first_lines.IMPORTS}\n{code}", names)
    return names


def test_every_line_shown_gives_what_the_page_shows(trainer, capsys):
    model, vocabulary = trainer.model, trainer.dataset.vocabulary
    found = word_examples("ralts", vocabulary, trainer.settings.block_size)
    forward = model.forward(found.X)
    run(trainer, found, first_lines.EXAMPLES["picture"])
    assert capsys.readouterr().out.splitlines() == [row.arrow() for row in found.rows]
    assert run(trainer, found, first_lines.EXAMPLES["characters"])["count"] == Counter("ralts.")
    for index in range(len(vocabulary)):
        assert torch.equal(run(trainer, found, first_lines.indexed(index))["row"], lookup(model.C, index).row)
        assert torch.equal(run(trainer, found, first_lines.one_hot(index))["row"], lookup(model.C, index).product)
    place = trainer.settings.block_size - 1
    left = run(trainer, found, first_lines.either_order(2, place))
    assert torch.equal(left["first"], left["second"])
    assert torch.equal(left["first"], same_embedding(model.C, found.X, 2, place)[0])
    assert run(trainer, found, first_lines.MEMORY)["same_memory"]
    unit = trainer.settings.hidden - 1
    ours = unit_sum(forward.concatenated[3], model.W1, model.b1, unit)
    assert run(trainer, found, first_lines.one_unit(3, unit))["a"].item() == pytest.approx(ours.a, rel=1e-5)
    assert ours.a == pytest.approx(forward.preactivation[3, unit].item(), rel=1e-4, abs=1e-5)
    assert ours.h == pytest.approx(math.tanh(ours.a), abs=1e-6)


def test_the_lines_on_slope_and_saturation_give_what_the_page_shows(trainer):
    model = trainer.model
    batch = trainer.dataset.train.first(32)
    forward = model.forward(batch.X)
    names = namespace(model, batch.X, batch.Y, trainer.dataset.vocabulary, [])
    exec(first_lines.SLOPE, names)
    expected = gradients(model, forward, batch.X, batch.Y)["preactivation"]
    assert torch.allclose(names["dhpreact"], expected, atol=1e-7)
    exec(page_lines(False)["saturation"] + "\n" + first_lines.PASSAGE, names)
    saturated, others = passages(forward.hidden, gradients(model, forward, batch.X, batch.Y)["hidden"])
    assert names["fraction_saturated"].item() == pytest.approx(saturated.fraction, rel=1e-4, nan_ok=True)
    assert names["fraction_others"].item() == pytest.approx(others.fraction, rel=1e-4)


def test_what_follows_is_said_in_words(trainer):
    then = Run(trainer.settings, None, lambda run: None).snapshot
    vocabulary, T = then.dataset.vocabulary, then.settings.block_size
    for word, position, said in (
        ("ralts", 0, "821 times in the training examples, followed by 26 different characters"),
        ("2zzzzzzzzzzzzzz", 14, "followed by" if T == 1 else "does not occur"),
        (
            "bulbasaur",
            8,
            "times in the training examples" if T < 12 else "once in the training examples, followed by “r”",
        ),
    ):
        picked = Pick(word_examples(word, vocabulary, T), position)
        followed = followers(then.dataset.train, vocabulary, picked.x[0])
        assert said in example_views.followed_view(picked, followed)(then)["text"]


@pytest.mark.parametrize(
    "settings", [{}, {"seed": 7}, {"word_list": "names", "seed": 3}, {"train_examples": 64}, {"dev_share": 0}], ids=str
)
def test_how_much_dev_resembles_train_is_counted(settings):
    made = mlp.Trainer(mlp.Settings(**settings)).dataset
    count = sum(any(dev[:4] == train[:4] and len(train) > 3 for train in made.train.words) for dev in made.dev.words)
    verb = "begins" if count == 1 else "begin"
    said = f"{count:,} of {len(made.dev.words):,} dev names {verb} with the same 4 characters as a train name"
    assert (said in example_views.related(made)) if count else example_views.related(made) == ""


def test_the_sentence_on_one_dev_name_like_a_train_name():
    made = mlp.Trainer(mlp.Settings(train_share=0.5, dev_share=0.5), ["bulbasaur", "ivysaur", "venusaur", "bulbasine"])
    assert "1 of 2 dev words begins with the same 4 characters" in example_views.related(made.dataset)


def test_the_lines_that_deal_and_expect_and_time(trainer):
    dataset, seed = trainer.dataset, trainer.settings.seed
    names = namespace(trainer.model, dataset.dev.X, dataset.dev.Y, dataset.vocabulary, trainer.words)
    exec(first_lines.split(len(dataset.dev.words), len(dataset.test.words), seed), names)
    for name in ("train", "dev", "test"):
        assert tuple(names[name]) == dataset.split(name).words
    exec(EXAMPLES["predicted"], names)
    logits = trainer.model.forward(dataset.dev.X[:1]).logits[0]
    known = followers(dataset.train, dataset.vocabulary, dataset.dev.X[0])
    bars = follower_bars.update(known, logits, dataset.vocabulary.characters)["data"][1]
    places = [dataset.vocabulary.index[html.unescape(c).replace("␣", " ")] for c in bars["customdata"]]
    assert torch.allclose(torch.tensor(bars["y"]), names["predicted"][0, places], atol=1e-3)
    exec(f"{first_lines.IMPORTS}\n{first_lines.TIMING}", names)
    assert names["slowdown"] == names["product"] / names["index"] > 0


@pytest.mark.parametrize("words", [["ab", "b", "abc"], ["anna", "otto", "eve", "bob", "ada"]])
def test_the_lines_that_deal_a_short_list(words):
    made = mlp.Trainer(mlp.Settings(), words)
    names = namespace(made.model, made.dataset.train.X, made.dataset.train.Y, made.dataset.vocabulary, words)
    exec(first_lines.split(len(made.dataset.dev.words), len(made.dataset.test.words), 1337), names)
    assert [tuple(names[name]) for name in ("train", "dev", "test")] == [
        made.dataset.split(name).words for name in ("train", "dev", "test")
    ]


def test_the_lines_of_the_lowest_loss(trainer):
    names = namespace(trainer.model, trainer.dataset.train.X, trainer.dataset.train.Y, trainer.dataset.vocabulary, [])
    exec("\n".join([first_lines.IMPORTS, first_lines.EXAMPLES["followers"], first_lines.EXAMPLES["lowest"]]), names)
    assert names["lowest"] == pytest.approx(mlp.analysis.baselines.lowest_loss(trainer.dataset.train))


def test_what_follows_a_context(trainer):
    split, vocabulary = trainer.dataset.train, trainer.dataset.vocabulary
    known = ambiguous_contexts(split, vocabulary)[0]
    context = torch.tensor(vocabulary.encode(known.context))
    assert followers(split, vocabulary, context) == known
    logits = trainer.model.forward(context[None]).logits[0]
    shares, expected = follower_bars.update(known, logits, vocabulary.characters)["data"]
    assert sum(shares["y"]) == pytest.approx(1)
    order = [vocabulary.index[c] for c, _ in known.counts]
    assert torch.allclose(torch.tensor(expected["y"][: len(order)]), F.softmax(logits, 0)[order], atol=1e-3)
    label = follower_bars.update(known, logits, vocabulary.characters)["label"]
    best, count = Counter(dict(known.counts)).most_common(1)[0]
    assert f"most often “{best}” ({count / known.total:.0%})" in label


def test_a_context_that_never_occurs_is_said_to():
    made = mlp.Trainer(mlp.Settings(block_size=2))
    vocabulary = made.dataset.vocabulary
    context = torch.tensor(vocabulary.encode("’’"))
    assert not any("’’" in word for word in made.dataset.train.words)
    never, logits = followers(made.dataset.train, vocabulary, context), made.model.forward(context[None]).logits[0]
    assert (never.counts, never.total) == ((), 0)
    assert "“’’” does not occur" in follower_bars.update(never, logits, vocabulary.characters)["label"]


def test_a_context_with_one_follower_is_said_to_have_one():
    made = mlp.Trainer(mlp.Settings(block_size=2), ["abab", "abc"])
    vocabulary = made.dataset.vocabulary
    train = mlp.dataset.Split((), torch.tensor([vocabulary.encode("ab")] * 3), torch.tensor([3, 3, 3]))
    for split, times in ((train, "3 times"), (train.first(1), "once")):
        label = follower_bars.update(
            followers(split, vocabulary, train.X[0]), torch.zeros(len(vocabulary)), vocabulary.characters
        )["label"]
        assert f"after “ab” ({times}) comes only “c”" in label


@pytest.mark.parametrize(
    ("text", "code", "shape"),
    [
        ("5", "C[5]", (2,)),
        ("[5, 0]", "C[torch.tensor([5, 0])]", (2, 2)),
        ("[[1, 2], [3, 4]]", "C[torch.tensor([[1, 2], [3, 4]])]", (2, 2, 2)),
    ],
)
def test_an_index_of_the_readers(text, code, shape):
    tried = try_index(torch.randn(34, 2), text)
    assert tried.result is not None
    assert tuple(tried.result.shape) == shape
    assert tried.code == code


@pytest.mark.parametrize("text", ["34", "-35", "[0, 99]", "[]", "[[1], [2, 3]]", "99999999999999999999"])
def test_an_index_that_pytorch_refuses(text):
    tried = try_index(torch.randn(34, 2), text)
    assert tried.result is None
    assert "Error: " in tried.error


@pytest.mark.parametrize("text", ["", "a", "1.5", "True", "__import__('os')", "{1}", "[" * 150, "1" * 201, "(1, 2)"])
def test_what_is_no_index(text):
    with pytest.raises(ValueError, match="integer"):
        try_index(torch.randn(34, 2), text)


def test_memory_has_the_same_number_under_both_names():
    emb = torch.randn(5, 3, 2)
    for cell in memory(emb, 30):
        names = {"emb": emb, "embcat": emb.view(5, 6)}
        assert eval(cell.embedded, names) == eval(cell.concatenated, names) == pytest.approx(cell.value)


def test_tanh_at_a_few_points():
    for a, h, slope in tanh_values():
        assert h == pytest.approx(math.tanh(a), abs=1e-6)
        assert slope == pytest.approx(1 / math.cosh(a) ** 2, abs=1e-6)


@pytest.mark.parametrize("block_size", [1, 3, 12])
@pytest.mark.parametrize("word", ["a", "ralts", "<b>" + "x" * 57])
def test_the_window(word, block_size):
    index = {c: i for i, c in enumerate(sorted(set("." + word)))}
    padded = "." * block_size + word + "."
    for position in range(len(word) + 1):
        others, context, following, text, indices, *headings = window.update(word, position, block_size, index)["data"]
        assert [heading["text"] for heading in headings] == [["context"], ["next"]]
        boxes = [len(part["x"]) // 6 for part in (others, context, following)]
        assert boxes[1:] == [block_size, 1]
        assert sum(boxes) == len(text["x"]) == min(window.MAX_CELLS, len(padded))
        assert set(range(position, position + block_size + 1)) <= set(text["x"])
        assert indices["text"] == [str(index[padded[cell]]) for cell in text["x"]]


def test_the_bars_of_characters():
    data = bars.update(torch.tensor([3, 9, 1]), (".", "<", "b"))["data"][0]
    assert data == {"x": [0, 1, 2], "y": [9, 3, 1], "customdata": ["&lt;", ".", "b"]}


@pytest.mark.parametrize(
    "settings", [{}, {"seed": 7, "init": "scaled"}, {"block_size": 8, "optimizer": "adam"}, {"hidden": 1}], ids=str
)
def test_saturation_is_said_of_the_run_in_numbers(settings):
    made = mlp.Trainer(mlp.Settings(**settings))
    made.step(100)
    then = Run(made.settings, None, lambda run: None).snapshot
    then.model.theta[:] = made.model.theta
    forward = made.model.forward(made.dataset.train.X[:32])
    stuck = forward.hidden.abs() > 0.97
    said = hidden_views.dead_view(lambda snapshot: snapshot.model.forward(made.dataset.train.X[:32]))(then)["text"]
    assert said.startswith(f"{stuck.float().mean().item():.1%} of the 32 × {stuck.shape[1]} activations are saturated")
    assert f"dead units for these examples: {int(stuck.all(0).sum())} of {stuck.shape[1]}." in said
    assert f"mean size of a pre-activation is {forward.preactivation.abs().mean().item():.2f}" in said


@pytest.mark.parametrize("state", ["fresh", "diverged"])
@pytest.mark.parametrize(
    "size",
    [{}, {"block_size": 1, "embedding_dim": 1, "hidden": 1}, {"block_size": 12, "hidden": 1024, "embedding_dim": 64}],
    ids=str,
)
def test_every_table_is_of_texts(size, state):
    run_ = Run(mlp.Settings(**size), None, lambda run: None)
    then = run_.snapshot
    if state == "diverged":
        then.model.theta[::3] = math.nan
        then.model.theta[1::7] = math.inf
    picked = Pick(word_examples("ralts", then.dataset.vocabulary, then.settings.block_size), 2)
    batch = then.dataset.train.X[:32]

    def forward(snapshot):
        return snapshot.model.forward(picked.X)

    tables = [
        example_views.rows_view(picked)(then), example_views.shapes(then, "ralts"), example_views.split(then, "ralts"),
        example_views.lowest(then, {1: 1.5, 3: 1.0}), lookup_views.equal_view(0)(then),
        lookup_views.shapes_view(batch, 5)(then),
        lookup_views.either_view(batch, 3, 0)(then), hidden_views.ways_view(forward)(then),
        hidden_views.memory_view(forward)(then), hidden_views.storage_view(forward)(then),
        hidden_views.sum_view(forward, picked, 0)(then), hidden_views.unit_view(forward, picked, 0)(then),
        hidden_views.dead_view(lambda snapshot: snapshot.model.forward(batch))(then),
        hidden_views.passage_view(lambda snapshot: snapshot.model.forward(batch), then.dataset.train.first(32))(then),
    ]  # fmt: skip
    for table in tables:
        assert all(isinstance(cell, str) for row in table["rows"] for cell in row)
        assert {len(row) for row in table["rows"]} == {len(table["columns"])}


def test_the_map_has_its_ring_around_the_character_looked_up():
    then = Run(mlp.Settings(), None, lambda run: None).snapshot
    for index in (0, 5, 18):
        patch = lookup_views.map_view(None, index)(then)
        (ring,) = patch["layout"]["shapes"]
        far = [
            (math.hypot(x - ring["xanchor"], y - ring["yanchor"]), text)
            for trace in patch["data"]
            for x, y, text in zip(trace.get("x", []), trace.get("y", []), trace.get("text", []), strict=False)
        ]
        assert min(far)[1] == then.dataset.vocabulary.characters[index]
