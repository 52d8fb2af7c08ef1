"""A run's parameters for other programs: a safetensors file, a model card in Hugging Face's format, and both in one."""

import io
import json
import zipfile

from safetensors.torch import save

from mlp.export.about import loss, settings_rows, title_of, words_of
from mlp.training.trainer import Trainer

WEIGHTS, CARD = "model.safetensors", "README.md"  # the names that Hugging Face looks for


def export_weights(trainer: Trainer) -> bytes:
    """The parameters C, W1, b1, W2, b2 (and W, the direct connections, where they are on) as a safetensors file.

    Its metadata say what they mean, as JSON: `settings`, `vocabulary` (the characters in the order of the rows of C)
    and `step`; `words` is the hash of the word list. `format` is "pt", as Hugging Face's programs want it.
    """
    tensors = {name: tensor.detach().clone() for name, tensor in trainer.model.parameters.items()}
    metadata = {
        "format": "pt",
        "settings": trainer.settings.model_dump_json(),
        "vocabulary": json.dumps(trainer.dataset.vocabulary.characters),
        "step": str(trainer.steps_done),
        "words": trainer.recipe().words.id,
    }
    return save(tensors, metadata)


def export_model(trainer: Trainer) -> bytes:
    """The weights and their card as a zip file, ready to be put on Hugging Face as it is."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(WEIGHTS, export_weights(trainer))
        archive.writestr(CARD, model_card(trainer))
    return made.getvalue()


def model_card(trainer: Trainer) -> str:
    """What the weights are, how good they are, how they are loaded, and what they are not for: Markdown after YAML."""
    noun, dataset = trainer.words.noun, trainer.dataset
    own = trainer.recipe().words.own is not None
    settings = "\n".join(f"| {label} | {value} |" for label, value in settings_rows(trainer.settings, own))
    splits = {name: dataset.split(name) for name in ("train", "dev", "test")}
    losses = "\n".join(
        f"| {name} | {len(split.words):,} | {len(split):,} | {loss(trainer.evaluate(name))} |"
        for name, split in splits.items()
    )
    return CARD_TEXT.format(
        language="" if own else "language: en\n",
        noun=noun,
        title=title_of(trainer),
        words=words_of(trainer),
        id=trainer.recipe().words.id[:12],
        V=len(dataset.vocabulary),
        parameters=f"{trainer.model.theta.numel():,}",
        step=f"{trainer.steps_done:,}",
        epoch=f"{trainer.epoch_done:,.2f}",
        diverged=_diverged(trainer),
        losses=losses,
        settings=settings,
        direct=' + x @ p["W"]' if trainer.settings.direct else "",
        block_size=trainer.settings.block_size,
        weights=WEIGHTS,
    )


def _diverged(trainer: Trainer) -> str:
    """That the run overflowed, where it did."""
    if not trainer.diverged:
        return ""
    return f" The run diverged at step {trainer.diverged.step:,}; these are the last parameters that are all finite."


CARD_TEXT = """\
---
{language}library_name: pytorch
pipeline_tag: text-generation
tags:
- character-level
- language-model
- education
---

# A network that has learned {noun}

A character-level neural language model (Bengio et al. 2003, *A Neural Probabilistic Language Model*): it predicts the
next character of a word from the {block_size} before it. Made with “see a neural network learn”.

{title}

- Words: {words}, list {id}, {V} different characters with the boundary “.”
- Parameters: {parameters}
- Trained for {step} steps, {epoch} epochs.{diverged}

## Losses

Mean cross-entropy in nats, a character. The split is by word, so no dev or test word was learned from.

| split | words | examples | loss |
|---|---|---|---|
{losses}

## How to load it

```python
import json, torch
from safetensors import safe_open

with safe_open("{weights}", framework="pt") as file:
    p = {{name: file.get_tensor(name) for name in file.keys()}}
    characters = json.loads(file.metadata()["vocabulary"])  # row 0 of C is the boundary “.”

context = torch.zeros(1, {block_size}, dtype=torch.int64)  # the beginning of a word
x = p["C"][context].flatten(1)
logits = torch.tanh(x @ p["W1"] + p["b1"]) @ p["W2"] + p["b2"]{direct}
```

`torch.softmax(logits, dim=1)` is the probability of each of `characters` to come next. Draw one, move the context on by
it, and go on until “.” is drawn: that is a new word.

## Settings

Those in force at the last step.

| setting | value |
|---|---|
{settings}

## What it is not for

It is made to be looked at while it learns. It knows {noun} of one list and nothing of language, it can repeat
{noun} that it was trained on, and words that it makes up may exist, belong to somebody, or offend.
"""
