"""Word lists: those that ship are as published, and a user's text comes out clean or is refused in plain words."""

import hashlib
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

import mlp
from mlp.words import BOUNDARY, MIN_WORDS, WORD_LISTS, clean_word


def test_pokemon_list_is_the_published_one():
    words = mlp.load_words("pokemon")
    assert len(words) == len(set(words)) == 1025
    assert words[:4] == ["bulbasaur", "ivysaur", "venusaur", "charmander"]
    assert set("".join(words)) == set(string.ascii_lowercase + " -2:’♀♂")
    assert {"mr mime", "nidoran♀", "nidoran♂", "farfetch’d", "porygon2", "type: null", "ho-oh", "flabebe"} <= set(words)


def test_every_shipped_list_is_clean_already():
    for name in WORD_LISTS:
        words = mlp.load_words(name)
        assert mlp.read_words("\n".join(words)) == words


def test_first_names_are_several_thousand():
    assert len(mlp.load_words("names")) > 3000


def test_a_list_is_a_sequence_that_equals_its_words_and_cannot_be_changed():
    words = mlp.load_words("pokemon")
    assert words == list(words)
    assert words == tuple(words)
    assert words != list(words)[1:]
    assert words != "bulbasaur"
    assert (words[0], words[-1], words[:2]) == ("bulbasaur", "pecharunt", ["bulbasaur", "ivysaur"])
    assert not hasattr(words, "clear")


def test_a_list_is_known_by_its_contents():
    words = mlp.load_words("pokemon")
    assert words.id == hashlib.sha256("\n".join(words).encode()).hexdigest()
    assert mlp.WordList.of(list(words), "pokemon").name == "pokemon"
    others = mlp.WordList.of(list(words)[1:], "pokemon")  # which is not the list that ships under that name
    assert others.name == mlp.WordList(["a"]).name == "own words"
    assert len({words.id, others.id, mlp.load_words("names").id, mlp.WordList(["ab", "c"]).id}) == 4
    assert mlp.WordList(["a", "bc"]).id != mlp.WordList(["ab", "c"]).id


def test_the_report_says_what_became_of_every_word():
    words = mlp.read_words("Ada\nbo, bo; Cléo\n...\n\ndan".encode())
    assert words == ["ada", "bo", "cleo", "dan"]
    assert words.report.kept == 4
    assert words.report.changed == (("Ada", "ada"), ("Cléo", "cleo"))
    assert words.report.dropped == (("bo", "it is there already"), ("...", "nothing is left of it"))


def test_bytes_that_are_no_text_are_refused():
    with pytest.raises(ValueError, match="UTF-8"):
        mlp.read_words(b"\xff\xfe\x00a")


def test_unknown_list_is_refused():
    with pytest.raises(ValueError, match="no word list “digimon”"):
        mlp.load_words("digimon")


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("Flabébé", "flabebe"),
        ("Flabe\u0301be\u0301", "flabebe"),  # é as two code points, as macOS writes it
        ("Mr. Mime", "mr mime"),
        ("  Two   words ", "two words"),
        ("a\u00a0b", "a b"),  # a no-break space
        ("\ufeff Anna", "anna"),  # a byte-order mark, then a space
        ("an\u200bna\x00", "anna"),
        ("...", ""),
    ],
)
def test_cleaning(raw, clean):
    assert clean_word(raw) == clean


@given(st.text())
def test_a_clean_word_is_clean(text):
    word = clean_word(text)
    assert BOUNDARY not in word
    assert word == word.strip()
    assert "  " not in word
    assert word.isprintable()


@given(st.text(alphabet="aeé.\u0301\u0300\u0323 Éß\u2028ǅ"))
def test_a_clean_word_stays_as_it_is(text):
    word = clean_word(text)
    assert clean_word(word) == word
    assert "é" not in word


def test_words_come_one_a_line_or_separated():
    expected = ["anna", "bert", "carl", "dora", "emil", "fritz"]
    assert mlp.read_words("Anna, Bert;Carl\tDora\r\nEmil\n\n Fritz ,") == expected


def test_repeated_words_are_kept_once_where_they_first_stand():
    assert mlp.read_words("b\na\nB\nc\na") == ["b", "a", "c"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", f"at least {MIN_WORDS} different words; this one has 0"),
        ("a\na\nb", f"at least {MIN_WORDS} different words; this one has 2"),
        ("\n".join(str(n) for n in range(21)), "at most 20 words; this one has 21"),
        (f"a\nb\n{'c' * 8}", "Is there one word per line"),
        ("\n".join(chr(0x4E00 + n) for n in range(11)), "at most 10 different characters; this one uses 11"),
    ],
)
def test_lists_that_cannot_be_learned_are_refused_in_plain_words(text, message):
    with pytest.raises(ValueError, match=message):
        mlp.read_words(text, limits=mlp.Limits(words=20, word_length=7, characters=10))
