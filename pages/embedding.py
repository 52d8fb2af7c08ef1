"""Embedding: the plot in large, who is near whom, whether the vowels gather, and what if a letter were elsewhere."""

import streamlit as st

from mlp.analysis.embedding_file import metadata, vectors
from mlp.plots import embedding, gathering, letters, letters_3d, near
from pages.ui.embedding import plane_controls, space, views
from pages.ui.lessons import lesson
from pages.ui.live import components as live
from pages.ui.live.session import current
from pages.ui.shared.once import show_spaces, static_view
from pages.ui.shared.throttle import if_same_shape

session = current()
now = lesson.snapshot()
characters, V = now.dataset.vocabulary.characters, len(now.dataset.vocabulary)
st.title("Embedding: who is near whom", anchor=False)
st.write(
    "Each character is a point given by its row of C. Training moves the points, so that characters that predict alike "
    "come to be near one another. A larger letter occurs more often; the trail is the latest part of its way; a thin "
    "line leads to the true place of a letter that had to make room."
)
left, right = st.columns([5, 3], gap="medium")
plot = left.container(key="embedding_plot")  # its room is there before what is chosen at its right
with right:
    index = st.selectbox(
        "Character", range(1, V), min(5, V - 1) - 1, key=f"embedding_character_{V}", persist_state="session",
        format_func=lambda i: f"{show_spaces(characters[i])} (index {i})",
    )  # fmt: skip
    live.live_table("embedding-near", "Nearest neighbours", if_same_shape(now, views.neighbours(index)))
    live.chart("embedding-distances", near.TITLE, near.figure(), if_same_shape(now, views.near_over_time(index)))
with plot:
    seen = space.choose(now)
    in_large = if_same_shape(now, views.InLarge(seen, index))
    if seen.deep:
        live.chart("embedding-3d", letters_3d.TITLE, letters_3d.figure(), in_large)
    else:
        live.chart("embedding-large", letters.TITLE, letters.figure(), in_large)
    live.live_table("embedding-space", "What is shown", if_same_shape(now, views.space_text(seen)))

st.header(gathering.TITLE, anchor=False)
left, right = st.columns([5, 3], gap="medium")
points = views.gathering_points(session)
with left:
    live.chart(
        "embedding-gathering", gathering.TITLE, gathering.figure(), if_same_shape(now, views.gathering_curve(points))
    )
    live.live_table("embedding-gathered", "The finding", if_same_shape(now, views.gathering_text(points)))
with right:
    st.write(
        "*Neighbour purity:* for each vowel, what share of its nearest neighbours are vowels too? The boundary and "
        "characters that are never trained are left out. To tell gathering from chance, the same points are given to "
        "as many random characters 400 times: above the dotted line is where only one of 20 of these came."
    )
    st.write(
        "With a 2-D embedding the vowels usually gather, since two numbers must do. With many dimensions a few "
        "directions may tell them apart while their distances do not."
    )
    live.live_table("embedding-rare", "Rare characters", static_view({"text": views.rare(now.dataset)}))

st.header("What if a letter were elsewhere?", anchor=False)
if now.settings.embedding_dim == 2:
    plane_controls.show(session, now)
else:
    st.write(
        f"This needs a plane, and the embedding dimension is {now.settings.embedding_dim}. Set “Embedding dimension” "
        "to 2 in the settings to try it."
    )

st.header("Download", anchor=False)
st.write(
    "The points and what they are, as the two files that the TensorFlow embedding projector reads "
    "(projector.tensorflow.org, “Load”)."
)
one, two, _ = st.columns([1, 1, 3])
one.download_button(
    "vectors.tsv",
    lambda: vectors(session.look(session.run.now()).model.C),
    "vectors.tsv",
    "text/tab-separated-values",
    icon=":material/download:",
)
two.download_button(
    "metadata.tsv", lambda: metadata(now.dataset, embedding.group_of), "metadata.tsv", "text/tab-separated-values",
    icon=":material/download:",
)  # fmt: skip
