"""The console's deliveries: filters, one delivery, and a retry of all that match, as the CLI has it."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from local.receiver import Received, Receiver, Reply
from local.waiting import until
from tests.browser.console import Console, inaccessible
from tests.stack.cli import Cli
from tests.stack.under_test import StackUnderTest

WAIT = 20_000


class Moody(Receiver):
    """A receiver that refuses what comes, until it is told to take it."""

    def __init__(self) -> None:
        self.takes = False
        super().__init__(self._reply)

    def _reply(self, _: Received) -> Reply:
        return Reply(200, body=b"taken") if self.takes else Reply(400, body=b"no such room")


@pytest.fixture
def moody() -> Iterator[Moody]:
    """Receive webhooks."""
    with Moody() as receiver:
        yield receiver


@pytest.fixture
def failed(
    under_test: StackUnderTest, event_type: str, emit: Callable[..., str], moody: Moody
) -> Callable[[int], str]:
    """Make deliveries that have failed; return their channel."""

    def make(count: int) -> str:
        channel = under_test.webhook(moody.url)
        under_test.rule(event_type, channel, '{"text": {{ name | tojson }}}', name="Told")
        for number in range(count):
            emit(name=f"n{number}")
        path = f"/notifications/deliveries?channel={channel}&status=failed"
        until("they have failed", lambda: len(under_test.do("GET", path)["deliveries"]) == count)
        return channel

    return make


def shown(page: Page) -> list[str]:
    """List the ids of the deliveries in the table, from the top."""
    links = page.locator("tbody a[href^='#/deliveries/']").all()
    return [str(link.get_attribute("href")).rsplit("/", 1)[1] for link in links]


def test_filters_are_in_the_url_and_in_the_command(
    page: Page, console: Console, event_type: str, failed: Callable[[int], str], cli: Cli
) -> None:
    """What is listed is what the command beside it lists, and the URL holds what was chosen."""
    channel = failed(3)
    console.go("/deliveries", channel=channel)
    expect(page.locator("tbody tr")).to_have_count(3, timeout=WAIT)
    expect(page.locator("tbody tr").first).to_contain_text("Told")
    page.get_by_label("Type", exact=True).select_option(event_type)
    page.get_by_label("Status", exact=True).select_option("failed")
    page.get_by_label("Period").select_option("24h")
    expect(page.locator("tbody tr")).to_have_count(3, timeout=WAIT)
    assert {"status=failed", "since=24h", f"rule_type={event_type}"} <= {*re.split("[?&]", page.url)}
    command = page.locator(".command code").inner_text()
    assert cli.shell(f"{command} -o id").out.split() == shown(page)
    assert inaccessible(page) == []
    page.get_by_label("Status", exact=True).select_option("delivered")
    expect(page.get_by_text("No deliveries match.")).to_be_visible(timeout=WAIT)


@pytest.mark.parametrize("path", ["/deliveries", "/events", "/audit"])
def test_a_period_that_cannot_be_read_is_no_other_one(page: Page, console: Console, path: str) -> None:
    """With a bound that is no time nothing is asked for, and nothing can be retried."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "since=" in request.url else None)
    console.go(path, since="yesterday", status="failed" if path == "/deliveries" else "")
    expect(page.locator("p.empty")).to_contain_text("Not a time")
    expect(page.locator("tbody tr")).to_have_count(0)
    for button in page.get_by_role("button", name="Retry all that match").all():
        expect(button).to_have_attribute("aria-disabled", "true")
    page.get_by_label("Since").fill("1h")
    expect(page.locator("p.empty").filter(has_text="Not a time")).to_have_count(0)
    assert all("yesterday" not in url for url in asked)


def test_only_the_line_that_was_copied_is_told_as_copied(page: Page, console: Console) -> None:
    """When a filter has changed the command since it was copied, it can be copied again."""
    console.context.grant_permissions(["clipboard-read", "clipboard-write"])
    console.go("/deliveries", status="failed")
    page.get_by_role("button", name="Copy", exact=True).click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == "./backend.ai notification delivery list --status failed"
    page.get_by_label("Status", exact=True).select_option("held")
    expect(page.get_by_role("button", name="Copy", exact=True)).to_be_visible()


def test_retry_all_is_what_the_command_line_would_do(
    page: Page,
    console: Console,
    under_test: StackUnderTest,
    moody: Moody,
    failed: Callable[[int], str],
    cli: Cli,
) -> None:
    """The dry run's number is that of the command line's, and just these deliveries are then sent again."""
    channel = failed(7)
    moody.takes = True
    console.go("/deliveries", channel=channel, since="1h")
    expect(page.locator("tbody tr")).to_have_count(7, timeout=WAIT)
    listed = shown(page)
    # Of what was delivered nothing is sent again, unless it is asked for.
    under_test.do("POST", f"/notifications/deliveries/{listed[0]}/retry")
    until("one is delivered", lambda: _status(under_test, listed[0]) == "delivered")
    page.get_by_role("button", name="Retry all that match").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("6 deliveries would be retried.")).to_be_visible(timeout=WAIT)
    dry, command = dialog.locator(".command code").all_inner_texts()
    assert (dry.endswith("--dry-run"), command.endswith("--yes")) == (True, True)
    assert cli.shell(dry).err == "✓ 6 deliveries would be retried\n"
    assert cli.shell(f"{dry} -o id").out.split() == listed[1:]
    assert len(moody.received) == 8
    assert inaccessible(page) == []
    dialog.get_by_role("button", name="Retry 6 deliveries").click()
    expect(dialog.locator(".end button")).to_be_focused()
    done = dialog.get_by_text("Done: 6 of 6 retried, 0 failed.")
    expect(done).to_be_visible(timeout=WAIT)
    expect(done).to_have_attribute("aria-live", "polite")
    again = [request.headers["webhook-id"] for request in moody.wait_for(14)[8:]]
    assert sorted(again) == sorted(listed[1:])
    dialog.locator(".end").get_by_role("button", name="Close").click()
    expect(page.get_by_role("button", name="Retry all that match")).to_be_focused()
    assert cli.shell(dry).err == "✓ 0 deliveries would be retried\n"


