"""The audit log in the console."""

from playwright.sync_api import Page, expect

from tests.browser.console import Console, inaccessible
from tests.browser.hostile import MARKUP
from tests.browser.pages import everything, lines
from tests.stack.cli import Cli
from tests.stack.under_test import StackUnderTest

SECRET = "s3cr3t-in-the-path"


def test_the_log_says_what_the_command_line_says(
    console: Console, page: Page, under_test: StackUnderTest, cli: Cli
) -> None:
    """Each entry is one of `audit list`, in its order, with the filters that the URL has."""
    under_test.channel({"url": "https://example.com"}, name=MARKUP)
    under_test.event_type("audited", {})
    console.go("/audit", kind="channel", since="1h")
    rows = page.get_by_role("table", name="Audit log").locator("tbody tr")
    expect(rows.first).to_contain_text(MARKUP)
    assert lines(page) == ["audit list --kind channel --since 1h"]
    listed = cli.json("audit", "list", "--kind", "channel", "--since", "1h", "--limit", "50", "-o", "json")
    shown = [
        (row.locator("td").nth(2).inner_text(), row.locator("td").nth(4).inner_text()) for row in rows.all()
    ]
    assert shown == [(each["action"], each["name"]) for each in listed]
    assert page.locator("main img").count() == 0
    assert inaccessible(page) == []
    page.get_by_label("Kind").select_option("event_type")
    expect(rows.first).to_contain_text("audited.")
    expect(page).to_have_url(f"{console.url}#/audit?kind=event_type&since=1h")
    page.get_by_label("By whom").fill("nobody")
    expect(page.get_by_text("No change matches.")).to_be_visible()
    page.get_by_role("button", name="Show all").click()
    expect(page).to_have_url(f"{console.url}#/audit")


def test_a_change_is_shown_in_place(viewer_page: Page, console: Console, under_test: StackUnderTest) -> None:
    """A viewer sees what a change changed, and of a URL only where it leads."""
    channel_id = under_test.channel({"url": f"https://example.com/{SECRET}"}, name="Audited")["id"]
    path = f"/notifications/channels/{channel_id}"
    under_test.do("PATCH", path, {"name": MARKUP, "spec": {"url": f"https://example.com/{SECRET}2"}})
    page = console.go("/audit", kind="channel")
    row = page.get_by_role("table", name="Audit log").locator("tbody tr").first
    row.get_by_role("button", name="Show changes").click()
    expect(row.locator("del").filter(has_text="Audited")).to_be_visible()
    expect(row.locator("ins").filter(has_text=MARKUP)).to_be_visible()
    expect(row.locator("ins").filter(has_text="https://example.com/*** (another path)")).to_be_visible()
    assert SECRET not in everything(page)
    assert f"channel diff {channel_id} 1 2" in lines(page)
    assert inaccessible(page) == []
    assert viewer_page is page
