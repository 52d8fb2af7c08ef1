"""More lines of PyTorch, for the pages on output and gradients: those that hold the reader's pick or a setting.

Each runs as it stands in `mlp.lessons.snippets.namespace`; a test runs them all.
"""

from mlp.lessons.snippets import PAGES, logits_lines
from mlp.model import parameter_shapes
from mlp.settings import Settings

WORST = """losses = F.cross_entropy(logits, Y, reduction='none')
hardest = losses.topk(min(10, len(losses)))
contexts, labels = X[hardest.indices], Y[hardest.indices]"""

ARROWS = "move = -lr * (dC + weight_decay * C)"


def with_constant(added: int) -> str:
    """The loss both ways after a constant was added to every logit."""
    by_hand = PAGES["loss_by_hand"].replace("loss", "by_hand", 1)
    fused = PAGES["loss_fused"].replace("loss", "fused", 1)
    return f"logits = logits {'-' if added < 0 else '+'} {abs(added)}\n{PAGES['probabilities']}\n{by_hand}\n{fused}"


def first_loss(settings: Settings, vocabulary_size: int) -> str:
    """The untrained network with N(0, 1) weights, drawn anew from the seed, and its loss on X, Y."""
    shapes = parameter_shapes(settings, vocabulary_size)
    drawn = "\n".join(f"{name} = torch.randn({shape}, generator=g)" for name, shape in shapes.items())
    spread = "spread = logits.std(1, correction=0).mean()"
    return f"g = torch.Generator().manual_seed({settings.seed})\n{drawn}\n{_loss(settings.direct)}\n{spread}"


def finite_difference(name: str, entry: tuple[int, ...], nudge: float, direct: bool) -> str:
    """The slope of the loss along one number of one parameter, measured in float64."""
    names = _names(direct)
    number = f"{name}[{', '.join(map(str, entry))}]"
    inside = _loss(direct).replace("loss = ", "return ").replace("\n", "\n    ")
    return f"""{names} = (p.double() for p in [{names}])

def loss():
    {inside}

{number} += {nudge:g}
above = loss()
{number} -= 2 * {nudge:g}
below = loss()
{number} += {nudge:g}
estimate = (above - below) / (2 * {nudge:g})"""


def descent(direct: bool, set_to_none: bool = True) -> str:
    """A training loop over `batches`, pairs of X and Y; with or without clearing the old gradients."""
    inside = _loss(direct).replace("\n", "\n    ")
    away = "    for p in parameters:\n        p.grad = None  # without this, old gradients pile up\n"
    return f"""parameters = [{_names(direct)}]
for p in parameters:
    p.requires_grad_()
losses = []
for X, Y in batches:
    {inside}
    losses.append(loss.item())
{away if set_to_none else ""}    loss.backward()
    for p in parameters:
        p.data += -lr * p.grad"""


def training_loop(direct: bool, steps: int) -> str:
    """The notes' loop from fresh weights to the end, which prints the loss of each step; X, Y are its examples."""
    inside = _loss(direct).replace("\n", "\n    ")
    return f"""parameters = [{_names(direct)}]
for p in parameters:
    p.requires_grad_()
for step in range({steps}):
    {inside}
    print(f'{{loss.item():.4f}}')
    for p in parameters:
        p.grad = None
    loss.backward()
    for p in parameters:
        p.data += -lr * p.grad"""


def _names(direct: bool) -> str:
    return "C, W1, b1, W2, b2" + (", W" if direct else "")


def _loss(direct: bool) -> str:
    return f"{logits_lines(direct)}\n{PAGES['loss_fused']}"
