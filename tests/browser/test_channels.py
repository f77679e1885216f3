"""Channels in the console: what it shows of them, and what can be done with them there."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Locator, Page, expect
from standardwebhooks import Webhook

from local.receiver import Receiver, Reply
from local.stack import Stack
from local.waiting import until
from notifications.core.model import timestamp
from notifications.store import keys
from tests.browser.console import Console, inaccessible
from tests.browser.hostile import MARKUP
from tests.browser.pages import everything, in_dialog, line_of_dialog, lines
from tests.stack.cli import Cli
from tests.stack.under_test import StackUnderTest

SECRET = "s3cr3t-in-the-path"


@pytest.fixture
def failing() -> Iterator[Receiver]:
    """Receive webhooks, answering 503."""
    with Receiver(lambda _: Reply(503, body=b"busy")) as receiver:
        yield receiver


def suspend(stack: Stack, table: str, channel_id: str) -> None:
    """Write into a channel's health that it is suspended, and that a probe comes in an hour."""
    now = datetime.now(UTC)
    values = {
        "failures": {"N": "123"},
        "failing_since": {"S": timestamp(now - timedelta(hours=2))},
        "reason": {"S": f"The receiver answered with status 503: {MARKUP}"},
        "suspended_at": {"S": timestamp(now - timedelta(hours=1))},
        "probe_at": {"S": timestamp(now + timedelta(hours=1))},
        "probes": {"N": "4"},
    }
    stack.client("dynamodb").update_item(
        TableName=table,
        Key=keys.health(channel_id),
        UpdateExpression="SET " + ", ".join(f"#{name} = :{name}" for name in values),
        ExpressionAttributeNames={f"#{name}": name for name in values},
        ExpressionAttributeValues={f":{name}": value for name, value in values.items()},
    )


def state_now(page: Page) -> Locator:
    """Return the state in which the page says that a channel is."""
    return page.get_by_role("list", name="The states of a channel").locator("[aria-current=step]")


def test_the_list_says_what_the_command_line_says(
    console: Console, page: Page, under_test: StackUnderTest, cli: Cli
) -> None:
    """Name, target and state of each channel are those of `channel list`; a hostile name is text."""
    under_test.channel({"url": f"https://list.example.com/{SECRET}"}, name=MARKUP)
    under_test.channel({"url": "https://off.example.com"}, name=f"Off {under_test.mark}", enabled=False)
    console.go("/channels")
    rows = page.get_by_role("table", name="Channels").locator("tbody tr")
    expect(rows.first).to_be_visible()
    listed = cli.json("channel", "list", "--json", "name,state,spec")
    more = page.get_by_role("button", name="Show more")
    while more.count():
        more.click()
    expect(rows).to_have_count(len(listed))
    shown = sorted(
        (row.locator("td").nth(0).inner_text(), row.locator("td").nth(3).inner_text()) for row in rows.all()
    )
    assert [(name, state.split("\n")[-1]) for name, state in shown] == sorted(
        (each["name"], each["state"]) for each in listed
    )
    assert page.locator("main img").count() == 0
    assert SECRET not in everything(page)
    assert inaccessible(page) == []
    page.get_by_label("State").select_option("disabled")
    expect(page).to_have_url(f"{console.url}#/channels?state=disabled")
    expect(rows.filter(has_text=f"Off {under_test.mark}")).to_have_count(1)
    assert {row.locator("td").nth(3).inner_text().split("\n")[-1] for row in rows.all()} == {"disabled"}
    assert lines(page) == ["channel list --state disabled"]
    page.get_by_label("Name, host or id").fill(f"OFF {under_test.mark}")
    expect(rows).to_have_count(1)
    assert lines(page) == [f"channel list --search 'OFF {under_test.mark}' --state disabled"]
    found = cli.json("channel", "list", "--search", f"OFF {under_test.mark}", "--json", "name")
    assert [each["name"] for each in found] == [f"Off {under_test.mark}"]


