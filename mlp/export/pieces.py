"""A run as pieces of a program that trains it again, with PyTorch alone: what script and notebook are both made from.

Each piece has a title, an explanation, and code in which only what this run uses stands.
"""

import math
from collections.abc import Iterator
from typing import NamedTuple

from mlp.export.data_code import deal_code, examples_code, words_code
from mlp.export.introduction import checkpoints, imports_code, introduction
from mlp.export.network_code import draw_code, loss_code, network_code
from mlp.export.schedule import Schedule
from mlp.export.training_code import batches_code, training_code
from mlp.training.trainer import Trainer


class Piece(NamedTuple):
    """A part of the program. The explanation is Markdown, one paragraph or more, and holds no text of a user."""

    title: str
    explanation: str
    code: str


def pieces(trainer: Trainer) -> list[Piece]:
    """The program of a run, in the order in which it is read and run."""
    return [*_data(trainer), *_training(trainer)]


def _data(trainer: Trainer) -> Iterator[Piece]:
    """From the settings to the examples."""
    schedule, noun, count = Schedule(trainer), trainer.words.noun, len(trainer.words)
    yield Piece(f"A network that learns {noun}", introduction(trainer), imports_code(schedule))
    changed = CHANGED if schedule.changing else UNCHANGED
    yield Piece("Settings", f"Those of the run, under the names that the app gives them. {changed}", schedule.code())
    yield Piece(noun.capitalize(), WORDS.format(noun=noun, count=f"{count:,}"), words_code(trainer))
    yield Piece("Train, dev and test", _deal(trainer).format(noun=noun), deal_code(trainer))
    yield Piece("Examples", EXAMPLES, examples_code(trainer))


def _training(trainer: Trainer) -> Iterator[Piece]:
    """From the first parameters to new words."""
    schedule, noun, V = Schedule(trainer), trainer.words.noun, len(trainer.dataset.vocabulary)
    yield Piece("The network", NETWORK, network_code(trainer.settings))
    guess = LOSS.format(V=V, guess=f"{math.log(V):.4f}")
    yield Piece("The loss", guess, loss_code(checkpoints(trainer), bool(trainer.dataset.dev.words)))
    if schedule.in_batches:
        yield Piece("Batches", BATCHES, batches_code())
    yield Piece("Training", TRAINING if schedule.steps else UNTRAINED, training_code(schedule))
    yield Piece(f"New {noun}", NEW.format(noun=noun), draw_code())


def _deal(trainer: Trainer) -> str:
    """How the words were dealt."""
    dataset = trainer.dataset
    if dataset.dev.words:
        return DEAL
    return DEAL_WITHOUT_DEV if dataset.test.words else NO_DEAL


UNCHANGED = "None of them was changed while the network learned."
CHANGED = "Where one was changed while the network learned, each of its values stands with the step it came at."
WORDS = (
    "All {count} {noun} of the list, in its own order. Their characters, and “.” for where one begins and ends, are "
    "all that the network knows."
)
DEAL = (
    "The {noun} are dealt by the seed, and the network learns from the train {noun} alone. Its loss on dev {noun}, "
    "which it never learns from, tells whether it has learned more than the train {noun} by heart."
)
DEAL_WITHOUT_DEV = (
    "The {noun} are dealt by the seed, and the network learns from the train {noun} alone. There are no dev {noun} in "
    "this run, and what is held back for a test stays out of sight."
)
NO_DEAL = "The network learns from all {noun}. None is held back, so nothing tells how it does on others."
EXAMPLES = (
    "Each character of a word, and its end, is the label of one example, and the characters before it are its "
    "context. In front of the first character the context is filled up with “.”."
)
NETWORK = (
    "Equation 1 of Bengio et al. (2003): each character of the context becomes its row of C, these go through a layer "
    "of tanh units, and come out as a score (a logit) for every next character. The first parameters are drawn from "
    "one generator, in this order."
)
LOSS = (
    "The mean cross-entropy in nats: how much the true next characters surprise the network. A network that guesses "
    "all {V} characters alike has a loss of ln {V} = {guess}."
)
BATCHES = (
    "Each pass over the examples (an epoch) takes them in an order of its own, which follows from the seed and the "
    "number of the pass. It is shared out evenly, so that no batch is much smaller than the others."
)
TRAINING = (
    "Each step finds by backpropagation in which direction the loss of its batch rises, and moves every parameter a "
    "little the other way. The losses are printed at some steps, before the update, and at the end."
)
UNTRAINED = "This run has made no step yet. So these are the losses of the random first parameters."
NEW = (
    "The network gives each next character a probability; one is drawn, and joins the context of the next. These "
    "{noun} are the program’s own, since the app draws with other random numbers."
)
