"""What the lessons on tanh, on the loss and on one step say is what the code, or plain autograd, gives."""

import math

import torch
import torch.nn.functional as F
from torch import Tensor

from mlp.analysis.presets import PRESETS
from mlp.lessons.backward import finite_difference, plain_update
from mlp.lessons.hidden import tanh_values
from mlp.lessons.output import output
from mlp.lessons.trace import gradients_by_autograd
from mlp.model import Model
from mlp.saturation import SATURATED
from tests.guided.claims import CLEARLY, Claims
from tests.guided.runs import FIRST, run

OTHER_SEEDS = (1, 2, 3)


def test_tanh_saturation() -> None:
    told = Claims("tanh-saturation")
    start, large, scaled, bad, better = (told.at(step) for step in (2, 3, 5, 6, 7))
    slopes = {a: slope for a, _, slope in tanh_values()}

    told.holds(1, "into the range −1 to 1", all(-1 < h < 1 for _, h, _ in tanh_values()))
    told.choices(1, {f"About {text}": abs(math.log(float(text) / slopes[3])) < 0.1 for text in ("0.5", "0.1", "0.01")})
    told.says(1, "The slope of tanh is {} at {}. What is it at {}?", slopes[0], 0, 3)
    told.says(1, "It is {}.", slopes[3])
    told.says(1, "only about {} %", 100 * slopes[3])

    found = start.saturation()
    told.says(2, "|h| is above {}", SATURATED)
    told.says(2, "{} % of the outputs on the first {} examples", 100 * found.fraction, FIRST)
    told.says(2, "saturated on all {} is called dead", FIRST)
    told.holds(2, "here none is", not found.dead)

    inputs = [stand.settings.block_size * stand.settings.embedding_dim for stand in (large, start)]
    told.says(3, "adds up {} products instead of {}.", *inputs)
    dead = len(large.saturation().dead)
    told.choices(3, {"None": dead == 0, "About a fifth of them": 15 <= dead <= 30, "Nearly all": dead > 80})
    told.says(3, "How many of the {} units are now saturated on all {} examples?", large.settings.hidden, FIRST)
    others = [len(run(2000, block_size=8, seed=seed).saturation().dead) for seed in OTHER_SEEDS]
    told.holds(3, "About a fifth are dead, with other seeds more or fewer", min(others) < 15 and max(others) > 30)
    told.says(3, "any of the {} examples", FIRST)

    assert scaled.settings == large.settings.with_changes(init="scaled")
    told.holds(5, "No unit is dead now", not scaled.saturation().dead)
    told.trained(5, "The dev loss is {} instead of {}:", scaled.dev, large.dev)
    assert scaled.dev < large.dev - CLEARLY

    told.says(6, "{} inputs per unit", bad.settings.block_size * bad.settings.embedding_dim)
    told.says(6, "After {} steps", PRESETS["bad_start"].steps)
    told.trained(6, "{} % of the outputs are saturated", 100 * bad.saturation().fraction)
    told.holds(6, "about half of the units are dead", 40 <= len(bad.saturation().dead) <= 60)
    told.trained(6, "the dev loss is {}.", bad.dev)
    assert better.settings == bad.settings.with_changes(init="scaled")
    told.says(7, "After {} steps", PRESETS["better_start"].steps)
    told.holds(7, "no unit is dead", not better.saturation().dead)
    told.trained(7, "the dev loss is {}.", better.dev)
    told.check()


def test_logits_to_loss() -> None:
    told = Claims("logits-to-loss")
    start, trained, again = (told.at(step) for step in (1, 4, 5))
    ralts = start.word("ralts")
    assert ralts.rows[1].arrow() == "..r ---> a"
    logits = start.model.forward(ralts.X).logits
    largest = logits[1].topk(2)
    ratio = math.exp(largest.values[0] - largest.values[1])

    told.holds(1, "Its largest logit belongs to “h”", largest.indices[0] == start.row("h"))
    told.choices(1, {
        "2.55 times": abs(ratio - 2.55) < 0.3, "About 13 times": abs(ratio - 13) < 0.5, "Exactly twice": ratio == 2,
    })  # fmt: skip
    told.says(1, "is {} higher than the next one", float(largest.values[0] - largest.values[1]))
    told.says(1, "e^{} is about {}.", float(largest.values[0] - largest.values[1]), ratio)

    p = start.probabilities(ralts.X)[1, start.row("a")].item()
    told.says(2, "a probability of about {}.", p)
    told.holds(2, "“a”", 0.5e-14 < p < 1.5e-14)  # that as many zeros stand there
    told.says(2, "minus the logarithm of that: {}.", -math.log(p))

    told.choices(3, {
        "About 4.6": abs(-math.log(0.01) - 4.6) < 0.05,
        "About 34.7, because p is 50 times smaller": abs(-math.log(0.01) - 34.7) < 1,
        "About 1.4": abs(-math.log(0.01) - 1.4) < 0.5,
    })  # fmt: skip
    told.says(3, "p = 0.5 costs {}.", -math.log(0.5))
    told.plain(3, "What does p = 0.01 cost?", "the question itself")
    told.says(3, "−ln 0.01 = {}.", -math.log(0.01))
    told.says(3, "Each time p becomes ten times smaller, the loss grows by the same {}.", math.log(10))

    after = trained.probabilities(ralts.X)
    target = after[1, start.row("a")].item()
    told.trained(4, "now has probability {}, a loss of {}.", target, -math.log(target))
    told.trained(4, "from {} to {}.", start.model.loss(ralts.X, ralts.Y), trained.model.loss(ralts.X, ralts.Y))

    assert again.model.theta.equal(start.model.theta)  # it is back at its start
    made, high = output(logits, ralts.Y), output(logits, ralts.Y, 100.0)
    told.holds(5, "On paper nothing changes", abs(high.fused - made.fused) < 1e-4)
    told.choices(5, {
        "It stays 22.56": abs(high.by_hand - 22.56) < 1, "It becomes nan": math.isnan(high.by_hand),
        "It grows by 100": abs(high.by_hand - made.by_hand - 100) < 1,
    })  # fmt: skip
    told.plain(5, "You add +100.", "as `high` is worked out")
    told.says(5, "exp({}) is too large for a float32", logits.max().item() + 100)
    assert torch.tensor(logits.max().item() + 100).exp().isinf()
    told.says(5, "still says {}.", high.fused)
    told.check()


