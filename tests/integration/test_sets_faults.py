"""All that is wrong with a set's document is told at once, each with its place, and nothing is written."""

from copy import deepcopy
from typing import Any

import pytest

from tests.cloud.gateway import call
from tests.integration import channels
from tests.integration.sets import MESSAGE, NIGHTS, PATH, STARTED, URL, apply, document, faults, writes

pytestmark = pytest.mark.usefixtures("cloud")

NOBODY = "00000000-0000-4000-8000-000000000001"
MAIL = {
    "smtp": {"host": "mail.example.com", "port": 587},
    "message": {"from_email": "a@example.com", "to_emails": ["b@example.com"]},
}


def test_all_at_once() -> None:
    """Faults of all kinds and of all entries come together, by section, key and member."""
    given = {
        "set": "prod",
        "chanels": {},
        "event_types": {"Quota": {"json_schema": {"type": "object"}}, "a.b": {"json_schema": {}}},
        "channels": {
            "ops": {"spec": {"url": "ftp://example.com/", "timout": 3, "headers": {"X-Team": None}}},
            "mail": {"spec": {"smtp": {"host": "smtp.example.com"}, "message": {"from_email": "a"}}},
            "Bad key": {"spec": {"url": URL}},
            "fast": {"spec": {"url": URL}, "retry": "fasst"},
        },
        "rules": {
            "a": {**STARTED, "channel": "opss", "where": "statuz=ERROR", "once_per": {"by": ["status"]}},
            "b": {**STARTED, "channel": "ops", "colour": "red"},
            "c": {"rule_type": "session.startd", "channel": "ops", **MESSAGE},
            "d": {**STARTED},
            "e": "nothing",
        },
        "mutes": {"m": {"reason": "", "rule": "a"}, "n": {"reason": "r", "until": "2099-01-01T00:00:00Z"}},
    }
    with writes() as noted:
        places = [place for place, _ in faults(given)]
    assert noted == []
    assert {
        ("chanels",),
        ("event_types", "Quota", "name"),
        ("event_types", "a.b", "json_schema"),
        ("channels", "mail", "spec", "smtp", "port"),
        ("channels", "mail", "spec", "message", "to_emails"),
        ("channels", "Bad key"),
        ("channels", "fast", "retry"),
        ("channels", "ops", "spec", "timout"),
        ("rules", "a", "channel"),
        ("rules", "a", "where"),
        ("rules", "a", "once_per", "period"),
        ("rules", "b", "colour"),
        ("rules", "c", "rule_type"),
        ("rules", "d", "channel"),
        ("rules", "e"),
        ("mutes", "m", "reason"),
        ("mutes", "n"),
    } <= {*places}
    assert len(places) == len({*places})


@pytest.mark.parametrize(
    ("rule", "place", "told"),
    [
        ({"channel": "opps"}, ("channel",), "the nearest is 'ops'"),
        ({"channel": "Elsewhere"}, ("channel",), "write {name: Elsewhere}"),
        ({"channel": {"name": "Elsewhre"}}, ("channel", "name"), "the nearest is 'Elsewhere'"),
        ({"channel": {"name": "Twice"}}, ("channel", "name"), "2 channels are named 'Twice': give the id"),
        ({"channel": {"id": "x"}}, ("channel", "id"), "'x' is not an id"),
        ({"channel": {"id": NOBODY}}, ("channel", "id"), "there is no channel"),
        ({"channel": 5}, ("channel",), "expected a key"),
        ({"where": "statuz=ERROR"}, ("where",), "status"),
        ({"condition": {"statuz": ["ERROR"]}}, ("condition", "statuz"), "status"),
        ({"message_template": "{{ sesion_id }}"}, ("message_template",), "session_id"),
        ({"message_template": "no JSON"}, ("message_template",), "JSON"),
        ({"message_template": None}, ("message_template",), "has no default message"),
        ({"message": {"level": "eror"}}, ("message", "level"), "'error'"),
        ({"digest": {"period": "often"}}, ("digest", "period"), "often"),
        ({"rule_type": "session.strted"}, ("rule_type",), "session.started"),
    ],
)
def test_what_is_wrong_with_a_rule(rule: dict[str, Any], place: tuple[str, ...], told: str) -> None:
    """A fault names the member as the document spells it, and what would be right."""
    channels.create("Elsewhere")
    channels.create("Twice")
    channels.create("Twice")
    given = {
        "set": "prod",
        "channels": {"ops": {"spec": {"url": URL}}},
        "rules": {"a": {**STARTED, "channel": "ops", **rule}},
    }
    ((found, message),) = faults(given)
    assert found == ("rules", "a", *place)
    assert told in message


