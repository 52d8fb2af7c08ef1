"""The network of a run as code: its parameters, its forward pass, its loss, and the words that it makes."""

from textwrap import dedent

from mlp.sampling import MAX_LENGTH
from mlp.settings import Settings

WORDS_DRAWN = 10


def network_code(settings: Settings) -> str:
    """The first parameters, drawn as `mlp.model.draw` does, and the forward pass."""
    scaled = settings.init == "scaled"
    lines = [
        "fan_in = block_size * embedding_dim  # how many numbers go into a tanh unit",
        "generator = torch.Generator().manual_seed(seed)",
    ]
    for name, (shape, said, scale) in _parameters(settings.direct).items():
        drawn = f"{name} = torch.randn({shape}, generator=generator)"
        lines.append(f"{drawn} * {scale}" if scaled and scale else drawn)
        lines[-1] += f"  # ({said})"
    names = ", ".join(_parameters(settings.direct))
    direct = " + x @ W" if settings.direct else ""
    lines += [f"parameters = [{names}]", "", ""]
    lines.append(
        dedent(f"""\
        def network(X):
            x = C[X].flatten(1)  # (B, fan_in)
            h = torch.tanh(x @ W1 + b1)  # (B, hidden)
            return h @ W2 + b2{direct}  # (B, V)""")
    )
    return "\n".join(lines)


def _parameters(direct: bool) -> dict[str, tuple[str, str, str]]:
    """Of each parameter the shape as code and in short, and what its draws are multiplied by if they are scaled."""
    V = "len(characters)"
    found = {
        "C": (f"{V}, embedding_dim", "V, embedding_dim", ""),
        "W1": ("fan_in, hidden", "fan_in, hidden", "(5 / 3 / math.sqrt(fan_in))"),
        "b1": ("hidden", "hidden,", "0.01"),
        "W2": (f"hidden, {V}", "hidden, V", "(0.1 / math.sqrt(hidden))"),
        "b2": (V, "V,", "0.0"),
    }
    if direct:
        found["W"] = (f"fan_in, {V}", "fan_in, V", "(0.1 / math.sqrt(fan_in))")
    return found


def loss_code(checkpoints: list[int], has_dev: bool) -> str:
    """The loss over many examples, and the line that is printed at a checkpoint."""
    dev = "  {mean_loss(X_dev, Y_dev):9.4f}" if has_dev else ""
    heading = "      step      train" + ("        dev" if has_dev else "")
    return dedent(f"""\
        @torch.no_grad()
        def mean_loss(X, Y):
            parts = zip(X.split(4096), Y.split(4096))  # so that many examples need not fit into memory at once
            return sum(F.cross_entropy(network(x), y, reduction="sum").item() for x, y in parts) / len(Y)


        def print_losses(step):
            print(f"{{step:10,}}  {{mean_loss(X, Y):9.4f}}{dev}")


        checkpoints = {{{", ".join(map(str, checkpoints))}}}  # the steps at which losses are printed
        print("{heading}")""")


def draw_code() -> str:
    """New words, each drawn character by character."""
    return dedent(f"""\
        luck = random.Random(seed)  # not torch.multinomial, whose draws differ between releases
        print()
        for _ in range({WORDS_DRAWN}):
            context, word = [0] * block_size, ""
            while len(word) < {MAX_LENGTH}:
                with torch.no_grad():
                    logits = network(torch.tensor([context]))[0]  # (V,)
                summed = torch.softmax(logits.double(), dim=0).cumsum(0)  # (V,)
                drawn = int((summed > luck.random()).int().argmax())  # the first at which the sum passes the number
                if drawn == 0:
                    break
                word += characters[drawn]
                context = [*context[1:], drawn]
            print(word)""")
