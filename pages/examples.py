"""Examples: how a word becomes X and Y, how often characters occur, and the lowest possible train loss."""

import streamlit as st

from mlp.engine.snapshot import Snapshot
from mlp.lessons import examples as facts
from mlp.lessons import first_lines
from mlp.lessons.first_lines import EXAMPLES
from mlp.lessons.snippets import page_lines
from mlp.plots import characters, followers, pairs, tensors, window
from mlp.settings import SPECS
from mlp.words import singular
from pages.ui.lessons import answers_words, lesson, predict_examples
from pages.ui.lessons import example_views as views
from pages.ui.live import components as live
from pages.ui.shared.once import cached_per_network, static_view
from pages.ui.shared.throttle import if_same_shape

LARGEST = int(SPECS["block_size"].high or 1)

now = lesson.snapshot()
dataset, vocabulary, lines = now.dataset, now.dataset.vocabulary, page_lines(now.settings.direct)
noun, one = dataset.noun, singular(dataset.noun)
st.title(f"Examples: from {noun} to X and Y", anchor=False)
st.markdown(
    f"The network learns from examples of the form “after this context comes this character”. Every {one} gives "
    "several. Type a word and drag the slider to move the window along it."
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
        "The **green** boxes are the *context*: the only characters the network sees. The *block size* says how many "
        "there are. The **orange** box is the next character, the one to predict. The dot `.` is the *boundary token*: "
        f"it pads the context at the start of a {one} and marks its end. Below each box is the character’s index, as a "
        "network works with numbers: `.` is 0, the others follow in alphabetical (code-point) order."
    )
with right:
    lesson.code(lines["examples"])
    st.caption("`words` is the word list; `stoi` (“string to integer”) maps each character to its index.")
st.markdown("All examples of your word, as characters and as the indices that the network receives:")
live.live_table("examples-rows", "Examples of the word", views.rows_view(picked), mono=True)
with st.expander("Show the code that prints these lines"):
    lesson.code(EXAMPLES["picture"])
    st.caption("`itos` maps each index back to its character.")

st.subheader("X and Y, as tensors", anchor=False)
st.markdown(
    "Stack all contexts and you get the tensor **X**, one row per example. The next characters form **Y**, one number "
    "per example. The heading shows each tensor’s name, shape and data type; `int64` means 64-bit integers. The "
    "stronger the colour, the larger the index, but its size means nothing: an index is only a name. The frame marks "
    f"your example; the labels show the characters. {answers_words.characters(dataset)}"
)
left, right = st.columns([3, 2], gap="medium")
x_view, y_view = views.tensor_views(picked)
with left:
    live.chart("examples-X", "X", tensors.figure("X", picked.X, positive=True), if_same_shape(now, x_view))
    live.chart("examples-Y", "Y", tensors.figure("Y", picked.Y, positive=True), if_same_shape(now, y_view))
with right:
    live.live_table("examples-shapes", "Shapes of X and Y", lambda then: views.shapes(then, picked.word), mono=True)
    st.caption("A word of n characters gives n + 1 examples: one per character and one for the end.")
predict_examples.guess_the_shapes(now, picked)

st.subheader("How often characters and pairs occur (unigrams and bigrams)", anchor=False)
counts = cached_per_network(now, "pairs", lambda: facts.pair_counts(dataset))
single = cached_per_network(now, "characters", lambda: facts.character_counts(dataset))
st.markdown(
    f"Counted over all {noun} (train, dev and test). The bars show how often each character is the next one; `.` ends "
    f"every {one} exactly once. In the grid, the row is the first character of a pair and the column the second; a "
    f"stronger colour means more often, an empty cell never. Row `.` shows how {noun} begin, column `.` how they end. "
    "On a phone, scroll the charts sideways."
)
live.chart(
    "examples-characters",
    characters.TITLE,
    characters.figure(single, vocabulary.characters),
    static_view(cached_per_network(now, "characters drawn", lambda: characters.update(single, vocabulary.characters))),
    wide=True,
)
live.chart(
    "examples-pairs",
    pairs.TITLE,
    pairs.figure(counts, vocabulary.characters),
    static_view(cached_per_network(now, "pairs drawn", lambda: pairs.update(counts, vocabulary.characters))),
    wide=True,
)
with st.expander("Show the code"):
    lesson.code(EXAMPLES["characters"] + "\n\n" + lines["pairs"])

