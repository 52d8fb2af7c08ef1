"""A text is cut into words by its lines, as running text, or as a table."""

import csv
import io

import pytest

from mlp.reading.splitting import columns, guess, split

LINE_ENDS = ["\n", "\r", "\r\n", "\v", "\f", "\x1c", "\x1d", "\x1e", "\x85", "\u2028", "\u2029"]


@pytest.mark.parametrize("end", LINE_ENDS)
def test_every_line_end_of_unicode_is_one(end):
    assert split(end.join(["anna", "bert", "carl"])) == ["anna", "bert", "carl"]
    assert split(end.join(["name,age", "anna,3", "bert,4"]), "table") == ["anna", "bert"]


def test_running_text_gives_its_words_without_punctuation():
    text = "«It’s well-known», she said: don't—ever!—say 3.5 (or “naïve”)."
    assert split(text, "text") == [
        "It’s", "well-known", "she", "said", "don't", "ever", "say", "3", "5", "or", "naïve",
    ]  # fmt: skip


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_a_table_is_read_by_column_whatever_separates_them(delimiter):
    file = io.StringIO()
    writer = csv.writer(file, delimiter=delimiter)
    writer.writerows([["id", "city, country"], ["1", "Zürich, CH"], ["2", 'the "Hague", NL'], ["3"]])
    text = file.getvalue()
    assert split(text, "table", 1) == ["Zürich, CH", 'the "Hague", NL']
    assert split(text, "table", 0, header=False) == ["id", "1", "2", "3"]
    assert columns(text) == ["id", "city, country"]
    assert columns(text, header=False)[1].startswith("column 2 (city, country")


@pytest.mark.parametrize("text", ['a\n"' + "x" * 200_000, 'name\nbo\n"cl"ara\ndora', 'name;n\nbo;1\n"clara;2\ndora;3'])
def test_a_quotation_that_never_ends_is_refused(text):
    with pytest.raises(ValueError, match="could not be read"):
        split(text, "table")


def test_sentences_are_told_from_a_list():
    assert guess("anna\nbert\nSan José de Costa Rica") == "lines"
    assert guess("It was the best of times, it was the worst of times, it was the age.\nOf wisdom.\n" * 1) == "lines"
    assert guess("It was the best of times, it was the worst of times, it was the age of wisdom.") == "text"
    assert guess("") == "lines"
