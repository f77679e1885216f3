"""Conditions of rules, through the real handlers: saved, shown, checked, changed, removed, and asked."""

import json
from typing import Any

import pytest

from local.receiver import Receiver
from notifications.core import conditions
from notifications.core.matching import TOO_EXPENSIVE
from tests.cloud.gateway import call
from tests.cloud.services import services
from tests.integration.rules import INVALID, RULES, create, create_channel, request
from tests.integration.test_dispatcher import GOOD, batch, event, handle

pytestmark = pytest.mark.usefixtures("cloud")

__all__ = ["handle"]

PATTERN = {
    "session_type": ["batch", {"prefix": "inter"}],
    "context": {"duration_seconds": [{"numeric": [">", 60]}]},
}
CLAUSES = ["session_type=batch,inter*", "context.duration_seconds>60"]


@pytest.mark.parametrize("given", [{"condition": PATTERN}, {"event_filter": PATTERN}, {"where": CLAUSES}])
def test_a_rule_has_a_condition(given: dict[str, Any]) -> None:
    """A pattern, under either of its names, and clauses make the same condition; both spellings are shown."""
    rule = create(**given)
    assert (rule["condition"], rule["where"]) == (PATTERN, CLAUSES)
    assert call("GET", f"{RULES}/{rule['id']}").json["rule"] == rule
    assert call("POST", f"{RULES}/search", {}).json["rules"] == [rule]


def test_what_is_shown_makes_the_identical_condition() -> None:
    """The clauses that a rule is shown with, given back, change nothing."""
    rule = create(condition=PATTERN)
    again = call("PATCH", f"{RULES}/{rule['id']}", {"where": rule["where"]}).json["rule"]
    assert again | {"updated_at": rule["updated_at"]} == rule


def test_what_clauses_cannot_say_is_shown_as_json() -> None:
    """A condition that has no spelling in clauses comes back as it was given."""
    pattern = {"$or": [{"status": ["ERROR"]}, {"session_name": [{"exists": False}]}]}
    rule = create(condition=pattern)
    assert (rule["condition"], rule["where"]) == (pattern, None)


@pytest.mark.parametrize("nothing", [{}, {"condition": None}, {"condition": {}}, {"where": []}])
def test_a_rule_without_a_condition(nothing: dict[str, Any]) -> None:
    """Absent, null or empty: the rule has no condition."""
    rule = create(**nothing)
    assert (rule["condition"], rule["where"]) == (None, None)


def test_a_condition_is_changed_and_removed() -> None:
    """Null leaves a condition as it is, another one takes its place, and an empty one removes it."""
    path = f"{RULES}/{create(condition=PATTERN)['id']}"

    def patched(**changes: Any) -> Any:
        return call("PATCH", path, changes).json["rule"]["condition"]

    assert patched(name="Other", condition=None, where=None, event_filter=None) == PATTERN
    assert patched(where=["status=ERROR"]) == {"status": ["ERROR"]}
    assert patched(event_filter={"status": ["RUNNING"]}) == {"status": ["RUNNING"]}
    assert patched(condition={}) is None
    assert call("GET", path).json["rule"]["condition"] is None


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (
            {"where": ["statsu=RUNNING"]},
            "condition: statsu: 'statsu' is not a field of session.started; the nearest is 'status'",
        ),
        ({"where": ["session_id>5"]}, "condition: session_id: is text, and a number > 5 is not"),
        ({"where": ["status"], "condition": PATTERN}, "condition: give the condition or where, not both"),
        ({"condition": PATTERN, "event_filter": PATTERN}, "event_filter is another name of condition"),
        (
            {"condition": {"status": "RUNNING"}},
            'condition: status: a field takes a list of alternatives: write ["RUNNING"]',
        ),
        ({"where": ["status=="]}, "where: status==: == is not an operator; write ="),
    ],
)
def test_a_condition_is_checked_when_it_is_saved(given: dict[str, Any], told: str) -> None:
    """What cannot be a condition of the type is refused, with the path and what would be right."""
    refused = call("POST", RULES, request(channel_id=create_channel(), **given))
    assert refused.kind == INVALID
    assert refused.json["msg"].startswith(told)
    path = f"{RULES}/{create()['id']}"
    changed = call("PATCH", path, given)
    assert (changed.kind, changed.json["msg"]) == (INVALID, refused.json["msg"])


def test_faults_are_listed() -> None:
    """Each fault of a condition is in the problem's data, with its path."""
    refused = call("POST", RULES, request(channel_id=create_channel(), where=["a=1", "status=5"]))
    faults = refused.json["data"]["errors"]
    assert [(fault["type"], fault["loc"]) for fault in faults] == [
        ("condition", ["condition", "a"]),
        ("condition", ["condition", "status"]),
    ]


