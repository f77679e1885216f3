"""All that is wrong with one object is told at once: each member is checked, whatever the others are."""

from typing import Any

import pytest

from tests.integration.sets import NIGHTS, STARTED, URL, faults

pytestmark = pytest.mark.usefixtures("cloud")

CHANNELS = {"ops": {"spec": {"url": URL}}}


def of(section: str, entry: dict[str, Any], **more: Any) -> dict[str, str]:
    """Return what is wrong with an entry, by the members that lead there."""
    found = faults({"set": "prod", section: {"a": entry}, **more})
    assert {place[:2] for place, _ in found} == {(section, "a")}
    assert len({place for place, _ in found}) == len(found)
    return {".".join(map(str, place[2:])): told for place, told in found}


def test_of_a_rule() -> None:
    """Unknown members, conditions, parts of the message, templates and digests do not hide each other."""
    found = of(
        "rules",
        {
            "rule_type": "session.started",
            "channel": "opz",
            "name": 5,
            "wher": [],
            "enabled": "yes",
            "condition": {
                "statuz": ["ERROR"],
                "$or": [{"session_name": ["a"]}, {"session_id": [{"prefx": "x"}]}],
            },
            "message": {"titel": "t", "level": "eror", "fields": {"A": "b c"}, "link": "ftp://x"},
            "message_template": "{{ sesion_id",
            "once_per": {"by": ["session_id"]},
            "digest": {"period": "daily@25:00", "max": 0},
        },
        channels=CHANNELS,
    )
    assert {name: told for name, told in found.items() if name.startswith("condition")} == {
        "condition.statuz": "'statuz' is not a field of session.started; the nearest is 'status'",
        "condition.$or.1.session_id": found["condition.$or.1.session_id"],
    }
    assert found.keys() - {name for name in found if name.startswith("condition")} == {
        *("channel", "name", "wher", "enabled", "message_template", "once_per.period", "digest.period"),
        *("digest.max", "message.titel", "message.level", "message.fields.A", "message.link"),
    }


def test_of_a_rule_on_an_unknown_type() -> None:
    """What depends on no type is told beside the type: syntax, periods and the channel."""
    rule = {
        "rule_type": "session.startd",
        "channel": "ops",
        "where": ["a==b", "b=c"],
        "message_template": "{% if %}",
        "once_per": {"period": "often"},
    }
    assert of("rules", rule, channels=CHANNELS).keys() == {
        *("rule_type", "where.0", "message_template", "once_per.period")
    }


def test_each_clause_and_each_field() -> None:
    """Of several clauses, parts of a message and fields of a digest each one that is wrong is told."""
    rule = {
        **STARTED,
        "channel": "ops",
        "where": ["session_id=x", "statuz=y", 5, "clustr_mode=z"],
        "message": {"title": "{{ a }}", "text": "{{ b }}"},
    }
    told = of("rules", rule, channels=CHANNELS)
    assert told.keys() == {"where.1", "where.2", "where.3", "message.title", "message.text"}
    assert told["where.3"].startswith("clustr_mode: 'clustr_mode' is not a field of session.started")
    given = {
        "set": "prod",
        "channels": CHANNELS,
        "rules": {"a": {**STARTED, "channel": "ops", "digest": {"period": "5m", "by": ["statuz", "nam"]}}},
    }
    assert [place for place, _ in faults(given)] == [("rules", "a", "digest", "by")] * 2


def test_of_a_webhook_channel() -> None:
    """A URL, each header, the preset, the times, and whole parts that are missing."""
    channel = {
        "nam": "x",
        "enabled": 1,
        "rate": "fast",
        "timezone": "Asia/Soul",
        "spec": {
            "url": "ftp://example.com",
            "urll": "x",
            "method": "GET",
            "headers": {"X Bad": "a", "X-Ok": "b", "X-Line": "a\nb", "X-None": None},
            "timeout": -1,
            "client_key": "k",
            "routing_key": "k",
            "preset": "slak",
        },
    }
    assert of("channels", channel).keys() == {
        *("nam", "enabled", "rate", "timezone", "spec.url", "spec.urll", "spec.method", "spec.headers.X Bad"),
        *("spec.headers.X-Line", "spec.headers.X-None", "spec.timeout", "spec.client_key", "spec.preset"),
        "spec.routing_key",
    }


