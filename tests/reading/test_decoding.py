"""Bytes become the text that was meant, whatever they were written in, or a sentence says why not."""

import codecs
import io
import zipfile

import pytest

import mlp
from mlp.reading.decoding import decode

TEXT = "Zürich\nGenève\nMálaga\nÅlesund\n"


@pytest.mark.parametrize(
    "data",
    [
        TEXT.encode("utf-8"),
        codecs.BOM_UTF8 + TEXT.encode("utf-8"),
        TEXT.encode("utf-16"),
        codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le"),
        codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"),
        TEXT.encode("utf-16-le"),
        TEXT.encode("utf-16-be"),
        TEXT.encode("utf-32"),
        TEXT.encode("cp1252"),
    ],
)
def test_the_encoding_is_told_from_the_bytes(data):
    assert decode(data)[0] == TEXT


def test_what_was_not_utf_8_is_said():
    assert decode(TEXT.encode("utf-8"))[1] == ()
    assert "Windows-1252" in decode(TEXT.encode("cp1252"))[1][0]


@pytest.mark.parametrize(
    ("encoding", "text"),
    [("cp1250", "Łódź\nKraków"), ("cp1251", "Москва\nОмск"), ("shift_jis", "東京\n大阪"), ("gb18030", "北京\n上海")],
)
def test_an_encoding_can_be_chosen(encoding, text):
    assert decode(text.encode(encoding), encoding)[0] == text


def test_an_encoding_that_does_not_fit_is_refused():
    with pytest.raises(ValueError, match="not a text in UTF-8"):
        decode(TEXT.encode("cp1252"), "utf-8")


def test_a_text_that_was_decoded_wrongly_once_is_mended_and_that_is_said():
    wrong = TEXT.encode("utf-8").decode("cp1252")
    assert wrong.startswith("ZÃ¼rich")
    text, notes = decode(wrong.encode("utf-8"))
    assert text == TEXT
    assert "“ZÃ¼rich” was meant as “Zürich”" in " ".join(notes)


def zipped() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("xl/workbook.xml", "<x/>")
    return file.getvalue()


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"\x89PNG\r\n\x1a\n" + bytes(200), "a picture"),
        (b"%PDF-1.7\n" + b"\xe2\xe3", "a PDF"),
        (zipped(), "Word, Excel or ZIP"),
        (bytes(range(256)) * 20, "not a text|not look like a text"),
        (bytes(1000), "not a text|not look like a text"),
    ],
)
def test_what_is_no_text_is_refused_by_name(data, message):
    with pytest.raises(ValueError, match=message):
        mlp.read_words(data)


def test_too_large_a_text_is_refused_before_it_is_decoded():
    with pytest.raises(ValueError, match="at most 5 MB"):
        mlp.read_words(b"\xff" * (5 * 2**20 + 1))
