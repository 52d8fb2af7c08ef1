"""A run told as plain data, from which it can be done again exactly: its first settings, words, changes and length."""

from collections.abc import Sequence
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from mlp.settings import SPECS, Settings
from mlp.training.divergence import Divergence
from mlp.training.history import Change, GoingBack, History
from mlp.words import WordList, load_words, noun_of, title_of

Step = Annotated[int, Field(ge=0, le=10**12)]


class Words(BaseModel):
    """Which words: the name of their list, the hash of its contents, and the words where they do not ship."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    id: str
    own: tuple[str, ...] | None = None

    @property
    def title(self) -> str:
        """The list's name as a reader knows it."""
        return title_of(self.name, None if self.own is None else len(self.own))

    @property
    def noun(self) -> str:
        """What its words are: "names" in the lists that ship."""
        return noun_of(ships=self.own is None)

    @classmethod
    def of(cls, words: WordList) -> Self:
        """The words of a run."""
        return cls(name=words.name, id=words.id, own=None if words.ships else tuple(words))

    def load(self, given: Sequence[str] | None = None) -> WordList:
        """The words themselves; `given` ones where the recipe does not hold them.

        Raises:
            ValueError: they are not the words of this recipe, or cannot be had.
        """
        if given is not None:
            words = WordList.of(given, self.name)
        elif self.own is not None:
            words = WordList(self.own, self.name)
        else:
            words = load_words(self.name)
        if words.id != self.id:
            raise ValueError(f"The word list “{self.name}” is not the one that this run learned from.")
        return words


class Recipe(BaseModel):
    """All that a run follows from. The same recipe gives the same run, bit for bit.

    Attributes:
        settings: of the first update. changes: later settings that apply live, each with the step it came at.
        step: how many updates the network has had. diverged: what stopped the run there, if anything did.
        goings_back: told, but not needed: what lay ahead of a step that a run went back to is no part of it.

    Raises:
        ValueError: changes out of order or after the last step, of settings that need a new network, or out of bounds.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: Literal[1] = 1
    settings: Settings
    words: Words
    changes: tuple[Change, ...] = ()
    step: Step
    diverged: Divergence | None = None
    goings_back: tuple[GoingBack, ...] = ()

    @model_validator(mode="after")
    def _can_be_done(self) -> Self:
        self.history()
        return self

    def history(self) -> History:
        """The settings over the steps.

        Raises:
            ValueError: as for the recipe.
        """
        history, before, settings = History(self.settings), 0, self.settings
        for change in self.changes:
            if not before < change.step <= self.step:
                raise ValueError("The changes of a run must come one after another, none later than its last step.")
            if any(name not in SPECS or not SPECS[name].live for name in change.settings):
                raise ValueError("Only settings that apply to a running network can change in a run.")
            before, settings = change.step, settings.with_changes(**change.settings)
            history.change(change.step, settings)
        history.goings_back = self.goings_back
        return history
