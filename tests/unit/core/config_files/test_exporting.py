"""What is stored, written as the document of a file."""

from notifications.core.config_files.exporting import UNNAMED_SET, Stored
from notifications.core.managing import Managed
from notifications.core.model import (
    Channel,
    Digest,
    EventType,
    MessageParts,
    OncePer,
    WebhookSpec,
)
from tests.samples import configuration as samples
from tests.unit.core.config_files.exports import FAILED, OPS, PROD, STAGING, channel, exported


def test_only_what_is_not_the_default() -> None:
    """What somebody would not write is not written: defaults, and a name like the key."""
    assert exported(Stored([OPS], rules=[FAILED])).document == {
        "set": PROD,
        "channels": {"ops": {"spec": {"url": "https://example.com/hook"}}},
        "rules": {
            "failed": {
                "rule_type": "session.started",
                "channel": "ops",
                "message_template": "{{ session_id }}",
            }
        },
    }


def test_every_member() -> None:
    """Whatever has another value than its default is written, lists as lists."""
    spec = WebhookSpec(
        "https://example.com/hook",
        method="PUT",
        content_type="text/plain",
        timeout=7.0,
        success_status_codes=(200, 409),
        response_match="ok",
        response_no_match="not ok",
        ca_bundle="PEM",
    )
    more = {"description": "d", "enabled": False, "retry": (1, 60), "rate": "1/s", "timezone": "Asia/Seoul"}
    assert channel(spec, **more)[0] == {
        "description": "d",
        "spec": {
            "url": "https://example.com/hook",
            "method": "PUT",
            "content_type": "text/plain",
            "timeout": 7,
            "success_status_codes": [200, 409],
            "response_match": "ok",
            "response_no_match": "not ok",
            "ca_bundle": "PEM",
        },
        "enabled": False,
        "retry": [1, 60],
        "rate": "1/s",
        "timezone": "Asia/Seoul",
    }


def test_parts_of_a_rule() -> None:
    """A rule's parts have what differs from their defaults."""
    rule = samples.rule(
        channel_id="c-1",
        name="other name",
        description="",
        message_template="",
        enabled=False,
        observe=True,
        message=MessageParts(title="t", fields={"Who": "user"}, action="resolve"),
        once_per=OncePer(600, ("a", "b")),
        digest=Digest("5m", ("a",)),
        managed=Managed(PROD, "failed"),
    )
    assert exported(Stored([OPS], rules=[rule])).document["rules"]["failed"] == {
        "name": "other name",
        "description": "",
        "rule_type": "session.started",
        "channel": "ops",
        "message": {"title": "t", "fields": {"Who": "user"}, "action": "resolve"},
        "once_per": {"period": "10m", "by": ["a", "b"]},
        "digest": {"period": "5m", "by": ["a"]},
        "enabled": False,
        "observe": True,
    }


def test_conditions() -> None:
    """A condition is written as clauses if these make the same one, letter by letter."""
    for condition, written in (
        ({"status": ["ERROR"]}, {"where": ["status=ERROR"]}),
        ({"a": {"b": ["x"]}}, {"where": ["a.b=x"]}),
        ({"a.b": ["x"]}, {"condition": {"a.b": ["x"]}}),
        ({"$or": [{"a": [1]}, {"b": [2]}]}, {"condition": {"$or": [{"a": [1]}, {"b": [2]}]}}),
        ({"a": [{"no-such": 1}]}, {"condition": {"a": [{"no-such": 1}]}}),
    ):
        rule = samples.rule(channel_id="c-1", condition=condition, managed=Managed(PROD, "r"))
        found = exported(Stored([OPS], rules=[rule])).document["rules"]["r"]
        assert {name: found.get(name) for name in written} == written
        assert len({"where", "condition"} & found.keys()) == 1


def test_keys_from_names() -> None:
    """What no set manages gets a key like its name; the older of two alike gets the plain one."""
    names = ["Ops Team!", "ops team", "ops", "정비", "Zürich", "x" * 80, "-"]
    channels = [OPS, *(samples.channel(id=f"u-{at}", name=name) for at, name in enumerate(names))]
    made = exported(Stored(channels), unmanaged=True).document["channels"]
    assert {key: channel.get("name", key) for key, channel in made.items()} == {
        "channel": "정비",
        "channel-2": "-",
        "ops": "ops",
        "ops-2": "ops",
        "ops-team": "Ops Team!",
        "ops-team-2": "ops team",
        "x" * 64: "x" * 80,
        "zurich": "Zürich",
    }
    assert [*made] == sorted(made)


