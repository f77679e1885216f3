"""Emails to whom an event names: checked when it is saved, sent to nobody else, and told."""

from dataclasses import replace
from typing import Any

import pytest

from notifications.core.rule_types import BUILT_IN
from tests.cloud import pipeline as made
from tests.cloud.gateway import Answer, call
from tests.cloud.pipeline import DATA, Pipeline, add_rule, document, hint
from tests.cloud.services import services
from tests.cloud.values import channel as a_channel
from tests.integration.smtp_script import SPEC, server

pytestmark = pytest.mark.usefixtures("cloud")

CHANNELS, RULES = "/notifications/channels", "/notifications/rules"
OWNER = "{{ context.user_email }}"
MESSAGE = {"from_email": "a@example.com", "to_emails": [OWNER], "allowed_domains": ["Example.com"]}
INVALID = (400, "generic-bad-request", "api_parsing_invalid-parameters")
BAD_TEMPLATE = (400, "notification-template-rendering-failure", "notification_generic_invalid-parameters")
CONFLICT = (409, "notification-channel-conflict", "notification_create_conflict")


def create(**message: Any) -> Answer:
    """Ask for an email channel."""
    spec = {"smtp": {"host": "mail.example.com", "port": 587}, "message": {**MESSAGE, **message}}
    return call("POST", CHANNELS, {"name": "Mail", "channel_type": "email", "spec": spec})


def add(to: tuple[str, ...], port: int = 1) -> Any:
    """Store a channel with these recipients, and a rule on it."""
    spec = replace(SPEC, port=port, to_emails=to, allowed_domains=("example.com",))
    services().channels.create(channel := a_channel(spec=spec))
    return add_rule(channel)


def owned(user_email: str) -> dict[str, Any]:
    """Make the event of somebody's session."""
    return document(detail={**DATA, "context": {"user_email": user_email}})


def test_a_channel_is_made() -> None:
    """The recipients and domains of a channel are shown as they are kept, and can be changed by parts."""
    made = create(to_emails=["ops@example.org", OWNER]).json["channel"]
    shown = made["spec"]["message"]
    assert shown["to_emails"] == ["ops@example.org", OWNER]
    assert shown["allowed_domains"] == ["example.com"]
    parts = {"spec": {"message": {"allowed_domains": ["lab.example.com"]}}}
    changed = call("PATCH", f"{CHANNELS}/{made['id']}", parts).json["channel"]
    assert changed["spec"]["message"] == shown | {"allowed_domains": ["lab.example.com"]}


@pytest.mark.parametrize(
    ("message", "kind", "told"),
    [
        ({"allowed_domains": None}, INVALID, "allowed_domains must list"),
        ({"allowed_domains": []}, INVALID, "allowed_domains must list"),
        ({"allowed_domains": ["*.example.com"]}, INVALID, "is not a domain"),
        ({"allowed_domains": ["example.com"] * 21}, INVALID, "allowed_domains"),
        ({"to_emails": [OWNER] * 11}, INVALID, "at most 10"),
        ({"to_emails": ["{{ a }}" + " " * 1_100]}, INVALID, "more than 1000 bytes"),
        ({"to_emails": ["{{ a"]}, BAD_TEMPLATE, "does not parse"),
    ],
)
def test_what_no_channel_may_have(message: dict[str, Any], kind: object, told: str) -> None:
    """A template needs domains, bounds and a form; what is missing is said."""
    answer = create(**message)
    assert answer.kind == kind
    assert told in str(answer.json)


def rule(channel_id: str, rule_type: str = "session.started") -> Answer:
    """Ask for a rule."""
    made = {"name": "r", "rule_type": rule_type, "channel_id": channel_id, "message_template": "text"}
    return call("POST", RULES, made)


@pytest.mark.parametrize(
    ("recipient", "rule_type", "told"),
    [
        (
            "{{ context.user_emial }}",
            "session.started",
            "'context.user_emial' is not a field of session.started; the nearest is 'context.user_email'",
        ),
        (OWNER, "agent.lost", "'context' is not a field of agent.lost"),
        ("{{ owner }}@example.com", "session.failed", "'owner' is not a field of session.failed"),
    ],
)
def test_a_rule_whose_events_have_no_such_field(recipient: str, rule_type: str, told: str) -> None:
    """A rule is refused when it is made, if no event of its type could name the channel's recipient."""
    channel_id = create(to_emails=[recipient]).json["channel"]["id"]
    answer = rule(channel_id, rule_type)
    assert answer.kind == BAD_TEMPLATE
    assert told in answer.json["msg"]
    assert recipient in answer.json["msg"]


def test_a_channel_whose_rules_have_no_such_field() -> None:
    """A channel gets no recipient that events of its rules cannot name; the rules are told."""
    made = create(to_emails=["ops@example.com"]).json["channel"]
    assert rule(made["id"]).status == 201
    made_rule = rule(made["id"], "agent.lost").json["rule"]
    answer = call("PATCH", f"{CHANNELS}/{made['id']}", {"spec": {"message": {"to_emails": [OWNER]}}})
    assert answer.kind == CONFLICT
    (told,) = answer.json["data"]["rules"]
    assert told["id"] == made_rule["id"]
    assert "'context' is not a field of agent.lost" in told["msg"]


