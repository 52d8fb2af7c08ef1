"""The code that the page shows draws the network's own names: it is run, with the network's own numbers."""

import pytest
import torch
import torch.nn.functional as F

import mlp
from mlp.lessons.generation import code
from mlp.sampling import probabilities


def run(text, trainer, drawn=None):
    """The name that the code draws; `drawn` is told what it draws from, and picks."""
    model, characters = trainer.model, trainer.dataset.vocabulary.characters
    names = dict(model.parameters)
    real = torch.multinomial
    torch.multinomial = lambda p, count: torch.tensor([[drawn(p)]])
    try:
        space = {
            **names, "torch": torch, "F": F, "stoi": {c: i for i, c in enumerate(characters)},
            "itos": dict(enumerate(characters)), "block_size": trainer.settings.block_size,
            "dim": trainer.settings.embedding_dim,
        }  # fmt: skip
        exec(text, space)
    finally:
        torch.multinomial = real
    return space["word"]


@pytest.mark.parametrize("changes", [{}, {"direct": True, "block_size": 5}, {"block_size": 1, "embedding_dim": 1}])
def test_at_temperature_0_it_writes_the_greedy_name(changes):
    trainer = mlp.Trainer(mlp.Settings(**changes))
    trainer.step(300)
    name = trainer.sample(1, start="ch", temperature=0)[0]
    if len(name) < 24:
        assert run(code(trainer.settings, "ch", 0.0, None), trainer) == name
    assert "multinomial" not in code(trainer.settings, "ch", 0.0, None)


@pytest.mark.parametrize(("temperature", "top_k"), [(1.0, None), (0.5, None), (1.0, 4), (2.0, 3)])
def test_it_draws_from_the_same_probabilities(temperature, top_k):
    trainer = mlp.Trainer(mlp.Settings())
    trainer.step(300)
    seen = []

    def draw(p):
        seen.append(p[0])
        return 0 if len(seen) == 4 else int(p.argmax())

    run(code(trainer.settings, "", temperature, top_k), trainer, draw)
    context = [0, 0, 0]
    for p in seen:
        logits = trainer.model.forward(torch.tensor([context])).logits[0]
        assert torch.allclose(p.double(), probabilities(logits, temperature, top_k), atol=1e-6)
        context = [*context[1:], int(p.argmax())]
