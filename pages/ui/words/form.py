"""The form for a user's own words: where they come from, and what is done to them."""

from dataclasses import dataclass
from pathlib import PurePath

import streamlit as st

from mlp.limits import MEGABYTE, Limits
from mlp.reading.cleaning import ACCENTS, Accents, Cleaning
from mlp.reading.decoding import ENCODINGS
from mlp.reading.splitting import LAYOUTS, Layout, columns, guess
from mlp.words import OWN, WordList, read_words, text_of
from pages.ui.live.session import Session

PASTE, UPLOAD = "Paste", "Upload a file"
AUTOMATIC = "auto"
TABLES = (".csv", ".tsv")
ACCENTS_STAY = Cleaning(accents="keep")


@dataclass(frozen=True)
class Source:
    """A user's text, or the bytes of a file, and what its list is called."""

    data: str | bytes
    name: str
    file: str = ""


@dataclass(frozen=True)
class Choices:
    """How a text is cut up and what is done to each word, as for `mlp.read_words`."""

    layout: Layout = "lines"
    column: int = 0
    header: bool = True
    encoding: str | None = None
    cleaning: Cleaning = ACCENTS_STAY

    def read(self, source: Source, limits: Limits) -> WordList:
        """The words of a text.

        Raises:
            ValueError: as of `mlp.read_words`.
        """
        return read_words(
            source.data, source.name, limits, layout=self.layout, column=self.column, header=self.header,
            encoding=self.encoding, cleaning=self.cleaning,
        )  # fmt: skip


def source(session: Session) -> Source | None:
    """Where the words come from; None where there are none yet."""
    limits = session.engine.limits
    where = st.segmented_control(
        "Where from", [PASTE, UPLOAD], default=PASTE, required=True, key="words_where", persist_state="session"
    )
    data: str | bytes
    if where == PASTE:
        data, file = st.text_area(
            "Your words", height=220, key="words_text", persist_state="session",
            placeholder="One word per line, or with commas between them",
            help="Press Ctrl+Enter, or leave the field, to see what becomes of them.",
        ), ""  # fmt: skip
    else:
        uploaded = st.file_uploader(
            "A text file (.txt or .csv)", type=["txt", "csv", "tsv"], key="words_file",
            max_upload_size=max(1, limits.text_bytes // MEGABYTE),
        )  # fmt: skip
        data, file = (uploaded.getvalue(), uploaded.name) if uploaded else ("", "")
    name = st.text_input(
        "Name of the list", key=f"words_name_{file}", persist_state="session",
        placeholder=PurePath(file).stem or OWN,
    )  # fmt: skip
    st.caption(
        f"At most {limits.text_bytes // MEGABYTE} MB, {limits.words:,} words, {limits.word_length} characters in a "
        f"word and {limits.characters} different characters. The words are kept on this server together with your run."
    )
    called = " ".join(name.split()) or PurePath(file).stem or OWN
    return Source(data, called, file) if data or file else None


def choices(source: Source | None) -> Choices:
    """How the text is read, and what is done to each word."""
    encoding = _encoding() if source and isinstance(source.data, bytes) else None
    try:
        text = text_of(source.data, encoding=encoding)[0] if source else ""
    except ValueError:
        text = ""  # the preview says why
    layout = _layout(text, source)
    column, header = _column(text) if layout == "table" and text else (0, True)
    return Choices(layout, column, header, encoding, _cleaning())


def _encoding() -> str | None:
    chosen = st.selectbox(
        "Encoding", [AUTOMATIC, *ENCODINGS], key="words_encoding",
        format_func=lambda name: "Told from the file" if name == AUTOMATIC else ENCODINGS[name],
        help="How the file writes letters as bytes. Change it where the letters below look wrong.",
    )  # fmt: skip
    return None if chosen == AUTOMATIC else chosen


def _layout(text: str, source: Source | None) -> Layout:
    is_table = bool(source and PurePath(source.file).suffix.lower() in TABLES)
    guessed: Layout = "table" if is_table else guess(text)
    told = f"Told from the text: {LAYOUTS[guessed].lower()}"
    chosen: str = st.selectbox(
        "How the text is laid out", [AUTOMATIC, *LAYOUTS], key="words_layout", persist_state="session",
        format_func=lambda layout: LAYOUTS.get(layout, told),
    )  # fmt: skip
    return chosen if chosen in LAYOUTS else guessed  # type: ignore[return-value]


def _column(text: str) -> tuple[int, bool]:
    header = st.checkbox("The first row names the columns", True, key="words_header", persist_state="session")
    try:
        titles = columns(text, header)
    except ValueError:
        return 0, header  # the preview says why
    key = f"words_column_{'/'.join(titles)[:200]}"  # the same table again keeps its column
    column = st.selectbox("Column", range(len(titles)), format_func=titles.__getitem__, key=key)
    return column or 0, header


def _cleaning() -> Cleaning:
    lower = st.checkbox(
        "Small letters only", True, key="words_lower", persist_state="session",
        help="“Anna” becomes “anna”. Fewer different characters are easier to learn.",
    )  # fmt: skip
    left, right = st.columns(2)
    accents: Accents = left.selectbox(
        "Accents", list(ACCENTS), format_func=ACCENTS.__getitem__, key="words_accents", persist_state="session"
    )
    without = right.text_input(
        "Characters to leave out",
        key="words_without",
        max_chars=200,
        persist_state="session",
        placeholder="for example 0123456789",
    )
    return Cleaning(lower, accents, without)
