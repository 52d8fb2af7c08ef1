"""Short runs beside the session's own, as a page shows them: a job of the engine that rests when nobody looks."""

from collections.abc import Callable, Sequence

import streamlit as st

from mlp.engine.job import Job
from mlp.engine.snapshot import Snapshot
from mlp.lessons.short_runs import ShortRuns, Variant
from mlp.plots import short_runs
from mlp.plots.patches import Patch
from pages.ui.live import components as live
from pages.ui.live.session import View, current
from pages.ui.shared.made_smaller import made_smaller

Table = dict[str, object]


def start(key: str, then: Snapshot, variants: Sequence[Variant], steps: int) -> Job:
    """Begin the runs, with the settings and words of a snapshot, in place of those of the same key."""
    session = current()
    if last := st.session_state.get(f"side_runs_{key}"):
        last.stop()
    made = session.engine.start_job(ShortRuns(then.settings, then.dataset, variants, steps), session.run.notify)
    st.session_state[f"side_runs_{key}"] = made
    return made


def work_of(job: Job) -> ShortRuns:
    """What the job does."""
    assert isinstance(job.work, ShortRuns)
    return job.work


def show(key: str, job: Job, table: Callable[[ShortRuns], Table], reference: tuple[str, float] | None = None) -> None:
    """The curves, and `table` of the runs below them."""
    work = work_of(job)
    what = work.steps, work.short.split, reference
    live.chart(f"{key}-curves", short_runs.TITLE, short_runs.figure(work.curves, *what), _curves(job, what))
    live.live_table(f"{key}-table", "Where the short runs end", _table(job, table))
    st.caption(_about(work))


def _curves(job: Job, what: tuple[int, str, tuple[str, float] | None]) -> View:
    def view(_: Snapshot) -> Patch:
        job.keep_alive()
        return short_runs.update(work_of(job).curves, *what)

    return view


def _table(job: Job, table: Callable[[ShortRuns], Table]) -> View:
    def view(_: Snapshot) -> Patch:
        job.keep_alive()
        work = work_of(job)
        if job.done:
            return table(work)
        done = sum(curve.steps[-1] for curve in work.curves if curve.steps)
        return {"text": f"{job.note or 'Training:'} step {done:,} of {work.steps * len(work.curves):,} in all."}

    return view


def _about(work: ShortRuns) -> str:
    """What the losses are of, and what was made smaller so that they come within seconds."""
    batch, short = work.settings.batch_size, work.short
    return (
        f"All runs begin with the same weights and take the same batches: {work.steps:,} steps of at most {batch} "
        f"example{'' if batch == 1 else 's'}, with the other settings of your network, which itself does not change. "
        f"The loss is that of {len(short.test):,} {short.split} examples. {made_smaller(short)}"
    ).strip()
