"""How much a page may work out while it is watched."""

from typing import NamedTuple

from mlp.dataset import Dataset, Split
from mlp.model import Model
from mlp.settings import Settings

MULTIPLICATIONS = 1_500_000_000
MAX_BATCH = 32
RUNS = 40 * MULTIPLICATIONS  # of short runs, all together: some ten seconds
FEWEST_STEPS = 25


class Short(NamedTuple):
    """What short runs may take, so that nobody waits long for them.

    settings: of the runs; of a batch larger than 32, 32 examples a step are taken. steps: how many each takes.
    cut_short, smaller_batch: whether these are fewer than asked for, and whether a step takes fewer examples than the
    settings say. split, test: "dev", or "train" where there are no dev examples, and those that losses are measured on.
    """

    settings: Settings
    steps: int
    cut_short: bool
    smaller_batch: bool
    split: str
    test: Split


def max_examples(model: Model, examples: int) -> int:
    """How many of so many examples a forward pass can take in about a tenth of a second; at least one."""
    return min(examples, max(1, MULTIPLICATIONS // model.theta.nelement()))


def shortened(settings: Settings, dataset: Dataset, runs: int, steps: int) -> Short:
    """So many runs of so many steps, made short where the network, its batches or its examples are large."""
    batch = min(settings.batch_size or MAX_BATCH, MAX_BATCH, len(dataset.train))
    model = Model(settings, len(dataset.vocabulary))
    split = "dev" if len(dataset.dev) else "train"
    whole = dataset.split(split)
    allowed = max(FEWEST_STEPS, min(steps, RUNS // (3 * batch * model.theta.nelement() * runs)))
    return Short(
        settings=settings.with_changes(batch_size=batch),
        steps=allowed,
        cut_short=allowed < steps,
        smaller_batch=batch < min(settings.batch_size or len(dataset.train), len(dataset.train)),
        split=split,
        test=whole.first(max(1, max_examples(model, len(whole) * 4) // 4)),
    )
