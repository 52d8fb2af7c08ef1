"""Text that is not ours, such as words, names and what a link says, where Streamlit reads Markdown."""

import re


def plain(text: str) -> str:
    """A text whose every character Markdown shows as it is."""
    return re.sub(r"([\\`*_{}\[\]()<>#+\-.!$~:|])", r"\\\1", text)
