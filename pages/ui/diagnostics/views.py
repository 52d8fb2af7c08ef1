"""The live views of the diagnostics page: each turns a snapshot into plain data."""

from mlp.engine.moment import state_before
from mlp.engine.over_time import OverTime
from mlp.engine.snapshot import Snapshot
from mlp.lessons import inside as facts
from mlp.lessons.hidden import saturation
from mlp.lessons.inside import GUIDE, LAYERS, Inside
from mlp.plots import histogram, tensor_lines
from mlp.plots.patches import Patch
from mlp.training.again import Again
from pages.ui.diagnostics import words
from pages.ui.live.session import View
from pages.ui.shared.formatting import format_size, number
from pages.ui.shared.throttle import Throttled

SATURATION, SPREADS = "Saturated outputs and dead units", "Spread of the activations"
NORMS, RATIOS = "Gradient norms", "Update-to-data ratios"
OUTPUTS, SIZES = "Outputs of the hidden units", "Sizes of the gradients"
SHARES = "saturated outputs", "dead units"


def measure(present: Snapshot, step: int) -> Inside:
    """The update from a remembered step, made once more."""
    before = state_before(present, step)
    history, train = present.recipe.history(), present.dataset.train
    loop = Again(before, history, present.dataset)
    loop.go_on(step + 1)
    epoch = before.passes + before.position / len(train)
    return facts.inside(present.model.at(before.theta), history.at(step), train, epoch, loop.state().theta)


def outputs() -> View:
    """How the outputs of the hidden units are spread."""

    def work_out(now: Snapshot) -> Patch:
        hidden = now.model.forward(facts.judged(now.model, now.dataset.train)).hidden
        found = saturation(hidden)
        said = words.activations(found.fraction, len(found.dead), hidden.shape[1], now.settings)
        return {**histogram.update(OUTPUTS, {"hidden": facts.activation_histogram(hidden)}, said), "step": now.step}

    return Throttled(work_out)


def sizes(names: list[str]) -> View:
    """How the sizes of the next batch's gradients are spread, parameter by parameter."""

    def work_out(now: Snapshot) -> Patch:
        _, gradient = facts.batch_gradients(now.model, now.settings, now.dataset.train, now.epoch)
        edges = facts.gradient_edges(gradient, names)
        found = {name: facts.gradient_histogram(gradient[name], edges) for name in names}
        said = words.gradients({name: gradient[name].double().norm().item() for name in names})
        zeros = [f"{share:.0%} of {name}" for name, (_, _, share) in found.items() if share]
        said += f" Too close to 0 for any bin: {', '.join(zeros)}." if zeros else ""
        said += " In C these are the characters that this batch does not hold, at least." if found["C"][2] else ""
        bins = {name: (middles, shares) for name, (middles, shares, _) in found.items()}
        return {**histogram.update(SIZES, bins, said), "step": now.step}

    return Throttled(work_out)


def shares(series: OverTime[Inside]) -> View:
    """The share of saturated outputs and dead units over the training."""

    def view(now: Snapshot) -> Patch:
        points = [(step, dict(zip(SHARES, (each.saturated, each.dead), strict=True))) for step, each in series(now)]
        return tensor_lines.update(SATURATION, points, SHARES, now.now.step, share=True)

    return view


def spreads(series: OverTime[Inside]) -> View:
    """The standard deviation of each layer over the training."""

    def view(now: Snapshot) -> Patch:
        points = [(step, each.spreads) for step, each in series(now)]
        return tensor_lines.update(SPREADS, points, LAYERS, now.now.step, log=True)

    return view


def norms(series: OverTime[Inside], names: list[str]) -> View:
    """The norm of each parameter's gradient over the training."""

    def view(now: Snapshot) -> Patch:
        points = [(step, each.norms) for step, each in series(now)]
        return tensor_lines.update(NORMS, points, names, now.now.step, log=True)

    return view


def ratios(series: OverTime[Inside], names: list[str]) -> View:
    """The update-to-data ratio of each parameter over the training."""

    def view(now: Snapshot) -> Patch:
        points = [(step, each.ratios) for step, each in series(now)]
        return tensor_lines.update(RATIOS, points, names, now.now.step, guide=GUIDE)

    return view


def finding(of: View) -> View:
    """What a chart has found, as a text below it."""
    return lambda now: {"text": str(of(now)["label"]).partition(": ")[2]}


def table(series: OverTime[Inside], names: list[str]) -> View:
    """Each parameter in numbers, at the last step that was measured."""

    def view(now: Snapshot) -> Patch:
        known = series(now)
        if not known:
            return {"text": "Not worked out yet."}
        step, last = known[-1]
        rows = [[name, format_size(last.norms[name], 4), number(last.ratios[name], 2)] for name in names]
        settings = now.now.recipe.history().at(step)
        return {
            "text": f"The update from step {step:,}: {words.updates(last, settings)}",
            "columns": ["parameter", "gradient norm", "log₁₀ (update / data)"],
            "rows": rows,
        }

    return view
