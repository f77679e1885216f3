"""The lines that the console shows, run in a shell on the stack: they find and make what the console does."""

import json
import re
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from tests.browser.console import Console
from tests.browser.pages import panel, shown_line
from tests.browser.rules import Jobs
from tests.stack.cli import Cli
from tests.stack.under_test import StackUnderTest

NASTY = """-it's "$HOME" `id` $(id) \\ !! {{ 1 }} * 한글 é #"""
"""What a shell, jq or the command line would make something else of."""

LINES = f"{NASTY}\n--second line\n\ttab"
URL = "https://example.com/hook"


class Named:
    """What there is to find by a name that is like no other."""

    def __init__(self, under_test: StackUnderTest) -> None:
        self.mark = uuid4().hex[:8]
        self.name = f"{NASTY} {self.mark}"
        self.jobs = Jobs(under_test)
        self.channel = str(under_test.channel({"url": URL}, name=self.name)["id"])
        other = under_test.channel({"url": URL}, name=f"{self.mark} other")["id"]
        self.rule = self._rule(self.name, self.channel, enabled=False)
        self._rule(f"{self.mark} other", other)
        self.event = self.jobs.recorded({"name": self.name, "status": "OK"}, {"name": "other"})

    def _rule(self, name: str, channel_id: str, **members: object) -> str:
        rule = self.jobs.rule(name=name, channel_id=channel_id, message_template="{}", **members)
        return str(rule["id"])


@pytest.fixture(scope="module")
def named(under_test: StackUnderTest) -> Named:
    """Make channels, rules and events, of which some have a hostile name."""
    return Named(under_test)


@pytest.mark.parametrize(
    ("path", "filters"),
    [
        ("/channels", {"q": "name"}),
        ("/channels", {"q": "name", "state": "active"}),
        ("/channels", {"q": "channel"}),
        ("/rules", {"name": "name"}),
        ("/rules", {"name": "mark", "state": "enabled"}),
        ("/rules", {"name": "name", "state": "disabled"}),
        ("/rules", {"channel": "channel", "type": "type"}),
        ("/deliveries", {"rule": "rule"}),
        ("/deliveries", {"rule_type": "type", "status": "skipped", "since": "1h"}),
        ("/events", {"rule_type": "type", "where": "clause", "live": "off"}),
        ("/types", {"q": "type", "kind": "custom"}),
        ("/types", {"q": "EXIT_CODE"}),
    ],
)
def test_the_line_of_a_list_finds_what_the_list_has(
    console: Console, page: Page, named: Named, cli: Cli, path: str, filters: dict[str, str]
) -> None:
    """Whatever filters a list has, and however hostile they are, the line lists the same things."""
    known = {
        "name": named.name,
        "mark": named.mark,
        "channel": named.channel,
        "rule": named.rule,
        "type": named.jobs.type,
        "clause": f"name={json.dumps(named.name, ensure_ascii=False)}",
    }
    console.go(path, **{name: known.get(text, text) for name, text in filters.items()})
    links = page.locator("main tbody a[href^='#" + path + "/']")
    expect(links.first).to_be_visible()
    shown = [
        link.removeprefix(f"#{path}/") for link in links.evaluate_all("all => all.map((one) => one.hash)")
    ]
    line = shown_line(page.locator("main"))
    ran = cli.shell(line if "--jq" in line else f"{line} -o id")
    assert ran.code == 0, ran
    found = [one.get("id", one["name"]) for one in objects(ran.out)] if "--jq" in line else ran.out.split()
    assert sorted(found) == sorted(shown)


def test_the_line_of_a_new_channel_makes_it(
    console: Console, page: Page, under_test: StackUnderTest, cli: Cli
) -> None:
    """A channel whose texts have quotes, dashes, newlines and Korean is the same by the line."""
    name = f"{NASTY} {uuid4().hex[:8]}"
    console.go("/channels/new")
    page.get_by_label("Name", exact=True).fill(name)
    page.get_by_label("Description", exact=True).fill(LINES)
    page.get_by_label("URL", exact=True).fill(URL)
    line = shown_line(page.locator("main"))
    page.get_by_role("button", name="Create", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(name)
    by_line = created(cli, f"export WEBHOOK_URL={URL}\n{line}")
    search = {"filter": {"name": {"equals": name}}}
    found = under_test.do("POST", "/notifications/channels/search", search)["channels"]
    one, other = found
    assert by_line in {one["id"], other["id"]}
    assert facts(one) == facts(other)
    assert one["description"] == LINES


def test_the_line_of_a_new_mute_makes_it(
    console: Console, page: Page, under_test: StackUnderTest, cli: Cli
) -> None:
    """So is a mute with a clause."""
    reason = f"{NASTY} {uuid4().hex[:8]}"
    console.go("/mutes", form="new")
    page.get_by_label("Reason").fill(reason)
    page.get_by_label("Only events where").fill(f"session_name={json.dumps(NASTY, ensure_ascii=False)}")
    page.get_by_label("Hold, and send").check()
    line = shown_line(page.locator("main form"))
    page.locator("main form").get_by_role("button", name="Create a mute").click()
    expect(page.get_by_text("The mute was created.")).to_be_visible()
    by_line = created(cli, line)
    mutes = under_test.do("GET", "/notifications/mutes")["mutes"]
    one, other = [mute for mute in mutes if mute["reason"] == reason]
    assert by_line in {one["id"], other["id"]}
    assert [(mute["where"], mute["hold"]) for mute in (one, other)] == [(one["where"], True)] * 2
    for mute in (one, other):
        under_test.do("POST", f"/notifications/mutes/{mute['id']}/end")


def test_the_line_of_a_change_makes_it(
    console: Console, page: Page, under_test: StackUnderTest, named: Named, cli: Cli
) -> None:
    """A rule that is given hostile texts by the line is the one that saving makes."""
    rule = named.jobs.rule(name="Before")
    console.go(f"/rules/{rule['id']}")
    page.get_by_label("Name", exact=True).fill(NASTY)
    page.get_by_label("Description", exact=True).fill(LINES)
    page.get_by_label("Title", exact=True).fill("-{{ name }} 'x' \"y\" 한글")
    line = shown_line(panel(page, "Unsaved changes"))
    assert cli.shell(line).code == 0
    by_line = named.jobs.stored(rule["id"])
    under_test.do("POST", f"/notifications/rules/{rule['id']}/revert", {"to": 1})
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_role("dialog").get_by_role("button", name="Save mine").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(NASTY)
    expect(panel(page, "Unsaved changes")).to_have_count(0)
    stored = named.jobs.stored(rule["id"])
    assert (stored["name"], stored["description"]) == (NASTY, LINES)
    for member in ("name", "description", "message", "condition"):
        assert stored[member] == by_line[member], member


def objects(text: str) -> list[Any]:
    """Read JSON values that stand one after the other."""
    decoder, found, at = json.JSONDecoder(), [], 0
    while at < len(text):
        value, at = decoder.raw_decode(text, at)
        found.append(value)
        at += len(text[at:]) - len(text[at:].lstrip())
    return found


def created(cli: Cli, script: str) -> str:
    """Run a line that creates something; return its id."""
    ran = cli.shell(script)
    match = re.search(r"created: ([0-9a-f-]{36})", ran.err)
    assert match is not None, ran
    return match[1]


def facts(channel: dict[str, Any]) -> dict[str, Any]:
    """Return what of a channel is configured."""
    return {name: channel[name] for name in ("name", "description", "enabled", "retry", "rate", "spec")}
