"""Mutes in the console: the calendar, the list, and what can be done with a mute."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta, timezone
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from local.receiver import Receiver
from local.waiting import until
from tests.browser.console import Console, inaccessible
from tests.browser.hostile import MARKUP
from tests.browser.pages import in_dialog, line_of_dialog, lines
from tests.stack.cli import Cli
from tests.stack.under_test import StackUnderTest

DATA = {"session_id": "s1", "session_type": "batch", "cluster_mode": "single-node", "status": "RUNNING"}
SEOUL = timezone(timedelta(hours=9))
WEEK_OF_CHANGE = "2027-03-22"
"""On its Sunday clocks in Berlin go from 02:00 to 03:00."""


@pytest.fixture
def mutes(under_test: StackUnderTest) -> Iterator[StackUnderTest]:
    """Let a test make mutes; all are ended after it."""
    yield under_test
    for mute in under_test.do("GET", "/notifications/mutes")["mutes"]:
        under_test.send("POST", f"/notifications/mutes/{mute['id']}/end")


def bars(page: Page, reason: str) -> str:
    """Return what the calendar's row of a mute says."""
    label = (
        page.get_by_role("region", name="Week")
        .locator(f'svg[aria-label^="{reason} "]')
        .get_attribute("aria-label")
    )
    return (label or "").partition(": ")[2].replace("\N{EN DASH}", "-")


def night_by_form(console: Console, reason: str) -> None:
    """Mute a channel at nights of Berlin, by form."""
    page = console.page
    page.get_by_role("button", name="Create a mute").click()
    page.get_by_label("Reason").fill(reason)
    page.get_by_label("Everything that is sent").check()
    page.get_by_label("each week").check()
    window = page.get_by_role("group", name="Window 1")
    for day, wanted in zip(
        ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"), (0, 0, 0, 0, 1, 1, 1), strict=True
    ):
        window.get_by_label(day).set_checked(bool(wanted))
    window.get_by_label("From").fill("22:00")
    window.get_by_label("To", exact=True).fill("07:00")
    window.get_by_label("Time zone").fill("Europe/Berlin")
    page.get_by_label("Hold, and send when it ends or pauses").check()


@pytest.mark.usefixtures("mutes")
@pytest.mark.parametrize(
    ("zone", "times"),
    [
        (
            "Europe/Berlin",
            "Mon 00:00 - Mon 07:00; Fri 22:00 - Sat 07:00; Sat 22:00 - Sun 07:00; Sun 22:00 - Mon 00:00",
        ),
        ("Asia/Seoul", "Mon 06:00 - Mon 15:00; Sat 06:00 - Sat 15:00; Sun 06:00 - Sun 14:00"),
    ],
)
def test_a_mute_by_form_is_in_the_calendar(
    open_console: Callable[..., Console],
    admin: tuple[str, str],
    cli: Cli,
    zone: str,
    times: str,
) -> None:
    """Its bars are at the hours of the viewer's clocks, in the week in which Berlin's clocks change, too."""
    reason = f"Nights {uuid4().hex[:8]}"
    console = open_console(timezone_id=zone)
    console.sign_in(*admin)
    page = console.go("/mutes", week=WEEK_OF_CHANGE)
    night_by_form(console, reason)
    assert inaccessible(page) == []
    line = f"mute create --reason '{reason}' --everything --weekly 'fri-sun 22:00-07:00 Europe/Berlin' --hold"
    assert line in lines(page)
    page.locator("form").get_by_role("button", name="Create a mute").click()
    expect(page.get_by_text("The mute was created.")).to_be_visible()
    expect(page.get_by_role("region", name="Week").get_by_role("link", name=reason)).to_be_visible()
    assert bars(page, reason) == times
    day = "23 hours" if zone == "Europe/Berlin" else f"times in {zone}"
    expect(page.get_by_role("region", name="Week")).to_contain_text(day)
    (made,) = [each for each in cli.json("mute", "list", "-o", "json") if each["reason"] == reason]
    assert (made["weekly"], made["hold"]) == (["fri-sun 22:00-07:00 Europe/Berlin"], True)
    assert page.url.endswith(f"week={WEEK_OF_CHANGE}&mute={made['id']}")
    page.locator("summary").click()
    row = page.get_by_role("table", name="The same as a table").locator("tbody tr").filter(has_text=reason)
    expect(row).to_have_count(len(times.split("; ")))
    assert inaccessible(page) == []


