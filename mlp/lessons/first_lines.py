"""More lines of PyTorch, for the pages from words to the hidden layer: those in which the reader picks a number.

Each runs as it stands in `mlp.lessons.snippets.namespace`, after `IMPORTS`; a test runs them all.
"""

IMPORTS = """import math
import statistics
import time
from collections import Counter, defaultdict"""

EXAMPLES = {
    "picture": """for context, y in zip(X.tolist(), Y.tolist()):
    print(''.join(itos[i] for i in context), '--->', itos[y])""",
    "characters": "count = Counter(''.join(w + '.' for w in words))",
    "followers": """followers = defaultdict(Counter)
for context, y in zip(X.tolist(), Y.tolist()):
    followers[tuple(context)][y] += 1""",
    "predicted": "predicted = F.softmax(logits, 1)",
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


TIMING = """def microseconds(look_up, rounds=15):
    look_up()
    taken = []
    for _ in range(rounds):
        begin = time.perf_counter()
        look_up()
        taken.append(time.perf_counter() - begin)
    return 1e6 * statistics.median(taken)

index = microseconds(lambda: C[X])
product = microseconds(lambda: F.one_hot(X, num_classes=len(C)).float() @ C)
slowdown = product / index"""

SLOPE = """slope = 1 - h**2
dhpreact = slope * dh"""

PASSAGE = """before, after = dh.abs(), ((1 - h**2) * dh).abs()
fraction_saturated = after[saturated].sum() / before[saturated].sum()
fraction_others = after[~saturated].sum() / before[~saturated].sum()"""


def split(dev: int, test: int, seed: int) -> str:
    """The words dealt out to the splits; `words` is the whole list, of which so many go to dev and to test."""
    return f"""n_dev, n_test = {dev}, {test}
opening = 0  # the words that give the notes' first 32 examples are always train words
while opening < len(words) - n_dev - n_test and sum(len(w) + 1 for w in words[:opening]) < 32:
    opening += 1
g = torch.Generator().manual_seed({seed})
dealt = (torch.randperm(len(words) - opening, generator=g) + opening).tolist()
dev = [words[i] for i in sorted(dealt[:n_dev])]
test = [words[i] for i in sorted(dealt[n_dev:n_dev + n_test])]
held_back = {{*dev, *test}}
train = [w for w in words if w not in held_back]"""


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
