"""What the lessons on overfitting and on the learning rate say is what the code gives."""

import math
from functools import cache

import torch
from torch import Tensor

from mlp.analysis.baselines import lowest_loss
from mlp.analysis.comparison import Comparison
from mlp.analysis.presets import MAP, PRESETS, REMEDIES, remedies
from mlp.analysis.rate_finder import SAFETY, RateCurve, find_rate
from mlp.lessons.examples import followers
from mlp.sampling import sample
from mlp.settings import Settings
from mlp.sweep.fit_map import FitMap
from mlp.training.trainer import Trainer
from tests.guided.claims import CLEARLY, Claims
from tests.guided.runs import Stand, run
from tests.notes import NotesLoop


def test_overfit_32() -> None:
    told = Claims("overfit-32")
    start, tenth, end = (told.at(step) for step in (1, 2, 4))
    first = run(1, start.settings)
    train, characters = start.dataset.train, start.dataset.vocabulary.characters
    assert (len(train), start.settings.batch_size) == (32, None)

    told.says(1, "The train loss starts at {}.", start.train)
    notes = NotesLoop(train.X, train.Y)
    told.holds(1, "you get the same number", abs(notes.step().item() - start.train) < 1e-4)

    lowest = lowest_loss(train)
    told.holds(2, "One step, then on to step 10", tenth.step == 10)
    told.says(2, "from {} to {} and then to {}.", start.train, first.train, tenth.train)
    told.says(2, "There are {} parameters and {} examples", start.model.theta.numel(), len(train))
    told.plain(2, "Can the train loss reach 0?", "the question itself")
    told.choices(2, {
        "Yes, with enough steps": lowest == 0, "No, whatever the network": lowest > 0.1,
        "Only with more hidden units": lowest == 0,  # it does not depend on the network
    })  # fmt: skip
    found = followers(train, start.dataset.vocabulary, torch.zeros(3, dtype=torch.int64))
    told.holds(2, "occurs four times, followed by b, i, v and c", dict(found.counts) == dict.fromkeys("bivc", 1))
    told.says(2, "the lowest possible train loss is {}.", lowest)

    told.trained(3, "The train loss is {}, close to the limit", end.train)
    assert end.train < lowest + CLEARLY
    after = {
        characters[i]: p for i, p in enumerate(end.probabilities(torch.zeros(1, 3, dtype=torch.int64))[0].tolist())
    }
    told.says(3, "gives b, i, v and c about {} each", 0.25)
    assert all(abs(after[character] - 0.25) < 0.01 for character in "bivc")

    names = sample(end.model, end.dataset.vocabulary, 8, end.settings.seed)
    known = [name for name in names if name in ("bulbasaur", "ivysaur", "venusaur")]
    told.says(4, "{} of {} are bulbasaur, ivysaur or venusaur", len(known), len(names))
    assert len(set(known)) == 3
    told.holds(4, "The other one begins with “charm”", [n[:5] for n in names if n not in known] == ["charm"])
    context = "".join(characters[i] for i in [*train.X[-1].tolist(), int(train.Y[-1])])
    told.holds(4, "stop in the middle of charmander", context == "harm")
    told.choices(4, {
        "About 0.2": abs(end.dev - 0.2) < 0.1, "About 3.5, a uniform guess": abs(end.dev - 3.5) < 1,
        "About 15": abs(end.dev - 15) < 0.5,
    })  # fmt: skip
    told.trained(4, "The train loss is {}. What is the dev loss?", end.train)
    told.trained(4, "It is {}.", end.dev)
    told.check()


