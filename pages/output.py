"""Output and loss: logits become probabilities, and probabilities one number: how wrong the prediction is."""

import math
from collections.abc import Callable
from typing import Any

import streamlit as st
from torch import Tensor

from mlp.engine.snapshot import Snapshot
from mlp.lessons import last_lines
from mlp.lessons.effort import max_examples
from mlp.lessons.output import first_losses, largest_of, output, worst
from mlp.lessons.snippets import forward_lines, logits_lines, page_lines
from mlp.plots import example_losses, probabilities, softmax
from mlp.settings import SPECS
from pages.ui.lessons import answers_gradients, lesson, output_tables, predict_output
from pages.ui.live import components as live
from pages.ui.shared import tensor_chart
from pages.ui.shared.throttle import Throttled, if_same_shape

NOTES = 17.0956

now = lesson.snapshot()
st.title("Output and loss", anchor=False)
st.write(
    "From the hidden layer the network computes one raw score per character, the *logits*. Softmax turns logits into "
    "probabilities, and the loss turns probabilities into one number: how wrong the prediction is. Training does one "
    "thing: lower that number."
)
picked = lesson.pick(now)
characters, V, rows = now.dataset.vocabulary.characters, len(now.dataset.vocabulary), picked.examples.rows
lines, snippets = forward_lines(now.settings.direct), page_lines(now.settings.direct)
place, true, label = picked.position, picked.row.label, picked.row.label_index


def logits_of(snapshot: Snapshot) -> Tensor:
    return snapshot.model.forward(picked.X).logits


def parameter(name: str) -> Callable[[Snapshot], Tensor]:
    return lambda s: s.model.parameters[name]


def show(key: str, module: Any, *arguments: Any) -> None:
    """One example's logits, drawn by a figure module."""
    drawn = module.figure(logits_of(now)[place], *arguments)
    live.chart(key, module.TITLE, drawn, if_same_shape(now, lambda s: module.update(logits_of(s)[place], *arguments)))


st.subheader("Logits: one raw score per character", anchor=False)
left, right = st.columns([3, 1], gap="medium")
with right:
    st.write(
        "One row per example of your word, one column per possible next character. Blue is positive, red negative; "
        "the frame marks your example. Hover over a cell for its value. Only the *differences* within a row matter: "
        "adding the same number to a whole row changes nothing, but doubling the row makes the prediction more "
        "confident."
    )
    lesson.code(lines["logits"])
    weights = st.toggle("Show W2 and b2", key="output_weights", persist_state="session")
with left:
    tensor_chart.show("output-logits", now, "logits", logits_of, rows, mark=place)
    for name in ("W2", "b2") if weights else ():
        tensor_chart.show(f"output-{name}", now, name, parameter(name), rows)

st.subheader("From logits to probabilities: softmax", anchor=False)
st.write(
    f"Your example `{picked.row.arrow()}`, one bar per character; the green bar is the next character, the *target*. "
    "First, `exp` makes every logit positive: a logit that is 1 higher gives a number e ≈ 2.72 times as large. Then "
    "each number is divided by their sum, so that all probabilities add up to 1."
)
left, right = st.columns([3, 2], gap="medium")
with left:
    show("output-softmax", softmax, label, characters)
    show("output-probabilities", probabilities, label, characters)
with right:
    st.latex(r"p_j = \frac{e^{z_j}}{\sum_k e^{z_k}}")
    st.write("$z_j$ is the logit of character $j$, $p_j$ its probability. This function is the *softmax*.")
    lesson.code(snippets["probabilities"])
    view = if_same_shape(now, lambda s: output_tables.sums(output(logits_of(s), picked.Y), place, label, true))
    live.live_table("output-sums", "Your example in numbers", view)
    st.write(f"The dotted line is a uniform guess: the same probability, 1/{V}, for every character.")
    answers_gradients.sums(logits_of(now))
predict_output.temperature(now)

st.subheader("The loss: how surprised the network is (negative log-likelihood)", anchor=False)
left, right = st.columns([3, 2], gap="medium")
with left:
    drawn = example_losses.figure(logits_of(now), picked.Y, rows)
    view = if_same_shape(now, lambda s: example_losses.update(logits_of(s), picked.Y, rows))
    live.chart("output-losses", example_losses.TITLE, drawn, view)
    st.write(
        "The loss of one example is −ln of the probability given to the target: 0 if the network was certain and "
        "right, larger the less likely it thought the target was. Each bar is one example of your word. The green "
        "line is their mean, the loss; the dotted line is the loss of a uniform guess. The unit is the *nat* because "
        "ln is the natural logarithm."
    )
