"""What the last two lessons say, of counting models and of the paper, is what the code gives."""

from functools import cache

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from mlp.analysis.baselines import Counts, baselines, mixed_loss
from mlp.analysis.neighbours import nearest
from mlp.analysis.presets import PRESETS
from mlp.dataset import make_dataset
from mlp.lessons.architecture import PAPER, counts
from mlp.settings import Settings
from mlp.training.trainer import Trainer
from mlp.words import load_words
from tests.guided.claims import CLEARLY, Claims
from tests.guided.runs import Stand, run

ROOMY = Settings(init="scaled", embedding_dim=10, weight_decay=0.003)
OTHER_SEEDS = (1, 2, 3)


def near(stand: Stand, character: str, count: int) -> list[str]:
    found = nearest(stand.model.C.numpy(), stand.row(character), count)
    return [stand.dataset.vocabulary.characters[row] for row, _ in found]


def test_beyond_counts() -> None:
    told = Claims("beyond-counts")
    default, beats = told.at(2), told.at(5)
    counted = baselines(default.dataset).dev

    told.says(1, "its dev loss is {}.", counted.bigram)
    told.choices(1, {
        "Yes, it knows more": counted.trigram < counted.bigram,
        "No, it is higher": counted.trigram > counted.bigram + CLEARLY,
    })  # fmt: skip
    told.plain(1, "counts what follows two characters", "what a trigram is")
    told.says(1, "It is {}. With {} examples", counted.trigram, len(default.dataset.train))
    told.says(1, "(the interpolated trigram) gives {}.", counted.interpolated)

    told.trained(2, "has a dev loss of {}", default.dev)
    told.holds(2, "about the same as counting pairs", abs(default.dev - counted.bigram) < CLEARLY)
    assert told.at(3).model.theta.equal(default.model.theta)
    told.holds(3, "the rows of i, o, u and e are those nearest to “a”", set(near(default, "a", 4)) == set("ioue"))

    told.holds(4, "ten dimensions", ROOMY.embedding_dim == 10)
    told.plain(4, "6,000 steps", "what `grown` trains")
    grown = {size: run(6000, ROOMY, block_size=size).dev for size in (1, 3, 8)}
    told.choices(4, {
        "It rises": grown[8] > grown[1],
        "It falls": grown[1] > grown[3] + CLEARLY and grown[3] > grown[8] + CLEARLY,
        "It stays the same": abs(grown[1] - grown[8]) < CLEARLY,
    })  # fmt: skip
    told.holds(4, "The trigram was worse than the bigram", counted.trigram > counted.bigram + CLEARLY)
    told.says(4, "from {} to {} to {}?", *grown)
    told.trained(4, "{} with one character, {} with three and {} with eight", *grown.values())

    assert beats.settings == PRESETS["beats_counts"].settings
    told.holds(5, "eight characters of context", beats.settings.block_size == 8)
    told.says(5, "{} dimensions. After {} steps", beats.settings.embedding_dim, beats.step)
    told.trained(5, "its dev loss is {},", beats.dev)
    told.holds(5, "lower than that of every counting model", beats.dev < min(vars(counted).values()) - CLEARLY)

    new, network, trigram, interpolated = _unseen(default, beats)
    told.says(6, "Of the {} dev examples, {} end in three characters", len(new), int(new.sum()))
    told.says(6, "What are the mean losses on these {}?", int(new.sum()))
    told.choices(6, {
        "The same for all: nobody knows such contexts": abs(network[new].mean() - trigram[new].mean()) < CLEARLY,
        "This network 2.65, the trigram 3.02": (network[new].mean() - 2.65).abs() < 0.015
        and (trigram[new].mean() - 3.02).abs() < 0.005,
        "This network 3.02, the trigram 2.65": network[new].mean() > trigram[new].mean(),
    })  # fmt: skip
    told.trained(6, "gets {}.", interpolated[new].mean().item())
    told.trained(6, "in the other {} examples: {} against {}.",
                 int((~new).sum()), network[~new].mean().item(), interpolated[~new].mean().item())  # fmt: skip
    assert network[~new].mean() < interpolated[~new].mean() - CLEARLY

    seen = np.bincount(default.dataset.train.X.flatten().numpy(), minlength=len(beats.model.C))
    rare = [beats.dataset.vocabulary.characters[row] for row in np.argsort(seen)[:10]]
    told.says(7, "in {} dimensions", beats.model.C.shape[1])
    told.holds(
        7, "the rows nearest to “a” are those of rare symbols", set(near(beats, "a", 3)) <= set(rare) - set("aeiou")
    )
    assert not any(character.isalpha() for character in near(beats, "a", 3))
    lengths = beats.model.C.norm(dim=1)
    told.holds(7, "has pulled them so close to zero",
               all(lengths[beats.row(each)] < lengths[beats.row("a")] / 4 for each in near(beats, "a", 3)))  # fmt: skip
    assert told.at(7).page == "embedding"
    told.check()


