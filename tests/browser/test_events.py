"""The console's list of events: it is live, filters, and tells what is wrong with a clause where it is."""

import re
from collections.abc import Callable
from urllib.parse import quote

from playwright.sync_api import Page, expect

from local.waiting import until
from tests.browser.console import Console, inaccessible
from tests.stack.cli import Cli
from tests.stack.under_test import StackUnderTest

CLAUSE = "Only events whose fields meet"


def shown(page: Page) -> list[str]:
    """List the ids of the events in the table, from the top."""
    links = page.locator("tbody a").all()
    return [str(link.get_attribute("href")).rsplit("/", 1)[1] for link in links]


def await_record(under_test: StackUnderTest, event_type: str) -> None:
    """Wait until an event of the type is listed."""
    path = f"/notifications/events?rule_type={event_type}"
    until("it is recorded", lambda: under_test.do("GET", path)["events"])


def test_new_events_come_to_the_top_and_the_focus_stays(
    page: Page, console: Console, event_type: str, emit: Callable[..., str], under_test: StackUnderTest
) -> None:
    """A new event appears above the others, is told politely, and takes the focus from nobody."""
    first = emit(name="first")
    await_record(under_test, event_type)
    console.go("/events", rule_type=event_type)
    link = page.locator(f'tbody a[href="#/events/{first}"]')
    expect(link).to_be_visible(timeout=20_000)
    link.focus()
    second = emit(name="second")
    expect(page.locator("tbody a")).to_have_count(2, timeout=20_000)
    assert shown(page) == [second, first]
    expect(link).to_be_focused()
    told = page.get_by_role("status").filter(has_text=re.compile("^1 new event, "))
    expect(told).to_have_attribute("aria-live", "polite", timeout=10_000)
    assert inaccessible(page) == []


def test_a_paused_list_stands_still_and_misses_nothing(
    page: Page, console: Console, event_type: str, emit: Callable[..., str]
) -> None:
    """While the list is paused nothing comes; what came meanwhile is there when it goes on."""
    console.go("/events", rule_type=event_type)
    expect(page.get_by_text("New ones appear here")).to_be_visible(timeout=20_000)
    with page.expect_response(re.compile("events/tail"), timeout=20_000):
        pass  # from here on it knows what is new
    page.get_by_role("button", name="Pause").click()
    assert "live=off" in page.url
    missed = emit(name="missed")
    with page.expect_response(re.compile(r"notifications/events\?"), timeout=20_000):
        page.get_by_label("Status", exact=True).select_option("refused")
    assert shown(page) == []
    page.get_by_label("Status", exact=True).select_option("")
    page.get_by_role("button", name="Continue").click()
    expect(page.locator(f'tbody a[href="#/events/{missed}"]')).to_be_visible(timeout=20_000)


def test_filters_are_in_the_url_and_in_the_command(
    page: Page,
    console: Console,
    event_type: str,
    emit: Callable[..., str],
    cli: Cli,
) -> None:
    """A list is its URL: loaded anew it is the same, and the command beside it lists the same events."""
    for name in ("train-1", "train-2", "other"):
        emit(name=name, code=1)
    console.go("/events", rule_type=event_type)
    expect(page.locator("tbody a")).to_have_count(3, timeout=20_000)
    page.get_by_role("button", name="Pause").click()
    page.get_by_label("Period").select_option("1h")
    page.get_by_label(CLAUSE).fill("name=train-*")
    page.keyboard.press("Enter")
    expect(page.locator("tbody a")).to_have_count(2, timeout=20_000)
    listed = shown(page)
    assert f"where={quote('name=train-*', safe='*')}" in page.url
    expect(page.get_by_label(CLAUSE)).to_be_focused()
    command = page.locator(".command code").inner_text()
    assert command.startswith("./backend.ai notification event list --since 1h")
    assert cli.shell(f"{command} -o id").out.split() == listed
    page.reload()
    expect(page.locator("tbody a")).to_have_count(2, timeout=20_000)
    assert shown(page) == listed


def test_a_list_that_was_opened_paused_catches_up(
    page: Page, console: Console, event_type: str, emit: Callable[..., str], under_test: StackUnderTest
) -> None:
    """What came between opening a paused list and following it is in the list."""
    console.go("/events", rule_type=event_type, live="off")
    expect(page.get_by_text("No events match.")).to_be_visible(timeout=20_000)
    event_id = emit(name="between")
    await_record(under_test, event_type)
    page.get_by_role("button", name="Continue").click()
    expect(page.locator(f'tbody a[href="#/events/{event_id}"]')).to_be_visible(timeout=20_000)


MISTAKES = (
    ("en", "status==ERROR", "== is not an operator; write =.", "==ERROR"),
    ("ko", "status==ERROR", "== 연산자는 없습니다. = 연산자를 쓰세요.", "==ERROR"),
    ("ko", "code>many", "> 뒤에는 숫자 하나만 올 수 있습니다.", "many"),
    ("ko", '"name=x', '"로 시작한 텍스트는 "로 끝나야 합니다.', '"name=x'),
)
"""In a language, a clause, what is told of it, and the place that is marked."""


def test_a_mistake_in_a_clause_is_told_where_it_is(page: Page, console: Console) -> None:
    """A clause that is none is not asked for, but told with its place, in the language of the page."""
    console.go("/events", live="off")
    field = page.locator(".add-clause input")
    for language, clause, told, place in MISTAKES:
        page.locator("select.language").select_option(language)
        field.fill(clause)
        page.keyboard.press("Enter")
        expect(field).to_have_attribute("aria-invalid", "true")
        described = page.locator(f"[id='{str(field.get_attribute('aria-describedby')).split()[-1]}']")
        expect(described).to_contain_text(told)
        expect(described.locator("mark")).to_have_text(place)
        assert "where=" not in page.url
    assert inaccessible(page) == []


def test_what_only_the_service_refuses_is_told_at_the_clause(page: Page, console: Console) -> None:
    """Two clauses that cannot be put together are refused by the service, beside the second one."""
    console.go("/events", where="status=A\nstatus=B")
    told = page.locator(".clauses li").nth(1).get_by_role("alert")
    expect(told).to_contain_text("The service does not accept this condition", timeout=20_000)
    expect(told).to_contain_text("cannot be put together")
    page.get_by_role("button", name="Remove status=B").click()
    expect(page.get_by_role("alert")).to_have_count(0)
    expect(page.get_by_label(CLAUSE)).to_be_focused()


def test_a_field_that_no_type_has_is_asked_about(page: Page, console: Console, event_type: str) -> None:
    """A field that no event of the type has is probably mistyped, and the nearest one is named."""
    console.go("/events", rule_type=event_type, where="nmae=x")
    expect(page.get_by_text("No such event has the field nmae. Did you mean name?")).to_be_visible(
        timeout=20_000
    )
