"""Generate: new names from the network, one character at a time, by the batch, and the most probable ones."""

import streamlit as st

from mlp.analysis.baselines import bigram_surprise
from mlp.lessons import generation
from mlp.lessons.examples import read_word
from mlp.plots import next_character, novelty
from mlp.plots import surprise as heat
from mlp.sampling import MAX_LENGTH
from mlp.scoring import surprise
from mlp.words import singular
from pages.ui.generate import choices, views
from pages.ui.generate.writer import Writer
from pages.ui.lessons import lesson
from pages.ui.live import components as live
from pages.ui.live.session import current
from pages.ui.shared.throttle import if_same_shape

session = current()
now = lesson.snapshot()
vocabulary, V = now.dataset.vocabulary, len(now.dataset.vocabulary)
noun, one = now.dataset.noun, singular(now.dataset.noun)
st.title(f"Generate {noun}", anchor=False)
st.write(
    "The network gives each character a probability to come next. Draw one, move the context on, and draw again, until "
    f"the boundary “{vocabulary.characters[0]}” is drawn: that is a {one}. Train on while you watch, or drag the "
    "timeline back to see what the network would have written earlier."
)
chosen = choices.choose(now)

st.header("One character at a time", anchor=False)
writer = st.session_state.setdefault("writer", Writer())
writer.configure(chosen, now)
left, right = st.columns([2, 3], gap="medium")
with left:
    live.writer(
        "generate-writer", if_same_shape(now, writer.view), {"draw": writer.draw, "next": writer.next_word}, noun
    )
with right:
    own, changed, context = writer.first_bars(now)
    drawn = next_character.figure(own, changed, vocabulary.characters, context)
    live.chart("generate-next", next_character.TITLE, drawn, if_same_shape(now, writer.bars))
with st.expander("Show the code"):
    lesson.code(generation.code(now.settings, chosen.start, chosen.temperature, chosen.top_k))

st.header(f"A batch of {noun}", anchor=False)
drawings = views.drawings(chosen)
left, right = st.columns(2, gap="medium")
with left:
    live.live_table("generate-batch", f"A batch of {noun}", views.batch(drawings))
with right:
    live.chart("generate-novelty", novelty.title(noun), novelty.figure(noun), views.curve(session, chosen, drawings))
    st.write(
        f"At each of some remembered steps, {views.COUNTED} {noun} are drawn as you chose above. A network that "
        f"*overfits* begins to repeat its training {noun}: the blue line climbs. {noun.capitalize()} from dev or test "
        f"are real {noun} that it found without having seen them. *Probability* is that of the whole {one}, its end "
        "included, as the network itself gives it, whatever you chose above."
    )

st.header(f"The most probable {noun}", anchor=False)
left, right = st.columns(2, gap="medium")
with left:
    live.live_table("generate-likeliest", f"The most probable {noun}", views.likeliest())
with right:
    st.write(
        "Not drawn but searched for: *beam search* goes on from the most probable beginnings, character by character. "
        f"The most probable {noun} tend to be short, since each further character makes a {one} less probable. "
        "Temperature, top-k and start play no part here."
    )

st.header("How surprising is a word?", anchor=False)
typed = st.columns(3)[0].text_input(
    "Word to score",
    lesson.example_word(now),
    key=lesson.of_list("generate_word", now),
    persist_state="session",
    help="Any word of known characters.",
)
try:
    word = read_word(typed, vocabulary)
except ValueError as error:
    st.warning(lesson.plain(str(error)), icon=":material/edit:")
else:
    chart, table = views.surprise(word)
    ours = surprise(now.model, vocabulary, word)
    drawn = heat.figure(word, ours, bigram_surprise(now.dataset, word), V)
    live.chart("generate-surprise", heat.TITLE, drawn, if_same_shape(now, chart))
    left, right = st.columns(2, gap="medium")
    with left:
        live.live_table("generate-surprise-sums", "Surprise in all", if_same_shape(now, table))
    with right:
        st.write(
            "*Surprise* is −ln of the probability: 0 nats for what is certain, 0.69 for a coin toss. The mean over a "
            "word’s characters and its end is the loss of that word; e to the power of it is the *perplexity*: as "
            "uncertain as a choice between so many equally likely characters. The *bigram* knows only how often each "
            f"character follows the one before it in the training {noun}."
        )
st.caption(f"A {one} has at most {MAX_LENGTH} characters here; one that goes on is cut off, and said to be.")
