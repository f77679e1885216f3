"""Two who edit the same: what somebody else has changed since it was loaded is told before it is saved."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from local.waiting import until
from notifications.core.model import timestamp
from tests.browser.console import Console, inaccessible
from tests.browser.pages import everything, in_dialog, lines
from tests.browser.rules import Jobs
from tests.stack.under_test import StackUnderTest

Made = tuple[str, str, str]
"""Where the API has something, where the console has it, and the name that the command line takes."""


def rule(under_test: StackUnderTest) -> Made:
    """Make a rule."""
    rule_id = str(Jobs(under_test).rule()["id"])
    return f"/notifications/rules/{rule_id}?custom=true", f"/rules/{rule_id}", f"rule diff {rule_id}"


def channel(under_test: StackUnderTest) -> Made:
    """Make a channel."""
    channel_id = under_test.webhook("https://example.com/hook")
    path = f"/notifications/channels/{channel_id}"
    return path, f"/channels/{channel_id}", f"channel diff {channel_id}"


def event_type(under_test: StackUnderTest) -> Made:
    """Make an event type."""
    name = under_test.event_type("edited", {"a": {"type": "string"}})
    return f"/notifications/event-types/{name}", f"/types/{name}", f"event-type diff {name}"


OTHER_SPEC = {"url": "https://example.com/theirs", "timeout": 7.0}
OTHER_SCHEMA = {"type": "object", "properties": {"b": {"type": "string"}}}


@pytest.mark.parametrize(
    ("make", "member", "theirs"),
    [
        (rule, "rule", {"name": "Theirs"}),
        (channel, "channel", {"spec": OTHER_SPEC}),
        (event_type, "event_type", {"json_schema": OTHER_SCHEMA}),
    ],
)
def test_a_change_by_somebody_else_is_told(
    console: Console,
    page: Page,
    under_test: StackUnderTest,
    make: Callable[[StackUnderTest], Made],
    member: str,
    theirs: dict[str, Any],
) -> None:
    """Nothing is saved before it was told; then either what was changed here is saved, or nothing."""
    path, place, line = make(under_test)

    def stored(name: str) -> Any:
        return under_test.do("GET", path)[member][name]

    console.go(place, form="edit")
    description = page.get_by_label("Description", exact=True)
    save = page.get_by_role("button", name="Save", exact=True)
    description.fill("mine")
    under_test.do("PATCH", path, {**theirs, "description": "theirs"})
    save.click()
    dialog = page.get_by_role("dialog", name="Somebody else changed this meanwhile")
    expect(dialog.locator("ins").filter(has_text="theirs").first).to_be_visible()
    assert lines(dialog) == [f"{line} 1 2"]
    assert inaccessible(page) == []
    in_dialog(page, "Keep editing")
    expect(description).to_have_value("mine")
    assert stored("description") == "theirs"
    save.click()
    in_dialog(page, "Save mine")
    expect(save).to_have_count(0)
    assert stored("description") == "mine"
    left = {name: stored(name) for name in theirs}
    assert all(_has(left[name], value) for name, value in theirs.items()), left

    console.go("/")
    console.go(place, form="edit")
    description.fill("mine again")
    under_test.do("PATCH", path, {"description": "theirs again"})
    save.click()
    in_dialog(page, "Drop my changes")
    expect(save).to_have_count(0)
    until("the page shows what they have left", lambda: "theirs again" in everything(page))
    assert stored("description") == "theirs again"


def test_a_channel_that_changes_while_it_is_edited(
    console: Console, page: Page, under_test: StackUnderTest
) -> None:
    """What others do to one part of a channel's settings stays when another part is saved."""
    path, place, _ = channel(under_test)
    console.go(place, form="edit")
    page.get_by_text("More settings").click()
    page.get_by_label("Timeout", exact=True).fill("9")
    under_test.do("PATCH", path, {"spec": {"url": "https://example.com/hook", "headers": {"X-Team": "ops"}}})
    page.get_by_role("button", name="Save", exact=True).click()
    in_dialog(page, "Save mine")
    expect(page.get_by_text("The channel was saved.")).to_be_visible()
    spec = under_test.do("GET", path)["channel"]["spec"]
    assert (spec["timeout"], spec["headers"]) == (9, {"X-Team": "ops"})


def test_a_mute_that_somebody_has_ended(console: Console, page: Page, under_test: StackUnderTest) -> None:
    """A mute cannot be edited, only ended; who comes second is told so."""
    reason = f"Twice {uuid4().hex[:8]}"
    until_then = timestamp(datetime.now(UTC) + timedelta(hours=1))
    channel_id = under_test.webhook("https://example.com/hook")
    mute = {"reason": reason, "until": until_then, "channel_id": channel_id}
    mute_id = under_test.do("POST", "/notifications/mutes", mute)["mute"]["id"]
    console.go("/mutes", mute=mute_id)
    page.get_by_role("button", name="End now").click()
    under_test.do("POST", f"/notifications/mutes/{mute_id}/end")
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="End now").click()
    expect(dialog.get_by_role("alert")).to_contain_text("ended")


def _has(found: Any, wanted: Any) -> bool:
    """Return whether what is found is what is wanted, or at least has its members."""
    return found.items() >= wanted.items() if isinstance(wanted, dict) else bool(found == wanted)
