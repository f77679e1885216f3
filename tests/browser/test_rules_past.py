"""What a rule would have done, and what it was before: backtest, history, revert, observe."""

import json

import pytest
from playwright.sync_api import Page, expect

from tests.browser.console import Console, inaccessible
from tests.browser.pages import panel, shown_line
from tests.browser.rules import Jobs, saved
from tests.stack.cli import Cli
from tests.stack.under_test import StackUnderTest


@pytest.fixture(scope="module")
def jobs(under_test: StackUnderTest) -> Jobs:
    """Make a channel, an event type, and some events of it."""
    jobs = Jobs(under_test)
    jobs.recorded(*({"status": "ERROR" if number % 3 == 0 else "OK", "code": number} for number in range(10)))
    return jobs


def test_a_backtest_counts_what_the_command_line_counts(
    console: Console, page: Page, jobs: Jobs, cli: Cli
) -> None:
    """Hits, share, messages and what differs from the stored rule are those of the shown command line."""
    rule = jobs.rule(where=["status=ERROR"], once_per={"period": "1h", "by": ["status"]})
    console.go(f"/rules/{rule['id']}")
    backtest = panel(page, "Backtest")
    backtest.get_by_role("button", name="Run the backtest").click()
    expect(backtest.get_by_text("4 of 10 events (40%)")).to_be_visible()
    told = json.loads(cli.shell(f"{shown_line(backtest)} --json").out)
    assert (told["hits"], told["searched"], told["messages"]) == (4, 10, 1)
    expect(backtest.locator(".facts")).to_contain_text("Messages1")
    backtest.get_by_text("The same as a table").click()
    expect(backtest.get_by_role("table", name="Hits by time").get_by_role("cell").last).to_have_text("4")
    assert inaccessible(page) == []

    condition = panel(page, "Condition")
    condition.get_by_role("button", name="Remove status").click()
    condition.get_by_role("button", name="Add a field").click()
    condition.get_by_label("field", exact=True).fill("code")
    condition.get_by_label("operator").select_option("is greater than")
    condition.get_by_label("Value of code").fill("5")
    expect(backtest.locator(".command")).to_contain_text("--compare")
    backtest.get_by_role("button", name="Run the backtest").click()
    expect(backtest.get_by_text("Only with the changes")).to_be_visible()
    told = json.loads(cli.shell(shown_line(backtest).replace(" -f -", " --json -f -", 1)).out)
    difference = told["difference"]
    assert (difference["both"], difference["only_draft"], difference["only_stored"]) == (2, 2, 2)
    facts = backtest.locator(".facts")
    expect(facts).to_contain_text("Stored rule fires too2")
    expect(facts).to_contain_text("Only with the changes2 ")
    expect(facts).to_contain_text("Only without the changes2 ")


def test_a_rule_is_brought_back_to_what_it_was(console: Console, page: Page, jobs: Jobs) -> None:
    """The history tells who changed what and how; reverting makes the rule, and the editor, what it was."""
    rule = jobs.rule(where=["status=ERROR"])
    console.go(f"/rules/{rule['id']}")
    page.get_by_label("Title", exact=True).fill("Job {{ name }} failed")
    saved(page)
    history = panel(page, "History")
    expect(history.get_by_role("strong").filter(has_text="Revision 2")).to_be_visible()
    history.get_by_role("button", name="Show").first.click()
    expect(history.locator("ins").filter(has_text="Job {{ name }} failed")).to_be_visible()
    history.get_by_role("button", name="Revert to").click()
    dialog = page.get_by_role("dialog")
    assert shown_line(dialog).endswith(f"rule revert {rule['id']} --to 1")
    dialog.get_by_role("button", name="Revert", exact=True).click()
    expect(page.get_by_label("Title", exact=True)).to_have_value("")
    expect(history.get_by_role("strong").filter(has_text="Revision 3")).to_be_visible()
    assert jobs.stored(rule["id"])["message"] is None


def test_a_rule_that_observes_says_so(console: Console, page: Page, jobs: Jobs) -> None:
    """The switch of observing is asked first, shown as the state, and told in what becomes of an event."""
    rule = jobs.rule()
    console.go(f"/rules/{rule['id']}")
    page.get_by_role("button", name="Only observe").click()
    dialog = page.get_by_role("dialog")
    assert shown_line(dialog).endswith(f"rule update {rule['id']} --observe")
    dialog.get_by_role("button", name="Only observe").click()
    expect(page.locator("header .status")).to_have_text("·observing")
    expect(panel(page, "Try it").get_by_text("The message is recorded, and not sent.")).to_be_visible()
    assert jobs.stored(rule["id"])["observe"] is True
