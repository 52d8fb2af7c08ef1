"""Examples: how a word becomes X and Y, how often characters occur, and the loss that no model can get below."""

import streamlit as st

from mlp.baselines import lowest_loss
from mlp.lessons import examples as facts
from mlp.lessons import first_lines
from mlp.lessons.first_lines import EXAMPLES
from mlp.lessons.snippets import page_lines
from mlp.plots import characters, followers, pairs, tensors, window
from mlp.snapshot import Snapshot
from pages.ui import example_views as views
from pages.ui import lesson, live
from pages.ui.once import once, still
from pages.ui.views import fitting

now = lesson.snapshot()
dataset, vocabulary, lines = now.dataset, now.dataset.vocabulary, page_lines(now.settings.direct)
st.title("Examples: from words to X and Y", anchor=False)
st.markdown(
    "A network learns from examples: here is some text, and this came next. Every word of the list gives several. "
    "Type a word, then drag the position: the window slides over it."
)
picked = lesson.pick(now)

st.subheader("A window slides over the word", anchor=False)
left, right = st.columns([3, 2], gap="medium")
with left:
    live.chart(
        "examples-window",
        window.TITLE,
        window.figure(picked.word, picked.position, now.settings.block_size, vocabulary.index),
        views.window_view(picked),
    )
    st.markdown(
        "The boxes with a **green edge** are the context, all that the network may see: as many characters as "
        "the *block size* in the settings says. The box with the **orange edge** is the next character, which it must "
        "predict. The dot `.` is the *boundary*: before the word it fills the window, after it it says that the word "
        "is over. Below each box stands the character’s index, because a network computes with numbers: `.` is 0, "
        "the others are numbered in a fixed order."
    )
with right:
    lesson.code(lines["examples"])
    st.caption("`words` is the list of words; `stoi` gives the index of each character.")
st.markdown("The window’s path over your word, first as characters and then as the indices that the network gets:")
live.text("examples-rows", "Examples of the word", views.rows_view(picked), mono=True)
with st.expander("Show the code that prints this picture"):
    lesson.code(EXAMPLES["picture"])

st.subheader("X and Y, as tensors", anchor=False)
st.markdown(
    "All contexts under each other are the tensor **X**, a row an example. All the characters that followed are **Y**, "
    "a number an example. Above each picture stand the name, the shape (rows, columns) and the kind of number: `int64` "
    "is a whole number. The stronger the colour, the larger the index; the frame marks the position you chose. The "
    "labels beside X and above Y are the characters that the indices stand for."
)
left, right = st.columns([3, 2], gap="medium")
x_view, y_view = views.tensor_views(picked)
with left:
    live.chart("examples-X", "X", tensors.figure("X", picked.X, positive=True), fitting(now, x_view))
    live.chart("examples-Y", "Y", tensors.figure("Y", picked.Y, positive=True), fitting(now, y_view))
with right:
    live.text("examples-shapes", "Shapes of X and Y", lambda then: views.shapes(then, picked.word), mono=True)
    st.caption("A word of n characters gives n + 1 examples: one for each character, and one for its end.")

st.subheader("How often characters and pairs occur", anchor=False)
counts = once(now, "pairs", lambda: facts.pair_counts(dataset))
single = once(now, "characters", lambda: facts.character_counts(dataset))
st.markdown(
    "Counted over all the words in use: train, dev and test. The bars say how often each character comes next; the "
    "boundary `.` ends every word once. In the square, the row is the first character of a pair and the column the "
    "one that comes next: the stronger the colour, the more often, with the count in the cell (and on hover) and "
    "nothing where the pair never occurs. The row of `.` shows how words begin, its column how they end. On a narrow "
    "screen, push the pictures sideways."
)
live.chart(
    "examples-characters",
    characters.TITLE,
    characters.figure(single, vocabulary.characters),
    still(once(now, "characters drawn", lambda: characters.update(single, vocabulary.characters))),
    wide=True,
)
live.chart(
    "examples-pairs",
    pairs.TITLE,
    pairs.figure(counts, vocabulary.characters),
    still(once(now, "pairs drawn", lambda: pairs.update(counts, vocabulary.characters))),
    wide=True,
)
with st.expander("Show the code"):
    lesson.code(EXAMPLES["characters"] + "\n\n" + lines["pairs"])

st.subheader("The split by word", anchor=False)
left, right = st.columns([3, 2], gap="medium")
left.markdown(
    "The network learns from the **train** words only. The **dev** words are held back, to see how it does on words "
    "it has never met and to choose settings by; the **test** words are for one last judgement at the very end. Whole "
    "words are dealt out, never single examples: otherwise the end of a word could be a training example and its "
    "beginning a dev example, and the judgement would be too kind."
)
with right:
    live.text("examples-split", "The split by word", lambda then: views.split(then, picked.word))
with st.expander("Show the code"):
    lesson.code(first_lines.split(len(dataset.dev.words), len(dataset.test.words), now.settings.seed))
    st.caption("`words` is the whole list. The setting *Training examples* keeps the first so many examples of train.")

st.subheader("The loss that no model gets below", anchor=False)
block_size = now.settings.block_size
st.markdown(
    "The same context is often followed by different characters. Whoever sees nothing but the context cannot be right "
    "every time; the best one can do is to give each character the probability with which it really follows. The "
    "*loss* measures the surprise that is left (in nats; 0 is no surprise at all). The green bars show what "
    "follows the context of your position in the training examples, the blue ones what the network expects: press Play "
    "and watch them come closer."
)
followed = facts.followers(dataset.train, vocabulary, picked.x[0])


def followers_view(then: Snapshot) -> dict:
    return followers.update(followed, then.model.forward(picked.x).logits[0], vocabulary.characters)


live.chart(
    "examples-followers",
    followers.TITLE,
    followers.figure(followed, now.model.forward(picked.x).logits[0], vocabulary.characters),
    fitting(now, followers_view),
    wide=True,
)
live.text("examples-followed", "What follows, in numbers", fitting(now, views.followed_view(picked, followed)))
left, right = st.columns([3, 2], gap="medium")
with left:
    st.markdown("The contexts that keep the training loss up the most:")
    ambiguous = once(now, "ambiguous", lambda: facts.ambiguous_contexts(dataset.train, vocabulary, 10))
    live.text("examples-ambiguous", "Contexts that keep the loss up", still(views.ambiguous(ambiguous)))
with right:
    st.latex(r"L_\text{lowest} = -\frac{1}{N} \sum_{c,\,y} n_{c,y} \, \ln \frac{n_{c,y}}{n_c}")
    st.markdown(
        r"$n_c$ says how often context $c$ occurs, $n_{c,y}$ how often character $y$ follows it, $N$ how many "
        "training examples there are. A larger block size makes contexts rarer, and this loss lower."
    )
    lowest = once(now, "lowest", lambda: lowest_loss(dataset.train))
    live.text("examples-lowest", "The lowest loss", fitting(now, lambda then: views.lowest(then, lowest)))
with st.expander("Show the code"):
    lesson.code("\n\n".join(EXAMPLES[name] for name in ("followers", "lowest", "predicted")))
    st.caption(
        "For the bars and the loss, `X` and `Y` are the training examples; for what the network expects, `logits` is "
        "what it computes for your context (see the pages that follow)."
    )
lesson.way_on("examples.py")
