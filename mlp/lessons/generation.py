"""The code that draws a word, in the notes' plain PyTorch, for the settings and choices at hand."""

from mlp.lessons.snippets import forward_lines
from mlp.settings import Settings


def code(settings: Settings, start: str, temperature: float, top_k: int | None) -> str:
    """A loop that draws one word; `stoi` and `itos` are the notes' dictionaries between characters and indices."""
    lines = forward_lines(settings.direct)
    return "\n".join(
        [
            f"word = {start!r}",
            "while True:",
            f"    context = ('.' * {settings.block_size} + word)[-{settings.block_size}:]",
            "    X = torch.tensor([[stoi[ch] for ch in context]])",
            *(f"    {line}" for line in _forward(lines)),
            *(f"    {line}" for line in _changed(temperature, top_k)),
            "    ix = torch.multinomial(p, 1).item()" if temperature else "    ix = logits.argmax().item()",
            "    if ix == 0:  # the boundary ends the word",
            "        break",
            "    word += itos[ix]",
        ]
    )


def _forward(lines: dict[str, str]) -> list[str]:
    names = ("embedded", "concatenated", "preactivation", "hidden", "logits")
    return [line for name in names for line in lines[name].splitlines()]


def _changed(temperature: float, top_k: int | None) -> list[str]:
    """From the logits to what is drawn from."""
    if not temperature:
        return []
    changed = [f"logits = logits / {temperature:g}  # the temperature"] if temperature != 1 else []
    if top_k is not None:
        changed += [
            f"least = logits.topk({top_k}).values[:, -1:]",
            "logits = logits.masked_fill(logits < least, -torch.inf)  # top-k",
        ]
    return [*changed, "p = F.softmax(logits, dim=1)"]
