"""What a load test found, as a table."""

from dataclasses import dataclass
from itertools import chain
from statistics import mean, median, quantiles
from typing import Any

import mlp

CLOSE = 5e-4  # nats, between the server's loss and one worked out here

COLUMNS = (
    ("sessions", "{sessions}"),
    ("updates/s each, mean (slowest)", "{mean:.1f} ({slowest:.1f})"),
    ("longest gap, s", "{gap:.2f}"),
    ("click median / p95, s", "{click:.3f} / {click_late:.3f}"),
    ("page median / p95, s", "{page:.2f} / {page_late:.2f}"),
    ("steps/s in all", "{steps:,.0f}"),
    ("memory begin / middle / end, MB", "{begin:.0f} / {middle:.0f} / {end:.0f}"),
    ("server, cores", "{server:.2f}"),
    ("clients, cores", "{clients:.2f}"),
    ("errors", "{errors}"),
)


@dataclass
class Found:
    """What one number of sessions gave: what each visitor saw (see `Seen`), and what the server took."""

    visitors: list[dict[str, Any]]
    memory: tuple[float, float, float]
    server: float
    clients: float
    complaints: list[str]

    @property
    def errors(self) -> list[str]:
        """All that should not have happened, a loss included that does not follow from its visitor's settings."""
        told = [f"Visitor {number}: {fault}" for number, one in enumerate(self.visitors) for fault in one["faults"]]
        wrong = [f"Visitor {number}: {fault}" for number, one in enumerate(self.visitors) if (fault := wrong_end(one))]
        return [*told, *wrong, *self.complaints]

    def row(self) -> str:
        """A row of the table."""
        rates = [one["frames"] / one["seconds"] for one in self.visitors if one["seconds"]] or [0.0]
        clicks = list(chain.from_iterable(chain.from_iterable(one["clicks"].values()) for one in self.visitors))
        pages = list(chain.from_iterable(one["pages"] for one in self.visitors))
        begin, middle, end = self.memory
        values = {
            "sessions": len(self.visitors), "mean": mean(rates), "slowest": min(rates),
            "gap": max(one["longest_gap"] for one in self.visitors),
            "click": _median(clicks), "click_late": _late(clicks), "page": _median(pages), "page_late": _late(pages),
            "steps": sum(one["steps"] / one["seconds"] for one in self.visitors if one["seconds"]),
            "begin": begin, "middle": middle, "end": end,
            "server": self.server, "clients": self.clients, "errors": len(self.errors),
        }  # fmt: skip
        return "| " + " | ".join(form.format(**values) for _, form in COLUMNS) + " |"

    def clicks(self) -> str:
        """By what was pressed, the 95th percentile of the seconds until its effect was seen."""
        names = sorted({name for one in self.visitors for name in one["clicks"]})
        by_name = {name: [s for one in self.visitors for s in one["clicks"].get(name, [])] for name in names}
        return ", ".join(f"{name} {_late(seconds):.3f} s ({len(seconds)})" for name, seconds in by_name.items())


def header() -> str:
    """The first two lines of the table."""
    return "| " + " | ".join(title for title, _ in COLUMNS) + " |\n" + "|" + "---|" * len(COLUMNS)


def wrong_end(visitor: dict[str, Any]) -> str:
    """What is wrong with where a visitor's run ended, worked out here from its settings; "" if nothing is."""
    if visitor["end"] is None:
        return "It did not come to its end."
    settings, step, seen = visitor["end"]
    trainer = mlp.Trainer(mlp.Settings(**settings))
    trainer.step(step)
    true = trainer.evaluate("train")
    return "" if abs(seen - true) < CLOSE else f"Its train loss is {seen} at step {step}; from its settings {true:.4f}."


def _median(values: list[float]) -> float:
    return median(values) if values else float("nan")


def _late(values: list[float]) -> float:
    """The 95th percentile."""
    return quantiles(values, n=20, method="inclusive")[-1] if len(values) > 1 else _median(values)
