"""What a browser may ask of its run: the buttons of the transport bar and the settings. Nothing sent is trusted."""

import math
from typing import Any

from mlp.engine.pace import WATCH
from mlp.settings import INVALID, SPECS, Settings, later_seed, nearest, parse, show
from mlp.words import OWN_LIST
from pages.ui.live.session import Session

BUTTONS = ("play", "pause", "step", "epoch", "reset", "undo")
TO_NOW = {*BUTTONS, "run_epochs", "new_seed", "set", "defaults"} - {"pause"}  # what they do is seen now, not then
NO_OWN = "There are no words of your own yet: bring them on the page “Own words”."
REFUSED = "Your class does not use this."
DEFAULTS = "All settings are back to their defaults."
WELCOMED = "The first run ends by itself here. Press Play to train on, or change a setting and watch again."
PACES = (0.5, 10_000.0)


def handle(session: Session, message: dict[str, Any]) -> None:
    """Carry out one message.

    Raises:
        ValueError: it makes no sense; nothing was done.
    """
    run, name, value = session.run, message.get("name"), message.get("value")
    if session.refuses(str(message.get("setting") if name == "set" else name)):
        run.tell(REFUSED)
        return
    if name in TO_NOW:
        session.look.now()
    if name in BUTTONS:
        getattr(run, name)()
    elif name == "end_welcome":
        run.pause()
        run.tell(WELCOMED)
    elif name == "run_epochs":
        run.run_epochs(min(max(int(_number(value)), 1), session.engine.limits.epochs))
    elif name == "now":
        session.look.now()
    elif name == "look" and isinstance(value, dict):
        session.look.at(int(_number(value.get("step"))), exact=bool(value.get("exact")))
    elif name == "new_seed":
        run.set("seed", later_seed(run.snapshot.settings.seed))
    elif name == "pace":
        run.set_pace(value if value in (None, WATCH) else min(max(_number(value), PACES[0]), PACES[1]))
    elif name == "set" and message.get("setting") in SPECS:
        setting = message["setting"]
        legal, note = _clamped_to_legal(session, setting, value)
        run.set(setting, legal)
        run.tell(note)
    elif name == "defaults":
        back = session.room.settings if session.room else Settings()
        run.set_many(back.model_dump(), "All settings are back to those of the class." if session.room else DEFAULTS)
    elif name in session.handlers:
        session.handlers[name](value)
    else:
        raise ValueError(f"There is no command “{name}”.")


def _clamped_to_legal(session: Session, setting: str, value: Any) -> tuple[Any, str]:
    """The legal value nearest to what was sent, and what was changed; the two shares never add up to more than 1.

    What was typed and makes no sense changes nothing, and is told.
    """
    text = value if isinstance(value, str) else show(setting, value)
    settings = session.run.snapshot.settings
    if setting == "word_list" and text == OWN_LIST and not session.run.snapshot.own:
        return settings.word_list, NO_OWN
    if parse(setting, text) is INVALID:
        return getattr(settings, setting), f"“{text[:20]}” changes nothing: {SPECS[setting].sentence()}"
    legal, note = nearest(setting, text, "")
    if setting == "train_share":
        return min(legal, round(1 - settings.dev_share, 6)), note
    if setting == "dev_share":
        return min(legal, round(1 - settings.train_share, 6)), note
    return legal, note


def _number(value: Any) -> float:
    try:
        number = float(value)
    except (TypeError, ValueError):
        raise ValueError(f"“{str(value)[:20]}” is not a number.") from None
    if not math.isfinite(number):
        raise ValueError("That is not a number.")
    return number
