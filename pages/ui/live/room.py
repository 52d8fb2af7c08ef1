"""The room that each chart takes, known before its page’s script has run: what comes late must not move what is there.

Where a chart is of another height, as under other settings, its page says so (see `pages.ui.live.components`); that
comes with the script.
"""

ROOM = {  # pixels of height, by the chart’s key, under the settings that the app begins with
    "embedding": 380, "embedding-distances": 300, "embedding-large": 620, "embedding-gathering": 330,
    "loss": 380,
    "lab-map": 410, "lab-loss": 250, "lab-capacity": 250, "lab-embedding": 250, "lab-rates": 340, "lab-compared": 400,
    "plane": 560,
    "generate-next": 330, "generate-novelty": 330, "generate-surprise": 190,
    "inside-outputs": 330, "inside-shares": 330, "inside-spreads": 330, "inside-sizes": 330, "inside-norms": 330,
    "inside-ratios": 330,
    "examples-window": 172, "examples-X": 196, "examples-Y": 116, "examples-characters": 300, "examples-pairs": 720,
    "examples-followers": 340,
    "lookup-C": 756, "lookup-map": 620, "lookup-product": 680, "lookup-tried": 116, "lookup-emb": 196,
    "hidden-embedded": 196, "hidden-concatenated": 196, "hidden-W1": 218, "hidden-b1": 138,
    "hidden-preactivation": 218, "hidden-tanh": 540, "hidden-hidden": 218, "hidden-saturation": 386,
    "output-logits": 196, "output-softmax": 400, "output-probabilities": 350, "output-losses": 320,
    "backward-graph": 300, "backward-value": 116, "backward-descent": 330, "backward-step-before": 756,
    "backward-step-gradient": 756, "backward-step-after": 756, "backward-movement": 600,
    "network": 690,
}  # fmt: skip


def rule(key: str, height: int) -> str:
    """A rule of CSS that keeps a chart’s room, where nothing has enlarged it."""
    return f"html:not(.live-lecture) .st-key-live-{key} {{ min-height: {height}px; }}"


def rules() -> str:
    """The rules of all charts."""
    return "\n".join(rule(key, height) for key, height in ROOM.items())
