"""Rules without a template: saved, sent, explained, simulated, replayed and observed by the same code."""

import json
from pathlib import Path
from typing import Any, get_args
from uuid import uuid4

import pytest

from notifications.core.model import Channel, EmailSpec, MessageParts, PresetName, WebhookSpec
from tests.cloud import pipeline as made
from tests.cloud.gateway import call
from tests.cloud.pipeline import DATA, Pipeline, add_channel, add_rule, document
from tests.cloud.services import services
from tests.integration.channels import CHANNELS
from tests.integration.rules import BAD_TEMPLATE, INVALID, RULES, create, create_channel
from tests.receivers import SERVICES
from tests.receivers.serving import Services
from tests.samples.configuration import channel as made_channel
from tests.smtp import mail_server

pytestmark = pytest.mark.usefixtures("cloud")

NEW = {"name": "r", "rule_type": "session.started"}


def slack(url: str = "https://hooks.slack.com/services/T0/B0/x") -> Channel:
    """Add a channel for Slack."""
    return add_channel(url, spec=WebhookSpec(url=url, preset="slack"), name="chat", rate="none")


def pagerduty(url: str = "https://events.pagerduty.com/v2/enqueue") -> Channel:
    """Add a channel for PagerDuty."""
    return add_channel(url, spec=WebhookSpec(url=url, preset="pagerduty"), name="incidents")


def email(port: int = 587) -> Channel:
    """Add an email channel."""
    spec = EmailSpec("127.0.0.1", port, "a@example.com", ("b@example.com",), use_tls=False)
    channel = made_channel(id=str(uuid4()), spec=spec, timezone="Asia/Seoul")
    services().channels.create(channel)
    return channel


def refused(**rule: Any) -> str:
    """Ask for a rule that cannot be; return why."""
    answer = call("POST", RULES, NEW | rule)
    assert answer.kind in {INVALID, BAD_TEMPLATE}, answer
    return str(answer.json["msg"])


def test_where_there_is_one() -> None:
    """A preset and an email channel need no template; ``message_template`` then is an empty text."""
    for channel in (slack(), email()):
        answer = call("POST", RULES, {**NEW, "channel_id": channel.id})
        assert answer.status == 201, answer
        assert answer.json["rule"]["message_template"] == ""
        assert "warnings" not in answer.json


def test_where_there_is_none() -> None:
    """On any other webhook an absent template is refused, with what would be right."""
    told = refused(channel_id=create_channel())
    assert told.startswith("message_template: channel 'c' has no default message")
    assert "give it a preset" in told


@pytest.mark.parametrize(
    ("message", "told"),
    [
        ({"level": "eror"}, "message.level: 'eror' is not a level; the nearest is 'error'"),
        (
            {"level": "{{ sesion_id }}"},
            "message.level: line 1: 'sesion_id' is not a field of session.started",
        ),
        ({"title": "{{ session_id "}, "message.title: The template does not parse: line 1"),
        ({"text": "{{ sesion_id }}"}, "message.text: line 1: 'sesion_id' is not a field"),
        ({"link": "{{ context.projct }}"}, "message.link: line 1: 'context.projct' is not a field"),
        ({"fields": {"Who": "a }} {{ b"}}, "message.fields.Who: 'a }} {{ b' is no expression"),
        ({"dedup": "{{ repeats }}"}, "message.dedup: line 1: 'repeats' is not a field"),
        (
            {"link": "javascript:alert(1)"},
            "message.link: 'javascript:alert(1)' is not a link that readers can",
        ),
        ({"link": " JavaScript:{{ session_id }}"}, "it must begin with https:// or http://"),
        ({"link": "example.com/{{ session_id }}"}, "it must begin with https:// or http://"),
        ({"level": "fatal-ish-nonsense"}, "is not a level (info, "),
    ],
)
def test_parts_are_checked(message: dict[str, Any], told: str) -> None:
    """A part that can never be rendered is refused when it is saved, and named."""
    channel = slack().id
    assert told in refused(channel_id=channel, message=message)
    rule = create(channel_id=channel, message_template=None)
    changed = call("PATCH", f"{RULES}/{rule['id']}", {"message": message})
    assert changed.kind in {INVALID, BAD_TEMPLATE}
    assert told in str(changed.json["msg"])