def test_a_thousand_channels_can_be_searched(
    console: Console, page: Page, under_test: StackUnderTest
) -> None:
    """Some hundred are shown at first, and more on demand; a search finds those that are not shown yet."""
    one = under_test.channel({"url": "https://example.com"})
    many = [{**one, "id": f"{number:08}", "name": f"Channel {number:04}"} for number in range(1_000)]
    answer = {"channels": many, "pagination": {"total": len(many)}}
    page.route("**/notifications/channels/search", lambda route: route.fulfill(json=answer))
    console.go("/channels")
    rows = page.get_by_role("table", name="Channels").locator("tbody tr")
    expect(rows).to_have_count(200)
    expect(page.get_by_text("200 of 1,000 shown")).to_be_visible()
    more = page.get_by_role("button", name="Show more")
    more.click()
    expect(rows).to_have_count(400)
    expect(more).to_be_focused()
    page.get_by_label("Name, host or id").fill("channel 099")
    expect(rows).to_have_count(10)
    expect(page.get_by_text("10 of 10 shown")).to_be_visible()
    expect(more).to_have_count(0)


def test_the_list_says_when_a_message_last_arrived(
    console: Console, page: Page, under_test: StackUnderTest, receiver: Receiver
) -> None:
    """The last success of a channel is that of the status; one that had none says so."""
    name = f"Arrives {under_test.mark}"
    channel_id = under_test.channel({"url": receiver.url}, name=name)["id"]
    under_test.rule("notification.heartbeat", channel_id)
    console.go("/channels", q=name)
    last = page.get_by_role("table", name="Channels").locator("tbody tr td").nth(4)
    expect(last).to_contain_text("none in 24 h")
    under_test.put("notification.heartbeat", [{}])
    path = f"/notifications/deliveries?channel={channel_id}&status=delivered"
    until("it is delivered", lambda: under_test.do("GET", path)["deliveries"])
    console.go("/audit")
    console.go("/channels", q=name)
    told = {each["id"]: each for each in under_test.do("GET", "/notifications/status")["channels"]}
    expect(last.locator("time")).to_have_attribute("datetime", told[channel_id]["last_success_at"])


def test_a_suspended_channel_is_shown_and_resumed(
    console: Console, page: Page, under_test: StackUnderTest, stack: Stack, receiver: Receiver
) -> None:
    """The page says since when, why and what comes next; when it is resumed it goes on to healthy."""
    channel_id = under_test.webhook(receiver.url)
    suspend(stack, under_test.outputs["DeliveriesTableName"], channel_id)
    console.go(f"/channels/{channel_id}")
    expect(state_now(page)).to_contain_text("Suspended")
    health = page.get_by_role("region", name="Health")
    expect(health).to_contain_text(f"The receiver answered with status 503: {MARKUP}")
    expect(health).to_contain_text("The next probe is sent at")
    expect(health.locator(".next")).to_contain_text("Probing")
    expect(health.locator("dd").filter(has_text="123")).to_have_count(1)
    assert inaccessible(page) == []
    page.get_by_role("button", name="Resume").click()
    assert inaccessible(page) == []
    assert f"channel resume {channel_id}" in lines(page)
    in_dialog(page, "Resume")
    expect(page.get_by_role("status").filter(has_text="The channel was resumed")).to_be_visible()
    expect(state_now(page)).to_contain_text("Releasing")
    assert not under_test.do("GET", f"/notifications/channels/{channel_id}")["channel"]["health"][
        "suspended_at"
    ]


def test_a_test_message_is_sent(
    console: Console, page: Page, under_test: StackUnderTest, receiver: Receiver, failing: Receiver
) -> None:
    """The receiver gets what was typed, and what it makes of that is told: that it took it, or why not."""
    console.go(f"/channels/{under_test.webhook(receiver.url)}")
    page.get_by_role("button", name="Test").click()
    message = '{"text": "It\'s a test"}'
    page.get_by_label("Test message").fill(message)
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_text("The receiver took the message.")).to_be_visible()
    assert receiver.wait_for(1)[0].text == message
    assert "--data '{\"text\": \"It'\\''s a test\"}'" in line_of_dialog(page)
    assert inaccessible(page) == []
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Test")).to_be_focused()
    console.go(f"/channels/{under_test.webhook(failing.url)}")
    page.get_by_role("button", name="Test").click()
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("dialog").get_by_role("alert")).to_contain_text("503")


def test_a_preset_sends_its_sample(
    console: Console, page: Page, under_test: StackUnderTest, receiver: Receiver
) -> None:
    """Without a message the preset's sample is sent, in the service's form."""
    channel = under_test.channel(
        {"url": f"{receiver.url}/hooks/{'a' * 26}", "preset": "mattermost"}, name="Ops & co"
    )
    console.go(f"/channels/{channel['id']}")
    page.get_by_role("button", name="Test").click()
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_text("The receiver took the message.")).to_be_visible()
    assert "Test message of Backend.AI" in receiver.wait_for(1)[0].text
    assert f"channel validate {channel['id']}" in lines(page)


