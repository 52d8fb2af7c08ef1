"""What the notes ask in passing, answered where it comes up: on the pages from words to the hidden layer."""

import streamlit as st

from mlp.dataset import Dataset, Vocabulary
from mlp.engine.snapshot import Snapshot
from mlp.lessons.draws import draws
from mlp.lessons.slips import transposed, unjoined
from mlp.model import Forward
from pages.ui.lessons import lesson
from pages.ui.shared.once import cached_per_network
from pages.ui.shared.plain import plain

EXAMPLES = 32
MOST_NAMED = 12

IDEA = (
    "At the start the rows of C are random. Training changes C exactly like the weights, so characters that are used "
    "alike end up close together."
)
HYPERBOLIC = (
    "Why *hyperbolic*? Sine and cosine are the coordinates of a point on the circle $x^2 + y^2 = 1$; sinh and cosh "
    "are those of a point on the hyperbola $x^2 - y^2 = 1$. They are "
    r"$\sinh a = \frac{e^a - e^{-a}}{2}$ and $\cosh a = \frac{e^a + e^{-a}}{2}$, and tanh is $\sinh a / \cosh a$."
)
CONTIGUOUS = "`view` needs memory that is in order. After two dimensions are swapped it is not:"


def characters(dataset: Dataset) -> str:
    """How many characters there are, and of which kinds: "34 = 33 characters (26 letters, …) + the boundary token"."""
    vocabulary = dataset.vocabulary
    return f"The indices go from 0 to {len(vocabulary) - 1}: {_kinds(vocabulary)} + the boundary token `.`."


def _kinds(vocabulary: Vocabulary) -> str:
    own = vocabulary.characters[1:]
    letters = [character for character in own if character.isalpha()]
    others = ["the space" if character == " " else plain(character) for character in own if not character.isalpha()]
    rest = others if len(others) <= MOST_NAMED else [f"{len(others)} others"]
    one = "" if len(letters) == 1 else "s"
    parts = ", ".join([*([f"{len(letters)} letter{one}"] if letters else []), *rest])
    return f"{len(vocabulary)} = {len(own)} character{'' if len(own) == 1 else 's'} ({parts})"


def dimensions(V: int, dim: int) -> str:
    """How many numbers a character has, and why so few may do."""
    drawn = ", and two can be drawn" if dim == 2 else ""
    number = "one number" if dim == 1 else f"{dim} numbers"
    return (
        "How many numbers does one need? The paper’s 17,000 words need many directions to be similar and different in "
        f"different ways. The {V} characters here have {number} each{drawn}; the setting *embedding dimension* gives "
        "them more. "
    )


def rand_or_randn(now: Snapshot) -> None:
    """Uniform and normal numbers, and what each does to the pre-activations of an untrained layer."""
    X = now.dataset.train.X[:EXAMPLES]
    found = cached_per_network(now, "draws", lambda: draws(now.settings, len(now.dataset.vocabulary), X))
    shape = now.model.shapes["W1"]
    with st.expander("rand or randn?"):
        st.markdown(
            "`torch.rand` draws uniformly from 0 to 1, so no number is negative. `torch.randn` draws from the normal "
            "distribution N(0, 1): about half are negative. For weights one takes numbers centred on 0. With `rand` "
            "all the pre-activations of an example shift the same way. Drawn here, for an untrained layer:"
        )
        st.table(
            {
                f"W1 of shape {shape} from": list(found),
                "negative numbers in W1": [f"{draw.negative:.0%}" for draw in found.values()],
                "an example’s pre-activations on the same side of 0": [
                    f"{draw.one_side:.0%}" for draw in found.values()
                ],
            }
        )


def like_a_line(inputs: int, hidden: int) -> str:
    """The layer as y = mx + b."""
    return (
        f"It is y = mx + b again: W1 is m and b1 is b, but with {inputs} input{'' if inputs == 1 else 's'} and "
        f"{hidden:,} output{'' if hidden == 1 else 's'} at once. b1 has the shape ({hidden:,},) and is added to every "
        f"row of the (B, {hidden:,}) product: *broadcasting*."
    )


def how_many_units() -> None:
    """The number of units is a choice, and the lab shows what it does."""
    st.markdown(
        "The number of hidden units is a choice: too few underfit, many overfit small data and cost time. The fitting "
        "lab lets you see it."
    )
    st.page_link("lab.py", label="The fitting lab", icon=":material/science:")


def not_joined(first: Forward, now: Snapshot) -> None:
    """What happens without joining."""
    st.markdown("Why join at all? Without it, the product with W1 goes wrong:")
    lesson.refused(unjoined(first.embedded, now.model.W1))


def in_order(first: Forward) -> None:
    """What `view` refuses, where it does."""
    slip = transposed(first.embedded)
    if slip.error:
        st.markdown(CONTIGUOUS)
        lesson.refused(slip)


def indices_in_a_list(index: int, V: int) -> str:
    """A list of indices and several indices."""
    three = [min(index + more, V - 1) for more in range(3)]
    return (
        f"`C[{three}]` takes three rows, but `C[{', '.join(map(str, three))}]` asks for one number at three indices, "
        "and C has only two dimensions (see the mistakes above)."
    )
