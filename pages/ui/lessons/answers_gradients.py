"""What the notes ask in passing, answered where it comes up: on the pages on output and loss and the backward pass."""

import math

import streamlit as st
import torch
from torch import Tensor

from mlp.engine.snapshot import Snapshot
from mlp.lessons import last_lines, slips
from mlp.lessons.by_heart import PRESET, by_heart
from mlp.lessons.descent import descent
from mlp.lessons.mistakes import mistake
from mlp.lessons.output import price
from mlp.model import Model
from mlp.plots.patches import Patch
from pages.ui.lessons import lesson
from pages.ui.live import components as live
from pages.ui.live.session import current
from pages.ui.shared.formatting import format_number
from pages.ui.shared.once import cached_per_network, show_spaces
from pages.ui.shared.plain import plain
from pages.ui.shared.throttle import if_same_shape

LOOP_STEPS, LOOP_EXAMPLES = 10, 32
SURE, UNSURE = 0.5, 0.001

WHY_LOG = (
    "Why the logarithm, the minus and the mean? The probability of all examples together is a product of many small "
    "numbers, which underflows; its logarithm is a sum. ln of a probability is negative, so the minus makes it a cost. "
    "The mean makes it independent of the batch size. It also punishes confident mistakes: "
    f"p = {SURE:g} costs {price(SURE):.2f}, p = {UNSURE:g} costs {price(UNSURE):.1f}."
)
GENERATOR = (
    "`torch.Generator().manual_seed(…)` is a source of random numbers that gives the same ones each time. The *order* "
    "of the `randn` calls matters: whoever draws first gets the first numbers."
)
NONE = (
    "Why `None` and not zeros? `None` frees the tensor, and the next `backward()` writes instead of adding: nobody has "
    "to fill memory with zeros."
)
DOWNHILL = (
    "The gradient points uphill, so the minus goes downhill. The learning rate is a trial value: the learning-rate "
    "finder in the fitting lab shows the range that works."
)


def sums(logits: Tensor) -> None:
    """Why the sums keep their dimension; logits (B, V)."""
    B = len(logits)
    with st.expander("Why keepdim=True?"):
        st.write(
            f"`sum(1)` adds along each row. `keepdim=True` keeps the result as ({B}, 1), so each row is divided by its "
            "own sum. (`keepdims`, as in NumPy, is an alias.) Without it:"
        )
        lesson.refused(slips.without_keepdim(logits))


def picking(B: int) -> None:
    """What two index tensors pick, and a slip of the keyboard."""
    with st.expander("What does prob[torch.arange(len(Y)), Y] pick?"):
        st.write(
            "Two index tensors are paired: entry n is `prob[n, Y[n]]`, the probability of the target of example n. "
            f"Here that gives {B:,} numbers; `prob[:, Y]` would be a {B:,} × {B:,} table. It is `arange`, with one r:"
        )
        lesson.refused(
            mistake(
                f"torch.arrange({B})",
                lambda: torch.arrange(B),  # type: ignore[attr-defined]  # which is the slip
                "Likewise a shape is a `torch.Size`, with a capital S.",
            )
        )


def two_modules(now: Snapshot, X: Tensor, Y: Tensor) -> None:
    """cross_entropy as two modules, and what it refuses or silently takes; contexts X (B, T), targets Y (B,)."""
    logits = now.model.forward(X).logits

    def view(then: Snapshot) -> Patch:
        names = "NLLLoss of LogSoftmax", "F.cross_entropy(logits, Y)", "F.cross_entropy(prob, Y)"
        losses = slips.in_two_modules(then.model.forward(X).logits, Y)
        rows = [[name, format_number(loss)] for name, loss in zip(names, losses, strict=True)]
        return {"columns": ["mean loss of your word", "nats"], "rows": rows}

    with st.expander("cross_entropy = LogSoftmax, then NLLLoss"):
        lesson.code("nn.NLLLoss()(nn.LogSoftmax(1)(logits), Y)")
        st.write(
            "The first two are the same. `F.cross_entropy` takes logits, not probabilities: if you apply softmax "
            "first, it is applied twice, without an error, and the third number comes out."
        )
        live.live_table("output-modules", "cross_entropy and its two parts", if_same_shape(now, view), mono=True)
        lesson.refused(slips.int32_targets(logits, Y))


def recording(logits: Tensor, Y: Tensor) -> None:
    """What backward() says where nothing was recorded."""
    st.write("Without the `requires_grad_()` of its first lines:")
    lesson.refused(slips.not_recording(logits, Y))


def why_data(parameter: Tensor) -> None:
    """Why `.data`, why minus, and why this rate."""
    st.write(DOWNHILL)
    with st.expander("Why .data?"):
        st.write("Without it PyTorch refuses:")
        lesson.refused(slips.without_data(parameter))


def whole_loop(now: Snapshot) -> None:
    """The training loop in one piece, and the losses it prints from these settings’ fresh weights."""
    train = now.dataset.train.first(LOOP_EXAMPLES)
    rate = now.settings.learning_rate

    def losses() -> list[float]:
        fresh = Model(now.settings, len(now.dataset.vocabulary))
        return descent(fresh, [(train.X, train.Y)] * LOOP_STEPS, rate).cleared

    printed = cached_per_network(now, f"loop {rate}", losses)
    with st.expander("Show the code: the whole training loop, to copy"):
        lesson.code(last_lines.training_loop(now.settings.direct, LOOP_STEPS))
        many = f"the first {len(train)} training examples" if len(train) > 1 else "the first training example"
        st.write(
            f"With X and Y {many}, the untrained weights of your seed and lr = {rate:g}, its {LOOP_STEPS} steps print: "
            f"{', '.join(_printed(loss) for loss in printed)}."
        )


def _printed(loss: float) -> str:
    return f"{loss:.4f}" if math.isfinite(loss) else str(loss)


def known_by_heart() -> None:
    """The notes' run of 32 examples: how far its loss falls, why not to 0, and a button that loads it."""
    found = by_heart()
    named = ", ".join(f"“{plain(show_spaces(character))}”" for character, _ in found.start.counts)
    context = plain(show_spaces(found.start.context))
    st.write(
        f"The notes train on the first {found.examples} examples of the Pokémon list. After {found.steps:,} steps the "
        f"train loss is {found.loss:.2f}, close to the lowest possible {found.lowest:.2f}: the network has memorised "
        f"them. It cannot reach 0, because the context “{context}”, with which every word begins, is followed "
        f"by {named}."
    )

    def load() -> None:
        current().run.load(PRESET.settings, PRESET.steps, PRESET.description)

    st.button(
        "Load this run", on_click=load, icon=":material/play_circle:",
        help="Replaces your network; *Undo* in the bar above brings it back.",
    )  # fmt: skip
