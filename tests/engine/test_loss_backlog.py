"""The losses of a curve are worked out for as long as there is time, and what is left is told."""

import mlp
from mlp.engine.loss_backlog import LossBacklog


def test_at_rest_there_is_more_to_do_though_the_shown_step_took_all_the_time() -> None:
    trainer = mlp.Trainer(mlp.Settings(train_examples=64))
    trainer.step(100)
    backlog = LossBacklog(trainer)
    assert backlog.go_on(0.0, None) == (1, True)
    while backlog.go_on(0.05, None)[1]:
        pass
    assert trainer.timeline.unknown() is None
    assert backlog.go_on(0.05, None) == (0, False)


def test_while_it_trains_nothing_is_worked_out_beyond_its_share() -> None:
    trainer = mlp.Trainer(mlp.Settings(train_examples=64))
    trainer.step(100)
    backlog, before = LossBacklog(trainer), len(trainer.timeline.known)
    assert backlog.go_on(0.0, 1e6) == (0, False)
    assert backlog.go_on(1.0, -1.0) == (0, False)
    assert len(trainer.timeline.known) == before