def test_references() -> None:
    """A rule names its channel by key; one outside of the file by name, or by id if others have the name."""
    others = [
        samples.channel(id="c-2", name="theirs", managed=Managed(STAGING, "ops")),
        samples.channel(id="c-3", name="twice"),
        samples.channel(id="c-4", name="twice"),
    ]
    rules = [
        samples.rule(id=f"r-{at}", name=key, channel_id=key, managed=Managed(PROD, key))
        for at, key in enumerate(("c-1", "c-2", "c-3", "gone"))
    ]
    made = exported(Stored([OPS, *others], rules=rules))
    assert {key: rule["channel"] for key, rule in made.document["rules"].items()} == {
        "c-1": "ops",
        "c-2": {"name": "theirs"},
        "c-3": {"id": "c-3"},
        "gone": {"id": "gone"},
    }
    assert [*made.document["channels"]] == ["ops"]
    assert made.notes == [
        "The channel 'theirs' is used and not in the document",
        "The channel 'twice' is used and not in the document",
    ]


def test_event_types_and_mutes() -> None:
    """Event types have their names for keys; a mute names what it is about by key."""
    schema = {"type": "object", "properties": {"a": {"const": "${x}"}}}
    kinds = [
        EventType("quota.exceeded", "d", schema, managed=Managed(PROD, "quota.exceeded")),
        EventType("other.type", None, {"type": "object"}),
    ]
    rule = samples.rule(channel_id="c-1", rule_type="other.type", managed=Managed(PROD, "r"))
    mutes = [
        samples.mute(id="m-1", rule_id=rule.id, channel_id="c-1", managed=Managed(PROD, "quiet")),
        samples.mute(
            id="m-2",
            until=None,
            weekly=("sat 00:00-24:00 Asia/Seoul",),
            hold=True,
            rule_type="other.type",
            condition={"a": ["x"]},
            managed=Managed(PROD, "weekends"),
        ),
        samples.mute(id="m-3", managed=Managed(PROD, "all")),
    ]
    made = exported(Stored([OPS], kinds, [rule], mutes))
    escaped = {"type": "object", "properties": {"a": {"const": "$${x}"}}}
    assert made.document["event_types"] == {"quota.exceeded": {"description": "d", "json_schema": escaped}}
    until = {"until": "2026-01-15T12:30:00.000000Z"}
    assert made.document["mutes"] == {
        "quiet": {"reason": "maintenance", "rule": "r", "channel": "ops", **until},
        "weekends": {
            "reason": "maintenance",
            "rule_type": "other.type",
            "where": ["a=x"],
            "weekly": ["sat 00:00-24:00 Asia/Seoul"],
            "hold": True,
        },
        "all": {"reason": "maintenance", "everything": True, **until},
    }
    assert made.notes == ["The event type other.type is used and not in the document"]


def test_a_mute_that_was_replaced() -> None:
    """Of two mutes with one key, which a replacement that died has left, the newer one is exported."""
    old, new = (
        samples.mute(id=f"m-{at}", reason=at, created_at=f"2026-01-1{at}", managed=Managed(PROD, "quiet"))
        for at in "12"
    )
    mutes = exported(Stored(mutes=[new, old])).document["mutes"]
    assert {key: mute["reason"] for key, mute in mutes.items()} == {"quiet": "2"}


def test_which_set() -> None:
    """An export of everything has what all sets manage; its set is theirs if there is one only."""
    other = samples.channel(id="c-2", name="x", managed=Managed(STAGING, "ops"))
    one, both = Stored([OPS]), Stored([OPS, other])
    assert exported(one, of=None, unmanaged=True).document["set"] == PROD
    assert exported(both, of=None, unmanaged=True).document["set"] == UNNAMED_SET
    assert [*exported(both, of=None, unmanaged=True).document["channels"]] == ["ops", "ops-2"]
    assert exported(both, of="empty").document == {"set": "empty"}
    assert exported(Stored([samples.channel()]), of="new", unmanaged=True).document["set"] == "new"


def test_a_channel_is_not_changed_by_its_export() -> None:
    """The values that are exported stay as they were."""
    stored: Channel = samples.channel(
        spec=WebhookSpec("https://a.example.com", headers={"Authorization": "", "X": "${y}"}),
        managed=Managed(PROD, "ops"),
    )
    exported(Stored([stored]))
    assert stored.spec == WebhookSpec("https://a.example.com", headers={"Authorization": "", "X": "${y}"})
