"""Lookup table: what C[5] and C[X] do."""

import streamlit as st

from mlp.lessons import first_lines
from mlp.lessons import lookup as facts
from mlp.lessons.snippets import forward_lines
from mlp.plots import letters, tensors
from mlp.plots import lookup as product
from mlp.plots.theme import shown
from pages.ui.lessons import answers_words, lesson, predict_lookup
from pages.ui.lessons import lookup_views as views
from pages.ui.lessons.example_views import contexts, corner
from pages.ui.live import components as live
from pages.ui.shared import projection
from pages.ui.shared.map_view import untrained
from pages.ui.shared.once import cached_per_network, show_spaces
from pages.ui.shared.throttle import if_same_shape

now = lesson.snapshot()
C, vocabulary = now.model.C, now.dataset.vocabulary
V, dim, block_size = len(vocabulary), now.settings.embedding_dim, now.settings.block_size
characters, names = vocabulary.characters, [shown(character) for character in vocabulary.characters]
st.title("Lookup table: what C[X] does", anchor=False)
st.markdown(
    "A network works with numbers, so every character gets a few numbers of its own, its *embedding*, and the network "
    "learns them. They are the rows of a table called **C**. Looking a character up means taking its row. "
    f"{answers_words.IDEA}"
)
picked = lesson.pick(now)
key = f"lookup_index_{V}"
index = st.columns([1, 2], gap="medium")[0].selectbox(
    "Character to look up", range(V), min(5, V - 1), key=key, persist_state="session",
    format_func=lambda i: f"{show_spaces(characters[i])} (index {i})",
)  # fmt: skip


def look_up(part: str) -> None:
    """Look up the character whose row was clicked."""
    st.session_state[key] = corner(index, C)[0] + int(part)


st.header("C as a table and as points in a plane", anchor=False)
st.markdown(
    "Each row of C belongs to one character; its length is the *embedding dimension*. Blue is positive, red negative, "
    "faint near zero; an empty cell has overflowed. The frame and the ring mark the character you look up; click "
    "another row to change it. Two numbers make a point: the first is its x, the second its y. "
    f"{views.other_dimensions(dim)}{answers_words.dimensions(V, dim)}"
    "Training changes the numbers, so the points move. Where letters would cover one another they make room, and a "
    "thin line leads to the true place."
)
left, right = st.columns([1, 3] if views.is_strip(dim) else [2, 3], gap="medium")
with left:
    start = corner(index, C)
    table = tensors.figure("C", C, names, mark=index, corner=start, share=views.table_share(dim))
    table.update_layout(meta={"rows": True})
    view = if_same_shape(now, views.table_view(names, index))
    live.diagram("lookup-C", "C", table, view, on_click=look_up, wide=False)
with right:
    basis = projection.choose()
    live.chart("lookup-map", letters.TITLE, letters.figure(), if_same_shape(now, views.map_view(basis, index)))
    live.live_table("lookup-untrained", "Grey letters", untrained)
answers_words.rand_or_randn(now)

st.header(f"C[{index}] equals a one-hot vector times C", anchor=False)
left, right = st.columns([3, 2], gap="medium")
with right:
    st.markdown("Two ways to get the same row:")
    lesson.code(first_lines.indexed(index))
    lesson.code(first_lines.one_hot(index))
    st.latex(r"\text{row}_j = \sum_{i} \text{onehot}_i \, C_{i,j}")
    st.markdown(
        f"`one_hot` gives a vector with a 1 at index {index} and 0 everywhere else. In the picture it is drawn "
        f"upright, so that each factor stands next to its row of C. Every 0 removes its row, the 1 keeps row {index}, "
        "and adding up the columns (bottom) leaves exactly that row. So an embedding is a linear layer without a "
        "bias; indexing just skips all the multiplications by zero."
    )
    live.live_table("lookup-equal", "The row in two ways", if_same_shape(now, views.equal_view(index)), mono=True)
