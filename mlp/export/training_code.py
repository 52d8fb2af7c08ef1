"""The training loop of a run as code: its batches and its optimizers, and of both only what the run uses."""

from collections.abc import Iterator
from textwrap import dedent, indent
from typing import NamedTuple

from mlp.export.schedule import Schedule
from mlp.kernel.network import FIRST_KEPT, LEAST_SIZE, MOMENTUM_KEPT, SECOND_KEPT


class Kind(NamedTuple):
    """An optimizer as code: what it remembers of earlier gradients, and one update. DIRECTION is the gradient."""

    memory: str
    update: str


KINDS = {
    "sgd": Kind("", "for p in parameters:\n    p -= learning_rate * DIRECTION"),
    "momentum": Kind(
        "velocities = [torch.zeros_like(p) for p in parameters]",
        f"""\
for p, velocity in zip(parameters, velocities):
    velocity.mul_({MOMENTUM_KEPT}).add_(DIRECTION)
    p -= learning_rate * velocity""",
    ),
    "adam": Kind(
        """\
means = [torch.zeros_like(p) for p in parameters]  # of the gradients
squares = [torch.zeros_like(p) for p in parameters]  # the mean of their squares
count = 0""",
        f"""\
count += 1
for p, mean, square in zip(parameters, means, squares):
    gradient = DIRECTION
    mean.lerp_(gradient, {1 - FIRST_KEPT:.1g})  # {FIRST_KEPT} of the old one, {1 - FIRST_KEPT:.1g} of the new
    square.mul_({SECOND_KEPT}).addcmul_(gradient, gradient, value={1 - SECOND_KEPT:.1g})
    size = (square / (1 - {SECOND_KEPT}**count)).sqrt()  # both means began at 0, which is put right here
    p -= learning_rate * (mean / (1 - {FIRST_KEPT}**count)) / (size + {LEAST_SIZE})""",
    ),
}


def batches_code() -> str:
    """A generator of the examples of one update after another."""
    return dedent("""\
        def batches():
            for number in itertools.count():
                generator = torch.Generator().manual_seed(seed * 1_000_003 + number)
                order = torch.randperm(len(X), generator=generator)  # (N,)
                while len(order):
                    parts = math.ceil(len(order) / batch_size)
                    size = math.ceil(len(order) / parts)
                    yield order[:size]  # (batch,)
                    order = order[size:]""")


def training_code(schedule: Schedule) -> str:
    """All updates of the run, with its losses at the checkpoints."""
    if not schedule.steps:
        return "print_losses(0)"
    before = ["for p in parameters:", "    p.requires_grad_()"]
    before += ["next_batches = batches()"] if schedule.in_batches else []
    if len(schedule.kinds) == 1:
        before += KINDS[schedule.kinds[0]].memory.splitlines()
    loop = "\n".join(_loop(schedule))
    return "\n".join([*before, "", "for step in range(steps):", indent(loop, "    "), "", "print_losses(steps)"])


def _loop(schedule: Schedule) -> Iterator[str]:
    """What each step does."""
    yield "if step in checkpoints:\n    print_losses(step)"
    yield from _changes(schedule)
    if schedule.in_batches:
        yield "rows = next(next_batches)  # (batch,)"
        yield "loss = F.cross_entropy(network(X[rows]), Y[rows])"
    else:
        yield "loss = F.cross_entropy(network(X), Y)  # a full batch: all examples at every step"
    yield "for p in parameters:\n    p.grad = None"
    yield "loss.backward()"
    yield "with torch.no_grad():"
    yield indent(_updates(schedule), "    ")


def _changes(schedule: Schedule) -> Iterator[str]:
    """What was changed while the network learned."""
    for name in schedule.changing:
        if (name == "batch_size" and not schedule.in_batches) or name == "optimizer":
            continue
        yield f"if step in {name}s:\n    {name} = {name}s[step]"
    if len(schedule.kinds) > 1:
        memory = "\n".join(KINDS[kind].memory for kind in schedule.kinds if KINDS[kind].memory)
        yield "if step in optimizers:  # another one begins without memory of earlier gradients"
        yield indent(f"optimizer = optimizers[step]\n{memory}", "    ")


def _updates(schedule: Schedule) -> str:
    """The update of the only optimizer, or of the one that is in force."""
    direction = "p.grad + weight_decay * p" if schedule.decays else "p.grad"
    codes = {kind: KINDS[kind].update.replace("DIRECTION", direction) for kind in schedule.kinds}
    if schedule.decays and "sgd" in codes:
        codes["sgd"] = codes["sgd"].replace(direction, f"({direction})")
    if len(codes) == 1:
        return codes[schedule.kinds[0]]
    branches = [f'if optimizer == "{kind}":\n{indent(code, "    ")}' for kind, code in codes.items()]
    return "\nel".join(branches)
