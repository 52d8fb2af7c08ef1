"""A user's own words, from the keyboard alone: written, previewed, learned from, and there again after a reload."""

from tests.browser.app import App, eventually

WORDS = ["Anna", "Bea", "Cléo", "Dora", "Emil", "Fritz", "Gerda"]


def word_list(app: App) -> str:
    """What the settings panel says that the network learns from."""
    app.page.locator("summary", has_text="Words").first.click()
    return app.page.get_by_role("combobox", name="Word list").locator("option:checked").inner_text()


def test_words_are_typed_learned_from_and_kept(app: App) -> None:
    app.open("words?train_examples=512")
    box = app.page.get_by_role("textbox", name="Your words")
    box.focus()
    app.page.keyboard.type("\n".join([*WORDS, "anna", "<b>x</b>", "..."]))
    app.page.keyboard.press("Control+Enter")
    learn = app.page.get_by_role("button", name="Learn from these 8 words")
    learn.wait_for()
    app.page.get_by_text("2: 1 × it is there already, 1 × nothing is left of it").wait_for()
    assert app.page.get_by_text("<b>x</b>").count() >= 1  # as text
    learn.focus()
    app.page.keyboard.press("Enter")
    app.settle()
    app.wait_for_step(lambda step: step > 20)
    app.press("Pause")
    app.page.get_by_role("link", name="Watch it in the playground").click()
    app.settle()
    label = app.chart("Character embedding").get_attribute
    characters = len(set("".join(WORDS).lower()) | set("<b>x</b>")) + 1
    eventually(lambda: f"{characters} characters" in str(label("aria-label")), "the map of these characters")
    step = app.step()
    assert word_list(app) == "own words (8)"
    eventually(lambda: "mine=" in app.link(), "an address with the run's id")
    app.page.wait_for_timeout(2000)  # a look of the keeper, and its save
    app.page.get_by_text("Yours", exact=True).first.click()
    app.page.locator("a[href*=take_home]").first.click()
    app.settle()
    eventually(lambda: "mine=" in app.link(), "the run's id in the address of another page, while nothing changes")
    app.page.reload()
    app.settle()
    eventually(lambda: app.text("Step") not in ("–", "none") and app.step() == step, "the run at its step")
    assert word_list(app) == "own words (8)"
    stranger = App(app.page.context.new_page(), app.url)
    stranger.open("?word_list=own")
    stranger.page.get_by_text("own words, which a link cannot hold").wait_for()
    assert word_list(stranger).startswith("Pokémon")
