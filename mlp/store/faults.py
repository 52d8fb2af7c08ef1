"""What a database could not do, as sentences for the user."""

from collections.abc import Iterator
from contextlib import contextmanager
from errno import ENOSPC

LOCKED = "The list of saved runs is in use by another program just now. Try again in a moment."
FULL = "There is no room left on the server’s disk, so the run could not be saved."
DAMAGED = "The file of saved runs is damaged. Ask whoever runs this server to look at it."
READ_ONLY = "The list of saved runs cannot be written on this server."
NEWER = "The saved runs were made by a newer version of this app, so this version leaves them alone."
NO_DRIVER = "The saved runs cannot be used: this server lacks the driver of their database, {driver}."
OTHER = "The list of saved runs cannot be used just now."


class StoreError(RuntimeError):
    """What the database could not do, as a sentence; every run saved before is as it was."""


class NewerSchema(RuntimeError):
    """The database was made by a newer version of this package."""


@contextmanager
def sentences() -> Iterator[None]:
    """Whatever goes wrong inside becomes a `StoreError` with a sentence."""
    from sqlalchemy.exc import SQLAlchemyError  # who only catches a `StoreError` need not wait for it

    try:
        yield
    except NewerSchema:
        raise StoreError(NEWER) from None
    except ModuleNotFoundError as error:  # SQLAlchemy imports the driver that a URL asks for
        raise StoreError(NO_DRIVER.format(driver=error.name)) from error
    except SQLAlchemyError as error:
        raise StoreError(sentence_of(error)) from error
    except OSError as error:
        raise StoreError(FULL if error.errno == ENOSPC else OTHER) from error


def sentence_of(error: Exception) -> str:
    """What a database's own message comes to."""
    text = str(getattr(error, "orig", error)).lower()
    found = (
        ("locked", LOCKED), ("disk is full", FULL), ("disk i/o", FULL), ("malformed", DAMAGED),
        ("not a database", DAMAGED), ("corrupt", DAMAGED), ("readonly", READ_ONLY), ("unable to open", READ_ONLY),
    )  # fmt: skip
    return next((sentence for part, sentence in found if part in text), OTHER)