def test_learning_rate() -> None:
    told = Claims("learning-rate")
    low, right, high, untrained, middle, lowered = (told.at(step) for step in (2, 3, 4, 5, 7, 8))

    start, tenth, half = run(0, low.settings), run(200, low.settings), run(1000, low.settings)
    told.says(1, "Here it is {}, a hundredth of the usual {}. The train loss starts at {}.", 0.001, 0.1, start.train)
    assert (low.settings.learning_rate, Settings().learning_rate) == (0.001, 0.1)
    told.choices(1, {
        "To about 2.8": abs(low.train - 2.8) < 0.5, "To about 9": abs(low.train - 9) < 0.5,
        "Not at all": abs(low.train - start.train) < 1,
    })  # fmt: skip
    told.says(1, "fall in {} steps?", low.step)
    told.holds(1, "the loss falls all the time", start.train > tenth.train > half.train > low.train + CLEARLY)
    told.says(1, "after {} steps", low.step)
    told.trained(1, "it is still {}.", low.train)
    told.trained(2, "The train loss is {} and still falling", low.train)
    assert run(2500, low.settings).train < low.train - CLEARLY
    told.trained(3, "It reaches {} in the same {} steps", right.train, low.step)
    told.choices(3, {
        "About 2.5": abs(high.train - 2.5) < 0.5, "About 8, as with 0.001": abs(high.train - 8) < 2,
        "Above 19.68, worse than untrained": high.train > start.train + 5,
    })  # fmt: skip
    told.plain(3, "And with a rate of 10?", "what the next step does")
    told.says(3, "far above {}, where it started", start.train)
    assert high.settings.learning_rate == 10

    assert untrained.settings.differences(right.settings) == []
    assert untrained.step == 0
    curve = _rates()
    told.holds(5, "stops when the loss explodes", curve.stopped)
    told.trained(6, "it suggests about {}", curve.suggested)
    told.holds(6, "half of the rate where the valley ends", SAFETY == 0.5)

    told.trained(7, "train {}, dev {}.", middle.train, middle.dev)
    told.choices(7, {
        "Nothing, because the steps are too small": abs(lowered.train - middle.train) < CLEARLY,
        "Both losses fall": max(lowered.train - middle.train, lowered.dev - middle.dev) < -CLEARLY,
        "Train falls and dev rises": lowered.dev > middle.dev,
    })  # fmt: skip
    told.plain(7, "lower the rate to 0.01", "what the next step does")
    told.says(7, "in the next {} steps", lowered.step - middle.step)
    told.trained(7, "Train falls to {} and dev to {}.", lowered.train, lowered.dev)
    told.trained(7, "would still be {} at step 12,000, and {} only at 20,000",
                 run(12_000, untrained.settings).train, run(20_000, untrained.settings).train)  # fmt: skip
    assert lowered.settings == untrained.settings.with_changes(learning_rate=0.01)
    told.check()


def test_fit_by_dragging() -> None:
    told = Claims("fit-by-dragging")
    train, dev = _map()
    units, examples = MAP.x[1], MAP.y[1]
    every = len(told.at(1).dataset.train)

    def cell(losses: Tensor, x: int, y: int | None) -> float:
        return losses[examples.index(y), units.index(x)].item()

    told.says(1, "{} networks", train.numel())
    told.holds(1, "eight numbers of hidden units", (MAP.x[0], len(units)) == ("hidden", 8))
    told.says(1, "from {} to {},", units[0], units[-1])
    told.holds(1, "eight numbers of training examples", (MAP.y[0], len(examples)) == ("train_examples", 8))
    told.says(1, "from {} to all {}.", examples[0], every)
    asked = {
        "300 units, 512 examples": cell(dev, 300, 512), "10 units, all examples": cell(dev, 10, None),
        "300 units, all examples": cell(dev, 300, None),
    }  # fmt: skip
    told.choices(1, {text: all(loss < each - 0.1 for each in asked.values() if each != loss)
                     for text, loss in asked.items()})  # fmt: skip
    told.holds(1, "Which of these three", len(asked) == 3)
    told.trained(1, "With {} units and all examples the dev loss is {}, with {} units {}.",
                 10, cell(dev, 10, None), 300, cell(dev, 300, None))  # fmt: skip
    told.holds(1, "More units fit the train names better", cell(train, 300, None) < cell(train, 10, None) - 0.1)
    told.trained(1, "With {} examples it is {}.", 512, cell(dev, 300, 512))

    told.says(3, "has {} hidden units", 2)
    told.trained(3, "Its train and dev loss are both {}:", cell(train, 2, None))
    assert abs(cell(train, 2, None) - cell(dev, 2, None)) < CLEARLY

    lowest = dev[-1].min().item()
    told.says(4, "Now {} units", 300)
    told.trained(4, "the train loss is {}.", cell(train, 300, None))
    told.trained(4, "went down from {} to about {} and then up to {}.",
                 cell(dev, 2, None), lowest, cell(dev, 300, None))  # fmt: skip
    further = units.index(10)
    told.choices(4, {
        "The train loss is low": False,  # so it is for networks that fit well
        "From 10 to 300 units train falls while dev rises": train[-1].diff()[further:].max() < 0
        and dev[-1, -1] > dev[-1, further] + 0.2,
        "The dev loss is above the train loss": (dev[-1] < train[-1]).any(),  # nor is that a sign: see below
    })  # fmt: skip
    told.says(4, "tells you that {} units overfit", 300)
    told.plain(4, "the two move in opposite directions", "train and dev loss")
    told.holds(4, "dev is above train for nearly every network here", (dev > train).double().mean() > 0.9)

    told.says(5, "The same {} units with only {} examples", 300, 512)
    told.trained(5, "train {}, dev {}.", cell(train, 300, 512), cell(dev, 300, 512))
    few, rich = cell(dev, 2, 512), cell(dev, 300, 512)
    told.choices(5, {
        "Yes, then they do as well as with all examples": few < cell(dev, 2, None) + CLEARLY,
        "Yes, but more examples would help more": few < rich - 1 and dev[-1].max() < few - 0.1,
        "No, the dev loss is worse with them": few > rich,
    })  # fmt: skip
    told.says(5, "Do {} hidden units do better when there are only {} examples?", 2, 512)
    told.trained(5, "With {} units the dev loss is {} instead of {}.", 2, few, rich)
    told.holds(5, "it is below 3 for every number of units in the map", (dev[-1] < 3 - CLEARLY / 2).all())
    told.trained(6, "the dev loss falls from {} to {}.", few, cell(dev, 2, None))
    told.check()


