"""What was typed and not saved is not lost unasked: not by leaving its form, and not with the keypair."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from uuid import uuid4

import pytest
from playwright.sync_api import Dialog, Locator, Page, expect

from tests.browser.console import Console, inaccessible
from tests.browser.pages import in_dialog
from tests.browser.rules import Jobs
from tests.stack.under_test import StackUnderTest

TYPED = "half a sent"
REFUSAL = {"type": "https://api.backend.ai/probs/auth-failed", "title": "T", "msg": "expired"}


@dataclass
class Form:
    """Where a form is, a field of it, what else it needs, and the buttons that end it."""

    path: str
    params: dict[str, str]
    field: str
    save: str = "Save"
    cancel: str = "Cancel"
    needs: tuple[str, str] | None = None


def rule(under_test: StackUnderTest) -> Form:
    """Edit a rule."""
    return Form(f"/rules/{Jobs(under_test).rule()['id']}", {}, "Description", cancel="Discard changes")


def new_rule(under_test: StackUnderTest) -> Form:
    """Make a rule of a type to a channel."""
    jobs = Jobs(under_test)
    params = {"type": jobs.type, "channel": jobs.channel}
    return Form("/rules/new", params, "Name", "Create the rule", "Discard changes")


def channel(under_test: StackUnderTest) -> Form:
    """Edit a channel."""
    channel_id = under_test.webhook("https://example.com/hook")
    return Form(f"/channels/{channel_id}", {"form": "edit"}, "Description")


def new_channel(_: StackUnderTest) -> Form:
    """Make a channel."""
    return Form("/channels/new", {}, "Name", "Create", needs=("URL", "https://example.com/hook"))


def event_type(under_test: StackUnderTest) -> Form:
    """Edit an event type."""
    name = under_test.event_type("unsaved", {"a": {"type": "string"}})
    return Form(f"/types/{name}", {"form": "edit"}, "Description")


def new_type(_: StackUnderTest) -> Form:
    """Make an event type."""
    return Form("/types/+new", {}, "Description", "Create a type", needs=("Name", "unsaved.type"))


def mute(_: StackUnderTest) -> Form:
    """Make a mute."""
    return Form("/mutes", {"form": "new"}, "Reason", "Create a mute")


FORMS = [rule, new_rule, channel, new_channel, event_type, new_type, mute]
Make = Callable[[StackUnderTest], Form]


def question(page: Page) -> Locator:
    """Find what asks before unsaved input is left."""
    return page.get_by_role("dialog", name="Leave without saving?")


@pytest.mark.parametrize("make", FORMS)
def test_each_way_out_of_a_form_asks(
    console: Console, page: Page, under_test: StackUnderTest, make: Make
) -> None:
    """A link, "back", signing out and closing the tab ask, and whoever stays has all that was typed."""
    form = make(under_test)
    console.go("/audit")
    console.go(form.path, **form.params)
    field = page.locator("main form").get_by_label(form.field, exact=True)
    field.fill(TYPED)
    menu = page.get_by_role("navigation", name="Pages")
    sign_out = page.get_by_role("button", name="Sign out")
    here = page.url
    for leave in (menu.get_by_role("link", name="Deliveries").click, page.go_back, sign_out.click):
        leave()
        expect(question(page)).to_be_visible()
        page.keyboard.press("Escape")
        expect(question(page)).to_have_count(0)
        expect(field).to_have_value(TYPED)
        assert page.url == here
    _closing_asks(page)
    menu.get_by_role("link", name="Deliveries").click()
    in_dialog(page, "Leave")
    expect(page.get_by_role("heading", name="Deliveries", level=1)).to_be_visible()


@pytest.mark.parametrize("make", FORMS)
def test_without_unsaved_input_nothing_asks(
    console: Console, page: Page, under_test: StackUnderTest, make: Make
) -> None:
    """A form that nobody has typed in, or whose input was dropped on purpose, is left at once."""
    form = make(under_test)
    console.go(form.path, **form.params)
    field = page.locator("main form").get_by_label(form.field, exact=True)
    field.fill(TYPED)
    page.get_by_role("button", name=form.cancel).click()
    expect(page.get_by_text(TYPED)).to_have_count(0)
    expect(question(page)).to_have_count(0)
    console.go(form.path, **form.params)
    expect(field).to_be_visible()
    page.get_by_role("link", name="Deliveries", exact=True).click()
    expect(page.get_by_role("heading", name="Deliveries", level=1)).to_be_visible()
    expect(question(page)).to_have_count(0)


def test_filters_beside_a_form_do_not_leave_it(console: Console, page: Page) -> None:
    """Who looks at another week while typing a mute is asked nothing, and stays in that week."""
    console.go("/mutes", form="new")
    page.get_by_label("Reason").fill(TYPED)
    page.get_by_role("link", name="Week after").click()
    expect(page).to_have_url(re.compile("week="))
    expect(question(page)).to_have_count(0)
    week = page.url
    page.get_by_role("link", name="Rules", exact=True).click()
    in_dialog(page, "Stay")
    assert page.url == week
    expect(page.get_by_label("Reason")).to_have_value(TYPED)


def _closing_asks(page: Page) -> None:
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.once("dialog", stay)
    with page.expect_event("dialog"):
        page.close(run_before_unload=True)
    assert asked == ["beforeunload"]


@pytest.mark.parametrize("make", FORMS)
def test_a_refused_keypair_leaves_what_was_typed(
    console: Console, page: Page, under_test: StackUnderTest, admin: tuple[str, str], make: Make
) -> None:
    """Whoever signs in again, after the keypair was refused, finds the form as it was left."""
    form = make(under_test)
    console.go(form.path, **form.params)
    inputs = page.locator("main form")
    field = inputs.get_by_label(form.field, exact=True)
    field.fill(TYPED)
    if form.needs:
        inputs.get_by_label(form.needs[0], exact=True).fill(form.needs[1])
    here = page.url
    _refuse(page, form.save)
    secret = page.get_by_label("Secret key", exact=True)
    expect(secret).to_be_visible()
    expect(page.get_by_role("status").filter(has_text="What you have typed")).to_be_visible()
    assert inaccessible(page) == []
    for _ in range(2):
        page.keyboard.press("Escape")
    expect(secret).to_be_visible()
    page.unroute("**/notifications/**")
    page.get_by_label("Access key", exact=True).fill(admin[0])
    secret.fill(admin[1])
    page.get_by_role("button", name="Sign in").click()
    expect(secret).to_have_count(0)
    expect(field).to_have_value(TYPED)
    assert page.url == here
    page.get_by_role("button", name=form.cancel).click()
    expect(page.get_by_text(TYPED)).to_have_count(0)


def test_a_form_is_saved_with_the_next_keypair(
    console: Console, page: Page, under_test: StackUnderTest, admin: tuple[str, str]
) -> None:
    """What was refused with the old keypair is saved with the new one, and the page goes on with that."""
    channel_id = under_test.webhook("https://example.com/hook")
    console.go(f"/channels/{channel_id}", form="edit")
    text = f"kept {uuid4().hex[:8]}"
    page.get_by_label("Description").fill(text)
    _refuse(page, "Save")
    page.get_by_label("Secret key", exact=True).fill(admin[1])
    page.unroute("**/notifications/**")
    page.get_by_label("Access key", exact=True).fill(admin[0])
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("The channel was saved.")).to_be_visible()
    expect(page.get_by_text(text)).to_be_visible()
    assert under_test.do("GET", f"/notifications/channels/{channel_id}")["channel"]["description"] == text


def test_what_waits_behind_the_sign_in_can_be_dropped(console: Console, page: Page) -> None:
    """Whoever cannot sign in again signs out, and nothing of the input is left."""
    console.go("/mutes", form="new")
    page.get_by_label("Reason").fill(TYPED)
    _refuse(page, "Create a mute")
    page.get_by_role("dialog", name="Sign in").get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_label("Secret key", exact=True)).to_be_visible()
    assert page.locator("form").count() == 1
    assert TYPED not in page.content()


def _refuse(page: Page, save: str) -> None:
    """Have the service refuse the keypair from now on, and ask it to save."""
    page.route("**/notifications/**", lambda route: route.fulfill(status=401, json=REFUSAL))
    page.get_by_role("main").get_by_role("button", name=save, exact=True).last.click()