def test_a_new_secret_is_shown_once(
    console: Console, page: Page, under_test: StackUnderTest, receiver: Receiver
) -> None:
    """The secret that the page shows signs, beside the old one; then it is nowhere any more."""
    channel = under_test.channel({"url": receiver.url})
    console.go(f"/channels/{channel['id']}")
    page.get_by_role("button", name="Rotate secret").click()
    page.get_by_label("Keep signing with the present secret").select_option("7d")
    assert line_of_dialog(page) == f"channel rotate-secret {channel['id']} --keep-old 7d"
    in_dialog(page, "Rotate secret")
    panel = page.get_by_role("region", name="New signing secret")
    secret = panel.locator("code").inner_text()
    assert secret.startswith("whsec_")
    week = datetime.now(UTC) + timedelta(days=7)
    end = datetime.fromisoformat(panel.locator("time").get_attribute("datetime") or "")
    assert abs(end - week) < timedelta(minutes=1)
    assert inaccessible(page) == []
    under_test.do("POST", f"/notifications/channels/{channel['id']}/validate", {"test_message": '{"n": 1}'})
    request = receiver.wait_for(1)[0]
    for each in (secret, channel["signing_secret"]):
        assert Webhook(each).verify(request.body, request.headers) == {"n": 1}
    panel.get_by_role("button", name="Hide").click()
    expect(panel).to_contain_text("Rotate it if you did not keep it")
    assert secret not in everything(page)
    console.go("/channels")
    console.go(f"/channels/{channel['id']}")
    expect(state_now(page)).to_contain_text("Healthy")
    assert "whsec_" not in everything(page)


def test_a_deletion_tells_what_goes_with_it(console: Console, page: Page, under_test: StackUnderTest) -> None:
    """Before a channel is deleted its rules are named, and then they are gone with it."""
    channel_id = under_test.webhook("https://example.com/hook")
    rule_id = under_test.rule("session.started", channel_id)
    console.go(f"/channels/{channel_id}")
    page.get_by_role("button", name="Disable").click()
    in_dialog(page, "Disable")
    expect(state_now(page)).to_contain_text("Disabled")
    expect(page.get_by_role("region", name="Health")).to_contain_text("Disabled by")
    page.get_by_role("button", name="Delete").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("1 rule uses it and is deleted with it")
    expect(dialog.get_by_role("link", name=under_test.mark)).to_have_attribute("href", f"#/rules/{rule_id}")
    assert inaccessible(page) == []
    assert line_of_dialog(page) == f"channel delete {channel_id} --force --yes"
    in_dialog(page, "Delete with 1 rule")
    expect(page).to_have_url(f"{console.url}#/channels")
    assert under_test.send("GET", f"/notifications/rules/{rule_id}").status == 404


@pytest.mark.parametrize(
    ("role", "allowed"),
    [
        ("viewer", set[str]()),
        ("operator", {"Test", "Mute"}),
        ("editor", {"Test", "Mute", "Edit", "Disable", "Delete"}),
    ],
)
def test_a_role_does_what_it_may(
    console: Console,
    keypair_of: Callable[[str], tuple[str, str]],
    under_test: StackUnderTest,
    receiver: Receiver,
    role: str,
    allowed: set[str],
) -> None:
    """Everybody sees all; what needs a higher role is a button that explains why it does nothing."""
    channel_id = under_test.webhook(receiver.url)
    console.sign_in(*keypair_of(role))
    page = console.go(f"/channels/{channel_id}")
    expect(page.get_by_role("region", name="History")).to_contain_text("Revision 1")
    for name in ("Test", "Mute", "Edit", "Disable", "Rotate secret", "Delete"):
        button = page.get_by_role("button", name=name, exact=True)
        if name in allowed:
            expect(button).not_to_have_attribute("aria-disabled", "true")
        else:
            expect(button).to_have_attribute("aria-disabled", "true")
            button.click(force=True)
            expect(page.get_by_role("dialog")).to_have_count(0)
    assert inaccessible(page) == []
    console.go(f"/channels/{channel_id}", form="edit")
    expect(page.get_by_role("button", name="Save")).to_have_count(1 if role == "editor" else 0)
