"""A word is made clean as was chosen, keeps what a reader takes for one character, and all that was done is told."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlp.graphemes import clusters
from mlp.reading.cleaning import ACCENTS, BOUNDARY, PICTURE, Cleaning, clean

KEPT = Cleaning(lower=False, accents="keep")
FAMILY = "👨‍👩‍👧"


@pytest.mark.parametrize(
    ("raw", "cleaning", "made", "why"),
    [
        ("anna", Cleaning(), "anna", ""),
        ("Anna", Cleaning(), "anna", "small letters"),
        ("Anna", KEPT, "Anna", ""),
        ("Ålesund", Cleaning(accents="keep"), "ålesund", "small letters"),
        ("élève", Cleaning(), "elève", "accents"),
        ("élève", Cleaning(accents="remove"), "eleve", "accents"),
        ("École", Cleaning(lower=False, accents="remove"), "Ecole", "accents"),
        ("e\u0301te", KEPT, "éte", "composed (NFC)"),
        ("St. John", KEPT, "St John", "“.” left out"),
        ("a1b2", Cleaning(without="123"), "ab", "characters left out, as chosen"),
        ("a\u200bb\u00ad", KEPT, "ab", "invisible characters left out"),
        ("\u202eabc\u202c", KEPT, "abc", "invisible characters left out"),
        ("a \t b", KEPT, "a b", "spaces"),
        (FAMILY, KEPT, FAMILY, ""),
        ("🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f", KEPT,
         "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f", ""),
        ("می\u200cخواهم", KEPT, "می\u200cخواهم", ""),  # Persian, where the joiner decides how letters look
        ("हिन्दी", Cleaning(accents="remove"), "हिन्दी", ""),  # whose marks are vowels
        ("\u0301abc", KEPT, "abc", ""),  # a mark without a letter
        ("𝒜\ud800b", KEPT, "𝒜b", "invisible characters left out"),
    ],
)  # fmt: skip
def test_what_is_done_and_what_is_said_of_it(raw, cleaning, made, why):
    assert clean(raw, cleaning) == (made, why)


cleanings = st.builds(Cleaning, st.booleans(), st.sampled_from(list(ACCENTS)), st.text(max_size=3))


@given(st.text() | st.text(alphabet="aeéÉ.\u0301\u0300\u0323 Éß\u2028ǅ\u200d👩🏽🇨🇭\ufe0f"), cleanings)
def test_a_clean_word_is_clean_and_stays_as_it_is(text, cleaning):
    word, _ = clean(text, cleaning)
    assert BOUNDARY not in word
    assert " ".join(word.split()) == word == unicodedata.normalize("NFC", word)
    assert all(part.isprintable() or len(part) > 1 or PICTURE.search(part) for part in clusters(word))
    assert not word or not unicodedata.combining(word[0])
    assert clean(word, cleaning) == (word, "")


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("abc", ["a", "b", "c"]),
        ("x\u0323\u0307y", ["x\u0323\u0307", "y"]),  # no letter is composed with both
        (f"a{FAMILY}b", ["a", FAMILY, "b"]),
        ("🇨🇭🇩🇪", ["🇨🇭", "🇩🇪"]),
        ("東京", ["東", "京"]),
        ("각", ["각"]),
        ("", []),
    ],
)
def test_characters_are_what_a_reader_takes_for_one(text, parts):
    assert clusters(text) == parts


@given(st.text())
def test_characters_joined_are_the_text(text):
    assert "".join(clusters(text)) == text
