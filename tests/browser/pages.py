"""What tests of the console's pages have in common."""

from playwright.sync_api import Locator, Page, expect

COMMAND = "The command that does the same"
PROGRAM = "./backend.ai notification "

_EVERYTHING = """() => document.documentElement.outerHTML
  + [...document.querySelectorAll("input, textarea, select")].map((each) => each.value).join(" ")"""


def panel(page: Page, title: str) -> Locator:
    """Find a part of the page by its title."""
    return page.get_by_role("region", name=title, exact=True)


def stands(page: Page) -> Locator:
    """Find the first attempt in an event's timeline."""
    return page.locator(".timeline").get_by_text("Attempt 1")


def shown_line(place: Page | Locator) -> str:
    """Return the last command that is shown at a place, as it is copied."""
    line = place.get_by_role("group", name=COMMAND).last
    expect(line).to_contain_text(PROGRAM)
    return line.inner_text()


def lines(place: Page | Locator) -> list[str]:
    """Return the commands that are shown, without the program's name."""
    shown = place.get_by_role("group", name=COMMAND).all_inner_texts()
    return [line.removeprefix(PROGRAM) for line in shown]


def line_of_dialog(page: Page) -> str:
    """Return the command of the dialog that is open."""
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("group", name=COMMAND)).to_be_visible()
    (line,) = lines(dialog)
    return line


def in_dialog(page: Page, button: str) -> None:
    """Press a button of the dialog, and wait until that is closed."""
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name=button, exact=True).click()
    expect(dialog).to_have_count(0)


def everything(page: Page) -> str:
    """Return all that is in the page, shown or not, with what its fields hold."""
    return str(page.evaluate(_EVERYTHING))
