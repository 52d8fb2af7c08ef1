"""Runs that differ in all that an exported program must get right; each is short."""

import mlp

AWKWARD = [
    "</script>", "'''", '"""', 'say "hi"', "back\\slash", "\\n", "\\u0041", "{{title}}", "%s", "a b", "<b>bold</b>",
    "=1+1", "#", "é", "🎉", "👩‍👩‍👧", "日本", "<!--", "&amp;", "${x}", *(f"word{number}" for number in range(40)),
]  # fmt: skip


def notes() -> mlp.Trainer:
    return _trained(300, train_examples=32, batch_size=None)


def mini_batches() -> mlp.Trainer:
    return _trained(300)


def momentum() -> mlp.Trainer:
    return _trained(200, optimizer="momentum", learning_rate=0.02, block_size=1)


def adam_with_decay() -> mlp.Trainer:
    return _trained(200, optimizer="adam", learning_rate=0.01, weight_decay=0.01, init="scaled", block_size=5)


def direct_with_decay() -> mlp.Trainer:
    return _trained(200, direct=True, weight_decay=0.01, embedding_dim=5, init="scaled", train_examples=500)


def changed() -> mlp.Trainer:
    """Changes in the midst of a pass: of the rate, of the batch size to full and back, of the optimizer and back."""
    trainer = _trained(33, train_examples=400, batch_size=30, hidden=30)
    for steps, changes in (
        (20, {"learning_rate": 0.03, "batch_size": 17}),
        (30, {"batch_size": None}),
        (30, {"optimizer": "adam", "learning_rate": 0.01, "batch_size": 50}),
        (30, {"optimizer": "momentum", "weight_decay": 0.002}),
        (30, {"optimizer": "adam"}),
        (30, {"optimizer": "sgd", "weight_decay": 0.0, "learning_rate": 0.1}),
    ):
        trainer.change(**changes)
        trainer.step(steps)
    trainer.change(learning_rate=0.5)  # with which no update is made
    return trainer


def gone_back() -> mlp.Trainer:
    """A way that was left, with other settings on it, and one that was gone on from an earlier step."""
    trainer = _trained(70, optimizer="momentum", learning_rate=0.02, train_examples=400, init="scaled")
    trainer.change(optimizer="adam", batch_size=10)
    trainer.step(100)
    trainer.rewind(90)
    trainer.step(60)
    trainer.change(learning_rate=0.005)
    trainer.step(20)
    trainer.rewind(40)
    trainer.step(80)
    return trainer


def diverged() -> mlp.Trainer:
    trainer = _trained(20, train_examples=100, hidden=10, batch_size=None)
    trainer.change(learning_rate=10, weight_decay=1)
    trainer.step(300)
    assert trainer.diverged
    return trainer


def untrained() -> mlp.Trainer:
    return mlp.Trainer(mlp.Settings(init="scaled"))


def own_words() -> mlp.Trainer:
    return _trained(150, AWKWARD, hidden=20)


def without_dev() -> mlp.Trainer:
    return _trained(100, AWKWARD, hidden=20, train_share=0.7, dev_share=0, seed=7)


def all_trained_on() -> mlp.Trainer:
    return _trained(100, ["ab", "abc", "b a"], train_share=1, dev_share=0, hidden=20)


def _trained(steps: int, words: list[str] | None = None, **settings: object) -> mlp.Trainer:
    trainer = mlp.Trainer(mlp.Settings(**settings), words)
    trainer.step(steps)
    return trainer


RUNS = (
    notes, mini_batches, momentum, adam_with_decay, direct_with_decay, changed, gone_back, untrained, own_words,
    without_dev, all_trained_on,
)  # fmt: skip
