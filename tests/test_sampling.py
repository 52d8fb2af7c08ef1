"""New words: drawn from the network's own distribution, one character at a time, the same for the same seed."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

import mlp
from mlp.kernel.choice import network_of
from mlp.model import Model
from mlp.sampling import MAX_LENGTH, draw, pick, probabilities, stream


@pytest.fixture(scope="module")
def trained():
    trainer = mlp.Trainer(mlp.Settings(embedding_dim=4))
    trainer.step(500)
    return trainer


def test_the_same_seed_draws_the_same_words(trained):
    assert trained.sample(20) == trained.sample(20, seed=1337)
    assert trained.sample(20, seed=1) == trained.sample(20, seed=1)
    assert trained.sample(20, seed=1) != trained.sample(20, seed=2)


@given(st.integers(0, 12), st.integers(0, 12), st.integers(-(2**40), 2**40))
def test_few_words_are_the_first_of_many(trained, few, more, seed):
    assert trained.sample(few, seed) == trained.sample(few + more, seed)[:few]


def test_no_two_words_or_seeds_share_their_luck():
    streams = [tuple(stream(seed, number).tolist()) for seed in range(30) for number in range(30)]
    assert len({luck[0] for luck in streams}) == len(streams)
    first = torch.tensor(streams, dtype=torch.float64)
    assert torch.corrcoef(first.T).fill_diagonal_(0).abs().max() < 5 / len(streams) ** 0.5
    assert (first.mean(0) - 0.5).abs().max() < 5 * (1 / 12 / len(streams)) ** 0.5  # five standard errors


def test_no_words_are_no_words(trained):
    assert trained.sample(0) == []


def test_sampling_changes_nothing(trained):
    before = trained.model.theta.clone(), torch.get_rng_state()
    trained.sample(5)
    assert torch.equal(before[0], trained.model.theta)
    assert torch.equal(before[1], torch.get_rng_state())


def by_hand(model, luck):
    """The indices of one word, drawn from torch's own probabilities; None where a draw is too close to call."""
    context, drawn = [0] * model.settings.block_size, []
    for number in luck:
        p = model.forward(torch.tensor([context])).logits[0].double().softmax(0)
        passed = p.cumsum(0)
        if (passed - number).abs().min() < 1e-5:
            return None
        drawn.append(int((passed > number).int().argmax()))
        if not drawn[-1]:
            break
        context = [*context[1:], drawn[-1]]
    return drawn


@pytest.mark.parametrize("changes", [{}, {"block_size": 1, "embedding_dim": 1, "hidden": 1}, {"direct": True}])
def test_words_are_drawn_from_the_networks_own_probabilities(changes):
    trainer = mlp.Trainer(mlp.Settings(**changes))
    trainer.step(200)
    luck = np.stack([stream(5, number) for number in range(200)])
    compared = 0
    for numbers, drawn in zip(luck, network_of(trainer.model).draw_words(luck).tolist(), strict=True):
        expected = by_hand(trainer.model, numbers)
        if expected is not None:
            compared += 1
            assert drawn == expected + [0] * (MAX_LENGTH - len(expected))
    assert compared > 150


def test_a_word_ends_at_its_first_boundary(trained):
    luck = np.stack([stream(1337, number) for number in range(300)])
    known = set(trained.dataset.vocabulary.characters) - {"."}
    for word, drawn in zip(trained.sample(300), network_of(trained.model).draw_words(luck).tolist(), strict=True):
        assert set(word) <= known
        assert len(word) <= MAX_LENGTH
        assert all(drawn[: len(word)])
        assert not any(drawn[len(word) :])


def test_first_characters_come_as_often_as_their_probability(trained):
    count = 20_000
    luck = np.random.default_rng(5).random((count, 1))
    drawn = network_of(trained.model).draw_words(luck)[:, 0]
    counts = torch.bincount(torch.from_numpy(drawn), minlength=len(trained.dataset.vocabulary)) / count
    p = trained.model.forward(torch.zeros(1, 3, dtype=torch.int64)).logits.softmax(1)[0]
    assert ((counts - p).abs() <= 5 * (p * (1 - p) / count).sqrt() + 1 / count).all()  # five standard errors