def test_a_rule_is_tried_with_what_is_only_in_the_document() -> None:
    """Template and condition are checked against the schema and the content type that the document makes."""
    given = document()
    given["rules"]["quota"] |= {"where": "shares > 0.9", "message_template": '{"a": "{{ projct }}"}'}
    assert [place for place, _ in faults(given)] == [
        ("rules", "quota", "where"),
        ("rules", "quota", "message_template"),
    ]
    given["rules"]["quota"]["where"] = "share > 0.9"
    assert [place for place, _ in faults(given)] == [("rules", "quota", "message_template")]


def test_what_a_faulty_entry_is_named_by_is_no_fault() -> None:
    """A rule of a faulty channel or event type is not faulty for that."""
    given = document(channels={"ops": {}}, event_types={"quota.exceeded": {}})
    assert [place for place, _ in faults(given)] == [
        ("event_types", "quota.exceeded", "json_schema"),
        ("channels", "ops", "spec"),
    ]


@pytest.mark.parametrize("wrong", ["yes", "off", "true", 1, 0.0])
@pytest.mark.parametrize(
    ("section", "entry", "place"),
    [
        ("rules", {**STARTED, "channel": {"id": NOBODY}}, ("enabled",)),
        ("rules", {**STARTED, "channel": {"id": NOBODY}}, ("observe",)),
        ("channels", {"spec": {"url": URL}}, ("enabled",)),
        ("channels", {"spec": MAIL}, ("spec", "smtp", "use_tls")),
        ("mutes", {"reason": "r", "rule_type": "session.started", "weekly": [NIGHTS]}, ("hold",)),
        ("mutes", {"reason": "r", "weekly": [NIGHTS]}, ("everything",)),
    ],
)
def test_only_true_and_false_are_booleans(
    section: str, entry: dict[str, Any], place: tuple[str, ...], wrong: object
) -> None:
    """What the API's other routes take for a boolean, such as yes, is a fault of a document."""
    made = deepcopy(entry)
    into = made
    for name in place[:-1]:
        into = into[name]
    into[place[-1]] = wrong
    found = faults({"set": "prod", section: {"a": made}})
    assert ((section, "a", *place), "Input should be a valid boolean: true or false") in found


def test_types_cannot_be_taken_over_silently() -> None:
    """A built-in type, and one that exists outside of the set, are faults."""
    call("POST", "/notifications/event-types", {"name": "quota.exceeded", **SCHEMA})
    given = {"set": "prod", "event_types": {"session.started": SCHEMA, "quota.exceeded": SCHEMA}}
    assert [told for _, told in faults(given)] == [
        "it is built in and cannot be changed",
        "there is one that belongs to no set: adopt it first",
    ]


SCHEMA: dict[str, Any] = {"json_schema": {"type": "object", "properties": {"share": {"type": "number"}}}}


@pytest.mark.parametrize("given", [{}, {"set": "Prod"}, {"set": "prod", "rules": []}, {"set": "a" * 65}])
def test_what_is_no_document(given: dict[str, Any]) -> None:
    """What has no set's name, or sections that are none, is refused as any malformed request."""
    answer = call("POST", f"{PATH}/plan", given)
    assert answer.kind == (400, "generic-bad-request", "api_parsing_invalid-parameters")


def test_a_kind_stays() -> None:
    """Neither the type of a channel nor that of a rule can be changed under the same key."""
    apply(document(mutes={}))
    given = document(mutes={})
    given["channels"]["ops"] = {
        "spec": {
            "smtp": {"host": "smtp.example.com", "port": 587},
            "message": {"from_email": "a@example.com", "to_emails": ["b@example.com"]},
        }
    }
    assert [place for place, _ in faults(given)] == [("channels", "ops", "channel_type")]
    given = document(mutes={})
    given["rules"]["quota"] = {**STARTED, "channel": "ops"}
    assert [place for place, _ in faults(given)] == [("rules", "quota", "rule_type")]
