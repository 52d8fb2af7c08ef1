"""The whole network: figure 1 of Bengio et al. (2003), drawn from the live network, and how large it is."""

import streamlit as st

from mlp.lessons.architecture import PAPER_FORMULA, parts
from mlp.lessons.snippets import logits_lines, page_lines
from mlp.plots import network, strongest
from pages.ui.lessons import lesson, predict_network, sizes
from pages.ui.live import components as live
from pages.ui.shared.throttle import if_same_shape

now = lesson.snapshot()
st.title("The whole network", anchor=False)
st.write(
    "The complete network, drawn like figure 1 of Bengio, Ducharme, Vincent and Jauvin, “A Neural Probabilistic "
    "Language Model” (2003). Read it from bottom (context) to top (prediction)."
)
picked = lesson.pick(now)
characters, settings = now.dataset.vocabulary.characters, now.settings
known = parts(settings, len(characters))
chosen = st.segmented_control(
    "Highlight a part with its inputs and outputs", list(known), key=f"network_lit_{settings.direct}",
    format_func=lambda part: known[part].label, persist_state="session",
)  # fmt: skip
what = picked.x[0], picked.row.label_index, characters, chosen
view = if_same_shape(now, lambda s: network.update(s.model, *what))
clicked = live.diagram("network", network.TITLE, network.figure(now.model, *what), view)
if clicked and lesson.EXPLAINED_ON[clicked] != "network":
    st.switch_page(f"{lesson.EXPLAINED_ON[clicked]}.py")
if chosen and lesson.EXPLAINED_ON[chosen] != "network":
    st.page_link(
        f"{lesson.EXPLAINED_ON[chosen]}.py",
        label=f"The page that explains {known[chosen].label}",
        icon=":material/menu_book:",
    )
direct = "Dashed: the direct connections. " if settings.direct else ""
st.write(
    f"Your example is `{picked.row.arrow()}`. Each dot is one number: blue positive, red negative, faint near 0; for "
    "probabilities, a stronger colour means larger. Squares: the context. Ring at the top: the target. Boxes at the "
    "side: the parameters, which training changes. Lines connect what is computed from what; of a fully connected "
    f"layer only the outline and the {strongest.COUNT} strongest edges are drawn: the largest products of a number and "
    "its weight, blue where they raise the sum, red where they lower it. Dotted: all positions share the same table C. "
    f"{direct}A cross is a number that has "
    "overflowed. In the shapes, B is the number of examples; here it is 1."
)

predict_network.cut_a_wire(now)

st.subheader("Number of parameters", anchor=False)
counted = predict_network.count_it(now)
with st.expander("All trainable numbers, tensor by tensor, and the paper’s formula", expanded=counted):
    left, right = st.columns(2, gap="medium")
    with left:
        st.write("All trainable numbers are in these tensors:")
        st.table(sizes.ours(settings, len(characters)))
        lesson.code(page_lines(settings.direct)["count"])
    with right:
        st.write("The paper’s formula for the number of free parameters, with direct connections:")
        st.latex(PAPER_FORMULA)
        st.write(
            "$|V|$ words with $m$ numbers each; $n-1$ words predict the next; $h$ hidden units. Without direct "
            "connections, subtract $|V|(n-1)m$. For our network:"
        )
        st.latex(sizes.formula(settings, len(characters)))

st.subheader("Compared with the paper’s networks", anchor=False)
st.write(
    "The paper predicts words, not characters: a vocabulary of about 17,000 words in 30, 60 or 100 dimensions, where "
    f"ours has {len(characters)} characters in {settings.embedding_dim}. In the paper most parameters are in the "
    "lookup table and the output layer, which have a set of weights for every word."
)
st.table(sizes.beside_the_paper(settings, len(characters)))
st.write(
    f"With $h = 0$ there is no hidden layer, only the direct connections. *Perplexity* is $e^{{\\text{{loss}}}}$: 268 "
    "means as uncertain as a choice between 268 equally likely words. The second name of a pair is the same network "
    f"averaged with a trigram model of words. Our network predicts characters ({len(characters)} choices), so its "
    "perplexity cannot be compared with these."
)
with st.expander("Show the code"):
    lesson.code(f"{logits_lines(settings.direct)}\n{page_lines(settings.direct)['probabilities']}")
lesson.way_on("network.py")
