"""What the first three lessons say is what the code gives."""

import itertools
import math

import torch
import torch.nn.functional as F

from mlp.analysis.neighbours import nearest
from mlp.lessons.examples import ambiguous_contexts, lowest_losses, pair_counts, parts
from mlp.sampling import sample
from mlp.words import load_words
from tests.guided.claims import CLEARLY, Claims
from tests.guided.runs import Stand

VOWELS = "aeiou"
LETTERS = "abcdefghijklmnopqrstuvwxyz"


def between(stand: Stand, characters: str, others: str = "") -> float:
    """The mean distance of the rows of characters from one another, or from those of others."""
    rows = [stand.row(character) for character in characters]
    pairs = [(a, stand.row(b)) for a in rows for b in others] if others else itertools.combinations(rows, 2)
    distances = [math.dist(stand.model.C[a].tolist(), stand.model.C[b].tolist()) for a, b in pairs if a != b]
    return sum(distances) / len(distances)


def names(stand: Stand) -> list[str]:
    """The names that the playground shows of a run."""
    return sample(stand.model, stand.dataset.vocabulary, 8, stand.settings.seed)


def near(stand: Stand, character: str, count: int) -> list[str]:
    found = nearest(stand.model.C.numpy(), stand.row(character), count)
    return [stand.dataset.vocabulary.characters[row] for row, _ in found]


def test_first_look() -> None:
    told = Claims("first-look")
    start, epoch, middle, end = (told.at(step) for step in (1, 2, 3, 5))
    V, train = len(start.dataset.vocabulary), start.dataset.train
    top, guess = start.probabilities(train.X).max(1)

    told.says(1, "Its train loss is {}.", start.train)
    told.choices(1, {
        "It is very confident, and wrong": top.mean() > 0.8 and (guess == train.Y).double().mean() < 0.1,
        "It guesses every character equally often": (top < 2 / V).all(),
        "It has too few hidden units": end.train > math.log(V),  # the same units do far better once trained
    })  # fmt: skip
    told.says(1, "each of the {} characters probability 1/{}. Its loss is ln {} = {}.", V, V, V, math.log(V))
    told.holds(1, "so much worse", start.train > math.log(V) + 10)
    told.holds(1, "nearly all the probability on one character", top.mean() > 0.8)

    told.says(2, "in {} steps", epoch.step)
    told.trained(2, "falls to about {}", epoch.train)
    told.holds(2, "below that of a uniform guess", epoch.train < math.log(V) - CLEARLY)
    told.holds(2, "every training example once", start.settings.batch_size and epoch.step == math.ceil(len(train) / 32))

    told.choices(3, {
        "Halve it": end.train < 0.6 * middle.train,
        "Lower it by about 0.2": abs(middle.train - end.train - 0.2) < 0.05,
        "Nothing at all": middle.train - end.train < CLEARLY,
    })  # fmt: skip
    told.trained(3, "The train loss is now {}.", middle.train)
    told.says(3, "the next {} steps", end.step - middle.step)
    told.trained(3, "from {} to {}", middle.train, end.train)
    told.holds(3, "Most of the gain comes early", start.train - middle.train > 10 * (middle.train - end.train))

    others = [letter for letter in LETTERS if letter not in VOWELS]
    spread = [between(end, letter, LETTERS) > between(middle, letter, LETTERS) for letter in others]
    told.holds(4, "a, e, i, o and u stay close together", between(end, VOWELS) < between(end, LETTERS) / 3)
    told.holds(4, "most other letters spread", sum(spread) > len(spread) / 2)

    known, last = set(end.dataset.train.words), names(end)
    told.holds(5, "the first one was “mmmmmddd…”", names(start)[0].startswith("mmmmmddd"))
    told.holds(5, "without a single vowel", not set(names(start)[0]) & set(VOWELS))
    told.holds(5, "nearly every name has vowels", sum(bool(set(name) & set(VOWELS)) for name in last) >= 7)
    told.holds(5, "none of them is copied from the training list", not known & set(last))
    told.check()


