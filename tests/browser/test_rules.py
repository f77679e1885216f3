"""The list of rules, and what a viewer sees of rules."""

import json

import pytest
from playwright.sync_api import Page, expect

from tests.browser.console import Console, inaccessible
from tests.browser.pages import panel, shown_line
from tests.browser.rules import Jobs
from tests.stack.cli import Cli
from tests.stack.under_test import StackUnderTest


@pytest.fixture(scope="module")
def jobs(under_test: StackUnderTest) -> Jobs:
    """Make a channel with three rules."""
    jobs = Jobs(under_test)
    jobs.rule(name="All of them")
    jobs.rule(name="Failed ones", where=["status=ERROR", "code>0"])
    jobs.rule(name="Either", condition={"$or": [{"status": ["ERROR"]}, {"code": [7]}]}, enabled=False)
    return jobs


def test_the_list_says_what_each_rule_sends(console: Console, page: Page, jobs: Jobs) -> None:
    """Each rule has its type, channel, condition, state and last change; a name leads to the rule."""
    console.go("/rules", channel=jobs.channel)
    table = page.get_by_role("table", name="Rules")
    expect(table.get_by_role("row")).to_have_count(4)
    row = table.get_by_role("row").filter(has_text="Failed ones")
    for text in (jobs.type, jobs.channel_name, "status=ERROR", "code>0", "enabled"):
        expect(row).to_contain_text(text)
    expect(table.get_by_role("row").filter(has_text="Either")).to_contain_text('{"$or"')
    assert inaccessible(page) == []
    row.get_by_role("link", name="Failed ones").click()
    expect(page.get_by_role("heading", name="Failed ones", level=1)).to_be_visible()


def test_filters_stand_in_the_url(console: Console, page: Page, jobs: Jobs, cli: Cli) -> None:
    """A filter is in the URL, survives loading the page anew, and finds what the shown line finds."""
    console.go("/rules")
    page.get_by_label("Channel").select_option(jobs.channel)
    page.get_by_label("Name").fill("EITHER")
    page.get_by_label("State").select_option("disabled")
    table = page.get_by_role("table", name="Rules")
    expect(table.get_by_role("row")).to_have_count(2)
    ran = cli.shell(shown_line(panel(page, "All rules")))
    assert json.loads(ran.out)["name"] == "Either"
    assert "name=EITHER" in page.url
    assert f"channel={jobs.channel}" in page.url
    page.get_by_label("State").select_option("enabled")
    expect(page.get_by_text("There is no such rule.")).to_be_visible()


def test_a_viewer_sees_all_and_changes_nothing(console: Console, viewer_page: Page, jobs: Jobs) -> None:
    """Who may only look can read, try and backtest a rule, and finds nothing that changes it."""
    page = viewer_page
    console.go("/rules", channel=jobs.channel)
    page.get_by_role("link", name="Failed ones").click()
    expect(panel(page, "Try it").get_by_text("As readers see it: Slack").first).to_be_visible()
    for label in ("Name", "Description", "Title", "Only observe"):
        expect(page.get_by_label(label, exact=True).first).to_be_disabled()
    for name in ("Add a field", "Save", "Edit as text", "Revert"):
        expect(page.get_by_role("button", name=name)).to_have_count(0)
    for name in ("Disable", "Only observe", "Delete"):
        page.get_by_role("button", name=name, exact=True).click(force=True)
        expect(page.get_by_role("dialog")).to_have_count(0)
    panel(page, "Backtest").get_by_role("button", name="Run the backtest").click()
    expect(panel(page, "Backtest").locator(".facts")).to_be_visible()
    assert inaccessible(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_fits_a_phone(console: Console, page: Page, jobs: Jobs, scheme: str) -> None:
    """At 360 px nothing is too wide, and nothing is against axe's rules, in light and in dark."""
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page.set_viewport_size({"width": 360, "height": 800})
    console.go("/rules", channel=jobs.channel)
    expect(page.get_by_role("link", name="Either")).to_be_visible()
    _fits(page)
    page.get_by_role("link", name="Either").click()
    expect(panel(page, "Try it").locator(".picture")).to_be_visible()
    _fits(page)


def _fits(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert inaccessible(page) == []