def test_paper_then_and_now() -> None:
    told = Claims("paper-then-and-now")
    start, direct, with_W, without, scaled, beats = (told.at(step) for step in (1, 2, 3, 4, 5, 6))
    largest = max(PAPER, key=lambda network: network.parameters)
    parameters = {name: stand.model.theta.numel() for name, stand in (("ours", start), ("direct", direct))}
    assert parameters["ours"] == sum(count.count for count in counts(start.settings, len(start.model.C)))

    told.says(1, "Ours has {} parameters", parameters["ours"])
    told.plain(1, "figure 1 of the paper", "its name")
    told.choices(1, {
        text: abs(largest.parameters / millions / 1e6 - 1) < 0.1
        for text, millions in (("About 12 million", 12), ("About 120,000", 0.12), ("About 1.2 billion", 1200))
    })  # fmt: skip
    told.says(1, "one of {} words. How", largest.vocabulary)
    own = largest.vocabulary * (largest.order - 1) * largest.dim
    told.says(1, "{}. Three quarters of them", largest.parameters)
    assert round(4 * own / largest.parameters, 1) == 3
    told.says(1, "each of its {} words", largest.vocabulary)

    told.says(2, "It adds {} parameters here", parameters["direct"] - parameters["ours"])
    told.says(2, "{} of the {} million", round(own / 1e6), round(largest.parameters / 1e6))

    told.trained(3, "The dev loss is {} with W", with_W.dev)
    assert (with_W.settings.direct, with_W.step) == (True, 5000)
    told.trained(4, "the same without W: {} again", without.dev)
    assert without.settings == Settings()
    noise = _noise()
    told.choices(4, {
        "Yes, lower is better": abs(with_W.dev - without.dev) > CLEARLY,
        "No, the difference is smaller than the noise of a single step": abs(with_W.dev - without.dev) < noise,
    })  # fmt: skip
    told.trained(4, "moves by about {} from one step to the next", noise)
    told.holds(4, "several times the difference", noise > 3 * abs(with_W.dev - without.dev))
    told.holds(4, "The last figures are a little lower with W", with_W.dev < without.dev)

    told.trained(5, "The dev loss is {} instead of {}.", scaled.dev, without.dev)
    assert scaled.settings.differences(without.settings) == ["init"]
    adam = run(5000, optimizer="adam", learning_rate=0.01)
    told.plain(5, "a rate of 0.01", "as `adam` is trained")
    told.plain(5, "N(0, 1)", "a name")
    told.choices(5, {
        "Yes, dev is then 2.69 as well": abs(adam.dev - 2.69) < CLEARLY,
        "No, dev stays at 2.77 or above": adam.dev > 2.77,
    })  # fmt: skip
    told.trained(5, "With Adam dev ends at {}.", adam.dev)
    others = [
        run(5000, seed=seed, init="scaled").dev
        < run(5000, seed=seed, optimizer="adam", learning_rate=0.01).dev - CLEARLY
        for seed in OTHER_SEEDS
    ]
    told.holds(5, "with other seeds too", all(others) and scaled.dev < adam.dev - CLEARLY)

    interpolated, mixed = baselines(beats.dataset).dev.interpolated, mixed_loss(beats.model, beats.dataset)
    told.says(6, "after {} steps", beats.step)
    told.trained(6, "dev is {}; the interpolated trigram has {}.", beats.dev, interpolated)
    told.choices(6, {
        "2.60, in the middle": abs(mixed - 2.60) < CLEARLY, "2.62, the worse of the two": abs(mixed - 2.62) < CLEARLY,
        "2.53, lower than both": abs(mixed - 2.53) < 0.015 and mixed < min(beats.dev, interpolated) - CLEARLY,
    })  # fmt: skip
    alone = next(network for network in PAPER if network.name == "MLP9, MLP10")
    told.says(6, "perplexity {} mixed against {} alone", alone.mixed or 0, alone.perplexity or 0)
    told.plain(6, "the average of the two", "the network and the trigram model")
    told.holds(6, "The paper found the same", all(n.mixed < n.perplexity for n in PAPER if n.mixed and n.perplexity))
    told.plain(5, "2003", "the year of the paper")
    told.holds(7, "below the dev loss", mixed < beats.dev - CLEARLY)
    told.check()


@cache
def _noise() -> float:
    """By how much the dev loss moves in a step, on average, around step 5,000."""
    trainer = Trainer(Settings())
    trainer.step(4990)
    seen = []
    for _ in range(40):
        seen.append(trainer.evaluate("dev"))
        trainer.step()
    return float(np.abs(np.diff(seen)).mean())


def _unseen(default: Stand, beats: Stand) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Which dev examples end in three characters that were no context in training; three models' losses on each."""
    dataset = default.dataset
    assert make_dataset(Settings(), load_words("pokemon")).dev.words == beats.dataset.dev.words
    contexts = {tuple(context) for context in dataset.train.X.tolist()}
    new = torch.tensor([tuple(context) not in contexts for context in dataset.dev.X.tolist()])
    counted = Counts(dataset.train, len(dataset.vocabulary))
    logits = beats.model.forward(beats.dataset.dev.X).logits
    network = F.cross_entropy(logits, beats.dataset.dev.Y, reduction="none").double()
    trigram, interpolated = (
        torch.from_numpy(-np.log(p)) for p in (counted.smoothed(dataset.dev, n=3), counted.interpolated(dataset.dev))
    )
    return new, network, trigram, interpolated
