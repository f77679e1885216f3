"""Channels with presets through the API."""

from typing import Any

import pytest

from notifications.core.model import WebhookSpec
from tests.cloud.gateway import call
from tests.cloud.services import services
from tests.integration.channels import CHANNELS, create, get
from tests.receivers import SERVICES
from tests.receivers.serving import Services

pytestmark = pytest.mark.usefixtures("cloud")

KEY = "0123456789abcdef0123456789abcdef"
SLACK = "https://hooks.slack.com/services/T0/B0/x"
DISCORD = "https://discord.com/api/webhooks/1/x"
PAGERDUTY = "https://events.pagerduty.com/v2/enqueue"
TELEGRAM = "https://api.telegram.org/bot1:x/sendMessage"


def refused(url: str, **spec: Any) -> str:
    """Try to create a channel, and return what the service says against it."""
    answer = call("POST", CHANNELS, {"name": "C", "spec": {"url": url, **spec}})
    assert answer.status == 400, answer
    return str(answer.json)


def warned(url: str, **spec: Any) -> list[str]:
    """Create a channel, and return what the service warns of."""
    answer = call("POST", CHANNELS, {"name": "C", "spec": {"url": url, **spec}})
    assert answer.status == 201, answer
    warnings: list[str] = answer.json.get("warnings", [])
    return warnings


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("slak", "the nearest is 'slack'"),
        ("gchat", "the nearest is 'google-chat'"),
        ("opsgenie", "Opsgenie ends on 2027-04-05"),
        ("x" * 10_000, "There is no preset"),
    ],
)
def test_unknown(name: str, told: str) -> None:
    """An unknown preset is told with the nearest one, or with what to do."""
    assert told in refused(SLACK, preset=name)


@pytest.mark.parametrize(
    ("url", "spec", "told"),
    [
        ("https://x.webhook.office.com/webhookb2/x", {"preset": "teams"}, "has ended the connectors"),
        ("https://outlook.office.com/webhook/x", {"preset": "teams"}, "has ended the connectors"),
        ("https://prod-1.westus.logic.azure.com/workflows/x", {"preset": "teams"}, "2025-11-30"),
        ("https://hooks.slack.com/triggers/T/1/x", {"preset": "slack"}, "starts a workflow"),
        (f"{DISCORD}/slack", {"preset": "discord"}, "leave out its last part"),
        (TELEGRAM, {"preset": "telegram"}, "add ?chat_id="),
        ("https://api.telegram.org/bot1:x/getMe?chat_id=1", {"preset": "telegram"}, "calls sendMessage"),
        ("https://ntfy.sh/", {"preset": "ntfy"}, "names no topic"),
        ("https://ntfy.sh/mine/json", {"preset": "ntfy"}, "leave out /json"),
        ("https://ntfy.sh/my%20topic", {"preset": "ntfy"}, "letters, digits, hyphens and underscores"),
        ("https://chat.googleapis.com/v1/spaces/A/messages", {"preset": "google-chat"}, "not the whole URL"),
        ("https://events.pagerduty.com/x", {"preset": "pagerduty", "routing_key": KEY}, "use https://events"),
        (PAGERDUTY, {"preset": "pagerduty"}, "spec.routing_key"),
        (PAGERDUTY, {"preset": "pagerduty", "routing_key": "a b"}, "routing_key"),
        (SLACK, {"preset": "slack", "routing_key": KEY}, "only the preset pagerduty"),
        (SLACK, {"routing_key": KEY}, "only the preset pagerduty"),
        (SLACK, {"preset": "slack", "content_type": "text/plain"}, "sends JSON"),
        (SLACK, {"preset": "slack", "method": "PUT"}, "sends by POST"),
    ],
)
def test_refused(url: str, spec: dict[str, Any], told: str) -> None:
    """What a preset cannot send to is refused with what would be right."""
    assert told in refused(url, **spec)


@pytest.mark.parametrize(
    ("url", "spec", "told"),
    [
        (SLACK, {}, "The URL is one of Slack: with the preset slack"),
        ("https://outlook.office.com/webhook/x", {}, "has ended the connectors"),
        (SLACK, {"preset": "discord"}, "one of Slack, not discord: is the preset slack meant?"),
        ("https://example.com/x", {"preset": "slack"}, "does not look like one of Slack"),
    ],
)
def test_warned(url: str, spec: dict[str, Any], told: str) -> None:
    """What is probably not meant is done, and warned of; a URL chooses no preset by itself."""
    (warning,) = warned(url, **spec)
    assert told in warning


@pytest.mark.parametrize(
    ("url", "spec"),
    [
        (SLACK, {"preset": " Slack "}),
        ("https://example.com/x", {}),
        ("https://push.example.com/topic", {"preset": "ntfy"}),
        ("https://chat.example.com/team/hooks/" + "x" * 26, {"preset": "mattermost"}),
        ("https://example.com/x", {"preset": "none"}),
    ],
)
def test_not_warned(url: str, spec: dict[str, Any]) -> None:
    """What fits is not warned of."""
    assert warned(url, **spec) == []