st.subheader("Train, dev and test split", anchor=False)
left, right = st.columns([3, 2], gap="medium")
left.markdown(
    f"The network trains on the **train** {noun} only. The **dev** {noun} are held back: they show how well it does on "
    f"{noun} it has never seen, and help to choose settings. The **test** {noun} are for one final check at the very "
    f"end. Whole {noun} are assigned to a split, never single examples; otherwise half of a {one} could be in train "
    f"and the other half in dev, and the dev loss would look too good.{views.related(dataset)}"
)
with right:
    live.live_table("examples-split", "Train, dev and test split", lambda then: views.split(then, picked.word))
with st.expander("Show the code"):
    lesson.code(first_lines.split(len(dataset.dev.words), len(dataset.test.words), now.settings.seed))
    st.caption(
        "`words` is the whole list. The setting *Training examples* keeps only the first so many examples of train."
    )
st.subheader("The lowest possible train loss", anchor=False)
block_size = now.settings.block_size
st.markdown(
    "The same context is often followed by different characters, so nobody who sees only the context can always be "
    "right. The best possible prediction gives each character the fraction of times it follows this context. The "
    "surprise that remains is the lowest possible *loss* (in nats; 0 means no surprise)."
)
followed = facts.followers(dataset.train, vocabulary, picked.x[0])
predict_examples.be_the_network(now, picked, followed)
st.markdown(
    "Green bars: what follows your context in the training examples. Blue bars: what the network predicts. Press Play "
    "and watch blue approach green."
)


def followers_view(then: Snapshot) -> dict:
    return followers.update(followed, then.model.forward(picked.x).logits[0], vocabulary.characters)


live.chart(
    "examples-followers",
    followers.TITLE,
    followers.figure(followed, now.model.forward(picked.x).logits[0], vocabulary.characters),
    if_same_shape(now, followers_view),
    wide=True,
)
live.live_table(
    "examples-followed", "What follows, in numbers", if_same_shape(now, views.followed_view(picked, followed))
)
left, right = st.columns([3, 2], gap="medium")
with left:
    st.markdown("The contexts that contribute most to the lowest possible loss:")
    ambiguous = cached_per_network(now, "ambiguous", lambda: facts.ambiguous_contexts(dataset.train, vocabulary, 10))
    live.live_table("examples-ambiguous", "Contexts that contribute most", static_view(views.ambiguous(ambiguous)))
with right:
    st.latex(r"L_\text{lowest} = -\frac{1}{N} \sum_{c,\,y} n_{c,y} \, \ln \frac{n_{c,y}}{n_c}")
    st.markdown(
        r"$n_c$: how often context $c$ occurs; $n_{c,y}$: how often $y$ follows it; $N$: number of training examples. "
        "The larger the block size, the rarer each context, so this loss can only fall. It holds for the training "
        "examples and promises nothing for dev."
    )
    lowest = cached_per_network(
        now, f"lowest {block_size}", lambda: facts.lowest_losses(dataset, {1, block_size, LARGEST})
    )
    live.live_table(
        "examples-lowest", "The lowest possible loss", if_same_shape(now, lambda then: views.lowest(then, lowest))
    )
with st.expander("Show the code"):
    lesson.code("\n\n".join(EXAMPLES[name] for name in ("followers", "lowest", "predicted")))
    st.caption(
        "In the first two parts `X` and `Y` are the training examples; in the last line `logits` are the network’s "
        "logits for your context (the next pages say what these are)."
    )
lesson.way_on("examples.py")