def test_an_event_type_keeps_what_recipients_need() -> None:
    """A custom type loses no field that a channel of its rules makes a recipient of."""
    schema = {"type": "object", "properties": {"owner": {"type": "string"}}}
    call("POST", "/notifications/event-types", {"name": "quota.hit", "json_schema": schema})
    channel_id = create(to_emails=["{{ owner }}"]).json["channel"]["id"]
    assert rule(channel_id, "quota.hit").status == 201
    without = {"json_schema": {"type": "object", "properties": {}}}
    answer = call("PATCH", "/notifications/event-types/quota.hit", without)
    assert answer.status == 409
    assert "'owner' is not a field of quota.hit" in str(answer.json["data"]["rules"])


def test_a_test_message_needs_an_address() -> None:
    """A test message has no event, so a channel whose recipients all come of events has nobody."""
    channel_id = create().json["channel"]["id"]
    answer = call("POST", f"{CHANNELS}/{channel_id}/validate", {"test_message": "hello"})
    assert answer.kind == INVALID
    assert "has no event" in str(answer.json)


def test_the_owner_gets_the_mail(pipeline: Pipeline) -> None:
    """An event's owner and the channel's own recipients get one email; the attempt tells of each."""
    with server() as running:
        rule = add(("a@example.com", OWNER), running.port)
        pipeline.dispatch(owned("kim@example.com"))
        pipeline.redeliver(hint(made.delivery(rule)), queue="slow")
    record = made.delivery(rule)
    assert record.status == "delivered"
    assert record.attempts[-1].recipients == {"a@example.com": "accepted", "kim@example.com": "accepted"}
    assert b"To: a@example.com,\r\n kim@example.com" in running.mails[0]


def test_a_foreign_owner_gets_nothing(pipeline: Pipeline) -> None:
    """Who is not in an allowed domain gets nothing and is told of; the others get the email, once."""
    with server() as running:
        rule = add(("a@example.com", OWNER), running.port)
        pipeline.dispatch(owned("eve@example.org"))
        pipeline.redeliver(hint(made.delivery(rule)), queue="slow")
    record = made.delivery(rule)
    reason = "not sent to eve@example.org: its domain is none of the channel's allowed_domains (example.com)"
    assert (record.status, record.reason) == ("delivered", f"status 250; {reason}")
    assert record.attempts[-1].recipients["eve@example.org"] == reason.partition(": ")[2]
    assert [line for line in running.heard if line.startswith("RCPT")] == ["RCPT TO:<a@example.com>"]


@pytest.mark.parametrize(
    ("event", "why"),
    [
        (owned("eve@example.org"), "not sent to eve@example.org: its domain is none of"),
        (owned("nobody"), "'nobody' is not an email address"),
        (document(), f"not sent to {OWNER}: it makes no address of this event"),
    ],
)
def test_nobody_to_mail(pipeline: Pipeline, event: dict[str, Any], why: str) -> None:
    """If an event names nobody who may get the email it fails there and then, with the reason."""
    rule = add((OWNER,))
    pipeline.dispatch(event)
    record = made.delivery(rule)
    assert (record.status, record.error_class, record.attempts) == ("failed", "recipient", ())
    assert record.reason is not None
    assert why in record.reason


def test_a_domain_that_is_allowed_no_more(pipeline: Pipeline) -> None:
    """What waits is sent as the channel is then: not to a domain that was taken off meanwhile."""
    rule = add((OWNER,))
    pipeline.dispatch(owned("kim@example.com"))
    narrow = replace(SPEC, to_emails=(OWNER,), allowed_domains=("example.net",))
    services().channels.update(rule.channel_id, {"spec": narrow})
    pipeline.redeliver(hint(made.delivery(rule)), queue="slow")
    record = made.delivery(rule)
    assert (record.status, record.error_class) == ("failed", "recipient")


def test_a_retry_goes_to_whom_the_event_named(pipeline: Pipeline) -> None:
    """A retry by hand of what was rendered goes to the recipients that the event named then."""
    with server(k=b"450 4.2.0 greylisted") as running:
        rule = add(("a@example.com", OWNER), running.port)
        pipeline.dispatch(owned("k@example.com"))
        pipeline.redeliver(hint(made.delivery(rule)), queue="slow")
    assert made.delivery(rule).status == "pending"
    with server() as running:
        channel = services().channels.get(rule.channel_id)
        moved = replace(channel.spec, port=running.port)
        services().channels.update(rule.channel_id, {"spec": moved})
        assert call("POST", f"/notifications/deliveries/{made.delivery(rule).id}/retry", {}).status == 202
        pipeline.redeliver(hint(made.delivery(rule)), queue="slow")
    assert made.delivery(rule).status == "delivered"
    assert [line for line in running.heard if line.startswith("RCPT")] == ["RCPT TO:<k@example.com>"]


def test_built_in_types_can_name_an_owner() -> None:
    """Rules on each event of a session may email its owner."""
    channel_id = create().json["channel"]["id"]
    for name in (name for name in BUILT_IN if name.startswith("session.")):
        assert rule(channel_id, name).status == 201
