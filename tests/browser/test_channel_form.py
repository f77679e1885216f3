"""The form of a channel in the console."""

from uuid import uuid4

from playwright.sync_api import Page, expect

from local.receiver import Receiver
from tests.browser.console import Console, inaccessible
from tests.browser.hostile import MARKUP
from tests.browser.pages import everything, in_dialog, line_of_dialog, lines
from tests.stack.under_test import StackUnderTest

SECRET = "s3cr3t-in-the-path"


def test_a_url_suggests_its_preset(console: Console, page: Page, under_test: StackUnderTest) -> None:
    """A channel made by form has the preset of its URL, and the command has no secret in it."""
    console.go("/channels/new")
    name = f"Ops {uuid4().hex[:8]}"
    page.get_by_label("Name", exact=True).fill(name)
    page.get_by_label("URL").fill(f"https://hooks.slack.com/services/{SECRET}")
    expect(page.get_by_label("Preset")).to_have_value("slack")
    page.get_by_role("button", name="Add a header").click()
    page.get_by_label("Name of header 1").fill("X-Api-Key")
    page.get_by_label("Value of header 1").fill(SECRET)
    expect(page.get_by_label("Value of header 1")).to_have_attribute("type", "password")
    page.get_by_label("Time zone").fill("Asia/Seul")
    assert inaccessible(page) == []
    options = "--timezone Asia/Seul --preset slack --header 'X-Api-Key: '\"$X_API_KEY\""
    assert lines(page) == [f"channel create '{name}' \"$WEBHOOK_URL\" {options}"]
    page.get_by_role("button", name="Create", exact=True).click()
    expect(page.locator(".wrong")).to_contain_text("Asia/Seoul")
    page.get_by_label("Time zone").fill("Asia/Seoul")
    page.get_by_role("button", name="Create", exact=True).click()
    expect(page.get_by_role("heading", name=f"{name} was created")).to_be_visible()
    expect(page.get_by_role("region", name="New signing secret").locator("code")).to_contain_text("whsec_")
    page.get_by_role("link", name="Go to the channel").click()
    expect(page.get_by_role("heading", name=name)).to_be_visible()
    channel_id = page.url.rpartition("/")[2]
    under_test.clean_later(channel_id)
    channel = under_test.do("GET", f"/notifications/channels/{channel_id}")["channel"]
    assert (channel["spec"]["preset"], channel["timezone"]) == ("slack", "Asia/Seoul")
    expect(page.get_by_role("region", name="Settings")).to_contain_text("https://hooks.slack.com/***")
    assert SECRET not in everything(page)
    assert "whsec_" not in everything(page)


def test_an_edit_keeps_what_it_does_not_show(
    console: Console, page: Page, under_test: StackUnderTest, receiver: Receiver
) -> None:
    """The form holds neither URL nor secret headers, and saving keeps both; the change can be reverted."""
    spec = {
        "url": f"{receiver.url}/{SECRET}",
        "headers": {"Authorization": f"Bearer {SECRET}", "X-Team": "ops"},
    }
    channel_id = under_test.channel(spec, name="Before")["id"]
    console.go(f"/channels/{channel_id}", form="edit")
    expect(page.get_by_role("button", name="Save")).to_be_disabled()
    assert SECRET not in everything(page)
    assert inaccessible(page) == []
    page.get_by_label("Name", exact=True).fill(MARKUP)
    page.get_by_label("Value of header 2").fill("sre")
    page.get_by_label("Rate").fill("30/m")
    quoted = MARKUP.replace("'", "'\\''")
    assert lines(page) == [
        f"channel update {channel_id} --name '{quoted}' --rate 30/m --header 'X-Team: sre'"
    ]
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name=MARKUP)).to_be_visible()
    under_test.do("POST", f"/notifications/channels/{channel_id}/validate", {"test_message": "{}"})
    request = receiver.wait_for(1)[0]
    assert (request.path, request.headers["x-team"]) == (f"/{SECRET}", "sre")
    assert request.headers["authorization"] == f"Bearer {SECRET}"
    history = page.get_by_role("region", name="History")
    history.get_by_role("button", name="Show changes").click()
    expect(history.locator("del").filter(has_text="Before")).to_have_count(1)
    expect(history.locator("ins").filter(has_text=MARKUP)).to_have_count(1)
    assert page.locator("main img").count() == 0
    assert SECRET not in everything(page)
    assert inaccessible(page) == []
    history.get_by_role("button", name="Revert to revision 1").click()
    assert line_of_dialog(page) == f"channel revert {channel_id} --to 1"
    in_dialog(page, "Revert")
    expect(page.get_by_role("heading", name="Before")).to_be_visible()
    expect(history).to_contain_text("Revision 3 reverted")


