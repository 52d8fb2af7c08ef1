"""An embedding as the two files that the TensorFlow embedding projector reads: vectors and what each of them is.

Both are tab-separated; the first has one row of numbers a character and no heading, the second a heading, since it has
more than one column (https://projector.tensorflow.org, “Load data”).
"""

from collections.abc import Callable

from torch import Tensor

from mlp.dataset import Dataset


def vectors(C: Tensor) -> str:
    """The rows of C, every number so that it reads back as the same float32."""
    return "".join("\t".join(f"{value:.9g}" for value in row) + "\n" for row in C.tolist())


def metadata(dataset: Dataset, group: Callable[[str], str]) -> str:
    """What each row is: its character, its group, how often training contexts hold it, and whether any does."""
    lines = ["character\tindex\tgroup\tcount in training contexts\ttrained"]
    for index, character in enumerate(dataset.vocabulary.characters):
        count = dataset.seen[index]
        shown = "space" if character == " " else character
        lines.append(f"{shown}\t{index}\t{group(character)}\t{count}\t{'yes' if count else 'no'}")
    return "\n".join(lines) + "\n"
