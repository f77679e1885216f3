"""A rule is made, changed, tried and deleted in the console."""

import json
import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.console import Console, inaccessible
from tests.browser.pages import panel, shown_line
from tests.browser.rules import Jobs, saved
from tests.stack.cli import Cli
from tests.stack.under_test import StackUnderTest

HOSTILE = '<img src=x onerror="document.title=1">{{ 1 }}\'"'


@pytest.fixture(scope="module")
def jobs(under_test: StackUnderTest) -> Jobs:
    """Make a channel and an event type for these tests."""
    return Jobs(under_test)


def test_a_rule_by_form_shows_what_simulate_tells(console: Console, page: Page, jobs: Jobs, cli: Cli) -> None:
    """What the editor shows of a rule that is not stored yet is what the shown command line tells of it."""
    data = {"status": "ERROR", "name": "train <b>&amp;", "code": 3, "context": {"project": "ml"}}
    recorded = jobs.recorded(data)
    console.go("/rules/new", type=jobs.type, channel=jobs.channel, event=recorded)
    page.get_by_label("Name", exact=True).fill("Failed jobs")
    condition = panel(page, "Condition")
    condition.get_by_role("button", name="Add a field").click()
    condition.get_by_label("field", exact=True).fill("status")
    expect(condition.locator(".hint")).to_have_text("How the job ended")
    condition.get_by_label("Value of status").fill("ERROR")
    condition.get_by_label("Value of status").press("Enter")
    page.get_by_label("Title", exact=True).fill("{{ name }} exited with {{ code }}")
    trial = panel(page, "Try it")
    expect(trial.get_by_text("The message is sent.")).to_be_visible()
    expect(trial.get_by_role("heading", name="train <b>&amp; exited with 3")).to_be_visible()
    assert inaccessible(page) == []

    ran = cli.shell(shown_line(trial) + "\n")
    assert "fires" in ran.out
    told = json.loads(cli.shell(shown_line(trial).replace(" -f - ", " --json -f - ", 1)).out)["rules"][0]
    assert told["verdict"] == "fires"
    trial.get_by_text("What is sent, in full").click()
    body = trial.get_by_role("region", name="What is sent, in full").inner_text()
    assert json.loads(body.replace(recorded, "simulation")) == json.loads(told["message"])
    deciding = trial.locator("dd code").first
    expect(deciding).to_have_text(told["deciding"]["clause"])

    line = shown_line(panel(page, "Unsaved changes"))
    page.get_by_role("button", name="Create the rule").click()
    expect(page.get_by_role("heading", name="Failed jobs", level=1)).to_be_visible()
    expect(page).to_have_url(re.compile(r"#/rules/[0-9a-f-]{36}"))
    made = jobs.stored(page.url.partition("#/rules/")[2].partition("?")[0])
    by_line = jobs.stored(_created(cli, line))
    for member in ("name", "rule_type", "channel_id", "condition", "where", "message", "message_template"):
        assert made[member] == by_line[member], member


def test_the_row_that_is_not_met_decides(console: Console, page: Page, jobs: Jobs) -> None:
    """For an event that does not meet the condition, the clause that decides and what was seen are shown."""
    recorded = jobs.recorded({"status": "OK", "name": "quiet", "code": 0})
    rule = jobs.rule(where=["status=ERROR"])
    console.go(f"/rules/{rule['id']}", event=recorded)
    trial = panel(page, "Try it")
    expect(trial.get_by_text("The condition is not met")).to_be_visible()
    expect(trial.get_by_text("status=ERROR")).to_be_visible()
    expect(trial.get_by_text('status is "OK"')).to_be_visible()


def test_hostile_names_and_templates_are_text(console: Console, page: Page, jobs: Jobs) -> None:
    """Markup in a name, a condition, a template and an event's values is shown as it stands."""
    recorded = jobs.recorded({"status": "ERROR", "name": HOSTILE, "code": 1})
    template = json.dumps({"text": "<script>alert(1)</script> NAME"}).replace("NAME", "{{ name }}")
    rule = jobs.rule(name=HOSTILE, where=[f"name={json.dumps(HOSTILE)}"], message_template=template)
    console.go(f"/rules/{rule['id']}", event=recorded)
    expect(page.get_by_role("heading", level=1)).to_have_text(HOSTILE)
    expect(page.get_by_label("Template")).to_have_value(template)
    expect(panel(page, "Try it").locator(".picture")).to_contain_text("<script>")
    expect(panel(page, "Condition").locator("figure")).to_contain_text("onerror")
    assert page.locator("main img, main script").count() == 0
    console.go("/rules", name=HOSTILE)
    expect(page.get_by_role("link", name=HOSTILE, exact=True)).to_be_visible()
    assert page.locator("main img").count() == 0


def test_a_rule_is_switched_off_and_deleted(console: Console, page: Page, jobs: Jobs, cli: Cli) -> None:
    """What is done at once is asked first, with the command line that does the same."""
    rule = jobs.rule()
    console.go(f"/rules/{rule['id']}")
    page.get_by_role("button", name="Disable", exact=True).click()
    dialog = page.get_by_role("dialog")
    assert shown_line(dialog).endswith(f"rule update {rule['id']} --disable")
    dialog.get_by_role("button", name="Disable", exact=True).click()
    expect(page.get_by_role("button", name="Enable", exact=True)).to_be_visible()
    assert jobs.stored(rule["id"])["enabled"] is False
    page.get_by_role("button", name="Delete", exact=True).click()
    line = shown_line(dialog)
    dialog.get_by_role("button", name="Delete", exact=True).click()
    expect(page.get_by_role("heading", name="Rules", level=1)).to_be_visible()
    assert "There is no rule" in cli.shell(f"{line} 2>&1 || true").out


def test_how_often_and_parts_are_saved(console: Console, page: Page, jobs: Jobs, cli: Cli) -> None:
    """Parts of the message and once-per are saved, and the shown line makes the same of another rule."""
    rule, other = jobs.rule(), jobs.rule()
    console.go(f"/rules/{rule['id']}")
    page.get_by_label("Link", exact=True).fill("https://ui.example/{{ name }}")
    message = panel(page, "Message")
    message.get_by_role("button", name="Add a field").click()
    message.get_by_label("Label", exact=True).fill('It\'s a "field"')
    message.get_by_label("Expression").fill("context.project ~ '$x'")
    page.get_by_label("A message is sent").select_option("once_per")
    page.get_by_label("Once in").fill("2h")
    page.get_by_label("Same if these agree").fill("name, status")
    page.get_by_label("Same if these agree").press("Tab")
    page.get_by_label("Only observe").check()
    line = shown_line(panel(page, "Unsaved changes"))
    saved(page)
    assert "2h" in line
    ran = cli.shell(line.replace(rule["id"], other["id"]))
    assert ran.code == 0, ran
    one, two = jobs.stored(rule["id"]), jobs.stored(other["id"])
    assert one["once_per"] == {"period": "2h", "by": ["name", "status"]}
    assert one["observe"]
    for member in ("message", "once_per", "observe", "digest", "condition"):
        assert one[member] == two[member], member


def _created(cli: Cli, line: str) -> str:
    ran = cli.shell(line)
    made = re.search(r"created: (\S+)", ran.err)
    assert made is not None, ran
    return made[1]
