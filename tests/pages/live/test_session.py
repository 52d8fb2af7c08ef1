"""The sessions of a server, which come and go while others look through them."""

import sys
import threading

from pages.ui.live.session import Application


class Guest:
    """Anything that stands where a session stands."""


def test_sessions_can_be_gone_through_while_others_come_and_go() -> None:
    app, ended = Application(), threading.Event()
    stay = [Guest() for _ in range(200)]
    for place, guest in enumerate(stay):
        app.sessions[str(place)] = guest  # type: ignore[assignment]

    def come_and_go() -> None:
        while not ended.is_set():
            guests = [Guest() for _ in range(20)]
            for guest in guests:
                app.sessions[str(id(guest))] = guest  # type: ignore[assignment]

    visitors, interval = threading.Thread(target=come_and_go), sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    try:
        visitors.start()
        for _ in range(3000):
            found = app.open_sessions()
            assert len(found) >= len(stay)
    finally:
        ended.set()
        sys.setswitchinterval(interval)
        visitors.join()
        app.engine.stop()
