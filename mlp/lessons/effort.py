"""How much a page may work out while it is watched."""

from mlp.model import Model

MULTIPLICATIONS = 1_500_000_000


def max_examples(model: Model, examples: int) -> int:
    """How many of so many examples a forward pass can take in about a tenth of a second; at least one."""
    return min(examples, max(1, MULTIPLICATIONS // model.theta.nelement()))