def test_a_mute_until_a_time(
    open_console: Callable[..., Console], admin: tuple[str, str], mutes: StackUnderTest
) -> None:
    """A time of the viewer's clocks becomes that of the mute, and a refusal is told at its field."""
    console = open_console(timezone_id="Asia/Seoul")
    console.sign_in(*admin)
    channel = mutes.channel({"url": "https://example.com/hook"}, name=f"Ops {mutes.mark}")
    page = console.go("/mutes", form="new", channel=channel["id"])
    page.get_by_label("Reason").fill(MARKUP)
    expect(page.get_by_label("Only this channel")).to_have_value(channel["id"])
    page.get_by_label("Only events where").fill("status=ERROR")
    page.get_by_label("until a time").check()
    page.get_by_label("Until", exact=True).fill("2026-01-15T10:30")
    page.locator("form").get_by_role("button", name="Create a mute").click()
    expect(page.locator(".wrong")).to_contain_text("is over already")
    end = (datetime.now(UTC) + timedelta(days=2)).replace(second=0, microsecond=0)
    page.get_by_label("Until", exact=True).fill(f"{end.astimezone(SEOUL):%Y-%m-%dT%H:%M}")
    page.locator("form").get_by_role("button", name="Create a mute").click()
    panel = page.get_by_role("region", name=MARKUP)
    expect(panel).to_contain_text("in force")
    (made,) = [each for each in mutes.do("GET", "/notifications/mutes")["mutes"] if each["reason"] == MARKUP]
    assert datetime.fromisoformat(made["until"]) == end
    assert (made["channel_id"], made["where"]) == (channel["id"], ["status=ERROR"])
    assert page.locator("main img").count() == 0
    assert inaccessible(page) == []


def test_what_a_mute_keeps_back_is_told_and_it_is_ended(
    console: Console, page: Page, mutes: StackUnderTest, receiver: Receiver, cli: Cli
) -> None:
    """The page counts what was skipped, leads to it, and ends the mute."""
    reason = f"Repair {uuid4().hex[:8]}"
    channel_id = mutes.webhook(receiver.url)
    mutes.rule("session.started", channel_id)
    mute_id = cli.made("mute", "create", "--channel", channel_id, "--for", "1h", "--reason", reason)
    mutes.put("session.started", [DATA, DATA])
    until(
        "both are skipped",
        lambda: cli.json("mute", "info", mute_id, "-o", "json")["suppressed"] == 2,
    )
    console.go("/mutes", mute=mute_id)
    panel = page.get_by_role("region", name=reason)
    link = panel.get_by_role("link", name="Show the 2 deliveries that it keeps back, to send them again")
    expect(link).to_have_attribute("href", f"#/deliveries?mute={mute_id}")
    assert f"delivery retry --mute {mute_id} --dry-run" in lines(panel)
    row = page.get_by_role("table", name="All mutes").locator("tbody tr").filter(has_text=reason)
    assert row.locator("td").last.inner_text() == "2"
    page.get_by_role("button", name="End now").click()
    assert line_of_dialog(page) == f"mute end {mute_id}"
    assert inaccessible(page) == []
    in_dialog(page, "End now")
    expect(panel).to_contain_text("ended")
    history = page.get_by_role("region", name="History")
    expect(history).to_contain_text("Revision 2 updated")
    history.get_by_role("button", name="Show changes").click()
    expect(history.get_by_role("group", name="ended_at").locator("ins")).to_be_visible()
    assert f"mute diff {mute_id} 1 2" in lines(history)
    expect(row).to_have_count(0)
    page.get_by_label("Also those that have ended").check()
    expect(row).to_have_count(1)
    assert cli.json("mute", "info", mute_id, "-o", "json")["state"] == "ended"


def test_who_may_only_look_sees_mutes_and_makes_none(
    viewer_page: Page, console: Console, mutes: StackUnderTest, cli: Cli
) -> None:
    """A viewer sees a mute and its bars; the form is not there, even by its URL."""
    cli.made("mute", "create", "--everything", "--for", "1h", "--reason", "Looked at")
    mute = mutes.do("GET", "/notifications/mutes")["mutes"][0]
    console.go("/mutes", form="new", mute=mute["id"])
    expect(viewer_page.get_by_role("region", name="Looked at")).to_contain_text("everything")
    expect(
        viewer_page.get_by_role("region", name="Week").get_by_role("link", name="Looked at")
    ).to_be_visible()
    expect(viewer_page.locator("form")).to_have_count(0)
    expect(viewer_page.get_by_role("button", name="End now")).to_have_attribute("aria-disabled", "true")
    assert inaccessible(viewer_page) == []