def test_a_schema_that_would_break_a_condition() -> None:
    """A custom type's schema that lacks what a condition names is refused, with the rules."""
    types = "/notifications/event-types"
    schema = {"type": "object", "properties": {"used": {"type": "integer"}}, "additionalProperties": False}
    call("POST", types, {"name": "quota.hit", "json_schema": schema})
    rule = create(rule_type="quota.hit", message_template='"x"', where=["used>5"])
    other = schema | {"properties": {"share": {"type": "number"}}}
    refused = call("PATCH", f"{types}/quota.hit", {"json_schema": other})
    assert refused.kind == (409, "notification-event-type-conflict", "notification_create_conflict")
    (broken,) = refused.json["data"]["rules"]
    assert (broken["id"], broken["name"]) == (rule["id"], rule["name"])
    assert broken["msg"].startswith("condition: used: 'used' is not a field of quota.hit")
    wider = schema | {"properties": {"used": {"type": "integer"}, "share": {"type": "number"}}}
    assert call("PATCH", f"{types}/quota.hit", {"json_schema": wider}).status == 200


@pytest.mark.parametrize(
    ("status", "fires", "reason"),
    [
        ("RUNNING", True, 'status is "RUNNING", needed: "RUNNING"'),
        ("ERROR", False, 'status is "ERROR", needed: "RUNNING"'),
    ],
)
def test_validate_says_whether_the_rule_fires(status: str, fires: bool, reason: str) -> None:  # noqa: FBT001
    """A rule with a condition is rendered whatever it says, with whether it fires and the deciding field."""
    rule = create(where=["status=RUNNING"], message_template='"{{ status }}"')
    data = {"notification_data": GOOD | {"status": status}}
    tried = call("POST", f"{RULES}/{rule['id']}/validate", data).json
    assert tried == {"message": f'"{status}"', "fires": fires, "reason": reason}


def test_validate_warns_of_a_rule_with_a_condition() -> None:
    """What has no effect is told beside whether the rule fires."""
    template, message = '"{{ status }}"', {"title": "Started"}
    rule = create(where=["status=RUNNING"], message_template=template, message=message)
    tried = call("POST", f"{RULES}/{rule['id']}/validate", {"notification_data": GOOD}).json
    assert tried["fires"] is True
    assert tried["warnings"] == [
        "message: the rule has a template, so the parts of the default message are not used"
    ]


def test_only_events_that_meet_the_condition_are_sent(handle: Any, receiver: Receiver) -> None:
    """Of the rules of a type, those fire whose conditions the event meets; the others have no record."""
    channel = call("POST", "/notifications/channels", {"name": "c", "spec": {"url": receiver.url}}).json[
        "channel"
    ]["id"]
    for name, where in (("batch", ["session_type=batch"]), ("other", ["session_type!=batch"]), ("all", [])):
        create(channel_id=channel, where=where, message_template=f'"{name} {{{{ session_id }}}}"')
    handle(batch(json.dumps(event(id="one")), json.dumps(event(GOOD | {"session_type": "x"}, id="two"))))
    assert sorted(got.text for got in receiver.received) == [
        '"all good"',
        '"all good"',
        '"batch good"',
        '"other good"',
    ]


def test_an_event_that_meets_no_condition_is_unmatched(handle: Any) -> None:
    """An event with rules on its type of which none is met is unmatched, and its record says so."""
    channel = create_channel()
    for number in range(3):
        create(channel_id=channel, where=[f"status=STATUS-{number}"])
    handle(batch(json.dumps(event(id="unmet"))))
    record = call("GET", "/notifications/events/unmet").json["event"]
    assert (record["status"], record["reason"]) == ("unmatched", "no condition met (0 of 3 rules)")


def test_a_change_of_a_condition_is_seen_at_once(handle: Any, receiver: Receiver) -> None:
    """The next event after a change meets the rule by its new condition."""
    channel = call("POST", "/notifications/channels", {"name": "c", "spec": {"url": receiver.url}}).json[
        "channel"
    ]["id"]
    rule = create(channel_id=channel, where=["status=ERROR"], message_template='"x"')
    handle(batch(json.dumps(event(id="one"))))
    call("PATCH", f"{RULES}/{rule['id']}", {"where": ["status=RUNNING"]})
    handle(batch(json.dumps(event(id="two"))))
    assert len(receiver.received) == 1
    assert conditions.match(conditions.parse(services().rules.get(rule["id"]).condition), GOOD)


def test_a_condition_that_takes_too_many_steps_fails_its_delivery(handle: Any, receiver: Receiver) -> None:
    """A rule whose condition cannot be decided has a failed delivery with the reason; the others fire."""
    types = "/notifications/event-types"
    schema = {"type": "object", "properties": {"names": {"type": "array", "items": {"type": "string"}}}}
    call("POST", types, {"name": "names.told", "json_schema": schema})
    spec = {"url": receiver.url}
    channel = call("POST", "/notifications/channels", {"name": "c", "spec": spec}).json["channel"]["id"]
    common = {"rule_type": "names.told", "channel_id": channel, "message_template": '"x"'}
    plain = create(**common)
    dear = create(**common, where=[f"names={','.join(f'*{letter}*' for letter in 'bcdefghij')}"])
    document = event({"names": ["x"] * 20_000}, **{"detail-type": "names.told"})
    handle(batch(json.dumps(document)))
    assert _delivery(plain) == ("delivered", "status 200")
    assert _delivery(dear) == ("failed", TOO_EXPENSIVE)


def _delivery(rule: dict[str, Any]) -> tuple[str, str | None]:
    shown = call("GET", f"/notifications/deliveries/e_{rule['id']}").json["delivery"]
    return shown["status"], shown["reason"]