with left:
    live.chart(
        "lookup-product",
        product.TITLE,
        product.figure(C, facts.lookup(C, index), characters),
        if_same_shape(now, views.product_view(index)),
    )
predict_lookup.halves(now, index, basis)

st.header("Common mistakes and PyTorch’s error messages", anchor=False)
wrong = facts.mistakes(C, index)
for first in range(0, len(wrong), 2):
    for column, mistake in zip(st.columns(2, gap="medium"), wrong[first : first + 2], strict=False):
        with column:
            lesson.refused(mistake)

st.header("Which is faster?", anchor=False)
timing = cached_per_network(now, "timing", lambda: facts.measure(C, now.dataset.train.X))
left, right = st.columns([3, 2], gap="medium")
with left:
    one, two, three = st.columns(3)
    one.metric("C[X]", f"{timing.index:,.1f} µs")
    two.metric("one_hot(X).float() @ C", f"{timing.one_hot:,.1f} µs")
    three.metric("Slowdown", f"{timing.ratio:,.1f} ×")
with right:
    st.markdown(
        f"Measured on this server: {timing.rows:,} contexts of {block_size} character{'s' if block_size > 1 else ''}, "
        f"median of 15 runs, in microseconds. For each character the product multiplies all {V} rows; indexing reads "
        "just one."
    )
    st.button("Measure again", on_click=views.measure_again, icon=":material/timer:")
with st.expander("Show the code"):
    lesson.code(first_lines.TIMING)
    st.caption(f"`X` holds the first {timing.rows:,} training examples.")

st.header("Indexing with any shape", anchor=False)
X = now.dataset.train.X[: views.EXAMPLES]
st.markdown(
    "You can look up many indices at once. The rule: **shape of the result = shape of the index + shape of a row**, "
    f"here ({dim},). Below, `X` is the first {len(X)} training examples. Try an index of your own; if it is invalid, "
    "you will see PyTorch’s error message. "
    f"{answers_words.indices_in_a_list(index, V)}"
)
predict_lookup.shapes(now, X)
live.live_table("lookup-indexings", "Shapes of indexing", if_same_shape(now, views.shapes_view(X, index)), mono=True)
left, right = st.columns([2, 3], gap="medium")
typed = left.text_input("Your own index", "[[5, 0], [0, 5]]", key="lookup_typed", persist_state="session")
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
                if_same_shape(now, views.tried_view(typed)),
            )

st.header("C[X]: all contexts at once", anchor=False)
st.markdown(
    f"X for your word has the shape ({len(picked.Y)}, {block_size}), so `C[X]` has the shape ({len(picked.Y)}, "
    f"{block_size}, {dim}): every index is replaced by its row of C. The picture puts the rows of one context side by "
    f"side, {block_size} × {dim} numbers per line. The two indices above each column are the position in the context "
    f"and the dimension{views.for_example(dim, block_size)}; lines separate the positions, the frame marks your "
    "example."
)
left, right = st.columns([3, 2], gap="medium")
with left:
    emb = C[picked.X]
    labels, start = contexts(picked), corner(picked.position, emb)
    live.chart(
        "lookup-emb",
        "emb = C[X]",
        tensors.figure("emb", emb, labels, title="emb = C[X]", mark=picked.position, corner=start),
        if_same_shape(now, views.embedded_view(picked, labels, start)),
    )
with right:
    lesson.code(forward_lines(now.settings.direct)["embedded"])
    st.markdown(f"You can index before or after the lookup. With `X` = the first {len(X)} training examples:")
    one, two = st.columns(2)
    row = one.number_input("Example", 0, len(X) - 1, min(13, len(X) - 1), key=f"lookup_row_{len(X)}")
    place_in = two.number_input("Position", 0, block_size - 1, min(2, block_size - 1), key=f"lookup_place_{block_size}")
    lesson.code(first_lines.either_order(row, place_in))
    live.live_table(
        "lookup-either",
        "The same embedding in two orders",
        if_same_shape(now, views.either_view(X, row, place_in)),
        mono=True,
    )
lesson.way_on("lookup.py")
