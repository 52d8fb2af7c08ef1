"""Lookup table: C, what C[5] is, and what C[X] is."""

import streamlit as st

from mlp.lessons import first_lines
from mlp.lessons import lookup as facts
from mlp.lessons.snippets import forward_lines
from mlp.plots import embedding, tensors
from mlp.plots import lookup as product
from mlp.plots.theme import shown
from pages.ui.lessons import lesson
from pages.ui.lessons import lookup_views as views
from pages.ui.lessons.example_views import contexts, corner
from pages.ui.live import components as live
from pages.ui.shared import projection
from pages.ui.shared.once import once, visible
from pages.ui.shared.throttle import fitting

now = lesson.snapshot()
C, vocabulary = now.model.C, now.dataset.vocabulary
V, dim, block_size = len(vocabulary), now.settings.embedding_dim, now.settings.block_size
characters, names = vocabulary.characters, [shown(character) for character in vocabulary.characters]
st.title("Lookup table: what C[X] is", anchor=False)
st.markdown(
    "A network computes with numbers, so each character gets some of its own, and the network learns them. They stand "
    "in a table called **C**. To look a character up means to take its row."
)
picked = lesson.pick(now)
key = f"lookup_index_{V}"
index = st.columns([1, 2], gap="medium")[0].selectbox(
    "Character to look up", range(V), min(5, V - 1), key=key, persist_state="session",
    format_func=lambda i: f"{visible(characters[i])}   (index {i})",
)  # fmt: skip


def look_up(part: str) -> None:
    """Look up the character whose row was clicked."""
    st.session_state[key] = corner(index, C)[0] + int(part)


st.subheader("C is a table and a map", anchor=False)
st.markdown(
    "Every row of C belongs to one character and holds as many numbers as the *embedding dimension* in the settings "
    "says. Blue cells are above zero, red ones below, faint ones close to it, and an empty one holds no finite number "
    "any more; the frame and the ring mark the character you look up; click a row to look up another. With two numbers "
    f"a row is a point on a map: the first says how far right, the second how far up. {views.other_dimensions(dim)}"
    "Training changes the numbers, and so moves the points. Vowels, consonants, signs and the boundary `.` have a "
    "colour and a shape of their own."
)
left, right = st.columns([2, 3], gap="medium")
with left:
    start = corner(index, C)
    table = tensors.figure("C", C, names, mark=index, corner=start)
    table.update_layout(meta={"rows": True})
    view = fitting(now, views.table_view(names, index))
    live.diagram("lookup-C", "C", table, view, on_click=look_up, wide=False)
with right:
    basis = projection.choose()
    live.chart("lookup-map", embedding.TITLE, embedding.figure(620), fitting(now, views.map_view(basis, index)))

st.subheader(f"C[{index}] is a matrix product in which one row lights up", anchor=False)
left, right = st.columns([3, 2], gap="medium")
with right:
    st.markdown("Two ways to the same row:")
    lesson.code(first_lines.indexed(index))
    lesson.code(first_lines.one_hot(index))
    st.latex(r"\text{row}_j = \sum_{i} \text{onehot}_i \, C_{i,j}")
    st.markdown(
        f"`one_hot` makes a row with a 1 at place {index} and a 0 at all the others. In the picture it stands upright, "
        "so that each factor is beside its row of C. Each 0 wipes out its row, the 1 keeps row "
        f"{index}, and adding up each column, at the bottom, leaves just that row. So an embedding is a layer of "
        "weights like any other, only that nobody needs to multiply all the zeros: taking the row does the same."
    )
    live.text("lookup-equal", "The row, found in two ways", fitting(now, views.equal_view(index)), mono=True)
with left:
    live.chart(
        "lookup-product",
        product.TITLE,
        product.figure(C, facts.lookup(C, index), characters),
        fitting(now, views.product_view(index)),
    )

st.subheader("What goes wrong, and what PyTorch says", anchor=False)
wrong = facts.mistakes(C, index)
for pair in wrong[:2], wrong[2:]:
    for column, mistake in zip(st.columns(2, gap="medium"), pair, strict=True):
        with column:
            lesson.code(mistake.code)
            st.error(f"**{mistake.error}**: {mistake.message}", icon=":material/error:")
            st.markdown(mistake.why)

