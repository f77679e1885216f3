"""Channels and mutes without a mouse."""

from playwright.sync_api import Locator, Page, expect

from local.receiver import Receiver
from tests.browser.console import Console
from tests.browser.pages import lines
from tests.stack.under_test import StackUnderTest

MOST_TABS = 60


def tab_to(page: Page, wanted: Locator) -> None:
    """Press Tab until something has the focus.

    Raises:
        AssertionError: it cannot be reached.
    """
    expect(wanted).to_be_visible()
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        if wanted.evaluate("element => element === document.activeElement"):
            return
    raise AssertionError(f"{wanted} is not reached by Tab")


def test_a_channel_is_found_and_tested(
    console: Console, page: Page, under_test: StackUnderTest, receiver: Receiver
) -> None:
    """From the list to a test message: everything is reached by Tab, and Escape leads back."""
    name = f"By keyboard {under_test.mark}"
    under_test.channel({"url": receiver.url}, name=name)
    console.go("/channels")
    tab_to(page, page.get_by_label("Name, host or id"))
    page.keyboard.type("by keyboard")
    tab_to(page, page.get_by_role("link", name=name))
    page.keyboard.press("Enter")
    test = page.get_by_role("button", name="Test")
    tab_to(page, test)
    page.keyboard.press("Enter")
    tab_to(page, page.get_by_label("Test message"))
    page.keyboard.press("Control+A")
    page.keyboard.type('{"typed": true}')
    tab_to(page, page.get_by_role("button", name="Send"))
    page.keyboard.press("Enter")
    expect(page.get_by_text("The receiver took the message.")).to_be_visible()
    assert receiver.wait_for(1)[0].text == '{"typed": true}'
    page.keyboard.press("Escape")
    expect(test).to_be_focused()


def test_a_weekly_mute_is_drafted(console: Console, page: Page) -> None:
    """The days, times and the kind of a mute are chosen by keys; the line follows."""
    console.go("/mutes", form="new")
    form = page.locator("form")
    tab_to(page, form.get_by_label("Reason"))
    page.keyboard.type("Sundays")
    tab_to(page, form.get_by_label("Everything that is sent"))
    page.keyboard.press("Space")
    tab_to(page, form.get_by_label("for a while"))
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    tab_to(page, form.get_by_role("checkbox", name="Sat"))
    page.keyboard.press("Space")
    tab_to(page, form.get_by_label("Time zone"))
    page.keyboard.press("Control+A")
    page.keyboard.type("Asia/Seoul")
    expected = "mute create --reason Sundays --everything --weekly 'sun 00:00-24:00 Asia/Seoul'"
    expect(form.get_by_role("group", name="The command that does the same")).to_contain_text(expected)
    assert expected in lines(form)


def test_the_focus_stays_on_the_page_when_a_form_opens_and_closes(
    console: Console, page: Page, under_test: StackUnderTest
) -> None:
    """The button that opened a form goes; the focus is then at the page, a Tab before its first field."""
    console.go(f"/channels/{under_test.webhook('https://example.com/hook')}")
    main = page.locator("#main")
    tab_to(page, page.get_by_role("button", name="Edit", exact=True))
    page.keyboard.press("Enter")
    expect(main).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_label("Name", exact=True)).to_be_focused()
    cancel = page.get_by_role("button", name="Cancel")
    cancel.focus()
    page.keyboard.press("Enter")
    expect(cancel).to_have_count(0)
    expect(main).to_be_focused()
