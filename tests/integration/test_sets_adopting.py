"""Taking what exists into a set, and letting it go."""

from datetime import UTC, datetime
from typing import Any

import pytest

from tests.cloud.gateway import call
from tests.cloud.services import services
from tests.integration import channels, rules
from tests.integration.channels import CHANNELS
from tests.integration.revisions import ANN, ask, listed
from tests.integration.sets import PATH, apply, changes, document, faults, writes

pytestmark = pytest.mark.usefixtures("cloud")

HOOK = {"spec": {"url": channels.URL}}


def adopt(*objects: dict[str, Any], name: str = "prod", **more: Any) -> dict[str, Any]:
    """Take objects into a set."""
    found: dict[str, Any] = ask("POST", f"{PATH}/adopt", {"set": name, "objects": objects, **more})
    return found


def named(kind: str, key: str, identity: str) -> dict[str, str]:
    """Name an object."""
    return {"kind": kind, "key": key, "id": identity}


def test_what_exists_becomes_the_sets() -> None:
    """It keeps its id and all that it is; a document that describes it has nothing to do."""
    made = channels.create("Operations")
    told = adopt(named("channel", "ops", made["id"]))
    assert told["adopted"] == [{**named("channel", "ops", made["id"]), "name": "Operations"}]
    given = {"set": "prod", "channels": {"ops": {"name": "Operations", **HOOK}}}
    assert changes(given) == []
    assert changes({"set": "prod"}) == [("delete", "channel", "ops")]
    revision = listed(f"{CHANNELS}/{made['id']}")[0]
    assert (revision["action"], revision["changed"]) == ("applied", ["managed"])


def test_all_kinds() -> None:
    """Rules, event types and mutes can be taken over as well."""
    rule = rules.create()
    ask("POST", "/notifications/event-types", {"name": "a.b", "json_schema": {"properties": {}}}, 201)
    body = {"reason": "r", "rule_id": rule["id"], "weekly": ["sat,sun 00:00-24:00 UTC"]}
    mute = ask("POST", "/notifications/mutes", body, 201)["mute"]
    told = adopt(
        named("rule", "r", rule["id"]), named("event_type", "a.b", "a.b"), named("mute", "m", mute["id"])
    )
    assert [each["kind"] for each in told["adopted"]] == ["rule", "event_type", "mute"]
    assert changes({"set": "prod"}) == [
        ("delete", "mute", "m"),
        ("delete", "rule", "r"),
        ("delete", "event_type", "a.b"),
    ]


def test_twice_writes_nothing() -> None:
    """What belongs to the set already stays as it is."""
    made = channels.create()
    adopt(named("channel", "ops", made["id"]))
    with writes() as noted:
        assert adopt(named("channel", "ops", made["id"])) == {"adopted": [], "given_up": [], "unchanged": 1}
    assert noted == []


def test_another_set_must_give_it_up_first() -> None:
    """Then it may be taken over, under another key too."""
    made = channels.create()
    adopt(named("channel", "ops", made["id"]), name="other")
    body = {"set": "prod", "objects": [named("channel", "ops", made["id"])]}
    told = "it belongs to the set other as ops, which must give it up first"
    assert faults(body, "adopt") == [(("objects", 0, "id"), told)]
    gone = adopt(name="other", give_up=[{"kind": "channel", "key": "ops"}])
    assert [each["id"] for each in gone["given_up"]] == [made["id"]]
    assert channels.get(made["id"])["managed"] is None
    assert adopt(named("channel", "room", made["id"]))["adopted"]
    assert changes({"set": "other"}) == []


def test_a_key_changes_within_the_set() -> None:
    """What the set has under one key may get another one, and that may be given to something else."""
    first, second = channels.create("a"), channels.create("b")
    adopt(named("channel", "ops", first["id"]))
    adopt(named("channel", "room", first["id"]))
    adopt(named("channel", "ops", second["id"]))
    assert changes({"set": "prod"}) == [("delete", "channel", "room"), ("delete", "channel", "ops")]


def test_nobody_adopts_what_somebody_applies() -> None:
    """While a set is applied nothing is taken into it, as that apply would delete it unplanned."""
    made = channels.create()
    services().leases.take("prod", "another run", ANN, datetime.now(UTC))
    wanted = named("channel", "ops", made["id"])
    refused = call("POST", f"{PATH}/adopt", {"set": "prod", "objects": [wanted]})
    assert (refused.status, refused.slug) == (409, "notification-configuration-locked")
    services().leases.free("prod", "another run")
    assert adopt(wanted)["adopted"]
    assert adopt(give_up=[{"kind": "channel", "key": "ops"}])["given_up"]  # its own lease was freed


def test_two_sets_take_the_same_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The one that comes later is refused, whatever it has read before."""
    made = channels.create()
    mark = services().sets.mark

    def other_first(*arguments: Any) -> Any:
        monkeypatch.undo()
        adopt(named("channel", "ops", made["id"]), name="other")
        return mark(*arguments)

    monkeypatch.setattr(services().sets, "mark", other_first)
    body = {"set": "prod", "objects": [named("channel", "ops", made["id"])]}
    refused = call("POST", f"{PATH}/adopt", body)
    assert (refused.status, refused.slug) == (409, "notification-configuration-changed")
    assert channels.get(made["id"])["managed"] == {"set": "other", "key": "ops"}


def test_a_key_may_change_hands_in_one_request() -> None:
    """What is given up under one key may be taken under another one by the same request."""
    made = channels.create()
    adopt(named("channel", "ops", made["id"]))
    adopt(named("channel", "room", made["id"]), give_up=[{"kind": "channel", "key": "ops"}])
    assert channels.get(made["id"])["managed"] == {"set": "prod", "key": "room"}


def test_all_that_is_wrong_at_once() -> None:
    """Nothing is taken over if anything cannot be."""
    apply(document())
    made = channels.create()
    body = {
        "set": "prod",
        "objects": [
            named("channel", "other", made["id"]),
            named("channel", "other", "00000000-0000-4000-8000-000000000001"),
            named("channel", "ops", made["id"]),
            named("event_type", "session.started", "session.started"),
            named("event_type", "a", "b"),
            named("rule", "Bad key", "x"),
        ],
        "give_up": [{"kind": "rule", "key": "nothing"}],
    }
    with writes() as noted:
        places = [place for place, _ in faults(body, "adopt")]
    assert noted == []
    assert places == [
        ("give_up", 0, "key"),
        ("objects", 1, "key"),
        ("objects", 1, "id"),
        ("objects", 2, "id"),
        ("objects", 2, "key"),
        ("objects", 3, "id"),
        ("objects", 4, "key"),
        ("objects", 4, "id"),
        ("objects", 5, "key"),
        ("objects", 5, "id"),
    ]