def test_a_change_that_drops_secrets_says_so(
    console: Console, page: Page, under_test: StackUnderTest, receiver: Receiver
) -> None:
    """A channel that leads to another host loses what was sealed for the old one, and the page names it."""
    spec = {"url": "https://old.example.com/hook", "headers": {"Authorization": SECRET}}
    channel_id = under_test.channel(spec)["id"]
    console.go(f"/channels/{channel_id}", form="edit")
    page.get_by_label("URL").fill(f"{receiver.url}/new")
    expect(page.get_by_label("Keep the credentials although it leads to another host")).not_to_be_checked()
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".warning").first).to_contain_text("Authorization")


def test_an_email_channel_is_made(console: Console, page: Page, under_test: StackUnderTest) -> None:
    """The form of an email channel makes its spec, and keeps the password when it is edited."""
    console.go("/channels/new")
    page.get_by_label("Type", exact=True).select_option("email")
    fields = {
        "Name": "Mail",
        "Host": "127.0.0.1",
        "Port": "2525",
        "User name": "me",
        "Password": SECRET,
        "From": "a@example.com",
        "To": "b@example.com\nc@example.com",
    }
    for label, text in fields.items():
        page.get_by_label(label, exact=True).fill(text)
    page.get_by_label("Use TLS").uncheck()
    assert inaccessible(page) == []
    assert SECRET not in lines(page)[0]
    page.get_by_role("button", name="Create", exact=True).click()
    page.get_by_role("link", name="Go to the channel").click()
    expect(page.get_by_role("region", name="Settings")).to_contain_text("b@example.com")
    channel_id = page.url.rpartition("/")[2]
    under_test.clean_later(channel_id)
    expect(page.get_by_role("button", name="Rotate secret")).to_have_count(0)
    page.get_by_role("button", name="Edit").click()
    page.get_by_label("To", exact=True).fill("c@example.com\nd@example.com")
    assert lines(page) == [f"channel update {channel_id} --add-to d@example.com --remove-to b@example.com"]
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("region", name="Settings")).to_contain_text("d@example.com")
    spec = under_test.do("GET", f"/notifications/channels/{channel_id}")["channel"]["spec"]
    assert spec["auth"] == {"username": "me", "password": None}
    assert spec["message"]["to_emails"] == ["c@example.com", "d@example.com"]


def test_what_a_set_manages_says_so(console: Console, page: Page, under_test: StackUnderTest) -> None:
    """A channel of a set of configuration warns that changes by hand are undone."""
    channel_id = under_test.webhook("https://example.com/hook")
    found = [{"kind": "channel", "key": "ops", "id": channel_id}]
    under_test.do("POST", "/notifications/configuration/adopt", {"set": "prod", "objects": found})
    console.go(f"/channels/{channel_id}")
    expect(page.get_by_text("It is managed by the set prod, as ops.")).to_be_visible()
    page.get_by_role("button", name="Edit").click()
    expect(page.get_by_text("It is managed by the set prod, as ops.")).to_be_visible()
