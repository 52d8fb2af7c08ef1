"""What the six lesson pages share: the reader's word and position, the code beside a picture, the way on."""

from dataclasses import dataclass

import streamlit as st
from torch import Tensor

from mlp.engine.snapshot import Snapshot
from mlp.lessons.examples import Row, WordExamples, read_word, word_examples
from mlp.lessons.mistakes import Mistake
from pages.ui.live.session import current
from pages.ui.shared.plain import plain

WORD = "ralts"

ORDER = [
    ("examples.py", "Examples", "From words to X and Y"),
    ("lookup.py", "Lookup table", "The embedding matrix C, and what C[X] returns"),
    ("hidden.py", "Hidden layer", "Concatenation, W1, b1 and tanh"),
    ("output.py", "Output and loss", "Logits, probabilities, cross-entropy"),
    ("backward.py", "Backward pass", "Where the gradients come from"),
    ("network.py", "The whole network", "Bengio’s figure 1, with live values"),
]
EXPLAINED_ON = {
    "X": "examples", "C": "lookup", "embedded": "lookup", "concatenated": "hidden", "W1": "hidden", "b1": "hidden",
    "hidden": "hidden", "W2": "output", "b2": "output", "logits": "output", "probabilities": "output", "W": "network",
}  # fmt: skip  # the parts of the network (`mlp.lessons.architecture.parts`), each with the page that explains it


@dataclass(frozen=True)
class Pick:
    """The word and position that the reader looks at, with the examples of that word.

    X: (n, block_size) and Y: (n,) int64 are all the word's examples; x: (1, block_size) and y: (1,) the chosen one.
    """

    examples: WordExamples
    position: int

    @property
    def word(self) -> str:
        return self.examples.word

    @property
    def row(self) -> Row:
        return self.examples.rows[self.position]

    @property
    def X(self) -> Tensor:
        return self.examples.X

    @property
    def Y(self) -> Tensor:
        return self.examples.Y

    @property
    def x(self) -> Tensor:
        return self.X[self.position : self.position + 1]

    @property
    def y(self) -> Tensor:
        return self.Y[self.position : self.position + 1]


def snapshot() -> Snapshot:
    """The network at the moment that the page looks at."""
    session = current()
    return session.look(session.run.now())


def pick(now: Snapshot) -> Pick:
    """The reader's word and position; the same on every lesson page. Bad input says why and leaves the last word."""
    left, right = st.columns([1, 2], gap="medium", vertical_alignment="bottom")
    vocabulary, block_size = now.dataset.vocabulary, now.settings.block_size
    typed = left.text_input(
        "Word", example_word(now), key=of_list("lesson_word", now),
        persist_state="session", help="Type any word of these characters; it does not have to be in the word list.",
    )  # fmt: skip
    try:
        word = read_word(typed, vocabulary)
        st.session_state.lesson_last_word = word
    except ValueError as error:
        word = st.session_state.get("lesson_last_word", now.dataset.train.words[0])
        if not vocabulary.knows(word):
            word = now.dataset.train.words[0]
        st.warning(plain(f"{error} This page keeps showing “{word}”."), icon=":material/edit:")
    examples = word_examples(word, vocabulary, block_size)
    count = len(examples.rows)  # with its number each label is another one, which Streamlit needs to tell them apart
    labels = [f"Example {i} of {count}:  {row.arrow()}" for i, row in enumerate(examples.rows, start=1)]
    with right:
        chosen = st.select_slider(
            "Example (position of the window)", range(len(labels)), key=f"lesson_position_{len(labels)}",
            format_func=labels.__getitem__, persist_state="session",
        )  # fmt: skip
    return Pick(examples, chosen)


def example_word(now: Snapshot) -> str:
    """A word to begin with: the notes' own, or the first of a user's list."""
    return WORD if now.recipe.words.own is None else now.dataset.train.words[0]


def of_list(key: str, now: Snapshot) -> str:
    """The key of a field whose text only makes sense with one word list."""
    words = now.recipe.words
    return key if words.own is None else f"{key}_{words.id[:8]}"


def code(text: str) -> None:
    """A few lines of PyTorch beside what they make."""
    st.code(text, language="python", wrap_lines=True)


def refused(slip: Mistake) -> None:
    """A line of code that goes wrong, what PyTorch says of it, and why."""
    code(slip.code)
    if slip.error:
        st.error(f"**{slip.error}**: {plain(slip.message)}", icon=":material/error:")
    st.markdown(slip.why)


def way_on(file: str) -> None:
    """Links to the page before and the page after, in the order of the notes."""
    names = [name for name, _, _ in ORDER]
    here = names.index(file)
    left, right = st.columns(2)
    before = ORDER[here - 1] if here else ("playground.py", "Playground", "")
    left.page_link(before[0], label=f"Back: {before[1]}", icon=":material/arrow_back:")
    after = ORDER[here + 1] if here + 1 < len(ORDER) else ("playground.py", "Playground", "")
    right.page_link(after[0], label=f"Next: {after[1]}", icon=":material/arrow_forward:")
