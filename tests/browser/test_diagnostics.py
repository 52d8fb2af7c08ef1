"""The diagnostics page in a real browser: its curves come by themselves, and its numbers are of the step looked at."""

import mlp
from mlp.lessons.hidden import saturation
from mlp.lessons.inside import judged
from tests.browser.app import App, eventually
from tests.browser.reading import label

OUTPUTS, RATIOS = "Outputs of the hidden units", "Update-to-data ratios"


def test_the_numbers_are_of_the_step_that_one_looks_at(app: App) -> None:
    app.open("diagnostics?train_examples=512")
    app.press("Epoch")
    eventually(lambda: app.step() == 16, "an epoch")
    eventually(lambda: f"{RATIOS} at step 16" in label(app, RATIOS), "the ratios up to now")
    for step in (16, 3):
        if step != 16:
            app.write(app.page.get_by_role("textbox", name="Step to look at"), str(step))
            app.page.keyboard.press("Enter")
        trainer = mlp.Trainer(mlp.Settings(train_examples=512))
        trainer.step(step)
        hidden = trainer.model.forward(judged(trainer.model, trainer.dataset.train)).hidden
        share = f"{saturation(hidden).fraction:.0%} of the outputs"
        eventually(lambda: share in label(app, OUTPUTS), f"the outputs at step {step}")  # noqa: B023
        eventually(lambda: f"{RATIOS} at step {step}" in label(app, RATIOS), f"the ratios up to {step}")  # noqa: B023