def test_of_an_email_channel() -> None:
    """Each recipient, the templates, the server and the account; its type, too, if it names another one."""
    channel = {
        "channel_type": "webhok",
        "retry": "fasst",
        "spec": {
            "smtp": {"host": "", "prt": 587},
            "message": {
                "from_email": "nobody",
                "to_emails": ["a@example.com", "b", "c"],
                "subject_template": "{{ a",
            },
            "auth": {"username": "u"},
        },
    }
    assert of("channels", channel).keys() == {
        *("channel_type", "retry", "spec.smtp.host", "spec.smtp.port", "spec.smtp.prt", "spec.auth"),
        *("spec.message.from_email", "spec.message.to_emails.1", "spec.message.to_emails.2"),
        "spec.message.subject_template",
    }


def test_of_a_mute() -> None:
    """What it names, its condition, its end and each of its windows."""
    mute = {
        "reason": "",
        "rule": "nothing",
        "rule_type": "session.startd",
        "where": "a==b",
        "until": "2099-01-01",
        "untl": "x",
        "weekly": ["sut 00:00-24:00 UTC", NIGHTS, "mon 25:00-26:00 UTC"],
        "hold": "yes",
    }
    assert of("mutes", mute).keys() == {
        *("reason", "rule", "rule_type", "where", "untl", "weekly.0", "weekly.2", "hold")
    }
    assert of("mutes", {"reason": "", "hold": "no"}).keys() == {"reason", "hold", "", "until"}


def test_of_an_event_type() -> None:
    """Its name, its description, its schema, and what it has besides."""
    kind = {"description": 5, "json_schema": {"type": "array"}, "schema": {}}
    given = {"set": "prod", "event_types": {"Quota": kind, "session.started": kind}}
    assert {place[1:] for place, _ in faults(given)} == {
        *(("Quota", "name"), ("Quota", "description"), ("Quota", "json_schema"), ("Quota", "schema")),
        *(("session.started",), ("session.started", "description")),
        *(("session.started", "json_schema"), ("session.started", "schema")),
    }


@pytest.mark.parametrize("name", ["", "Quota", "q" * 3_000])
def test_of_an_event_type_whose_name_is_none(name: str) -> None:
    """Its name is told, even one that no table could be asked for."""
    given = {"set": "prod", "event_types": {name: {"json_schema": {"type": "object", "properties": {}}}}}
    assert [place for place, _ in faults(given)] == [("event_types", name, "name")]
    assert [place for place, _ in faults({"set": "prod", "event_types": {name: None}})] == [
        ("event_types", name)
    ]


def test_of_a_key_that_is_none() -> None:
    """A bad key does not hide what is wrong with its members."""
    given = {"set": "prod", "channels": {"Bad key": {"spec": {"url": "ftp://x"}, "retry": "fasst"}}}
    places = [place for place, _ in faults(given)]
    assert {*places} == {
        ("channels", "Bad key"),
        ("channels", "Bad key", "spec", "url"),
        ("channels", "Bad key", "retry"),
    }


def test_of_a_test() -> None:
    """Its name, its event and the rules that it names."""
    given = {
        "set": "prod",
        "rules": {},
        "tests": [{"nam": "x", "event": {"rule_typ": 1}, "fires": ["b", "c"]}],
    }
    assert {place[2:] for place, _ in faults(given, "test")} == {
        *(("name",), ("nam",), ("event", "rule_type"), ("event", "rule_typ"), ("fires", 0), ("fires", 1))
    }


def test_of_tests_beside_faults_of_rules() -> None:
    """An event of a type that does not exist is told although the rules have faults."""
    tests = [{"name": name, "event": {"rule_type": name, "sample": True}} for name in ("a.b", "no.such")]
    kind = {"json_schema": {"type": "object", "properties": {}}}
    given = {"set": "prod", "event_types": {"a.b": kind}, "rules": {"r": {}}, "tests": tests}
    found = [place for place, _ in faults(given, "test") if place[0] == "tests"]
    assert found == [("tests", 1, "event", "rule_type")]


def test_what_follows_from_a_fault_is_none() -> None:
    """What a faulty member stands for is not missed elsewhere."""
    rule = {**STARTED, "channel": "ops", "message_template": 5}
    assert of("rules", rule, channels=CHANNELS).keys() == {"message_template"}
    rule = {
        "rule_type": "session.started",
        "channel": "ops",
        "message_template": "{{ events | length }}",
        "digest": 5,
    }
    assert of("rules", rule, channels=CHANNELS).keys() == {"digest"}
    assert of("mutes", {"reason": "r", "rule": "nothing", "weekly": [NIGHTS]}).keys() == {"rule"}
    channel = {
        "spec": {"preset": "pagerduty", "url": "https://events.pagerduty.com/v2/enqueue", "routing_key": 5}
    }
    assert of("channels", channel).keys() == {"spec.routing_key"}
