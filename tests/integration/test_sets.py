"""What applying a set makes, changes, deletes and leaves as it is."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import pytest

from configuration_api import applying
from configuration_api.models import ApplyIn
from notifications.core.model import timestamp
from tests.cloud.gateway import call
from tests.cloud.pipeline import dynamodb_calls
from tests.cloud.services import services
from tests.integration import channels
from tests.integration.channels import CHANNELS
from tests.integration.revisions import ANN, ask, listed
from tests.integration.rules import RULES
from tests.integration.sets import (
    PATH,
    SCHEMA,
    TEXT,
    URL,
    apply,
    changes,
    document,
    faults,
    ids,
    plan,
    properties,
    writes,
)

pytestmark = pytest.mark.usefixtures("cloud")


def test_what_is_not_there_is_made_in_the_order_of_references() -> None:
    """A first plan creates all, event types and channels first; the second one has nothing to do."""
    given = document()
    assert changes(given) == [
        ("create", "event_type", "quota.exceeded"),
        ("create", "channel", "ops"),
        ("create", "rule", "quota"),
        ("create", "mute", "nights"),
    ]
    done = apply(given)
    assert [(each["action"], each["kind"]) for each in done] == [
        ("create", kind) for kind in ("event_type", "channel", "rule", "mute")
    ]
    assert [each["signing_secret"] is None for each in done] == [True, False, True, True]
    again = plan(given)
    assert (again["changes"], again["unchanged"]) == ([], 4)


def test_applying_twice_writes_nothing() -> None:
    """A set that is as it should be costs no write, not even that of a lease."""
    given = document()
    apply(given)
    with writes() as noted:
        assert apply(given) == []
    assert noted == []


def test_a_new_name_is_one_update() -> None:
    """The key is the identity: a channel with another name keeps its id, and its rules."""
    made = ids(apply(document()))
    spec = document()["channels"]["ops"]["spec"]
    renamed = document(channels={"ops": {"name": "Operations", "spec": spec}})
    (change,) = plan(renamed)["changes"]
    assert (change["action"], change["id"]) == ("update", made["ops"])
    assert change["differences"] == [{"path": "name", "before": "ops", "after": "Operations"}]
    apply(renamed)
    assert channels.get(made["ops"])["name"] == "Operations"
    assert channels.get(made["ops"])["managed"] == {"set": "prod", "key": "ops"}


def test_revisions_tell_who_applied() -> None:
    """What applying makes or changes has the action applied; a deletion stays one."""
    made = ids(apply(document()))
    renamed = document()
    renamed["rules"]["quota"]["name"] = "Quota"
    apply(renamed)
    apply(document(rules={}, mutes={}))
    told = listed(f"{RULES}/{made['quota']}")
    assert [each["action"] for each in told] == ["deleted", "applied", "applied"]
    assert listed(f"{CHANNELS}/{made['ops']}")[0]["action"] == "applied"


def test_a_channel_and_its_rules_change_together() -> None:
    """A content type that the rules' old templates do not fit is taken together with new templates."""
    apply(document())
    given = document(channels={"ops": {"spec": TEXT}})
    given["rules"]["quota"]["message_template"] = "{{ project }} is full"
    assert [each["key"] for each in apply(given)] == ["ops", "quota"]
    assert changes(given) == []


def test_a_schema_and_its_rules_change_together() -> None:
    """A field that the rules' old templates use goes together with these templates."""
    apply(document())
    given = document(event_types={"quota.exceeded": {"json_schema": properties("share", "account")}})
    assert [place for place, _ in faults(given)] == [("rules", "quota", "message_template")]
    given["rules"]["quota"]["message_template"] = '{"text": "{{ account }}"}'
    assert [each["key"] for each in apply(given)] == ["quota.exceeded", "quota"]
    assert changes(given) == []


def test_deletions_come_last_and_backwards() -> None:
    """What the document lacks goes: first the mute, then the rule, at last its channel and its type."""
    apply(document())
    gone = [("mute", "nights"), ("rule", "quota"), ("channel", "ops"), ("event_type", "quota.exceeded")]
    assert changes({"set": "prod"}) == [("delete", *each) for each in gone]
    apply({"set": "prod"})
    assert services().sets.members("prod")[0].kind == "mute"  # which is kept after its end
    assert changes({"set": "prod"}) == []


