"""Event types in the console: their fields, samples and rules, and the form of custom ones."""

import json
from uuid import uuid4

from playwright.sync_api import Page, expect

from tests.browser.console import Console, inaccessible
from tests.browser.hostile import MARKUP
from tests.browser.pages import in_dialog, line_of_dialog, lines
from tests.stack.cli import Cli
from tests.stack.under_test import StackUnderTest

SCHEMA = {
    "type": "object",
    "properties": {"project": {"type": "string", "description": MARKUP}, "used": {"type": "integer"}},
    "required": ["project"],
}


def test_the_list_says_what_the_command_line_says(console: Console, page: Page, cli: Cli) -> None:
    """All types of `event-type list` are there, and can be searched by the name of a field."""
    console.go("/types")
    rows = page.get_by_role("table", name="Event types").locator("tbody tr")
    expect(rows.first).to_be_visible()
    listed = cli.json("event-type", "list", "-o", "json")
    assert {row.locator("td").nth(0).inner_text() for row in rows.all()} == {each["name"] for each in listed}
    assert inaccessible(page) == []
    page.get_by_label("Name, description or field").fill("exit_code")
    expect(rows).to_have_count(sum("exit_code" in each["json_schema"]["properties"] for each in listed))
    expect(page).to_have_url(f"{console.url}#/types?q=exit_code")
    page.get_by_label("Kind").select_option("built_in")
    assert lines(page) == ["event-type list --search exit_code --jq '.[] | select(.built_in)'"]
    searched = cli.json("event-type", "list", "--search", "exit_code", "--json", "name")
    assert {row.locator("td").nth(0).inner_text() for row in rows.all()} == {
        each["name"] for each in searched
    }


def test_a_built_in_type_is_shown(console: Console, page: Page, under_test: StackUnderTest, cli: Cli) -> None:
    """Its fields are those of the schema, its sample that of the API, its rules those on it; it is fixed."""
    channel_id = under_test.webhook("https://example.com/hook")
    rule_id = under_test.rule("session.idle-reclaimed", channel_id)
    console.go("/types/session.idle-reclaimed")
    schema = cli.json("event-type", "info", "session.idle-reclaimed", "--json", "json_schema")["json_schema"]
    rows = page.get_by_role("table", name="Fields").locator("tbody tr")
    paths = [row.locator("td").nth(0).inner_text() for row in rows.all()]
    assert [path for path in paths if "." not in path] == [*schema["properties"]]
    required = {
        path for path, row in zip(paths, rows.all(), strict=True) if "required" in row.inner_text().split()
    }
    assert {path for path in required if "." not in path} == {*schema["required"]}
    sample = under_test.do("GET", "/notifications/event-types/session.idle-reclaimed/sample")
    shown = page.get_by_role("group", name="Fields of the sample")
    assert json.loads(shown.inner_text()) == sample["notification_data"]
    expect(page.get_by_role("link", name=under_test.mark).first).to_have_attribute(
        "href", f"#/rules/{rule_id}"
    )
    expect(page.get_by_role("button", name="Edit")).to_have_attribute("aria-disabled", "true")
    assert "event emit session.idle-reclaimed --sample" in lines(page)
    assert inaccessible(page) == []


def test_a_type_is_made_changed_and_deleted(
    console: Console, page: Page, under_test: StackUnderTest, cli: Cli
) -> None:
    """What is wrong with a schema is told beside it, from JSON to what the service refuses."""
    name = f"quota.{uuid4().hex[:8]}"
    console.go("/types/+new")
    page.get_by_label("Name", exact=True).fill(name)
    schema, wrong = page.get_by_label("JSON Schema"), page.locator(".wrong")
    schema.fill('{\n  "type": "object",\n  oops\n}')
    expect(wrong).to_contain_text("Line 3, column 3")
    expect(page.get_by_role("button", name="Create a type")).to_be_disabled()
    assert inaccessible(page) == []
    schema.fill('{"type": "array"}')
    page.get_by_role("button", name="Create a type").click()
    expect(wrong).to_contain_text("json_schema must describe an object")
    schema.fill(json.dumps(SCHEMA))
    expect(page.get_by_role("table", name="Fields").locator("tbody tr")).to_have_count(2)
    assert lines(page) == [f"event-type create {name} --schema-file schema.json"]
    page.get_by_role("button", name="Create a type").click()
    expect(page.get_by_role("heading", name=name, level=1)).to_be_visible()
    expect(page.get_by_role("table", name="Fields")).to_contain_text(MARKUP)
    assert page.locator("main img").count() == 0
    assert cli.json("event-type", "info", name, "-o", "json")["json_schema"] == SCHEMA

    rule_id = under_test.rule(name, under_test.webhook("https://example.com/hook"), '"{{ used }}"')
    page.get_by_role("button", name="Edit").click()
    schema.fill(json.dumps({"type": "object", "properties": {"project": {"type": "string"}}}))
    page.get_by_role("button", name="Save").click()
    rule = page.get_by_role("listitem").filter(has_text=under_test.mark)
    expect(rule.get_by_role("link")).to_have_attribute("href", f"#/rules/{rule_id}")
    assert inaccessible(page) == []
    schema.fill(json.dumps(SCHEMA))
    page.get_by_label("Description").fill("It's used up")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("The event type was saved.")).to_be_visible()
    assert cli.json("event-type", "info", name, "-o", "json")["description"] == "It's used up"
    history = page.get_by_role("region", name="History")
    expect(history).to_contain_text("Revision 2 updated")
    history.get_by_role("button", name="Show changes").click()
    expect(history.locator("ins").filter(has_text="It's used up")).to_be_visible()
    assert {f"event-type history {name}", f"event-type diff {name} 1 2"} <= {*lines(page)}

    assert cli.run("rule", "delete", rule_id, "--yes").code == 0
    page.get_by_role("button", name="Delete").click()
    assert line_of_dialog(page) == f"event-type delete {name} --yes"
    in_dialog(page, "Delete")
    expect(page).to_have_url(f"{console.url}#/types")
    assert under_test.send("GET", f"/notifications/event-types/{name}").status == 404


def test_who_may_only_look_sees_all_and_changes_nothing(
    viewer_page: Page, console: Console, under_test: StackUnderTest
) -> None:
    """A viewer sees a custom type with its history; the form is not there, even by its URL."""
    name = under_test.event_type("looked.at", {"a": {"type": "string"}})
    console.go(f"/types/{name}", form="edit")
    expect(viewer_page.get_by_role("region", name="History")).to_contain_text("Revision 1 created")
    expect(viewer_page.get_by_role("textbox", name="JSON Schema")).to_have_count(0)
    for button in ("Edit", "Delete"):
        expect(viewer_page.get_by_role("button", name=button)).to_have_attribute("aria-disabled", "true")
    assert inaccessible(viewer_page) == []
