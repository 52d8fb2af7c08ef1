"""Word lists: those that ship are as published, and a user's text comes out clean or is refused in plain words."""

import hashlib
import string

import pytest

import mlp
from mlp.words import MIN_WORDS, WORD_LISTS, clean_word


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


@pytest.mark.parametrize(
    ("name", "kept"),
    [("two\nlines ", "two lines"), ("\u202eabc\u200b\x00", "abc"), ("", "own words"), ("x" * 99, "x" * 60)],
)
def test_the_name_of_a_list_stands_in_one_line_and_turns_nothing_round(name, kept):
    assert mlp.WordList(["ab"], name).name == kept


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


def test_each_change_has_its_reason():
    report = mlp.read_words("Ada\nÉva\nb\u200bo\ndan").report
    assert report.changed == (("Ada", "ada"), ("Éva", "eva"), ("b\u200bo", "bo"))
    assert report.why_changed == ("small letters", "small letters, accents", "invisible characters left out")


def test_what_can_be_no_word_is_left_out_and_the_others_are_kept():
    words = mlp.read_words(f"anna\n{'x' * 1_000_000}\nl\ufffdst\n=1+1\n@SUM(A1)\n-ness\nbert")
    assert words == ["anna", "-ness", "bert"]
    assert [why for _, why in words.report.dropped] == [
        "longer than 64 characters", "a character of it is lost (\ufffd)",
        "a formula of a spreadsheet", "a formula of a spreadsheet",
    ]  # fmt: skip
    assert all(len(word) < 100 for word, _ in words.report.dropped)


def test_a_word_of_64_characters_is_kept_however_many_code_points_they_are():
    word = "👨‍👩‍👧" * 64
    assert mlp.read_words(f"{word}\nab\ncd")[0] == word
    assert mlp.read_words(f"{word}x\nab\ncd\nef")[0] == "ab"


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
        ("\n".join(str(n) for n in range(21)), "at most 20 words; this one has more"),
        (f"a\nb\n{'c' * 8}", "this one has 2. Left out: 1 × longer than 7 characters"),
        ("a\naa\naaa", "made of “a” alone"),
        ("\n".join(chr(0x4E00 + n) for n in range(11)), "at most 10 different characters; this one uses 11"),
    ],
)
def test_lists_that_cannot_be_learned_are_refused_in_plain_words(text, message):
    with pytest.raises(ValueError, match=message):
        mlp.read_words(text, limits=mlp.Limits(words=20, word_length=7, characters=10))
