"""Conditions are built in rows, shown as clauses, and edited as text; none is lost."""

import json
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.console import Console, inaccessible
from tests.browser.pages import panel
from tests.browser.rules import Jobs, saved
from tests.stack.cli import Cli
from tests.stack.under_test import StackUnderTest

BEYOND_CLAUSES: dict[str, Any] = {
    "status": ["ERROR"],
    "$or": [
        {"name": [{"prefix": "train-"}]},
        {"context": {"project": ["ml", "vision"]}, "host": [{"cidr": "10.0.0.0/8"}]},
    ],
}
BEYOND_ROWS: dict[str, Any] = {
    "name": [{"exists": True}],
    "context": {"$or": [{"project": ["ml"]}, {"final": [True]}]},
    "code": [{"numeric": ["=", 5]}],
}


@pytest.fixture(scope="module")
def jobs(under_test: StackUnderTest) -> Jobs:
    """Make a channel and an event type for these tests."""
    return Jobs(under_test)


def test_rows_are_what_where_makes_of_the_shown_text(
    console: Console, page: Page, jobs: Jobs, cli: Cli
) -> None:
    """The condition that is saved of rows is the one that --where makes of the text beside them."""
    rule = jobs.rule()
    console.go(f"/rules/{rule['id']}")
    condition = panel(page, "Condition")
    for field, operator, values in (
        ("status", "is not", ["OK"]),
        ("name", "begins with", ["train-", "a, b", '"quoted"*']),
        ("code", "is between", ["-2", "10.5"]),
        ("host", "is not set", []),
        ("context.project", "is, in any case", ["ML", "42"]),
        ("context.final", "is", ["true"]),
    ):
        _add(condition, field, operator, values)
    text = condition.locator("figure pre").inner_text()
    saved(page)
    stored = jobs.stored(rule["id"])
    assert text.split("\n") == stored["where"]
    where = [word for clause in text.split("\n") for word in ("--where", clause)]
    other = cli.made("rule", "create", "Other", jobs.type, jobs.channel, *where)
    assert jobs.stored(other)["condition"] == stored["condition"]
    assert stored["condition"]["code"] == [{"numeric": [">=", -2, "<=", 10.5]}]
    assert inaccessible(page) == []


def test_alternatives_are_groups(console: Console, page: Page, jobs: Jobs) -> None:
    """Groups of alternatives are built and changed in rows, and shown as JSON, since no clause says them."""
    rule = jobs.rule(condition=BEYOND_CLAUSES)
    console.go(f"/rules/{rule['id']}")
    condition = panel(page, "Condition")
    expect(condition.get_by_role("group", name="At least one of these holds")).to_be_visible()
    assert json.loads(condition.locator("figure pre").inner_text()) == BEYOND_CLAUSES
    assert inaccessible(page) == []
    project = condition.get_by_label("Value of context.project")
    project.fill("nlp")
    project.press("Enter")
    saved(page)
    wanted = json.loads(json.dumps(BEYOND_CLAUSES))
    wanted["$or"][1]["context"]["project"].append("nlp")
    assert jobs.stored(rule["id"])["condition"] == wanted


def test_what_cannot_be_drawn_is_kept(console: Console, page: Page, jobs: Jobs) -> None:
    """Parts that rows cannot show are told so, and stay as they are when others are changed."""
    rule = jobs.rule(condition=BEYOND_ROWS)
    console.go(f"/rules/{rule['id']}")
    condition = panel(page, "Condition")
    expect(condition.get_by_text("Rows cannot show this part")).to_have_count(3)
    _add(condition, "status", "is", ["OK"])
    saved(page)
    assert jobs.stored(rule["id"])["condition"] == {**BEYOND_ROWS, "status": ["OK"]}


