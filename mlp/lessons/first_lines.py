"""More lines of PyTorch, for the pages from words to the hidden layer: those in which the reader picks a number.

Each runs as it stands in `mlp.lessons.snippets.namespace`, after `IMPORTS`; a test runs them all.
"""

IMPORTS = """import math
from collections import Counter, defaultdict"""

EXAMPLES = {
    "picture": """for context, y in zip(X.tolist(), Y.tolist()):
    print(''.join(itos[i] for i in context), '--->', itos[y])""",
    "characters": "count = Counter(''.join(w + '.' for w in words))",
    "followers": """followers = defaultdict(Counter)
for context, y in zip(X.tolist(), Y.tolist()):
    followers[tuple(context)][y] += 1""",
    "lowest": """total = 0.0
for counts in followers.values():
    n = sum(counts.values())
    total -= sum(k * math.log(k / n) for k in counts.values())
lowest = total / len(Y)""",
}

MEMORY = """embcat = emb.view(-1, block_size * dim)
emb.shape, emb.stride()
embcat.shape, embcat.stride()
same_memory = embcat.data_ptr() == emb.data_ptr()"""


def one_hot(index: int) -> str:
    """Row `index` of C as a matrix product."""
    return f"row = F.one_hot(torch.tensor({index}), num_classes=len(C)).float() @ C"


def indexed(index: int) -> str:
    """Row `index` of C, indexed."""
    return f"row = C[{index}]"


def either_order(row: int, place: int) -> str:
    """One embedding in the two orders of indexing."""
    return f"first = C[X][{row}, {place}]\nsecond = C[X[{row}, {place}]]\ntorch.equal(first, second)"


def one_unit(example: int, unit: int) -> str:
    """The pre-activation of one hidden unit for one example, as the sum that it is."""
    return f"a = (embcat[{example}] * W1[:, {unit}]).sum() + b1[{unit}]"
