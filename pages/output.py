"""Output and loss: scores become probabilities, and probabilities one number that says how wrong the network is."""

import math
from collections.abc import Callable
from typing import Any

import streamlit as st
from torch import Tensor

from mlp.engine.snapshot import Snapshot
from mlp.lessons import last_lines
from mlp.lessons.effort import affordable
from mlp.lessons.output import first_losses, largest_of, output, worst
from mlp.lessons.snippets import forward_lines, logits_lines, page_lines
from mlp.plots import example_losses, probabilities, softmax
from mlp.settings import SPECS
from pages.ui.lessons import lesson, output_tables
from pages.ui.live import components as live
from pages.ui.shared import tensor_chart
from pages.ui.shared.throttle import Seldom, fitting

NOTES = 17.0956

now = lesson.snapshot()
st.title("Output and loss", anchor=False)
st.write(
    "The hidden layer becomes one score for each character, the scores become probabilities, and the probabilities "
    "become one number, the loss: how wrong the network is. Training does nothing but push that number down."
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
    live.chart(key, module.TITLE, drawn, fitting(now, lambda s: module.update(logits_of(s)[place], *arguments)))


st.subheader("Logits: one score for each character", anchor=False)
left, right = st.columns([3, 1], gap="medium")
with right:
    st.write(
        "One row for each example of the word, one column for each character that could come next. A score above 0 is "
        "blue, one below 0 red; the frame marks the example you picked. Point at a cell for its number. Only how the "
        "scores of a row compare matters, not how large they are."
    )
    lesson.code(lines["logits"])
    weights = st.toggle("Show W2 and b2", key="output_weights", persist_state="session")
with left:
    tensor_chart.show("output-logits", now, "logits", logits_of, rows, mark=place)
    for name in ("W2", "b2") if weights else ():
        tensor_chart.show(f"output-{name}", now, name, parameter(name), rows)

st.subheader("From scores to probabilities", anchor=False)
st.write(
    f"The picked example `{picked.row.arrow()}`, with a bar for each character; the green bar is the one that really "
    "follows. First `exp` makes every score positive and stretches the distances: a score that is 1 higher counts "
    "e ≈ 2.72 times as much. Then each is divided by the sum of them all, so that together they make 1."
)
left, right = st.columns([3, 2], gap="medium")
with left:
    show("output-softmax", softmax, label, characters)
    show("output-probabilities", probabilities, label, characters)
with right:
    st.latex(r"p_j = \frac{e^{z_j}}{\sum_k e^{z_k}}")
    st.write("$z_j$ is the score of character $j$ and $p_j$ its probability. This is called *softmax*.")
    lesson.code(snippets["probabilities"])
    view = fitting(now, lambda s: output_tables.sums(output(logits_of(s), picked.Y), place, label, true))
    live.text("output-sums", "The picked example in numbers", view)
    st.write("The dotted line is even guessing: the same probability for every character.")

st.subheader("The loss: how surprised the network is", anchor=False)
left, right = st.columns([3, 2], gap="medium")
with left:
    drawn = example_losses.figure(logits_of(now), picked.Y, rows)
    view = fitting(now, lambda s: example_losses.update(logits_of(s), picked.Y, rows))
    live.chart("output-losses", example_losses.TITLE, drawn, view)
    st.write(
        "The loss of one example is −ln of the probability that the true character got: 0 where the network was sure "
        "and right, and larger the less it expected that character. Each bar is one example of the word. The green "
        "line is their mean, *the* loss; the dotted line is what even guessing loses. The unit is the *nat*, because "
        "ln is the natural logarithm."
    )
with right:
    st.latex(r"L = -\frac{1}{B} \sum_{n=1}^{B} \ln p_{n,\,y_n}")
    st.write("$B$ examples; $p_{n,\\,y_n}$ is what example $n$ gave its true character $y_n$. By hand:")
    lesson.code(snippets["loss_by_hand"])
    st.write("The same in one call, from the logits:")
    lesson.code(snippets["loss_fused"])
    live.text(
        "output-loss",
        "The loss both ways",
        fitting(now, lambda s: output_tables.losses(output(logits_of(s), picked.Y))),
    )

st.subheader("Why one uses F.cross_entropy", anchor=False)
left, right = st.columns(2, gap="medium")
with left:
    st.write(
        "Adding the same constant to all scores of a row changes no probability: it multiplies count and sum alike. So "
        "it is on paper. But a float32 ends near 3.4 · 10³⁸, about exp(88.7). Above that a count is *inf*, and "
        "inf / inf is *nan*, “not a number”. Far below 0 every count becomes 0, and 0 / 0 is *nan* too. "
        "`F.cross_entropy` works with the logarithms and first takes the largest score away from all of them, so it "
        "meets neither; and doing all in one call is faster."
    )
    added = st.slider("Constant added to every logit", -200, 200, 0, key="output_added", persist_state="session")
with right:
    view = fitting(
        now, lambda s: output_tables.overflow(output(logits_of(s), picked.Y, added), place, label, true, added)
    )
    live.text("output-added", "The loss with a constant added", view)
    with st.expander("Show the code"):
        lesson.code(last_lines.with_constant(added))

st.subheader("Which examples hurt most", anchor=False)
name = st.segmented_control(
    "Examples of", ["train", "dev"], default="train", required=True, key="output_split", persist_state="session"
)
split = now.dataset.split(name)
asked = split.first(affordable(now.model, len(split)))
among = "all" if len(asked) == len(split) else f"the first {len(asked):,} of the"
st.write(
    f"The ten with the highest loss among {among} {len(split):,} {name} examples. Not all of it can be learnt: where "
    "one context is followed by different characters, the network can only spread its bets. While training plays, the "
    "list is renewed now and then."
    if len(split)
    else f"There are no {name} examples with these settings."
)
worst_now = Seldom(lambda s: output_tables.hardest(worst(s.model, asked, s.dataset.vocabulary)))
left, right = st.columns([3, 2], gap="medium")
with left:
    live.text("output-worst", "Examples that hurt most", fitting(now, worst_now), mono=True)
with right:
    st.write(f"With X and Y the {name} examples:")
    lesson.code(last_lines.WORST)
    st.write(
        "“Its probability” is what the network gave the character that really follows, “most likely” the character "
        "that it held for the likeliest. A space is written ␣."
    )

st.subheader("Where it starts", anchor=False)
left, right = st.columns(2, gap="medium")
train = now.dataset.train.first(affordable(now.model, len(now.dataset.train)))
few = train.first(32)
starts = first_losses(now.model, train)
with left:
    st.write(
        f"Before its first step the network knows nothing, so it should guess evenly: 1/{V} for each of {V} "
        f"characters, a loss of ln {V} = **{math.log(V):.4f}** nats. With weights drawn from N(0, 1) it starts "
        "above that. Each score then adds up a random number for each hidden unit, and a bias. If each unit stood at "
        f"−1 or 1, the scores of one example would spread by about √({now.settings.hidden:,} + 1) = "
        f"{math.sqrt(now.settings.hidden + 1):.1f}; as a rule it is a little less"
        f"{', and more with direct connections' if now.settings.direct else ''}. "
        "The wider the spread, the surer softmax is of the largest score, and as a rule that is not the true "
        "character’s."
    )
    st.write(output_tables.why_so_high(starts["normal"], largest_of(V), V))
with right:
    st.table(output_tables.starts(starts, first_losses(now.model, few), len(train), len(few)))
    st.write(
        "For this network’s sizes and seed. The spread is the standard deviation of the scores of one example. Smaller "
        f"starting weights keep the scores together, and the first loss near ln {V} (“{SPECS['init'].label}” in the "
        f"settings). The notes’ first loss is {NOTES}: the default settings, on the first 32 training examples."
    )
    with st.expander("Show the code of the first loss"):
        lesson.code(last_lines.first_loss(now.settings, V))
with st.expander("Show the code: from the context to the loss"):
    lesson.code("\n".join([logits_lines(now.settings.direct), snippets["probabilities"], snippets["loss_by_hand"]]))
lesson.way_on("output.py")
