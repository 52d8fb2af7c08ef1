"""Our own log records as JSON, one object a line, for a server whose logs are collected.

A log tells of the server, not of its users: of an exception it holds the kind and the places in the code, but not the
message, which may quote somebody's words.
"""

import json
import logging
import os
import traceback
from datetime import UTC, datetime

SWITCH = "MLP_LOG"  # the environment variable: "json", or as Python does where it is left out
OURS = ("mlp", "pages")


def begin() -> None:
    """Write the records of our loggers to standard error as JSON, if the environment says so."""
    if os.environ.get(SWITCH) != "json":
        return
    handler = logging.StreamHandler()
    handler.setFormatter(AsJson())
    for name in OURS:
        logger = logging.getLogger(name)
        logger.handlers, logger.propagate = [handler], False
        logger.setLevel(logging.INFO)


class AsJson(logging.Formatter):
    """A record as one line: time (UTC), level, logger, message, and the exception where there is one."""

    def format(self, record: logging.LogRecord) -> str:
        told: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info and (error := record.exc_info[1]):
            told["exception"] = _without_words(error)
        return json.dumps(told)


def _without_words(error: BaseException) -> dict[str, object]:
    """An exception's kind, the places that it came through (the last is where it was raised), and what it came from."""
    frames = traceback.extract_tb(error.__traceback__)
    told: dict[str, object] = {
        "kind": type(error).__name__,
        "places": [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames],
    }
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return told | {"from": _without_words(cause)} if cause else told
