"""Being the network: a reader shares out tokens among the next characters, and is scored as a network is."""

import math
from collections import Counter

from mlp.dataset import Vocabulary
from mlp.graphemes import clusters
from mlp.lessons.examples import Followed

TOKENS = 20
SMOOTHING = 0.1  # of a token, given to every character, so that none is thought impossible


def read_tokens(text: str, vocabulary: Vocabulary) -> Counter[str]:
    """How many tokens each character gets in a text of 20 characters; `.` is the end of the word.

    Raises:
        ValueError: they are not 20, or the vocabulary lacks one of them.
    """
    typed = [character if character in vocabulary.index else character.lower() for character in clusters(text)]
    vocabulary.encode("".join(typed))
    if len(typed) != TOKENS:
        raise ValueError(f"There are {TOKENS} tokens to share out; you have placed {len(typed)}.")
    return Counter(typed)


def token_loss(tokens: Counter[str], followed: Followed, vocabulary_size: int) -> float:
    """The mean loss in nats, on the examples of one context, of probabilities in proportion to the tokens.

    nan where the context never occurs.
    """
    whole = tokens.total() + SMOOTHING * vocabulary_size
    costs = (count * math.log(whole / (tokens[character] + SMOOTHING)) for character, count in followed.counts)
    return sum(costs) / followed.total if followed.total else math.nan
