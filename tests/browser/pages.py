"""What tests of the console's pages have in common."""

from playwright.sync_api import Locator, Page, expect

HOSTILE = "<img src=x onerror=\"document.title='pwned'\">"
"""A name that would run, if it were not text."""

COMMAND = "The command that does the same"
PROGRAM = "./backend.ai notification "

_EVERYTHING = """() => document.documentElement.outerHTML
  + [...document.querySelectorAll("input, textarea, select")].map((each) => each.value).join(" ")"""


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
