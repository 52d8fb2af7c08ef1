"""The data of a run as code: its words, their deal into train, dev and test, and the examples they make."""

import json
from textwrap import dedent

from mlp.dataset import NOTES_EXAMPLES, opening_words
from mlp.graphemes import clusters
from mlp.training.trainer import Trainer

WIDTH = 120


def words_code(trainer: Trainer) -> str:
    """The words as a list of string literals, as many a line as fit, and the vocabulary that they make."""
    parts = [clusters(word) for word in trainer.words]
    whole = all(len(part) == 1 for word in parts for part in word)
    lines = ["words = [" if whole else "words = [  # each a list: some characters are several code points long", "   "]
    for word in parts:
        item = f" {literal(''.join(word))}," if whole else f" [{', '.join(literal(part) for part in word)}],"
        if len(lines[-1]) + len(item) > WIDTH and lines[-1].strip():
            lines.append("   ")
        lines[-1] += item
    vocabulary = dedent("""\
        ]  # fmt: skip
        characters = [".", *sorted({character for word in words for character in word})]  # “.” has index 0
        index = {character: number for number, character in enumerate(characters)}""")
    return "\n".join([*lines, vocabulary])


def literal(word: str) -> str:
    """A word as a string that both JSON and Python read, and that shows no character which cannot be seen."""
    quoted = json.dumps(word, ensure_ascii=False)
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in quoted)


def deal_code(trainer: Trainer) -> str:
    """The deal; without the parts that have no words."""
    words, dataset = trainer.words, trainer.dataset
    dev, test = len(dataset.dev.words), len(dataset.test.words)
    if not dev + test:
        return "train_words = words  # there is no dev or test word"
    opening = min(opening_words(tuple(words), NOTES_EXAMPLES), len(words) - dev - test)
    lines = [
        f"opening = {opening}  # the words of the first {NOTES_EXAMPLES} examples, which are always trained on",
        "generator = torch.Generator().manual_seed(seed)",
        "order = (torch.randperm(len(words) - opening, generator=generator) + opening).tolist()",
        f"held_back = set(order[:{dev + test}])  # {dev} dev and {test} test words",
        "train_words = [word for number, word in enumerate(words) if number not in held_back]",
    ]
    if dev:
        lines.append(f"dev_words = [words[number] for number in sorted(order[:{dev}])]")
    return "\n".join(lines)


def examples_code(trainer: Trainer) -> str:
    """Contexts and labels of the parts that are used."""
    dataset = trainer.dataset
    lines = [
        dedent("""\
        def examples(words):
            X, Y = [], []
            for word in words:
                context = [0] * block_size
                for character in [*word, "."]:
                    X.append(context)
                    Y.append(index[character])
                    context = [*context[1:], index[character]]
            return torch.tensor(X), torch.tensor(Y)  # (N, block_size), (N,)


        X, Y = examples(train_words)""")
    ]
    if len(dataset.train) < dataset.available:
        lines.append("X, Y = X[:train_examples], Y[:train_examples]")
    if dataset.dev.words:
        lines.append("X_dev, Y_dev = examples(dev_words)")
    return "\n".join(lines)
