"""A preview shows what readers see of a message, by the code that sends it."""

import json
from typing import Any
from uuid import uuid4

import pytest

from notifications.core.model import Channel, EmailSpec, MessageParts, WebhookSpec
from tests.cloud.gateway import call
from tests.cloud.pipeline import DATA, Pipeline, add_rule
from tests.cloud.services import services
from tests.integration.rules import BAD_TEMPLATE, INVALID
from tests.samples.configuration import STARTED_DOCUMENT
from tests.samples.configuration import channel as made_channel

pytestmark = pytest.mark.usefixtures("cloud")

PREVIEWS = "/notifications/previews"
URL = "https://hooks.slack.com/services/T/B/x"


def previewed(**request: Any) -> dict[str, Any]:
    """Ask for a preview, by default of the given fields."""
    wanted = {"notification_data": DATA} | request
    answer = call("POST", PREVIEWS, {name: given for name, given in wanted.items() if given is not None})
    assert answer.status == 200, answer
    told: dict[str, Any] = answer.json
    return told


def refused(**request: Any) -> str:
    """Ask for a preview that cannot be; return why."""
    answer = call("POST", PREVIEWS, request)
    assert answer.kind in {INVALID, BAD_TEMPLATE}, answer
    return str(answer.json["msg"])


def slack() -> Channel:
    """Add a channel for Slack."""
    spec = WebhookSpec(URL, preset="slack")
    channel = made_channel(id=str(uuid4()), name="chat", spec=spec, timezone="Asia/Seoul")
    services().channels.create(channel)
    return channel


def test_of_a_rule() -> None:
    """A rule without a template shows its default message in plain texts, and the body as it is sent."""
    parts = MessageParts(title="*{{ session_type }}*", link="https://ui.example/{{ session_id }}")
    rule = add_rule(slack(), message_template="", message=parts)
    told = previewed(rule_id=rule.id, notification_data={**DATA, "session_type": "<!channel>"})
    assert (told["preset"], told["channel_type"], told["warnings"]) == ("slack", "webhook", [])
    shown = told["shown"]
    assert shown["title"] == "*<!channel>*"
    assert shown["link"] == f"https://ui.example/{DATA['session_id']}"
    assert shown["level"] == "info"
    assert shown["time"].endswith("KST")
    assert shown["fields"][0] == {"label": "Session ID", "value": DATA["session_id"]}
    body = json.loads(told["body"])
    assert "<!channel>" not in told["body"]
    assert body["text"].startswith("*&lt;")


def test_of_a_rule_with_a_template() -> None:
    """A rule's own template shows the body, and what of it would be cut."""
    rule = add_rule(slack(), message_template='{"text": "{{ session_id * 20000 }}"}')
    told = previewed(rule_id=rule.id)
    assert told["shown"] is None
    assert "[cut; event preview]" in told["body"]
    assert told["warnings"]


def test_of_an_email() -> None:
    """A preview of an email has its subject and both of its parts."""
    spec = EmailSpec("mail.example.com", 587, "a@example.com", ("b@example.com",))
    channel = made_channel(id=str(uuid4()), spec=spec)
    services().channels.create(channel)
    told = previewed(rule_id=add_rule(channel, message_template="").id)
    assert told["subject"].startswith("[info] Session started: ")
    assert told["subject"].removeprefix("[info] ") in told["body"]
    assert "<table" in told["html"]


def test_of_a_draft() -> None:
    """A draft shows what it would send before it is saved, by itself or in the place of a stored rule."""
    channel = slack()
    draft = {"name": "New", "rule_type": "session.started", "channel_id": channel.id}
    told = previewed(rule=draft | {"message": {"title": "Started: {{ session_type }}"}})
    assert told["shown"]["title"] == f"Started: {DATA['session_type']}"
    assert told["shown"]["time"].endswith("KST")
    rule = add_rule(channel, message_template="")
    told = previewed(rule_id=rule.id, rule={"message_template": '{"text": "{{ session_id }}"}'})
    assert told["shown"] is None
    assert json.loads(told["body"])["text"] == DATA["session_id"]
    assert services().rules.get(rule.id) == rule


def test_a_draft_is_checked_as_a_rule_is() -> None:
    """A draft that could not be saved is refused with the place of its fault."""
    rule = add_rule(slack(), message_template="")
    told = refused(rule_id=rule.id, rule={"message_template": '{"text": "{{ sesion_id }}"}'}, sample=True)
    assert told.startswith("rule.message_template: line 1: 'sesion_id' is not a field of session.started")
    told = refused(preset="slack", rule={"name": "New"}, sample=True)
    assert told == "give either rule_id or rule, or preset"


@pytest.mark.parametrize("preset", ["slack", "teams", "discord", "pagerduty", "mattermost", "google-chat"])
def test_of_a_preset(preset: str) -> None:
    """Without a rule a preset shows the default message of a type, for a sample, with parts to try."""
    told = previewed(preset=preset, notification_data=None, sample=True, message={"level": "error"})
    assert (told["rule_type"], told["preset"], told["shown"]["level"]) == ("session.started", preset, "error")
    assert json.loads(told["body"])


def test_of_a_recorded_event(pipeline: Pipeline) -> None:
    """A recorded event is shown with its own id, time and type."""
    pipeline.dispatch(STARTED_DOCUMENT)
    told = previewed(preset="ntfy", notification_data=None, event_id=STARTED_DOCUMENT["id"])
    assert (told["event_id"], told["rule_type"]) == (STARTED_DOCUMENT["id"], "session.started")
    assert told["shown"]["time"] == "2026-01-15 10:30:00 UTC"


@pytest.mark.parametrize(
    ("request_", "why"),
    [
        ({"preset": "slack"}, "give one of sample: true, notification_data and event_id"),
        ({"sample": True}, "give either rule_id or rule, or preset"),
        ({"preset": "slak", "sample": True}, "preset: There is no preset 'slak'; the nearest is 'slack'"),
        (
            {"preset": "slack", "sample": True, "rule_type": "session.strated"},
            "the nearest is 'session.started'",
        ),
        (
            {"preset": "slack", "sample": True, "message": {"level": "eror"}},
            "message.level: 'eror' is not a level; the nearest is 'error'",
        ),
        (
            {"preset": "slack", "sample": True, "message": {"fields": {"Who": "usr"}}},
            "message.fields.Who: line 1: 'usr' is not a field of session.started",
        ),
        ({"preset": "slack", "sample": True, "timezone": "Asia/Soul"}, "the nearest is 'Asia/Seoul'"),
    ],
)
def test_bad_requests(request_: dict[str, Any], why: str) -> None:
    """What a preview cannot show is refused with what would be right."""
    assert why in refused(**request_)
