"""Two predictions on the page of examples: the next character by tokens, and the shapes of X and Y."""

import math
from typing import Any

import streamlit as st

from mlp.engine.snapshot import Snapshot
from mlp.lessons.examples import Followed, WordExamples, expected_loss, word_examples
from mlp.lessons.shapes import read_shape, x_fault, y_fault
from mlp.lessons.tokens import TOKENS, read_tokens, token_loss
from mlp.words import singular
from pages.ui.lessons import predict
from pages.ui.lessons.example_views import quoted, times
from pages.ui.lessons.lesson import Pick
from pages.ui.live import components as live
from pages.ui.shared.formatting import number
from pages.ui.shared.once import show_spaces, static_view
from pages.ui.shared.plain import plain


def be_the_network(now: Snapshot, picked: Pick, followed: Followed) -> None:
    """Twenty tokens among the characters that may follow the chosen context, scored as the network is."""
    context = plain(show_spaces(followed.context))
    if not followed.total:
        st.markdown(
            f"### Predict, then see: be the network\n\n“{context}” does not occur in the training examples, so a "
            "guess cannot be scored: choose another example above."
        )
        return

    def find(guesses: tuple[Any, ...], then: Snapshot) -> dict[str, float]:
        vocabulary = then.dataset.vocabulary
        logits = then.model.forward(picked.x).logits[0]
        return {
            "you": token_loss(read_tokens(guesses[0], vocabulary), followed, len(vocabulary)),
            "this network": expected_loss(followed, logits, vocabulary),
            "a uniform guess": math.log(len(vocabulary)),
            "lowest possible": followed.lowest,
        }

    seen, place = predict.ask(
        "tokens",
        (picked.word, picked.position),
        "be the network",
        f"What comes after “{context}”? You have {TOKENS} tokens. Type {TOKENS} characters, one for "
        f"each token; a character that you think likely gets many. The dot `.` stands for the end of the "
        f"{singular(now.dataset.noun)}.",
        [predict.Text(f"Your {TOKENS} tokens", f"{TOKENS} characters, some of them several times")],
        find,
    )
    if seen:
        with place:
            _compare_tokens(seen, followed)


def _compare_tokens(seen: predict.Seen[dict[str, float]], followed: Followed) -> None:
    yours, its = seen.truth["you"], seen.truth["this network"]
    closer = "You predict better than this network." if yours < its else "This network predicts better than you."
    if yours > seen.truth["a uniform guess"]:
        closer += " A uniform guess would have cost you less."
    if not math.isfinite(its):
        closer = "The network’s loss is not finite."
    rows = [[name, number(loss)] for name, loss in seen.truth.items()]
    predict.compare(
        "tokens",
        "Your tokens and the network",
        ["mean loss", "nats"],
        rows,
        f"{closer} This context occurs {times(followed.total)} in the training examples. Nobody gets below the lowest "
        "possible loss there, because the context alone leaves the rest open. (We give every character a tenth of a "
        "token more, so that nothing you left out costs infinitely much.)",
        seen.step,
    )


def guess_the_shapes(now: Snapshot, picked: Pick) -> None:
    """The shapes of X and Y for a word of the reader's choice, before its tables are shown."""

    def find(guesses: tuple[Any, ...], then: Snapshot) -> tuple[WordExamples, str, str]:
        made = word_examples(guesses[0], then.dataset.vocabulary, then.settings.block_size)
        characters, block_size = len(made.rows) - 1, then.settings.block_size
        X, Y = (read_shape(guess) for guess in guesses[1:])
        return made, x_fault(X, characters, block_size), y_fault(Y, characters)

    one = singular(now.dataset.noun)
    seen, place = predict.ask(
        "shapes",
        None,
        "guess the shape",
        f"Think of another {one}. Which shapes do its X and Y have, at block size {now.settings.block_size}?",
        [predict.Text(f"Another {one}", f"not “{picked.word}”"), predict.Text("X.shape", "(rows, columns)"),
         predict.Text("Y.shape", "(numbers,)")],
        find,
    )  # fmt: skip
    if seen:
        with place:
            _compare_shapes(seen)


def _compare_shapes(seen: predict.Seen[tuple[WordExamples, str, str]]) -> None:
    made, *faults = seen.truth
    guesses = [str(read_shape(guess)) for guess in seen.guesses[1:]]
    truths = [str(tuple(tensor.shape)) for tensor in (made.X, made.Y)]
    table = {
        "columns": [f"shapes for {quoted(made.word)}", "your guess", "PyTorch", "verdict"],
        "rows": [
            [name, guess, truth, "wrong" if fault else "right"]
            for name, guess, truth, fault in zip(("X", "Y"), guesses, truths, faults, strict=True)
        ],
    }
    live.live_table("predict-shapes", "Your shapes and PyTorch’s", static_view(table), mono=True)
    st.markdown(next((fault for fault in faults if fault), "Right: one row for each character, and one for the end."))
    rows = [
        [f"{show_spaces(row.context)} ---> {show_spaces(row.label)}", str(list(row.context_indices)),
         str(row.label_index)]
        for row in made.rows
    ]  # fmt: skip
    table = {"columns": ["example", "row of X", "number of Y"], "rows": rows}
    live.live_table("predict-shapes-rows", "The examples behind the shapes", static_view(table), mono=True)