with right:
    st.latex(r"L = -\frac{1}{B} \sum_{n=1}^{B} \ln p_{n,\,y_n}")
    st.write(
        "$B$: number of examples; $p_{n,\\,y_n}$: the probability that the network gives the target $y_n$ of example "
        "$n$. By hand:"
    )
    lesson.code(snippets["loss_by_hand"])
    answers_gradients.picking(len(picked.Y))
    st.write("The same in one call, straight from the logits (log-softmax and negative log-likelihood in one):")
    lesson.code(snippets["loss_fused"])
    live.live_table(
        "output-loss",
        "The loss both ways",
        if_same_shape(now, lambda s: output_tables.losses(output(logits_of(s), picked.Y))),
    )
predict_output.prices(now, picked)
st.write(answers_gradients.WHY_LOG)

st.subheader("Why use F.cross_entropy?", anchor=False)
left, right = st.columns(2, gap="medium")
with left:
    st.write(
        "On paper, adding a constant to every logit of a row changes nothing: exp(logit) and the sum grow by the same "
        "factor. But the largest float32 is about 3.4 · 10³⁸ ≈ exp(88.7). Beyond that, exp gives *inf*, and inf / inf "
        "is *nan* (“not a number”). Far below 0 every exp becomes 0, and 0 / 0 is *nan* as well. `F.cross_entropy` "
        "subtracts the largest logit first and works with logarithms, so neither happens. It is also faster, because "
        "it is a single call."
    )
    answers_gradients.two_modules(now, picked.X, picked.Y)
    added = st.slider("Constant added to every logit", -200, 200, 0, key="output_added", persist_state="session")
with right:
    view = if_same_shape(
        now, lambda s: output_tables.overflow(output(logits_of(s), picked.Y, added), place, label, true, added)
    )
    live.live_table("output-added", "The loss with a constant added", view)
    with st.expander("Show the code"):
        lesson.code(last_lines.with_constant(added))

st.subheader("The hardest examples", anchor=False)
name = st.segmented_control(
    "Examples of", ["train", "dev"], default="train", required=True, key="output_split", persist_state="session"
)
split = now.dataset.split(name)
asked = split.first(max_examples(now.model, len(split)))
among = "all" if len(asked) == len(split) else f"the first {len(asked):,} of the"
st.write(
    f"The ten examples with the highest loss among {among} {len(split):,} {name} examples. Where one context has "
    "several possible next characters, the network cannot be right every time, it can only hedge its bets. During "
    "training the list refreshes now and then."
    if len(split)
    else f"There are no {name} examples with these settings."
)
worst_now = Throttled(lambda s: output_tables.hardest(worst(s.model, asked, s.dataset.vocabulary)))
left, right = st.columns([3, 2], gap="medium")
with left:
    live.live_table("output-worst", "The hardest examples", if_same_shape(now, worst_now), mono=True)
with right:
    st.write(f"With X and Y the {name} examples:")
    lesson.code(last_lines.WORST)
    st.write(
        "*Probability of target*: what the network gave the real next character. *Top prediction*: the character it "
        "found most likely. ␣ is a space."
    )

st.subheader("The loss before training", anchor=False)
left, right = st.columns(2, gap="medium")
train = now.dataset.train.first(max_examples(now.model, len(now.dataset.train)))
few = train.first(32)
starts = first_losses(now.model, train)
with left:
    st.write(
        f"An untrained network knows nothing, so it should give a uniform guess: probability 1/{V} for each character, "
        f"a loss of ln {V} = **{math.log(V):.4f}** nats. With weights from N(0, 1) (normal, mean 0, standard deviation "
        "1) it starts higher. Each logit is a sum of one random term per hidden unit plus a bias. If every unit were "
        f"at −1 or 1, the standard deviation of the logits would be √({now.settings.hidden:,} + 1) ≈ "
        f"{math.sqrt(now.settings.hidden + 1):.1f}; in practice it is usually a little "
        f"smaller{', but direct connections add to it' if now.settings.direct else ''}. The more the logits spread, "
        "the more confident softmax is in the largest one, and that is rarely the target."
    )
    st.write(output_tables.why_so_high(starts["normal"], largest_of(V), V))
with right:
    st.table(output_tables.starts(starts, first_losses(now.model, few), len(train), len(few)))
    st.write(
        "Computed for this network’s sizes and seed. *Spread* is the standard deviation of the logits of one example, "
        f"averaged over examples. Smaller starting weights keep the logits together and the first loss near ln {V} "
        f"(setting “{SPECS['init'].label}”). The notes’ code, run on the first 32 examples of the Pokémon list, starts "
        f"at {NOTES}."
    )
    with st.expander("Show the code of the first loss"):
        lesson.code(last_lines.first_loss(now.settings, V))
        st.write(answers_gradients.GENERATOR)
with st.expander("Show the code: from the context to the loss"):
    lesson.code("\n".join([logits_lines(now.settings.direct), snippets["probabilities"], snippets["loss_by_hand"]]))
lesson.way_on("output.py")