def test_warnings() -> None:
    """What a service would cut, and what has no effect, is warned of when a rule is saved and tried."""
    long = json.dumps({"blocks": [{"type": "header", "text": {"type": "plain_text", "text": "x" * 200}}]})
    answer = call("POST", RULES, {**NEW, "channel_id": slack().id, "message_template": long})
    assert answer.status == 201
    (told,) = answer.json["warnings"]
    assert "150" in told
    rule_id = answer.json["rule"]["id"]
    tried = call("POST", f"{RULES}/{rule_id}/validate", {"notification_data": DATA})
    assert tried.json["warnings"] == [told]
    changed = call("PATCH", f"{RULES}/{rule_id}", {"message_template": "", "message": {"dedup": "x"}})
    assert changed.json["warnings"] == [
        "message.dedup: only PagerDuty has incidents, so it has no effect here"
    ]
    resolving = {"dedup": "x", "action": "resolve"}
    changed = call("PATCH", f"{RULES}/{rule_id}", {"message": resolving})
    assert changed.json["warnings"][1:] == [
        "message.action: only PagerDuty has incidents; here the rule sends an ordinary message"
    ]


def test_what_a_service_never_takes() -> None:
    """A template of which the service takes no message is refused when saved, unless it is forced."""
    bare = {**NEW, "channel_id": slack().id, "message_template": '{"session": "{{ session_id }}"}'}
    told = "Slack shows nothing without text, blocks or attachments"
    answer = call("POST", RULES, bare)
    assert answer.kind == BAD_TEMPLATE
    assert answer.json["msg"].startswith(f"With a sample of session.started: {told}")
    forced = call("POST", f"{RULES}?force=true", bare)
    assert forced.status == 201
    assert forced.json["warnings"][0].startswith(told)
    path = f"{RULES}/{forced.json['rule']['id']}"
    assert call("PATCH", path, {"enabled": False}).status == 200
    assert call("PATCH", path, {"channel_id": slack().id}).kind == BAD_TEMPLATE
    assert call("PATCH", path, {"message_template": '{"text": "{{ session_id }}"}'}).status == 200


@pytest.mark.parametrize(
    ("dedup", "by", "told"),
    [
        ("{{ session_id }}", [], ["session_id"]),
        ("{{ session_id }}-{{ context.project }}", ["context.project"], ["session_id"]),
        ("{{ session_id }}", ["session_id"], []),
        ("all", [], []),
        ("{{ key.session_id or 'none' }}", ["session_id"], []),
    ],
)
def test_a_digest_of_several_incidents(dedup: str, by: list[str], told: list[str]) -> None:
    """A digest whose events may be of several incidents is warned of: its message names only one."""
    channel = pagerduty()
    digest = {"period": "5m", "by": by}
    rule = {**NEW, "channel_id": channel.id, "message": {"dedup": dedup}, "digest": digest}
    warnings = call("POST", RULES, rule).json.get("warnings", [])
    assert [warning.rpartition(" with ")[2] for warning in warnings] == told


@pytest.mark.parametrize(
    "link",
    [
        "https://example.com/{{ session_id }}",
        "HTTP://example.com",
        "{{ session_id }}",
        "http{% if 1 %}s{% endif %}://x",
    ],
)
def test_links_that_may_be_followed(link: str) -> None:
    """A link that begins as one of the web's, or with a value, is saved."""
    made = create(channel_id=slack().id, message_template=None, message={"link": link})
    assert made["message"]["link"] == link


def test_a_preset_that_rules_need_stays() -> None:
    """A channel whose rules have no template keeps its preset."""
    channel = slack()
    rule = create(channel_id=channel.id, message_template=None)
    answer = call("PATCH", f"{CHANNELS}/{channel.id}", {"spec": {"url": channel.spec.url, "preset": None}})  # type: ignore[union-attr]
    if answer.status == 200:  # null leaves it as it is
        assert answer.json["channel"]["spec"]["preset"] == "slack"
    else:
        assert rule["id"] in answer.text


@pytest.mark.parametrize("preset", get_args(PresetName))
def test_every_service_takes_it(pipeline: Pipeline, preset: PresetName) -> None:
    """Each service takes the default message of an event full of markup, and shows it as text."""
    hostile = "<!channel> @everyone *x* [y](http://z) <users/all> <b>b</b>"
    with Services() as receiver:
        key = "0123456789abcdef0123456789abcdef" if preset == "pagerduty" else None
        path = {"telegram": f"{SERVICES['telegram'].path}?chat_id=1", "ntfy": "/topic"}
        url = receiver.url + path.get(preset, SERVICES[preset].path)
        spec = WebhookSpec(url=url, preset=preset, routing_key=key)
        channel = add_channel(url, spec=spec, rate="none")
        rule = add_rule(channel, message_template="")
        pipeline.dispatch(document(detail={**DATA, "session_name": hostile}))
        assert made.delivery(rule).status == "delivered", made.delivery(rule)
        (seen,) = receiver.seen(preset)
    assert "Session started" in seen.text
    assert not seen.mentions