def test_preset_comes_and_goes() -> None:
    """A channel gets a preset, keeps it when a client that knows none changes the spec, and loses it."""
    channel = create(url=SLACK)
    path = f"{CHANNELS}/{channel['id']}"
    answer = call("PATCH", path, {"spec": {"url": SLACK, "preset": "slack"}})
    assert (answer.json["channel"]["spec"]["preset"], "warnings" in answer.json) == ("slack", False)
    call("PATCH", f"/v2{path}", {"spec": {"webhook": {"url": f"{SLACK}y"}}})
    assert get(channel["id"])["spec"]["preset"] == "slack"
    call("PATCH", path, {"spec": {"url": f"{SLACK}z", "timeout": 5}})
    assert (get(channel["id"])["spec"]["preset"], get(channel["id"])["spec"]["timeout"]) == ("slack", 5)
    answer = call("PATCH", path, {"spec": {"url": SLACK, "preset": "none"}})
    assert answer.json["channel"]["spec"]["preset"] is None
    assert answer.json["warnings"]


def test_rules_that_do_not_fit() -> None:
    """Rules whose own templates the channel's new preset cannot send are warned of."""
    channel = create(url=SLACK)
    rule = {"name": "Mine", "rule_type": "session.started", "channel_id": channel["id"]}
    call("POST", "/notifications/rules", {**rule, "message_template": '{"message": "{{ session_id }}"}'})
    answer = call("PATCH", f"{CHANNELS}/{channel['id']}", {"spec": {"url": SLACK, "preset": "slack"}})
    (warning,) = answer.json["warnings"]
    assert warning.startswith("Rule 'Mine': Slack shows nothing without text")


def test_routing_key_is_sealed() -> None:
    """A routing key is never shown; a change may leave it, replace it, or lose it to another target."""
    channel = create(url=PAGERDUTY, spec={"preset": "pagerduty", "routing_key": KEY})
    path = f"{CHANNELS}/{channel['id']}"

    def sealed() -> str | None:
        spec = services().vault.opened(services().channels.get(channel["id"])).spec
        assert isinstance(spec, WebhookSpec)
        return spec.routing_key

    assert channel["spec"]["routing_key"] is None
    assert KEY not in str(services().channels.get(channel["id"]))
    call("PATCH", path, {"spec": {"url": PAGERDUTY, "preset": "pagerduty", "timeout": 5}})
    assert sealed() == KEY
    call("PATCH", path, {"spec": {"url": PAGERDUTY, "preset": "pagerduty", "routing_key": KEY[::-1]}})
    assert sealed() == KEY[::-1]
    changed = call("GET", f"{path}/revisions").json
    assert KEY not in str(changed)
    assert "spec.routing_key" in str(changed)
    elsewhere = {"url": "https://events.eu.pagerduty.com/v2/enqueue", "preset": "pagerduty"}
    answer = call("PATCH", path, {"spec": elsewhere})
    assert (answer.status, "spec.routing_key: the stored key is not sent to another" in answer.text) == (
        400,
        True,
    )
    call("PATCH", path, {"spec": elsewhere, "keep_credentials": True})
    assert sealed() == KEY[::-1]
    call("PATCH", path, {"spec": {"url": "https://example.com/", "preset": "none"}})
    assert sealed() is None


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_sample(name: str) -> None:
    """Without a message, a channel with a preset sends a sample that its service shows."""
    with Services() as receiver:
        url = {
            "telegram": f"{receiver.url_of(name)}?chat_id=-1001",
            "ntfy": f"{receiver.url}/a_secret_topic",
        }.get(name, receiver.url_of(name))
        key = {"routing_key": KEY} if name == "pagerduty" else {}
        channel = create(name="*My* <channel>", url=url, spec={"preset": name, **key})
        answer = call("POST", f"{CHANNELS}/{channel['id']}/validate", {})
        assert answer.status == 200, answer
        (seen,) = receiver.seen(name)
        assert "*My* <channel>" in seen.text
        assert "Test message" in seen.text


def test_message_of_ones_own() -> None:
    """A test message of one's own is checked and cut as a rule's is."""
    with Services() as receiver:
        channel = create(url=receiver.url_of("teams"), spec={"preset": "teams"})
        answer = call("POST", f"{CHANNELS}/{channel['id']}/validate", {"test_message": '{"text": "hi"}'})
        assert answer.status == 400
        assert "show nothing" in answer.text
        answer = call("POST", f"{CHANNELS}/{channel['id']}/validate", {"test_message": "hi"})
        assert "not JSON" in answer.text
        assert receiver.answers["teams"] == []


def test_no_sample() -> None:
    """A webhook without a preset has no sample."""
    answer = call("POST", f"{CHANNELS}/{create()['id']}/validate", {})
    assert (answer.status, "channels with a preset have a sample" in answer.text) == (400, True)
