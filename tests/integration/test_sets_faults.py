"""All that is wrong with a set's document is told at once, each with its place, and nothing is written."""

import re
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from configuration_api import fitting, models
from notifications.api import app
from tests.cloud.gateway import call
from tests.integration import channels
from tests.integration.sets import NIGHTS, PATH, URL, apply, document, faults, writes

pytestmark = pytest.mark.usefixtures("cloud")

NOBODY = "00000000-0000-4000-8000-000000000001"
MESSAGE = {"message_template": '{"id": "{{ session_id }}"}'}
MAIL = {
    "smtp": {"host": "mail.example.com", "port": 587},
    "message": {"from_email": "a@example.com", "to_emails": ["b@example.com"]},
}
STARTED = {"rule_type": "session.started", **MESSAGE}


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
        ({"condition": {"statuz": ["ERROR"]}}, ("condition",), "status"),
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
    assert [place for place, _ in faults(given)] == [("rules", "quota", "where")]
    given["rules"]["quota"]["where"] = "share > 0.9"
    assert [place for place, _ in faults(given)] == [("rules", "quota", "message_template")]


def test_what_a_faulty_entry_is_named_by_is_no_fault() -> None:
    """A rule of a faulty channel or event type is not faulty for that."""
    given = document(channels={"ops": {}}, event_types={"quota.exceeded": {}})
    assert [place for place, _ in faults(given)] == [
        ("event_types", "quota.exceeded", "json_schema"),
        ("channels", "ops", "spec"),
    ]


def test_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    """A set has so many entries at most, and the time to try its templates is bounded."""
    many = {f"r{number}": {**STARTED, "channel": "ops"} for number in range(models.MAX_ENTRIES)}
    given = {"set": "prod", "channels": {"ops": {"spec": {"url": URL}}}, "rules": many}
    told = "the set has 1,001 entries, at most 1,000 are allowed: divide it into several sets"
    assert faults(given) == [((), told)]
    monkeypatch.setattr(fitting, "MAX_CHECK_SECONDS", 0.0)
    given["rules"] = {key: many[key] for key in list(many)[:3]}
    assert [place for place, _ in faults(given)] == [("rules",)]


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


def test_a_plan_that_is_too_large_to_show(monkeypatch: pytest.MonkeyPatch) -> None:
    """A plan whose response would be too large says by how much, and what to do."""
    monkeypatch.setattr(app, "MAX_RESPONSE_BYTES", 1_000)
    told = call("POST", f"{PATH}/plan", document()).json["msg"]
    assert re.fullmatch(r"The response would have \d,\d{3} bytes, 1,000 are allowed: divide the set .*", told)


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


def test_no_fault_tells_a_credential() -> None:
    """Whatever is wrong with a spec, nothing that could be a credential in it is repeated."""
    specs: list[dict[str, Any]] = [
        {"url": "https://user:canary@example.com/canary"},
        {"url": "http//example.com/canary"},
        {"url": "canary"},
        {"url": URL, "headers": {"Authorization": "canary\n"}},
        {"url": URL, "headers": {"Authorization": ["canary"]}},
        {"url": URL, "client_certificate": "canary", "client_key": "canary"},
        {"url": URL, "preset": "pagerduty", "routing_key": "canary canary"},
        {"smtp": {"host": "a"}, "message": {}, "auth": {"username": "u", "password": ["canary"]}},
    ]
    given = {"set": "prod", "channels": {f"c{number}": {"spec": spec} for number, spec in enumerate(specs)}}
    found = faults(given)
    assert len({place[1] for place, _ in found}) == len(specs)
    assert "canary" not in repr(found)


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


def places(value: Any) -> list[tuple[Any, ...]]:
    """List the places within a document where something else may stand."""
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [(), *((name, *place) for name, part in parts for place in places(part))]


def with_other(value: Any, place: tuple[Any, ...], other: Any) -> Any:
    """Return a document with something else at a place."""
    if not place:
        return other
    made = value.copy()
    made[place[0]] = with_other(value[place[0]], place[1:], other)
    return made


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data(), other=ANYTHING)
def test_anything_anywhere(data: st.DataObject, other: Any) -> None:
    """Whatever stands anywhere in a document, it is planned or refused, and with no 5xx."""
    whole = document()
    whole["channels"]["mail"] = {
        "spec": {
            "smtp": {"host": "smtp.example.com", "port": 587},
            "message": {"from_email": "a@example.com", "to_emails": ["b@example.com"]},
            "auth": {"username": "u", "password": "p"},
        },
        "retry": [1, 2],
    }
    whole["rules"]["mail"] = {
        "rule_type": "session.failed",
        "channel": {"name": "Elsewhere"},
        "condition": {"session_name": ["a"]},
        "message": {"title": "t", "fields": {"a": "session_name"}},
        "once_per": {"period": "10m", "by": ["session_name"]},
        "digest": {"period": "5m", "max": 3},
    }
    place = data.draw(st.sampled_from(places(whole)))
    answer = call("POST", f"{PATH}/plan", with_other(whole, place, other))
    assert answer.status in {200, 400, 422}, answer
