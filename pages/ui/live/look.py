"""Which moment of its run a page looks at: now, or an earlier step, wherever the run itself has come to meanwhile."""

from mlp.engine.job import Job
from mlp.engine.moment import ExactMoment, Moment, remembered
from mlp.engine.run import Run
from mlp.engine.scheduler import Engine
from mlp.engine.snapshot import Snapshot


class Look:
    """The moment that one page looks at. Commands come from one thread, frames are made in another.

    Attributes:
        wish: the step that was asked for, None for now.
    """

    def __init__(self, engine: Engine, run: Run) -> None:
        self._engine, self._run = engine, run
        self._network = 0
        self._job: Job | None = None
        self._held: Moment | None = None  # what is shown stays, also where the run drops it later
        self.wish: int | None = None

    def at(self, step: int, *, exact: bool) -> None:
        """Look at a step: at the last remembered one up to it, or, where it is to be `exact`, soon at itself."""
        present = self._run.snapshot
        self._give_up_search()
        self._network, wish = present.network, max(0, min(step, present.step))
        self._held = remembered(present, wish) if wish < present.step else None
        self.wish = wish
        if exact and self._held and (self._held.step, self._held.losses[0]) != (wish, wish):
            self._job = self._engine.start_job(ExactMoment(present, wish), self._run.notify)
        self._run.notify()

    def now(self) -> None:
        """Look at the run as it is."""
        self.wish = None
        self._give_up_search()
        self._run.notify()

    def __call__(self, present: Snapshot) -> Snapshot:
        """The run at the moment that is looked at; another network has another past, so then it is shown as it is."""
        wish, job, held = self.wish, self._job, self._held
        if wish is None:
            return present
        if present.network != self._network or wish > present.step:
            self.wish = None
            return present
        if job:
            job.keep_alive()
            assert isinstance(job.work, ExactMoment)
            held = job.work.found or held
        return held.of(present) if held and held.step < present.step else present

    def _give_up_search(self) -> None:
        if self._job:
            self._job.stop()
        self._job = None
