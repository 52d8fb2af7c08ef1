"""A run's curve as a table for a spreadsheet or a data frame."""

import csv
import io
import math

from mlp.settings import SPECS, show
from mlp.training.trainer import Trainer

LIVE = tuple(name for name, spec in SPECS.items() if spec.live)
COLUMNS = ("step", "epoch", "batch_loss", "train_loss", "dev_loss", *LIVE)


def history_csv(trainer: Trainer) -> str:
    """One row for each remembered step, comma-separated, under a heading (`COLUMNS`); losses are in nats.

    `batch_loss` is that of the batch which led on from the step, before the update; the settings are those it was made
    with. Empty cells: `batch_loss` where no update was made from that step on; `dev_loss` where there are no dev words;
    both `train_loss` and `dev_loss` where nobody has worked them out yet (`trainer.timeline.losses("dev")` does). A
    loss that overflowed is `inf`. Every cell is a number or a word of ours, so no spreadsheet takes one for a formula.
    """
    table, timeline = io.StringIO(), trainer.timeline
    writer = csv.writer(table, lineterminator="\r\n")  # as RFC 4180 has it
    writer.writerow(COLUMNS)
    for step, epoch, batch in zip(timeline.steps, timeline.epochs, timeline.batch_losses, strict=True):
        losses = batch, *timeline.known.get(step, (math.nan, math.nan))
        settings = trainer.history.at(step)
        live = [show(name, getattr(settings, name)) for name in LIVE]
        writer.writerow([step, epoch, *("" if math.isnan(value) else value for value in losses), *live])
    return table.getvalue()