def test_a_draw_inverts_the_summed_distribution_and_is_never_off_the_end():
    model = Model(mlp.Settings(block_size=1, embedding_dim=1, hidden=1), 4)
    model.theta.zero_()
    model.b2.copy_(torch.tensor([0.25, 0.0, 0.5, 0.25]).log().clamp(min=-80))
    luck = np.linspace(0, 1, 1001)[:-1].reshape(-1, 1)
    drawn = network_of(model).draw_words(luck)[:, 0]
    clear = np.abs(luck[:, 0, None] - [0.25, 0.75]).min(1) > 1e-6
    expected = np.where(luck[:, 0] < 0.25, 0, np.where(luck[:, 0] < 0.75, 2, 3))
    assert (drawn[clear] == expected[clear]).all()
    assert network_of(model).draw_words(np.array([[np.nextafter(1, 0)]])).tolist() == [[3]]


def test_a_temperature_divides_the_logits():
    logits = torch.randn(50, 34, dtype=torch.float64)
    for temperature in (0.05, 0.7, 1.0, 3.0):
        expected = torch.softmax(logits / temperature, 1)
        assert torch.allclose(probabilities(logits, temperature), expected, atol=1e-12)


def test_a_tiny_temperature_is_as_good_as_none_and_overflows_nothing(trained):
    logits = 1000 * torch.randn(50, 34)
    assert torch.equal(probabilities(logits, 1e-307), probabilities(logits, 0.0))
    assert torch.equal(probabilities(logits[3], 1e-307), probabilities(logits, 0.0)[3])


@pytest.mark.parametrize(("temperature", "top_k"), [(1.0, None), (0.5, 3), (0.0, None), (1.0, 5), (1.0, 6)])
def test_logits_of_any_shape_are_changed_along_their_last_axis(temperature, top_k):
    logits = torch.randn(2, 7, 5)
    found = probabilities(logits, temperature, top_k)
    assert found.shape == logits.shape
    for i in range(2):
        for j in range(7):
            assert torch.equal(found[i, j], probabilities(logits[i, j], temperature, top_k))


@given(st.integers(1, 40), st.integers(0, 10**6))
def test_top_k_leaves_the_k_likeliest_in_their_proportions(k, seed):
    logits = torch.randint(0, 5, (1, 34), generator=torch.Generator().manual_seed(seed)).double()  # with many equals
    chances = probabilities(logits, top_k=k)[0].tolist()
    order = sorted(range(34), key=lambda index: (-logits[0, index].item(), index))[:k]
    total = sum(np.exp(logits[0, index].item()) for index in order)
    for index, chance in enumerate(chances):
        expected = np.exp(logits[0, index].item()) / total if index in order else 0.0
        assert chance == pytest.approx(expected, abs=1e-12)


def greedy(model, characters, start=""):
    """The likeliest character, again and again, by a plain loop."""
    word = start
    while len(word) < MAX_LENGTH:
        context = ("." * model.settings.block_size + word)[-model.settings.block_size :]
        X = torch.tensor([[characters.index(character) for character in context]])
        best = characters[int(model.forward(X).logits[0].argmax())]
        if best == ".":
            break
        word += best
    return word


@pytest.mark.parametrize("start", ["", "ch", "pika"])
def test_temperature_0_takes_the_likeliest_as_top_1_does(trained, start):
    expected = greedy(trained.model, trained.dataset.vocabulary.characters, start)
    assert set(trained.sample(5, start=start, temperature=0)) == {expected}
    assert set(trained.sample(5, start=start, top_k=1)) == {expected}


def test_the_slow_path_draws_the_words_of_the_fast_one(trained):
    fast = trained.sample(300, seed=3)
    slow = trained.sample(300, seed=3, top_k=len(trained.dataset.vocabulary))
    assert sum(a == b for a, b in zip(fast, slow, strict=True)) >= 299  # a draw may lie within rounding of a limit


