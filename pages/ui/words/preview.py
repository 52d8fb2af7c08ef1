"""What becomes of a user's text, before anything is trained; and the button that has a network learn from it."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

import streamlit as st

from mlp.dataset import make_dataset
from mlp.graphemes import clusters
from mlp.words import OWN_LIST, WordList, shortened
from pages.ui.live import components as live
from pages.ui.live.session import Session
from pages.ui.shared.once import show_spaces, static_view
from pages.ui.shared.plain import plain
from pages.ui.words.form import PASTE, Choices, Source

MOST_ROWS, MOST_WORDS, MOST_CHARACTERS = 200, 40, 120
READ = "words_read"  # in the session's state: what was read last, and what came of it
TOLD = "words_told"


def show(session: Session, source: Source | None, choices: Choices) -> None:
    """The preview: how many words, examples and characters, and what was changed or left out, and why."""
    if source is None:
        st.info(
            "Here you will see what becomes of your words, once you have pasted them and left the field (or pressed "
            "Ctrl+Enter).",
            icon=":material/list_alt:",
        )
        _learned_from(session)
        return
    read = _read(session, source, choices)
    if isinstance(read, str):
        st.warning(f"{plain(read)} The current run is as it was.", icon=":material/edit:")
        return
    st.header("What becomes of it", anchor=False)
    for note in read.report.notes:
        st.info(plain(note), icon=":material/translate:")
    live.live_table("words-sum", "What becomes of the text", static_view(_sum(read, session)), long=True)
    if st.button(
        f"Learn from these {len(read):,} words", type="primary", icon=":material/school:", key="words_learn",
        help="Starts a new network with the settings of now. “Undo” brings the current run back.",
    ):  # fmt: skip
        _learn(session, read)  # and not before the script has read what was typed last
        st.rerun()
    if st.session_state.get(TOLD) == read.id and session.run.snapshot.recipe.words.id == read.id:
        st.success("The network learns from these words now.", icon=":material/check:")
        st.page_link("playground.py", label="Watch it in the playground", icon=":material/arrow_forward:")
    _tables(read)


def _learned_from(session: Session) -> None:
    """The own words that there are already, as after a reload, and a way to change them."""
    own = session.run.snapshot.own
    if own is None:
        return
    st.write(plain(f"“{own.name}” is there already: {len(own):,} words, {', '.join(map(shortened, own[:8]))} …"))

    def edit() -> None:
        st.session_state.words_where, st.session_state.words_text = PASTE, "\n".join(own)

    st.button("Put them into the field", icon=":material/edit:", on_click=edit)


def _read(session: Session, source: Source, choices: Choices) -> WordList | str:
    """The words, or why there are none; read once for the same text and choices."""
    of = source, choices
    kept = st.session_state.get(READ)
    if not kept or kept[0] != of:
        try:
            made: WordList | str = choices.read(source, session.engine.limits)
        except ValueError as error:
            made = str(error)
        kept = st.session_state[READ] = of, made
    return kept[1]


def _sum(words: WordList, session: Session) -> dict[str, Any]:
    """The numbers of a list."""
    report, T = words.report, session.run.snapshot.settings.block_size
    parts = [clusters(word) for word in words]
    counts = Counter(part for word in parts for part in word)
    found = [show_spaces(character) for character, _ in counts.most_common(MOST_CHARACTERS)]
    more = f" … and {len(counts) - len(found):,} more" if len(counts) > len(found) else ""
    examples = sum(len(word) + 1 for word in parts)
    return {
        "rows": [
            ["kept", f"{report.kept:,} words"],
            ["changed", f"{len(report.changed):,}"],
            ["left out", f"{len(report.dropped):,}{_why(report.reasons)}"],
            ["examples", f"{examples:,}, each of {T} character{'s' if T > 1 else ''} and the next one"],
            ["characters", f"{len(counts):,}, the most frequent first: {' '.join(found)}{more}"],
            ["the first ones", ", ".join(shortened(word) for word in words[:MOST_WORDS])],
        ]
    }


def _why(reasons: Sequence[tuple[str, int]]) -> str:
    return f": {', '.join(f'{count:,} × {why}' for why, count in reasons)}" if reasons else ""


def _tables(words: WordList) -> None:
    report = words.report
    if report.dropped:
        _table("words-dropped", "Left out", ["as it stands", "why"], report.dropped)
    if report.changed:
        rows = [(*pair, why) for pair, why in zip(report.changed, report.why_changed, strict=True)]
        _table("words-changed", "Changed", ["as it stands", "as it is learned", "why"], rows)


def _table(key: str, title: str, columns: list[str], rows: Sequence[tuple[str, ...]]) -> None:
    """The first rows of a table that a reader can fold away."""
    with st.expander(f"{title} ({len(rows):,})", expanded=True), st.container(height=min(300, 60 + 36 * len(rows))):
        shown = [[shortened(cell) for cell in row] for row in rows[:MOST_ROWS]]
        text = f"The first {MOST_ROWS} of {len(rows):,}." if len(rows) > MOST_ROWS else ""
        live.live_table(key, title, static_view({"text": text, "columns": columns, "rows": shown}), long=True)


def _learn(session: Session, words: WordList) -> None:
    """A new network on these words; the examples are made here, so that the engine need not wait for them."""
    make_dataset(session.run.snapshot.settings.with_changes(word_list=OWN_LIST), words)
    session.look.now()
    session.run.learn_from(
        words, f"A new network learns from “{words.name}”, {len(words):,} words of your own (same settings and seed)."
    )
    st.session_state[TOLD] = words.id
    session.run.now()  # so that the page, which is drawn anew, says so
