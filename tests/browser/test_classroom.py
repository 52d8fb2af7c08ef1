"""A class in two browsers: the member's network shows up at the teacher's, and what is hidden is not there."""

from tests.browser.app import App, eventually


def test_a_member_comes_by_the_link_and_the_teacher_sees_it(app: App) -> None:
    app.open("classroom?hidden=20&train_examples=512")
    app.page.get_by_role("combobox", name="Hide from the class").click()
    app.page.keyboard.type("New seed")
    app.page.keyboard.press("Enter")
    app.page.keyboard.press("Escape")
    app.settle()
    app.page.get_by_role("button", name="Open the class").click()
    app.settle()
    link = app.page.locator("code").first.inner_text()
    member = App(app.page.context.browser.new_context().new_page(), link)  # type: ignore[union-attr]
    member.open()
    name = member.page.get_by_role("textbox", name="Your nickname in the class")
    member.write(name, "Mia")
    member.page.keyboard.press("Enter")
    member.settle()
    assert member.field("Hidden units").input_value() == "20"
    assert not member.button("New seed").is_visible()
    member.press("Epoch")
    eventually(lambda: member.step() == 16 and member.button("Play").is_visible(), "the epoch")
    table = app.page.get_by_role("group", name="Members")
    cells = ["Mia", "16", member.text("Train loss"), member.text("Dev loss")]
    eventually(lambda: table.locator("tbody td").all_inner_texts()[:4] == cells, "the member's row")
    app.page.get_by_role("button", name="Open a copy").click()
    app.wait_for_step(lambda step: step == 16)
    member.check_console()
    member.page.context.close()