def test_the_map_has_the_cells_that_the_lesson_goes_to() -> None:
    lesson = Claims("fit-by-dragging").lesson
    for action in (action for step in lesson.steps for action in step.do):
        if action.action == "map_cursor":
            assert action.x in MAP.x[1]
            assert (None if action.y == "all" else action.y) in MAP.y[1]


def test_remedies() -> None:
    told = Claims("remedies")
    over, best, fewer, longer = (told.at(step) for step in (2, 3, 4, 8))
    assert over.settings == PRESETS["over_fit"].settings

    told.says(1, "{} hidden units, but only {} examples", over.settings.hidden, len(over.dataset.train))
    told.says(1, "In {} steps", over.step)
    told.trained(1, "the train loss will fall to {}.", over.train)
    start = run(0, over.settings)
    told.choices(1, {
        "Fall as the train loss does": over.dev < best.dev, "Fall first and then rise": best.dev < start.dev - 0.5
        and over.dev > best.dev + 0.5,
        "Rise from the start": best.dev > start.dev,
    })  # fmt: skip
    told.says(1, "in these {} steps?", over.step)
    told.holds(2, "it is lowest near step 250", 200 <= best.step <= 300 and best.dev < over.dev - 0.5)
    told.trained(2, "the train loss falls to {}.", over.train)
    told.trained(3, "The dev loss is {} at step 3,000", over.dev)
    told.holds(3, "Near step 250", 200 <= best.step <= 300)
    told.trained(3, "it was {}.", best.dev)

    told.says(4, "{} hidden units instead of {}.", fewer.settings.hidden, over.settings.hidden)
    told.trained(4, "The dev loss ends at {}.", fewer.dev)
    assert fewer.settings.differences(over.settings) == ["hidden"]

    ends = _remedies()
    told.holds(5, "four remedies", len(REMEDIES) == 4)
    told.plain(5, "each for 3,000 steps", "the preset's steps")
    assert PRESETS["over_fit"].steps == 3000
    offered = ("Early stopping", "Fewer units", "Weight decay")
    told.choices(5, {label: all(ends[label] < ends[other] - CLEARLY for other in offered if other != label)
                     for label in offered})  # fmt: skip
    told.holds(5, "Which of these three", len(offered) == 3)
    told.trained(5, "Weight decay ends at {}, fewer units at {}, early stopping at {}; with no remedy it is {}.",
                 ends["Weight decay"], ends["Fewer units"], ends["Early stopping"], ends["Overfit"])  # fmt: skip
    told.trained(5, "is as good as weight decay: {}.", ends["More examples"])
    assert abs(ends["More examples"] - ends["Weight decay"]) < CLEARLY

    later = {name: run(10_000, over.settings, **REMEDIES[name].changes)
             for name in ("more_words", "fewer_units", "weight_decay")}  # fmt: skip
    told.choices(7, {
        "More examples: all instead of 2,048": later["more_words"].dev < 2.9,
        "Fewer units: 10 instead of 200": later["fewer_units"].dev < 2.9,
        "Weight decay": later["weight_decay"].dev < 2.9 - CLEARLY,
    })  # fmt: skip
    assert REMEDIES["fewer_units"].changes == {"hidden": 10}
    told.plain(7, "10,000 steps instead of 3,000", "what `later` trains")
    told.holds(7, "Which of these three", len(later) == 3)
    told.plain(7, "below 2.9", "the question's own bound")
    told.trained(7, "With weight decay the dev loss is {}.", later["weight_decay"].dev)
    told.trained(7, "With all examples it has risen to {} and with 10 units to {}",
                 later["more_words"].dev, later["fewer_units"].dev)  # fmt: skip
    told.says(8, "{} units, 10,000 steps", longer.settings.hidden)
    told.trained(8, "ends at {}.", longer.dev)
    told.holds(8, "The dev loss has turned", longer.dev > fewer.dev + CLEARLY)
    told.check()


@cache
def _rates() -> RateCurve:
    """What the finder finds for the network that the lesson asks about."""
    return find_rate(Trainer(_of_the_finder().settings))


def _of_the_finder() -> Stand:
    return Claims("learning-rate").at(5)


@cache
def _map() -> tuple[Tensor, Tensor]:
    """Train and dev losses of the lab's first map, (examples, units)."""
    fits = FitMap(MAP.settings, x=MAP.x, y=MAP.y)
    fits.step(MAP.steps)
    return fits.loss("train"), fits.loss("dev")


@cache
def _remedies() -> dict[str, float]:
    """Where the dev loss of the overfitting run and of each remedy ends."""
    compared = Comparison(*remedies())
    compared.run_for(math.inf)
    return {attempt.label: attempt.final[1] for attempt in compared.attempts}
