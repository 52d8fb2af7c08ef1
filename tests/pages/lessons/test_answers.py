"""What the notes ask in passing is answered on its page, for whatever network and words are at hand."""

import pytest
from streamlit.testing.v1 import AppTest

import mlp
from mlp.dataset import make_dataset
from mlp.words import WordList
from pages.ui.lessons import answers_words
from tests.pages.opening import opened, patches, press


def written(app: AppTest) -> str:
    said = (each.value for group in (app.markdown, app.error, app.code, app.caption) for each in group)
    return " ".join(map(str, said)).replace("\\", "")


@pytest.mark.parametrize(
    ("page", "parts"),
    [
        ("examples", ["34 = 33 characters (26 letters, the space, -, 2, :, ’, ♀, ♂) + the boundary token"]),
        (
            "lookup",
            [
                "used alike end up close together",
                "The 34 characters here have 2 numbers each, and two can be drawn",
                "one_hot is only applicable to index tensor of type LongTensor",
                "unsupported operand type(s) for @: 'builtin_function_or_method' and 'Tensor'",
                "too many indices for tensor of dimension 2",
                "`C[[5, 6, 7]]` takes three rows",
            ],
        ),
        (
            "hidden",
            [
                "mat1 and mat2 shapes cannot be multiplied (18x2 and 6x100)",
                "view size is not compatible",
                "with 6 inputs and 100 outputs at once",
                "*broadcasting*",
                "too few underfit",
                "hyperbola",
            ],
        ),
        (
            "output",
            [
                "The size of tensor a (34) must match the size of tensor b (6)",
                "would be a 6 × 6 table",
                "module 'torch' has no attribute 'arrange'",
                "p = 0.5 costs 0.69, p = 0.001 costs 6.9",
                "nn.NLLLoss()(nn.LogSoftmax(1)(logits), Y)",
                "expected target dtype to be Long or Byte, but got Int",
                "The *order* of the `randn` calls matters",
            ],
        ),
        (
            "backward",
            [
                "element 0 of tensors does not require grad and does not have a grad_fn",
                "`None` frees the tensor",
                "a leaf Variable that requires grad is being used in an in-place operation",
                "The gradient points uphill",
                "its 10 steps print: 17.0956, ",
                "the train loss is 0.18, close to the lowest possible 0.17",
            ],
        ),
    ],
)
def test_the_answers_stand_on_their_page(page: str, parts: list[str]) -> None:
    said = written(opened(page))
    for part in parts:
        assert part in said, part


def test_one_character_of_context_needs_no_joining() -> None:
    said = written(opened("hidden", block_size="1", hidden="1"))
    assert "happens to match" in said
    assert "with 2 inputs and 1 output at once" in said


def test_a_word_with_as_many_examples_as_characters_divides_silently() -> None:
    app = opened("output")
    app.text_input(key="lesson_word").set_value("a" * 33).run()
    assert "Here both sizes happen to be 34, so there is no error" in written(app)


def test_the_notes_run_is_loaded_by_its_button() -> None:
    app = press(opened("backward"), "Load this run")
    settings = app.session_state.live.run.now().settings
    assert (settings.train_examples, settings.batch_size) == (32, None)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["ab", "ba", "aab"], "3 = 2 characters (2 letters)"),
        (["a", "aa", "aaa"], "2 = 1 character (1 letter)"),
        (["a1", "1a", "11"], "3 = 2 characters (1 letter, 1)"),
        ([chr(33 + i) * 2 for i in range(13)], "14 = 13 characters (13 others)"),
    ],
)
def test_characters_of_any_list_are_counted(words: list[str], said: str) -> None:
    dataset = make_dataset(mlp.Settings(), WordList(words))
    found = answers_words.characters(dataset).replace("\\", "")
    assert f"from 0 to {len(dataset.vocabulary) - 1}: {said} + " in found
    assert found.endswith("+ the boundary token `.`.")


def test_of_a_long_context_the_end_is_drawn_where_the_letters_are() -> None:
    drawn = patches(opened("hidden", block_size="8", embedding_dim="10"))
    for name in ("embedded", "concatenated"):
        assert "columns 40–79 of 80" in drawn[f"hidden-{name}"]["label"], name
