"""What differs between what is stored and what is to be, and in which order it is brought about."""

from typing import Any

import pytest

from configuration_api.comparing import Step, in_order, is_same_mute
from configuration_api.faults import Faults
from configuration_api.stored import StoredSet
from notifications.core.errors import ConfigurationFaults, InvalidRequest, RuleConflict, Unavailable
from notifications.core.managing import Managed
from notifications.core.model import WebhookSpec
from notifications.core.mutes import Mute
from notifications.core.revisions import Author
from notifications.core.values import replace
from notifications.store.sets import Member
from tests.samples import configuration as samples

CHANNEL = samples.channel(spec=WebhookSpec("https://example.com/secret", headers={"X-Api-Key": "canary"}))
RULE = samples.rule(channel_id=CHANNEL.id)
MUTE = Mute(
    id="m-1",
    reason="r",
    created_at="2026-01-01T00:00:00.000000Z",
    created_by=Author("a", "u"),
    updated_at="2026-01-01T00:00:00.000000Z",
    channel_id=CHANNEL.id,
    weekly=("sat 00:00-24:00 UTC",),
)


def told(step: Step) -> dict[str, tuple[Any, Any]]:
    """Return what a step changes, by the path."""
    found = step.differences(lambda kind, identity: f"the {kind} {identity}")
    return {each.field: (each.old, each.new) for each in found}


def test_a_new_channel_is_told_without_credentials() -> None:
    """All that it has is told, but for the values of credentials and the path of its URL."""
    found = told(Step("channel", "ops", None, CHANNEL))
    assert found["spec.headers.X-Api-Key"] == (None, "***")
    assert found["spec.url"] == (None, "https://example.com/***")
    assert "canary" not in repr(found)


def test_a_reference_is_told_by_name() -> None:
    """An id means nothing to who reads a plan."""
    step = Step("rule", "r", RULE, replace(RULE, channel_id="other"))
    assert told(step) == {"channel": (f"the channel {CHANNEL.id}", "the channel other")}
    assert step.changed() == {"channel_id"}


def test_only_what_is_configured_counts() -> None:
    """Times, the set and the key are no difference."""
    other = replace(RULE, updated_at="2027", managed=Managed("prod", "r"))
    assert not Step("rule", "r", RULE, other).is_needed
    assert Step("channel", "c", CHANNEL, CHANNEL, credentials=("spec.headers.X-Api-Key",)).is_needed
    assert not Step("mute", "m", None, None).is_needed


def test_order() -> None:
    """What others refer to comes first, and is deleted last."""
    steps = [
        Step("channel", "old", CHANNEL, None),
        Step("mute", "m", None, MUTE),
        Step("rule", "old", RULE, None),
        Step("rule", "r", None, RULE),
        Step("channel", "c", None, CHANNEL),
    ]
    assert [(step.action, step.kind) for step in in_order(steps)] == [
        ("create", "channel"),
        ("create", "rule"),
        ("create", "mute"),
        ("delete", "rule"),
        ("delete", "channel"),
    ]


def test_the_same_mute() -> None:
    """A mute is the same if it keeps back the same as long, whoever made and ended it."""
    assert is_same_mute(MUTE, replace(MUTE, id="m-2", created_at="2027", ended_at="2027"))
    assert not is_same_mute(MUTE, replace(MUTE, hold=True))


def test_of_mutes_with_one_key_the_newest_counts() -> None:
    """An older one that is not over is left of an interrupted replacement; one that is over is history."""
    younger = replace(MUTE, id="m-2", created_at="2026-01-02T00:00:00.000000Z")
    over = replace(MUTE, id="m-0", created_at="2025-01-01T00:00:00.000000Z", ended_at="2025-02-01")
    members = [Member("mute", "m", each, 1) for each in (younger, over, MUTE)]
    stored = StoredSet("prod", members, "2026-06-01")
    assert stored.get("mute", "m") == younger
    assert [member.id for member in stored.left] == ["m-1"]
    assert [member.id for member in stored.lacking("mute", ())] == ["m-2"]


@pytest.mark.parametrize(
    ("message", "place"),
    [
        ("where: share: is no field", ("rules", "r", "where")),
        ("condition: share: is no field", ("rules", "r", "where")),
        ("channel_id: there is no channel", ("rules", "r", "channel")),
        ("digest.by.0: is wrong", ("rules", "r", "digest", "by", 0)),
        ("nothing: is a member", ("rules", "r", "message_template")),
        ("It is wrong", ("rules", "r", "message_template")),
    ],
)
def test_where_a_fault_is(message: str, place: tuple[Any, ...]) -> None:
    """A check's message may begin with what a request calls the member; a document may call it otherwise."""
    faults = Faults()
    names = {"where": "where", "condition": "where", "channel_id": "channel", "digest": "digest"}
    with faults.at(("rules", "r"), names, ("message_template",)):
        raise InvalidRequest(message)
    with pytest.raises(ConfigurationFaults) as found:
        faults.require_none()
    assert found.value.data is not None
    assert found.value.data["errors"][0]["loc"] == [*place]


def test_rules_in_the_way_are_named() -> None:
    """A conflict with rules says which they are, and why."""
    faults = Faults()
    with faults.at(("channels", "c")):
        raise RuleConflict("1 rule(s) do not fit", {"rules": [{"id": "i", "name": "n", "msg": "no JSON"}]})
    with pytest.raises(ConfigurationFaults, match=r"channels\.c: 1 rule\(s\) do not fit: n \(i\): no JSON"):
        faults.require_none()


def test_what_is_away_is_no_fault() -> None:
    """An outage is told as such."""
    with pytest.raises(Unavailable), Faults().at(("channels", "c")):
        raise Unavailable("DynamoDB failed")