def test_numbers_that_browsers_round_are_not_rewritten(console: Console, page: Page, jobs: Jobs) -> None:
    """A condition with digits that a browser cannot hold is edited in the service's own text."""
    rule = jobs.rule(where=["code>12345678901234567890"])
    console.go(f"/rules/{rule['id']}")
    text = panel(page, "Condition").get_by_label("Text")
    expect(text).to_have_value("code>12345678901234567890")
    text.fill("code>12345678901234567890\nstatus=OK")
    saved(page)
    condition = {"code": [{"numeric": [">", 12345678901234567890]}], "status": ["OK"]}
    assert jobs.stored(rule["id"])["condition"] == condition


def test_text_goes_back_into_rows(console: Console, page: Page, jobs: Jobs) -> None:
    """Clauses that are typed are drawn in rows; what is no clause stays text, and is refused in its place."""
    rule = jobs.rule()
    console.go(f"/rules/{rule['id']}")
    condition = panel(page, "Condition")
    condition.get_by_role("button", name="Edit as text").click()
    condition.get_by_label("Text").fill("statsu=ERROR")
    expect(condition.get_by_text("the nearest is 'status'")).to_be_visible()
    condition.get_by_label("Text").fill("status=ERROR,OK\ncode==1")
    expect(condition.get_by_role("button", name="Edit in rows")).to_be_disabled()
    condition.get_by_label("Text").fill("status=ERROR,OK\ncode>1")
    condition.get_by_role("button", name="Edit in rows").click()
    expect(condition.get_by_label("field", exact=True)).to_have_count(2)
    expect(condition.get_by_label("Value of code")).to_have_value("1")
    expect(condition.locator("figure pre")).to_have_text("status=ERROR,OK\ncode>1")


def test_a_row_tells_what_is_wrong_with_it(console: Console, page: Page, jobs: Jobs) -> None:
    """A field that the type lacks is told at its row, with the nearest; so is a second row on one field."""
    rule = jobs.rule(where=["status=OK"])
    console.go(f"/rules/{rule['id']}")
    condition = panel(page, "Condition")
    _add(condition, "nmae", "is", ["x"])
    row = condition.locator(".condition-row").nth(1)
    expect(row.locator(".wrong")).to_contain_text("the nearest is 'name'")
    row.get_by_label("field", exact=True).fill("status")
    row.get_by_label("operator").select_option("begins with")
    row.get_by_label("Value of status").fill("E")
    row.get_by_label("Value of status").press("Enter")
    expect(row.locator(".wrong")).to_contain_text("Another row is about this field")
    expect(page.get_by_role("button", name="Save", exact=True)).to_be_disabled()
    assert inaccessible(page) == []


def test_rows_are_built_with_the_keyboard_alone(console: Console, page: Page, jobs: Jobs) -> None:
    """Tab, letters and Enter suffice to add a row, fill it, and remove a value."""
    rule = jobs.rule()
    console.go(f"/rules/{rule['id']}")
    condition = panel(page, "Condition")
    condition.get_by_role("button", name="Add a field").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Shift+Tab")  # remove
    page.keyboard.press("Shift+Tab")  # value
    page.keyboard.press("Shift+Tab")  # operator
    page.keyboard.press("Shift+Tab")
    page.keyboard.type("name")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.type("one")
    page.keyboard.press("Enter")
    page.keyboard.type("two")
    page.keyboard.press("Enter")
    page.keyboard.press("Backspace")
    expect(condition.locator("figure pre")).to_have_text("name=one")


def _add(condition: Locator, field: str, operator: str, values: list[str]) -> None:
    """Add a row to the outermost group."""
    condition.get_by_role("button", name="Add a field").last.click()
    row = condition.locator(".builder > .group > .condition-row").last
    row.get_by_label("field", exact=True).fill(field)
    row.get_by_label("operator").select_option(operator)
    inputs = row.locator(".values input, .values select")
    for number, value in enumerate(values):
        if operator == "is between":
            inputs.nth(number).fill(value)
        elif inputs.first.evaluate("input => input.tagName") == "SELECT":
            inputs.first.select_option(value)
        else:
            inputs.first.fill(value)
            inputs.first.press("Enter")