def test_a_word_that_begins_so_anyhow_is_drawn_again(trained):
    words = trained.sample(50, seed=3)
    for place, word in enumerate(words):
        again = trained.sample(place + 1, seed=3, start=word[:2])[place]
        assert again == word
    assert all(word.startswith("zz") for word in trained.sample(20, start="zz"))


def test_words_are_drawn_as_often_as_the_changed_probabilities_say(trained):
    model, characters = trained.model, trained.dataset.vocabulary.characters
    X = torch.tensor([[0, 0, characters.index("m")]])
    expected = probabilities(model.forward(X).logits, 0.5, 6)[0]
    words = trained.sample(4000, start="m", temperature=0.5, top_k=6)
    seen = torch.zeros(len(characters))
    for word in words:
        seen[characters.index(word[1]) if len(word) > 1 else 0] += 1
    seen /= len(words)
    assert (seen[expected == 0] == 0).all()
    assert ((seen - expected).abs() <= 5 * (expected * (1 - expected) / len(words)).sqrt() + 1e-3).all()


def test_a_draw_at_a_limit_is_the_next_character_that_can_be_drawn():
    chances = torch.tensor([[0.0, 0.25, 0.0, 0.75], [0.5, 0.5, 0.0, 0.0]], dtype=torch.float64)
    for luck, expected in (((0.0, 0.0), [1, 0]), ((0.25, 0.5), [3, 1]), ((0.5, 1.0), [3, 1]), ((1.0, 0.0), [3, 0])):
        assert pick(chances, torch.tensor(luck, dtype=torch.float64)).tolist() == expected


def test_a_draw_that_rounding_leaves_over_is_one_that_can_be_drawn():
    chances = torch.tensor([[0.25, 0.0, 0.75, 0.0]], dtype=torch.float64)
    for luck, expected in ((0.0, 0), (0.2499, 0), (0.2501, 2), (1.0, 2)):
        assert pick(chances, torch.tensor([luck], dtype=torch.float64)).tolist() == [expected]


def test_a_network_that_never_ends_a_word_is_cut_off_and_says_so(trained):
    theta = trained.model.theta.clone()
    model = trained.model.at(theta)
    model.b2[0] = -1000.0
    vocabulary = trained.dataset.vocabulary
    for changed in ({}, {"start": "a"}, {"temperature": 0}):
        for drawn in draw(model, vocabulary, 10, 1, **changed):
            assert (len(drawn.word), drawn.ended) == (MAX_LENGTH, False)
    assert all(drawn.ended for drawn in draw(trained.model, vocabulary, 10, 1))


def test_an_untrained_network_draws_at_every_temperature():
    untrained = mlp.Trainer(mlp.Settings())
    for temperature in (0, 0.01, 1, 10):
        assert len(untrained.sample(20, temperature=temperature, start="b", top_k=3)) == 20


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"start": "ß"}, "The network does not know ß"),
        ({"start": "a.b"}, "nothing can begin with it"),
        ({"start": "a" * MAX_LENGTH}, "at most 24 characters"),
        ({"temperature": -1}, "between 0 and 10"),
        ({"temperature": float("nan")}, "between 0 and 10"),
        ({"top_k": 0}, "At least one character"),
    ],
)
def test_what_makes_no_sense_is_refused_with_a_sentence(trained, changed, sentence):
    with pytest.raises(ValueError, match=sentence):
        trained.sample(3, **changed)


def test_a_draw_is_by_default_as_the_network_says_and_hotter_is_something_else(trained):
    vocabulary = trained.dataset.vocabulary
    plain = [drawn.word for drawn in draw(trained.model, vocabulary, 20, 1)]
    assert plain == trained.sample(20, seed=1, temperature=1.0)
    assert trained.sample(20, seed=1, temperature=2.0) != plain


def test_what_a_name_cannot_begin_with_is_said_exactly(trained):
    with pytest.raises(ValueError, match="“\\.” marks the beginning and the end"):
        trained.sample(1, start="a.")
    with pytest.raises(ValueError, match="so the start can have 23"):
        trained.sample(1, start="a" * 24)
    assert len(trained.sample(1, start="a" * 23)[0]) >= 23