st.subheader("Which is faster here?", anchor=False)
timing = once(now, "timing", lambda: facts.measure(C, now.dataset.train.X))
left, right = st.columns([3, 2], gap="medium")
with left:
    one, two, three = st.columns(3)
    one.metric("C[X]", f"{timing.index:,.1f} µs")
    two.metric("one_hot(X).float() @ C", f"{timing.one_hot:,.1f} µs")
    three.metric("Times as long", f"{timing.ratio:,.1f} ×")
with right:
    st.markdown(
        f"Measured on this server with {timing.rows:,} contexts of {block_size} "
        f"character{'s' if block_size > 1 else ''}: the median of 15 rounds, in millionths of a second. The product "
        f"multiplies each of the {V} rows, the index fetches just one."
    )
    st.button("Measure again", on_click=views.measure_again, icon=":material/timer:")
with st.expander("Show the code"):
    lesson.code(first_lines.TIMING)
    st.caption(f"`X` holds the first {timing.rows:,} training examples.")

st.subheader("An index of any shape", anchor=False)
X = now.dataset.train.X[: views.EXAMPLES]
st.markdown(
    "C takes more than one index at once. The rule: **the result has the shape of the index, and then that of a "
    f"row**, here ({dim},). Below, `X` holds the first {len(X)} training examples. Type an index of your own, also one "
    "that cannot be: PyTorch will say so."
)
live.text("lookup-indexings", "Shapes of indexing", fitting(now, views.shapes_view(X, index)), mono=True)
left, right = st.columns([2, 3], gap="medium")
typed = left.text_input("An index of your own", "[[5, 0], [0, 5]]", key="lookup_typed", persist_state="session")
with right:
    try:
        tried = facts.try_index(C, typed)
    except ValueError as error:
        left.warning(str(error), icon=":material/edit:")
    else:
        with left:
            lesson.code(tried.code)
        if tried.result is None:
            st.error(tried.error, icon=":material/error:")
        else:
            live.chart(
                "lookup-tried",
                "Result",
                tensors.figure("Result", tried.result),
                fitting(now, views.tried_view(typed)),
            )

st.subheader("C[X]: all contexts at once", anchor=False)
st.markdown(
    f"X of your word has the shape ({len(picked.Y)}, {block_size}): {len(picked.Y)} examples of {block_size} "
    f"character{'s' if block_size > 1 else ''}. So `C[X]` has the shape ({len(picked.Y)}, {block_size}, {dim}): for "
    "every character of every context its row. The picture lays the rows of one context side by side, "
    f"{block_size} × {dim} numbers in a line. Above the columns stand two indices, the place in the context and the "
    f"number within its row{views.for_example(dim, block_size)}; a line parts the places, the frame marks your "
    "position."
)
left, right = st.columns([3, 2], gap="medium")
with left:
    emb = C[picked.X]
    labels, start = contexts(picked), corner(picked.position, emb)
    live.chart(
        "lookup-emb",
        "emb = C[X]",
        tensors.figure("emb", emb, labels, title="emb = C[X]", mark=picked.position, corner=start),
        fitting(now, views.embedded_view(picked, labels, start)),
    )
with right:
    lesson.code(forward_lines(now.settings.direct)["embedded"])
    st.markdown(f"Which index comes first does not matter. With the `X` of the first {len(X)} training examples:")
    one, two = st.columns(2)
    row = one.number_input("Example", 0, len(X) - 1, min(13, len(X) - 1), key=f"lookup_row_{len(X)}")
    place_in = two.number_input("Place", 0, block_size - 1, min(2, block_size - 1), key=f"lookup_place_{block_size}")
    lesson.code(first_lines.either_order(row, place_in))
    live.text(
        "lookup-either",
        "The same embedding in two orders",
        fitting(now, views.either_view(X, row, place_in)),
        mono=True,
    )
lesson.way_on("lookup.py")