def test_one_step() -> None:
    told = Claims("one-step")
    start = told.at(1)
    model, ralts = start.model, start.word("ralts")
    a, h = start.row("a"), start.row("h")
    slopes = gradients_by_autograd(model, ralts.X[1:2], ralts.Y[1:2])["logits"][0]
    p = start.probabilities(ralts.X[1:2])[0]
    assert torch.allclose(slopes, p - F.one_hot(torch.tensor(a), len(p)), atol=1e-6)

    told.holds(1, "probability minus 1 for the target, the probability itself for all others", slopes[h] == p[h])
    told.choices(1, {"+0.925": abs(slopes[h] - 0.925) < 5e-4, "−0.925": slopes[h] < 0, "0": slopes[h] == 0})
    told.says(1, "“h” has probability {} but", p[h].item())

    told.holds(2, "the largest gradient of a logit, by hand", slopes.abs().argmax() == a)
    told.says(2, "{}, that of “a”. All {} add up to {}:", slopes[a].item(), len(slopes), 0)
    assert abs(slopes.sum()) < 1e-5

    found = finite_difference(model, ralts.X, ralts.Y, "W1", (0, 0), 1e-4)
    slope = gradients_by_autograd(model, ralts.X, ralts.Y)["W1"][0, 0].item()
    told.says(3, "by ±{} and see how the loss of all six examples", found.epsilon)
    assert len(ralts.Y) == 6
    told.choices(3, {"It rises": slope > 0, "It falls": slope < 0, "It stays the same": slope == 0})
    told.says(3, "The gradient of W1[0, 0] is {}.", slope)
    told.plain(3, "W1[0, 0]", "the entry's name")
    told.says(3, "The measured slope is {},", found.measured)
    assert abs(found.measured - slope) < 1e-5

    moving = gradients_by_autograd(model, ralts.X, ralts.Y)["C"].abs().sum(1).nonzero()[:, 0]
    told.says(4, "Only {} of its {} rows have a gradient", len(moving), len(model.C))
    told.holds(4, "the characters in these contexts", set(moving.tolist()) == set(ralts.X.flatten().tolist()))

    ends = {rate: _after(model, ralts.X, ralts.Y, rate) for rate in (0.1, 0.5, 1.0, 2.0)}
    before = model.loss(ralts.X, ralts.Y)
    told.choices(5, {
        "The loss falls twenty times as much": ends[2.0] < before - 20 * (before - ends[0.1]),
        "The loss falls to 0": ends[2.0] < 0.01, "The loss ends higher than before": ends[2.0] > before + CLEARLY,
    })  # fmt: skip
    told.says(5, "from {} to {}.", before, ends[0.1])
    told.holds(5, "With lr = 0.1", told.at(5).settings.learning_rate == 0.1)
    told.holds(5, "with lr = 2, twenty times as large", 2 / told.at(5).settings.learning_rate == 20)
    told.says(5, "It ends at {}.", ends[2.0])
    told.holds(6, "Now the learning rate is 2", told.at(6).settings.learning_rate == 2)
    told.says(6, "Try {} and {} as well: the loss after the step is {} and {}, and {} with {}.",
              0.5, 1, ends[0.5], ends[1.0], ends[2.0], 2)  # fmt: skip
    told.check()


def _after(model: Model, X: Tensor, Y: Tensor, rate: float) -> float:
    """The loss after one plain step, by autograd; the page's own is the same."""
    slopes = gradients_by_autograd(model, X, Y)
    moved = model.at(model.theta - rate * torch.cat([slopes[name].flatten() for name in model.parameters]))
    loss = moved.loss(X, Y)
    assert abs(plain_update(model, X, Y, rate).loss_after - loss) < 1e-3
    return loss
