"""A page as AppTest opens it (no JavaScript), and its live views asked for as the socket would."""

from typing import Any

from streamlit.testing.v1 import AppTest

from tests.paths import FRAME


def opened(page: str = "", **link: str) -> AppTest:
    """The app opened with a link, on one of its pages."""
    app = AppTest.from_file(FRAME, default_timeout=120)
    for name, value in link.items():
        app.query_params[name] = value
    app.run()
    return app.switch_page(f"{page}.py").run() if page else app


def patches(app: AppTest) -> dict[str, Any]:
    """What every view on the page gives of the run as it is now."""
    live = app.session_state.live
    now = live.run.now()
    return {key: view(now) for key, view in live.views.items()}


def press(app: AppTest, label: str) -> AppTest:
    """The app after a press of one of its buttons."""
    next(button for button in app.button if button.label == label).click().run()
    assert not app.exception
    return app