def test_pagerduty_is_told_of_one_incident(pipeline: Pipeline) -> None:
    """One rule triggers an incident, another one resolves it with the same key."""
    with Services() as receiver:
        url = receiver.url_of("pagerduty")
        spec = WebhookSpec(url=url, preset="pagerduty", routing_key="0123456789abcdef0123456789abcdef")
        channel = add_channel(url, spec=spec)
        for action in ("trigger", "resolve"):
            parts = MessageParts(dedup="s-{{ session_id }}", action=action, level="error")
            add_rule(channel, message_template="", message=parts)
        pipeline.dispatch(document())
        bodies = [json.loads(request.text) for request in receiver.received]
    assert {body["event_action"] for body in bodies} == {"trigger", "resolve"}
    assert {body["dedup_key"] for body in bodies} == {f"s-{DATA['session_id']}"}


def test_a_mail_in_two_parts(pipeline: Pipeline, tmp_path: Path) -> None:
    """An email has a subject with the level, and the message as text and as HTML."""
    with mail_server(tmp_path) as server:
        rule = add_rule(email(server.port), message_template="")
        pipeline.dispatch(document(detail={**DATA, "session_name": "<b>train</b>"}))
        pipeline.drain()
        mail = server.next_mail()
    assert made.delivery(rule).status == "delivered", made.delivery(rule)
    assert mail["headers"]["subject"] == "[info] Session started: <b>train</b>"
    assert mail["headers"]["content-type"].startswith("multipart/alternative")
    assert "&lt;b&gt;train&lt;/b&gt;" in mail["html"]
    assert "Session started: <b>train</b>" in mail["body"]
    assert "19:30:00 KST" in mail["body"]


def test_a_mail_to_try_the_channel(tmp_path: Path) -> None:
    """Without a message, an email channel sends a sample in two parts."""
    with mail_server(tmp_path) as server:
        channel = email(server.port)
        answer = call("POST", f"{CHANNELS}/{channel.id}/validate", {})
        assert answer.status == 200, answer
        mail = server.next_mail()
    assert mail["headers"]["subject"] == "[info] Test message of Backend.AI"
    assert "Notifications of this channel look like this." in mail["html"]
    assert f"Channel: {channel.name}" in mail["body"]


def test_all_tell_the_same(pipeline: Pipeline) -> None:
    """What is sent is what explain, simulate, validate and observe tell, and what a replay sends again."""
    with Services(clock=None) as receiver:
        channel = slack(receiver.url_of("slack"))
        rule = add_rule(channel, message_template="", message=MessageParts(title="{{ session_type }} up"))
        observing = add_rule(channel, message_template="", observe=True, message=rule.message)
        pipeline.dispatch(document())
        sent = receiver.received[0].text
        explained = call("GET", "/notifications/events/e-1/explanation").json["rules"]
        told = {each["rule_id"]: (each["verdict"], each["message"]) for each in explained}
        assert told == {rule.id: ("fires", sent), observing.id: ("observes", sent)}
        assert made.delivery(observing).message == sent
        tried = call("POST", f"{RULES}/{rule.id}/validate", {"notification_data": DATA})
        assert json.loads(tried.json["message"])["text"] == json.loads(sent)["text"]
        asked = {"rule_type": "session.started", "notification_data": DATA, "event_id": "e-1"}
        simulated = call(
            "POST", "/notifications/simulations", {**asked, "timestamp": "2026-01-15T10:30:00Z"}
        ).json["rules"]
        assert {each["message"] for each in simulated} == {sent}
        call("POST", f"{RULES}/{rule.id}/replay", {"event_ids": ["e-1"]})
    assert json.loads(sent)["text"] == f"{DATA['session_type']} up"


def test_drafts_need_no_template_either() -> None:
    """A draft on a channel with a preset needs no template, and its parts are checked by their names."""
    channel = slack()
    asked: dict[str, Any] = {"rule_type": "session.started", "notification_data": DATA}
    drafts = [{"name": "d", "channel": channel.id, "message": {"title": "{{ status }}!"}}]
    (told,) = call("POST", "/notifications/simulations", {**asked, "rules": drafts}).json["rules"]
    assert json.loads(told["message"])["text"] == f"{DATA['status']}!"
    drafts[0]["message"] = {"title": "{{ statu }}"}
    answer = call("POST", "/notifications/simulations", {**asked, "rules": drafts})
    assert "rules.0.message.title: line 1: 'statu' is not a field" in answer.json["msg"]
    drafts = [{"name": "d", "channel": add_channel("https://x.example").id}]
    answer = call("POST", "/notifications/simulations", {**asked, "rules": drafts})
    assert "rules.0.message_template: a draft" in answer.json["msg"]
