"""A run that is quickly trained, to be saved."""

import mlp

SMALL = mlp.Settings(hidden=8, train_examples=64, batch_size=16)


def trained(steps: int = 60, **changes) -> mlp.Trainer:
    trainer = mlp.Trainer(SMALL.with_changes(**changes))
    trainer.step(steps)
    return trainer
