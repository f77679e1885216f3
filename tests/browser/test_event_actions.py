"""What can be done on the page of an event in the console, and by whom."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from local.receiver import Receiver
from tests.browser.console import Console, inaccessible
from tests.browser.pages import stands
from tests.stack.under_test import StackUnderTest

WAIT = 20_000


def test_a_delivery_is_sent_again_from_the_timeline(
    page: Page,
    console: Console,
    under_test: StackUnderTest,
    event_type: str,
    emit: Callable[..., str],
    receiver: Receiver,
) -> None:
    """Sending again asks first, shows the command that does the same, and the new attempt appears."""
    under_test.rule(event_type, under_test.webhook(receiver.url), name="Told")
    console.go(f"/events/{emit(code=1)}")
    expect(stands(page)).to_be_visible(timeout=WAIT)
    page.locator(".rules summary").click()
    page.get_by_role("button", name="Send again").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.locator(".command code")).to_contain_text("./backend.ai notification delivery retry ")
    assert inaccessible(page) == []
    assert len(receiver.received) == 1
    dialog.get_by_role("button", name="Send again").click()
    expect(dialog).to_have_count(0, timeout=WAIT)
    expect(page.locator(".timeline").get_by_text("Attempt 2")).to_be_visible(timeout=WAIT)
    assert len(receiver.wait_for(2)) == 2


def test_an_event_is_dispatched_again(
    page: Page,
    console: Console,
    under_test: StackUnderTest,
    event_type: str,
    emit: Callable[..., str],
    receiver: Receiver,
) -> None:
    """An event that no rule has met goes to the rules that there are when it is dispatched again."""
    event_id = emit(code=1)
    console.go(f"/events/{event_id}")
    expect(page.get_by_text("There were no rules for events of this type")).to_be_visible(timeout=WAIT)
    under_test.rule(event_type, under_test.webhook(receiver.url))
    page.get_by_role("button", name="Dispatch again").click()
    dialog = page.get_by_role("dialog")
    command = dialog.locator(".command code")
    expect(command).to_have_text(f"./backend.ai notification event dispatch {event_id}")
    dialog.get_by_role("button", name="Dispatch again").click()
    expect(stands(page)).to_be_visible(timeout=WAIT)


def test_what_an_earlier_dispatch_sent_stands_above_the_next(
    page: Page,
    console: Console,
    under_test: StackUnderTest,
    event_type: str,
    emit: Callable[..., str],
    receiver: Receiver,
) -> None:
    """The timeline is in the order of time, and says that what an earlier dispatch decided is not known."""
    channel = under_test.webhook(receiver.url)
    under_test.rule(event_type, channel, name="Was there")
    event_id = emit(code=1)
    console.go(f"/events/{event_id}")
    expect(stands(page)).to_be_visible(timeout=WAIT)
    under_test.rule(event_type, channel, name="Came later")
    page.get_by_role("button", name="Dispatch again").click()
    page.get_by_role("dialog").get_by_role("button", name="Dispatch again").click()
    steps = page.locator(".timeline > li h3")
    told: list[str | re.Pattern[str]] = [
        "Came in",
        "Decided by an earlier dispatch",
        re.compile("Attempt 1.*Was there"),
        "Dispatched again: decided for 2 rules",
        re.compile("Attempt 1.*Came later"),
    ]
    expect(steps).to_have_text(told, timeout=WAIT)
    times = page.locator(".timeline > li > .at time").evaluate_all("all => all.map((one) => one.dateTime)")
    assert times == sorted(times)
    assert inaccessible(page) == []


def test_a_viewer_looks_and_is_told_why_nothing_more(
    viewer_page: Page,
    console: Console,
    under_test: StackUnderTest,
    event_type: str,
    emit: Callable[..., str],
    receiver: Receiver,
) -> None:
    """A viewer sees the timeline; the buttons that would act can be reached, and say which role they need."""
    under_test.rule(event_type, under_test.webhook(receiver.url))
    console.go(f"/events/{emit(code=1)}")
    expect(stands(viewer_page)).to_be_visible(timeout=WAIT)
    viewer_page.locator(".rules summary").click()
    for name in ("Dispatch again", "Send again"):
        button = viewer_page.get_by_role("button", name=name)
        button.focus()
        expect(button).to_be_focused()
        expect(button).to_have_attribute("aria-disabled", "true")
        expect(button).to_have_accessible_description(re.compile("needs the role operator"))
        button.click(force=True)
        expect(viewer_page.get_by_role("dialog")).to_have_count(0)
    assert inaccessible(viewer_page) == []
