"""The whole network: figure 1 of Bengio et al. (2003), drawn from the live network, and how large it is."""

import streamlit as st

from mlp.lessons.architecture import PAPER_FORMULA, parts
from mlp.lessons.snippets import logits_lines, page_lines
from mlp.plots import network
from pages.ui.lessons import lesson, sizes
from pages.ui.live import components as live
from pages.ui.shared.throttle import fitting

now = lesson.snapshot()
st.title("The whole network", anchor=False)
st.write(
    "Everything at once, after figure 1 of Bengio, Ducharme, Vincent and Jauvin, “A Neural Probabilistic Language "
    "Model” (2003). Read it from the bottom, the context, to the top, the prediction."
)
picked = lesson.pick(now)
characters, settings = now.dataset.vocabulary.characters, now.settings
known = parts(settings, len(characters))
chosen = st.segmented_control(
    "Light a part, what feeds it and what it feeds", list(known), key=f"network_lit_{settings.direct}",
    format_func=lambda part: known[part].label, persist_state="session",
)  # fmt: skip
what = picked.x[0], picked.row.label_index, characters, chosen
view = fitting(now, lambda s: network.update(s.model, *what))
clicked = live.diagram("network", network.TITLE, network.figure(now.model, *what), view)
if clicked and known[clicked].page != "network":
    st.switch_page(f"{known[clicked].page}.py")
if chosen and known[chosen].page != "network":
    st.page_link(
        f"{known[chosen].page}.py", label=f"The page that explains {known[chosen].label}", icon=":material/menu_book:"
    )
st.write(
    f"The picked example is `{picked.row.arrow()}`. Each dot is one number: blue above 0, red below, pale near 0; a "
    "probability is the darker the larger it is. The squares at the bottom are the context, the ring at the top marks "
    "the character that really follows. The boxes at the side are the parameters, the numbers that training changes. "
    "Lines show what is joined to what; where every dot is joined to every dot, only the bundle’s outline is drawn. "
    "Dotted lines: every position looks its character up in the same table C. Dashed lines: direct connections, where "
    "they are on in the settings. A cross is a number that is not finite any more, as happens when a run diverges. In "
    "the shapes, B is how many examples go through at once; here it is one."
)

st.subheader("How large it is", anchor=False)
left, right = st.columns(2, gap="medium")
with left:
    st.write("Every number that training changes stands in one of these tensors:")
    st.table(sizes.ours(settings, len(characters)))
    lesson.code(page_lines(settings.direct)["count"])
with right:
    st.write("The paper counts the same way. With direct connections the number of free parameters is")
    st.latex(PAPER_FORMULA)
    st.write(
        "$|V|$ words, each of $m$ numbers; $n-1$ of them predict the next; $h$ hidden units. Without direct "
        "connections $|V|(n-1)m$ fewer. Ours, in these letters:"
    )
    st.latex(sizes.formula(settings, len(characters)))

st.subheader("The paper’s networks beside ours", anchor=False)
st.write(
    "The paper predicts words, not characters: a vocabulary of about 17,000 words in 30, 60 or 100 dimensions, where "
    f"ours has {len(characters)} characters in {settings.embedding_dim}. Most of its numbers stand in the output "
    "layer, which has a row for each word."
)
st.table(sizes.beside_the_paper(settings, len(characters)))
st.write(
    "With $h = 0$ there is no hidden layer, only the direct connections. *Perplexity* is e to the loss: 268 means as "
    "unsure as between 268 equally likely words. The second name of a pair is the same network, its probabilities "
    "mixed with those of a trigram model, which counts words in threes. Our loss is one of characters, so its "
    "perplexity would not compare."
)
with st.expander("Show the code"):
    lesson.code(f"{logits_lines(settings.direct)}\n{page_lines(settings.direct)['probabilities']}")
lesson.way_on("network.py")