def _status(under_test: StackUnderTest, delivery_id: str) -> str:
    found = under_test.do("GET", f"/notifications/deliveries/{delivery_id}")["delivery"]
    return str(found["status"])


def test_a_retry_that_is_refused_stops_no_other(
    page: Page, console: Console, under_test: StackUnderTest, failed: Callable[[int], str]
) -> None:
    """What cannot be retried is told with its reason, and counted as failed."""
    channel = failed(2)
    console.go("/deliveries", channel=channel)
    page.get_by_role("button", name="Retry all that match").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("2 deliveries would be retried.")).to_be_visible(timeout=WAIT)
    under_test.do("PATCH", f"/notifications/channels/{channel}", {"enabled": False})
    dialog.get_by_role("button", name="Retry 2 deliveries").click()
    expect(dialog.get_by_text("Done: 0 of 2 retried, 2 failed.")).to_be_visible(timeout=WAIT)
    expect(dialog.locator(".failures li").first).to_contain_text("is disabled")
    assert inaccessible(page) == []


def test_escape_stops_a_retry_and_leaves_what_it_tells(
    page: Page, console: Console, failed: Callable[[int], str]
) -> None:
    """Escape stops what is being sent, the next one closes what that tells, and it can be begun anew."""
    console.go("/deliveries", channel=failed(3))
    page.route("**/deliveries/*/retry", lambda _: None)  # no answer comes
    retry_all = page.get_by_role("button", name="Retry all that match")
    retry_all.click()
    dialog = page.get_by_role("dialog")
    with page.expect_request("**/deliveries/*/retry"):
        dialog.get_by_role("button", name="Retry 3 deliveries").click()
    page.keyboard.press("Escape")
    expect(dialog.get_by_text("Stopped")).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    retry_all.click()
    expect(dialog.get_by_text("3 deliveries would be retried.")).to_be_visible()


def test_retrying_everything_at_once_needs_a_filter(page: Page, console: Console) -> None:
    """Without a filter the button says what it needs, and does nothing."""
    console.go("/deliveries")
    button = page.get_by_role("button", name="Retry all that match")
    expect(button).to_have_accessible_description("Choose at least one filter first.")
    button.click(force=True)
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_a_delivery_shows_what_was_sent_and_what_came_back(
    page: Page, console: Console, moody: Moody, failed: Callable[[int], str]
) -> None:
    """The page has the message, the request without credentials, and the response; a retry is seen."""
    channel = failed(1)
    console.go("/deliveries", channel=channel)
    page.locator("tbody a").first.click()
    expect(page.get_by_text("no such room", exact=True)).to_be_visible(timeout=WAIT)
    expect(page.get_by_label("What is sent").get_by_text('"text": "n0"')).to_be_visible()
    expect(page.locator(".headers").get_by_text(re.compile(r"^v1,\S{8}\*{3}$"))).to_be_visible()
    assert inaccessible(page) == []
    moody.takes = True
    page.get_by_role("button", name="Send again").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Message").select_option("rendered")
    expect(dialog.locator(".command code")).to_have_text(re.compile("--render$"))
    dialog.get_by_role("button", name="Send again").click()
    expect(page.get_by_role("heading", name="2 attempts")).to_be_visible(timeout=WAIT)
    expect(page.get_by_text("taken", exact=True)).to_be_visible()
    expect(page.get_by_role("heading", name="Delivery", level=1)).to_be_visible()


def test_a_viewer_cannot_retry(viewer_page: Page, console: Console, failed: Callable[[int], str]) -> None:
    """A viewer sees deliveries, and why the buttons do nothing."""
    channel = failed(1)
    console.go("/deliveries", channel=channel)
    expect(viewer_page.locator("tbody tr")).to_have_count(1, timeout=WAIT)
    button = viewer_page.get_by_role("button", name="Retry all that match")
    expect(button).to_have_accessible_description(re.compile("needs the role operator"))
    button.click(force=True)
    expect(viewer_page.get_by_role("dialog")).to_have_count(0)
    viewer_page.locator("tbody a").first.click()
    again = viewer_page.get_by_role("button", name="Send again")
    expect(again).to_have_attribute("aria-disabled", "true", timeout=WAIT)
    assert inaccessible(viewer_page) == []