def test_many_deletions_ask_once_for_the_rules() -> None:
    """A plan asks the table for as much when two channels are deleted as when one is."""
    given = document(mutes={})
    more: dict[str, Any] = {key: {"spec": {"url": URL}} for key in "bc"}
    apply({**given, "channels": given["channels"] | more})
    asked = []
    for kept in ({"b": more["b"]}, {}):
        with dynamodb_calls() as calls:
            planned = plan({**given, "channels": given["channels"] | kept})
        assert {each["action"] for each in planned["changes"]} == {"delete"}
        asked.append(calls.count("Query"))
    assert asked[0] == asked[1]


def test_what_was_deleted_by_hand_is_made_again() -> None:
    """A rule that somebody deleted is created anew."""
    made = ids(apply(document()))
    ask("DELETE", f"{RULES}/{made['quota']}?custom=true")
    assert ("create", "rule", "quota") in changes(document())
    apply(document())
    assert changes(document()) == []


def test_a_change_by_hand_keeps_the_set() -> None:
    """An update and a revert leave something in its set."""
    made = ids(apply(document(mutes={})))
    path = f"{RULES}/{made['quota']}"
    assert ask("PATCH", f"{path}?custom=true", {"enabled": False})["rule"]["managed"]["key"] == "quota"
    assert ask("POST", f"{path}/revert", {"to": 1})["rule"]["managed"] == {"set": "prod", "key": "quota"}
    assert ask("GET", "/notifications/event-types/quota.exceeded")["event_type"]["managed"]["set"] == "prod"


@pytest.mark.parametrize("seconds", [(0, 15, 16, 21), (0, 1, 6, 8)])
def test_as_much_as_there_is_time_for(seconds: Sequence[int]) -> None:
    """No step is begun after 20 s, or 6 s after the plan; what is left is counted, and the holder goes on."""
    given = document()
    version = plan(given)["version"]
    times = iter(seconds)
    request = ApplyIn.model_validate({**given, "version": version, "holder": "me"})
    first = applying.apply(services(), request, ANN, clock=lambda: next(times))
    assert ([each.key for each in first.applied], first.remaining) == (["quota.exceeded", "ops"], 2)
    going_on = {**given, "holder": "me"}
    assert call("POST", f"{PATH}/apply", {**given, "version": version, "holder": "other"}).status == 409
    rest = ask("POST", f"{PATH}/apply", going_on)
    assert ([each["key"] for each in rest["applied"]], rest["remaining"]) == (["quota", "nights"], 0)


def test_a_step_that_fails_does_not_lose_what_was_done(monkeypatch: pytest.MonkeyPatch) -> None:
    """The signing secret of a channel is answered even if the rule after it cannot be written."""
    given = document()
    version = plan(given)["version"]
    create = services().rules.create

    def changed(*arguments: Any) -> None:
        now = timestamp(datetime.now(UTC))
        services().event_types.update("quota.exceeded", {"description": "d", "updated_at": now}, 0)
        monkeypatch.undo()
        create(*arguments)

    monkeypatch.setattr(services().rules, "create", changed)
    body = {**given, "version": version, "holder": "me"}
    first = ask("POST", f"{PATH}/apply", body)
    assert [each["key"] for each in first["applied"]] == ["quota.exceeded", "ops"]
    assert first["applied"][1]["signing_secret"].startswith("whsec_")
    assert first["remaining"] == 2
    assert ask("POST", f"{PATH}/apply", body)["remaining"] == 0
    assert changes(given) == []


def test_other_schemas_of_the_same_type() -> None:
    """A description alone changes no rule, and needs no look at them."""
    apply(document())
    given = document(event_types={"quota.exceeded": {"json_schema": SCHEMA, "description": "Too much"}})
    assert changes(given) == [("update", "event_type", "quota.exceeded")]
    apply(given)
    assert changes(given) == []
