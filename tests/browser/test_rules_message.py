"""Messages are edited with their faults in place, and previewed as readers see them."""

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
    """Make a channel and an event type for these tests."""
    return Jobs(under_test)


def test_a_fault_of_a_template_is_told_at_its_line(console: Console, page: Page, jobs: Jobs) -> None:
    """While a template is written, what is wrong is told and marked at its line, and a button goes there."""
    rule = jobs.rule()
    console.go(f"/rules/{rule['id']}")
    page.get_by_label("What is sent").select_option("own")
    template = page.get_by_label("Template", exact=True)
    template.fill('{\n  "text": "{{ nmae }}"\n}')
    message = panel(page, "Message")
    expect(message.locator(".wrong")).to_contain_text("the nearest is 'name'")
    expect(message.locator(".at-fault")).to_have_text("2")
    expect(template).to_have_attribute("aria-invalid", "true")
    message.get_by_role("button", name="Go to line 2").click()
    assert _selected(page) == '  "text": "{{ nmae }}"'
    assert inaccessible(page) == []
    template.fill('{\n  "text": name }')
    expect(message.locator(".wrong")).to_contain_text("The message is not JSON: line 2, column 11")
    message.get_by_role("button", name="Go to line 2, column 11").click()
    assert _selected(page) == "name }"
    template.fill('{\n  "text": "{{ name }}"\n}')
    expect(message.locator(".wrong")).to_have_count(0)
    expect(panel(page, "Try it").locator(".picture")).to_contain_text('"text"')
    saved(page)
    assert jobs.stored(rule["id"])["message_template"] == '{\n  "text": "{{ name }}"\n}'


def test_a_channel_without_default_messages_wants_a_template(
    console: Console, page: Page, jobs: Jobs, under_test: StackUnderTest
) -> None:
    """Whoever chooses no template is told at once that the channel needs one."""
    channel = under_test.webhook("https://receiver.example.com/")
    console.go("/rules/new", type=jobs.type, channel=channel)
    page.get_by_label("Name", exact=True).fill("Plain")
    message = panel(page, "Message")
    expect(message.get_by_text("This channel has no default message")).to_be_visible()
    expect(message.locator(".wrong")).to_contain_text("The message is empty")
    expect(panel(page, "Try it").get_by_text("This cannot be tried yet")).to_be_visible()
    page.get_by_label("What is sent").select_option("own")
    page.get_by_label("Template", exact=True).fill('{"job": "{{ name }}"}')
    expect(panel(page, "Try it").locator(".picture")).to_contain_text('"job"')


def test_what_a_save_refuses_is_told(console: Console, page: Page, jobs: Jobs) -> None:
    """What the service refuses when saving is told, too, and nothing that was written is lost."""
    rule = jobs.rule()
    console.go(f"/rules/{rule['id']}")
    name = page.get_by_label("Name", exact=True)
    name.fill(" ")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(panel(page, "Rule").locator(".wrong")).to_contain_text("at least 1 item")
    expect(page.locator("main").get_by_role("alert")).to_contain_text("name")
    expect(name).to_have_value(" ")
    assert jobs.stored(rule["id"])["name"] == "Jobs"


def test_names_of_fields_are_put_into_the_template(console: Console, page: Page, jobs: Jobs) -> None:
    """The fields of the type are offered with their descriptions, and put in where the cursor is."""
    rule = jobs.rule(message_template='{"text": ""}')
    console.go(f"/rules/{rule['id']}")
    template = page.get_by_label("Template", exact=True)
    template.evaluate("area => { area.focus(); area.setSelectionRange(10, 10); }")
    page.get_by_text("Fields that it can use").click()
    page.get_by_role("button", name="name", exact=True).click()
    expect(template).to_have_value('{"text": "{{ name }}"}')


def test_a_preview_says_its_level_in_a_word(console: Console, page: Page, jobs: Jobs) -> None:
    """A preview of the default message tells its level by a word, and links only to the web."""
    rule = jobs.rule(message={"link": "{{ 'javascript:alert(1)' }}", "fields": {"Who": "name"}})
    console.go(f"/rules/{rule['id']}")
    picture = panel(page, "Try it").locator(".picture")
    for level in ("success", "warning", "error", "critical", "info"):
        page.get_by_label("Level", exact=True).fill(level)
        expect(picture.locator(".level")).to_have_text(level)
    expect(picture.locator("dt")).to_have_text("Who")
    expect(picture.get_by_text("javascript:alert(1)")).to_be_visible()
    assert picture.get_by_role("link").count() == 0
    assert inaccessible(page) == []
    page.get_by_label("Level", exact=True).fill("eror")
    expect(panel(page, "Message").locator(".wrong")).to_contain_text("the nearest is 'error'")


def test_an_email_is_previewed_with_its_subject(
    console: Console, page: Page, jobs: Jobs, cli: Cli, under_test: StackUnderTest
) -> None:
    """A rule that is not stored yet shows an email as `rule preview` shows it once it is."""
    spec = {
        "smtp": {"host": "mail.example.com", "port": 587},
        "message": {"from_email": "a@example.com", "to_emails": ["b@example.com"]},
    }
    channel = under_test.channel(spec, name="Mail")["id"]
    console.go("/rules/new", type=jobs.type, channel=channel)
    page.get_by_label("Name", exact=True).fill("By mail")
    page.get_by_label("Title", exact=True).fill("Job {{ name }}")
    subject = panel(page, "Try it").locator(".subject")
    expect(subject).to_contain_text("Job ")
    made = cli.shell(shown_line(panel(page, "Unsaved changes")))
    told = json.loads(cli.run("rule", "preview", json.loads(made.out)["id"], "-o", "json").out)
    expect(subject).to_have_text(told["subject"])


def _selected(page: Page) -> str:
    selected: str = page.get_by_label("Template", exact=True).evaluate(
        "area => area.value.slice(area.selectionStart, area.selectionEnd)"
    )
    return selected
