"""What a step of a lesson waits for, judged by each picture of the run."""

from collections.abc import Callable
from dataclasses import dataclass

from mlp.engine.snapshot import Snapshot
from mlp.guided.lesson import STEP_REACHED
from pages.ui.lab.bench import lab_of
from pages.ui.live.session import Session
from pages.ui.playground.verdicts import make_view


@dataclass(frozen=True)
class Condition:
    """`missing` says what is missing, of a run and the page's name, or ""; `step` is the one waited for, or 0."""

    missing: Callable[[Snapshot, str], str]
    step: int = 0


def condition(wait: str, session: Session) -> Condition:
    """The condition that a lesson calls `wait`."""
    if reached := STEP_REACHED.fullmatch(wait):
        return _step_reached(int(reached[1]))
    if wait.startswith("page:"):
        return Condition(lambda _, page: "" if page == wait[5:] else f"Open the page “{wait[5:]}”.")
    if wait == "dev_turned":
        return _dev_turned()
    jobs = {"map_done": "map", "rate_found": "search", "remedies_done": "comparison"}
    return _job_done(session, jobs[wait]) if wait in jobs else Condition(lambda *_: "")


def _step_reached(step: int) -> Condition:
    def missing(snapshot: Snapshot, _: str) -> str:
        return "" if snapshot.step >= step else f"Wait for step {step:,}."

    return Condition(missing, step)


def _dev_turned() -> Condition:
    verdict = make_view()

    def missing(snapshot: Snapshot, _: str) -> str:
        return "" if verdict(snapshot)["verdict"] in ("overfitting", "memorising") else "Wait for the dev loss to rise."

    return Condition(missing)


def _job_done(session: Session, name: str) -> Condition:
    def missing(_: Snapshot, page: str) -> str:
        job = getattr(lab_of(session), name, None)
        if job is not None and job.done:
            return ""
        return "Wait until it is ready." if page == "lab" else "Go back to the fitting lab and wait until it is ready."

    return Condition(missing)
