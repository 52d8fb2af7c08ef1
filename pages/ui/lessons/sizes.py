"""The tables of the page on the whole network: our sizes, and the paper's beside them."""

from mlp.lessons.architecture import PAPER, PaperNetwork, counts
from mlp.settings import Settings

Table = dict[str, list[str]]


def ours(settings: Settings, vocabulary_size: int) -> Table:
    """Every parameter in numbers, and their sum."""
    rows = counts(settings, vocabulary_size)
    return {
        "tensor": [*(row.name for row in rows), "total"],
        "shape": [*(str(row.shape) for row in rows), ""],
        "product": [*(row.sum for row in rows), " + ".join(row.name for row in rows)],
        "parameters": [*(f"{row.count:,}" for row in rows), f"{sum(row.count for row in rows):,}"],
    }


def in_the_papers_letters(settings: Settings, vocabulary_size: int) -> PaperNetwork:
    """Our network as the paper would list it."""
    return PaperNetwork(
        "this one", settings.word_list, vocabulary_size, settings.block_size + 1, settings.hidden,
        settings.embedding_dim, settings.direct,
    )  # fmt: skip


def formula(settings: Settings, vocabulary_size: int) -> str:
    """The paper's formula with our numbers, in KaTeX."""
    own = in_the_papers_letters(settings, vocabulary_size)
    V, n, h, m = own.vocabulary, own.order, own.hidden, own.dim
    without = "" if own.direct else rf" - {V}\cdot({n}-1)\cdot{m}"
    total = f"{own.parameters:,}".replace(",", r"{,}")
    first, second = rf"{V}\,(1 + {n}\cdot{m} + {h})", rf"{h}\,(1 + ({n}-1)\cdot{m})"
    return rf"\begin{{aligned}}&{first}\\&{{}} + {second}\\&{{}}{without} = {total}\end{{aligned}}"


def beside_the_paper(settings: Settings, vocabulary_size: int) -> Table:
    """The paper's networks (its tables 1 and 2) and ours, in its letters."""
    networks = [in_the_papers_letters(settings, vocabulary_size), *PAPER]
    return {
        "network": [network.name for network in networks],
        "parameters": [f"{network.parameters:,}" for network in networks],
        "corpus": [network.corpus for network in networks],
        "|V|": [f"{network.vocabulary:,}" for network in networks],
        "n": [str(network.order) for network in networks],
        "h": [f"{network.hidden:,}" for network in networks],
        "m": [str(network.dim) for network in networks],
        "direct": ["yes" if network.direct else "no" for network in networks],
        "test perplexity": [str(network.perplexity or "–") for network in networks],
        "averaged with trigram": [str(network.mixed or "–") for network in networks],
    }