def test_word_to_examples() -> None:
    told = Claims("word-to-examples")
    start = told.at(1)
    dataset = start.dataset
    ralts, pikachu = start.word("ralts"), start.word("pikachu")

    told.holds(1, "It sees three characters and predicts the next one", ralts.X.shape[1] == 3)
    told.choices(1, {text: int(text) == len(ralts.Y) for text in ("4", "5", "6")})
    told.says(1, "“ralts” has {} letters", len("ralts"))
    told.holds(1, "Five letters have to be predicted, and then the end", ralts.Y.tolist().index(0) == 5)
    told.holds(1, "“.” is the sixth target", dataset.vocabulary.characters[ralts.Y[5]] == ".")

    told.says(2, "“pikachu” has {} letters and gives {} examples", len("pikachu"), len(pikachu.rows))

    told.says(3, "as numbers {}, {}, {}.", *ralts.X[0].tolist())
    told.choices(3, {str(shape): tuple(ralts.Y.shape) == shape for shape in ((6, 3), (6,), (3,))})
    told.says(3, "the shape ({}, {}).", *ralts.X.shape)
    told.holds(3, "Y is a list of six numbers", ralts.Y.shape == (6,))

    train, dev, test = parts(dataset)
    assert train.words + dev.words + test.words == len(load_words("pokemon"))
    told.says(
        4, "All {} names give {} examples", len(load_words("pokemon")), sum(p.examples for p in (train, dev, test))
    )
    told.says(4, "trains on {} of them, from {} names", train.examples, train.words)

    lowest = lowest_losses(dataset, {3, 8})
    several = ambiguous_contexts(dataset.train, dataset.vocabulary)
    told.holds(5, "The same three characters can be followed by different ones", len(several) > 100)
    told.holds(5, "even a perfect network cannot reach a train loss of 0", lowest[3] > 1)
    told.choices(5, {
        "higher": lowest[8] > lowest[3], "the same": lowest[8] == lowest[3], "lower": lowest[8] < lowest[3] - CLEARLY,
    })  # fmt: skip
    told.says(5, "is {} with a block size of {}.", lowest[3], 3)
    told.plain(5, "With a block size of 8", "what is asked about, as `lowest` is worked out")
    told.says(5, "It is {}.", lowest[8])
    told.check()


def test_lookup_table() -> None:
    told = Claims("lookup-table")
    start, end = told.at(1), told.at(5)
    a, C = start.row("a"), start.model.C
    X = start.word("ralts").X

    told.says(1, "is row {}: ({}, {})", a, *C[a].tolist())
    product = F.one_hot(torch.tensor(a), len(C)).float() @ C
    told.says(2, "a {} at place {} and {} everywhere else", 1, a, 0)
    told.choices(2, {
        "Row 5 of C": a == 5 and torch.equal(product, C[5]), "The sum of all rows": product.allclose(C.sum(0)),
        "Column 5 of C": C.shape[1] > 5,
    })  # fmt: skip
    told.says(2, "Every {} removes its row and the {} keeps row {}. C[{}] gives the same numbers", 0, 1, a, a)

    told.choices(3, {str(shape): tuple(C[X].shape) == shape for shape in ((6, 2), (6, 3, 2), (18,))})
    told.says(3, "the shape ({}, {}) and each row of C has {} numbers", *X.shape, C.shape[1])

    assert end.page == "embedding"
    order = near(end, "a", 4)
    counts = pair_counts(start.dataset)[a]
    told.choices(4, {
        "b, its neighbour in the alphabet": order[0] == "b", "Another vowel": order[0] in VOWELS,
        "r, because it often follows a": order[0] == "r",
    })  # fmt: skip
    assert start.row("r") in counts.topk(3).indices  # it does often follow a
    told.plain(4, "20,000 steps", "the next step trains them")
    told.holds(4, "The nearest rows are those of i, o, u and e", set(order) == set("ioue"))
    told.trained(5, "shrinks from {} to {}", between(start, VOWELS), between(end, VOWELS))
    told.check()
