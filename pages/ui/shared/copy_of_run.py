"""A copy of the run as it is now, to save or to take home, while the run itself may play on."""

from mlp.training.trainer import Trainer
from pages.ui.live.session import Session

WAIT_SECONDS = 20.0


class Busy(ValueError):
    """The network is in the midst of a long step."""


def file_of(session: Session) -> bytes:
    """The run's file, as `Trainer.save` writes it.

    Raises:
        Busy: no moment between two steps came in time.
    """
    found: list[bytes] = []
    session.run.call(lambda trainer: found.append(trainer.to_bytes()))
    session.run.now(timeout=WAIT_SECONDS)
    if not found:
        raise Busy("The network is in the midst of a long step. Try again after it.")
    return found[0]


def copy_of(session: Session) -> Trainer:
    """The run as a trainer of its own.

    Raises:
        Busy: as of `file_of`.
    """
    return Trainer.load(file_of(session), session.engine.limits)
