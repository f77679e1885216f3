"""How channels' receivers are, and how a suspension ends, through the real handler."""

import json
from datetime import timedelta
from typing import Any

import pytest

from notifications.core.attempt_summary import AttemptSummary
from notifications.core.channel_health import Health
from notifications.core.rule_types import BUILT_IN
from tests.cloud import values
from tests.cloud.aws import ENVIRONMENT, client
from tests.cloud.gateway import call
from tests.cloud.services import services
from tests.integration.channels import CHANNELS, V2_CHANNELS, create, get
from tests.integration.flapping import set_health
from tests.integration.recorded import START, delivery

pytestmark = pytest.mark.usefixtures("cloud")

INVALID = (400, "generic-bad-request", "api_parsing_invalid-parameters")
UNKNOWN = (404, "entity-not-found", "database_access_not-found")
SPEC = {"url": "https://example.com/hook"}
OTHER = {"url": "https://example.com/other"}


def suspended(channel_id: str) -> None:
    """Suspend a channel."""
    services().health.add_failures(channel_id, AttemptSummary(100, 100, "status 503"), START)
    set_health(channel_id, suspended_at=START, probe_at=START + timedelta(minutes=1), probes=1)


def gone(**more: Any) -> str:
    """Make a channel whose receiver has answered 410."""
    channel_id = str(create(enabled=False, **more)["id"])
    set_health(channel_id, gone=True, reason="status 410")
    return channel_id


def releases() -> list[Any]:
    """Take what is on the delivery queue."""
    found = client("sqs").receive_message(
        QueueUrl=ENVIRONMENT["DELIVERY_QUEUE_URL"], MaxNumberOfMessages=10, WaitTimeSeconds=0
    )
    return [json.loads(message["Body"]) for message in found.get("Messages", [])]


def releasing(channel_id: str) -> bool:
    """Tell whether a channel's suspension was ended, in its record and by a message."""
    known = services().health.get(channel_id)
    return (
        known is not None
        and known == Health(channel_id, releasing=True, slow=known.slow)
        and releases() == [{"release": channel_id, "last": False}]
    )


def test_state() -> None:
    """Each channel tells how its receiver is, and why, by itself and in a search."""
    channels = {
        name: create(name=name)["id"] for name in ("active", "slow", "failing", "suspended", "disabled")
    }
    set_health(channels["slow"], slow=True)
    services().health.add_failures(channels["failing"], AttemptSummary(2, 0, "status 500"), START)
    suspended(channels["suspended"])
    assert call("PATCH", f"{CHANNELS}/{channels['disabled']}", {"enabled": False}).status == 200
    channels["gone"] = gone(name="gone")
    failed = "attempts failed in a row since 2026-01-15T10:30:00Z; the last"
    expected = {
        "active": ("active", None),
        "slow": ("active", "answers after more than 2 s"),
        "failing": ("failing", f"2 {failed}: status 500"),
        "suspended": (
            "suspended",
            f"100 {failed}: status 503. Next probe at 2026-01-15T10:31:00Z",
        ),
        "disabled": ("disabled", None),
        "gone": ("disabled", "status 410"),
    }
    found = call("POST", f"{CHANNELS}/search", {}).json["channels"]
    assert {shown["name"]: (shown["state"], shown["state_reason"]) for shown in found} == expected
    for shown in found:
        alone = get(shown["id"])
        assert (alone["state"], alone["state_reason"]) == (shown["state"], shown["state_reason"])


def test_health() -> None:
    """A channel tells the numbers behind its state, and none if its receiver is well."""
    channel_id = str(create()["id"])
    assert get(channel_id)["health"] is None
    suspended(channel_id)
    expected = {
        "failures": 100,
        "first_failure_at": "2026-01-15T10:30:00.000000Z",
        "reason": "status 503",
        "suspended_at": "2026-01-15T10:30:00.000000Z",
        "probe_at": "2026-01-15T10:31:00.000000Z",
        "probes": 1,
        "releasing": False,
        "gone": False,
        "slow": False,
    }
    assert get(channel_id)["health"] == expected
    (found,) = call("POST", f"{CHANNELS}/search", {}).json["channels"]
    assert found["health"] == expected


@pytest.mark.parametrize("body", [None, {}])
def test_resume(body: object) -> None:
    """An operator ends a suspension, with a body or without; what is held is let out."""
    channel = create()
    suspended(channel["id"])
    answer = call("POST", f"{CHANNELS}/{channel['id']}/resume", body)
    shown = answer.json["channel"]
    assert (answer.status, shown.pop("health")["releasing"]) == (200, True)
    assert {**shown, "health": None} == channel
    assert releasing(channel["id"])


def test_resume_of_what_is_well() -> None:
    """To resume a channel that is well does nothing."""
    channel = create()
    assert call("POST", f"{CHANNELS}/{channel['id']}/resume").json["channel"] == channel
    assert services().health.get(channel["id"]) is None
    assert releases() == []


def test_resume_of_nothing() -> None:
    """A channel that is not there cannot be resumed, and nothing is remembered of it."""
    channel_id = "550e8400-e29b-41d4-a716-446655440000"
    suspended(channel_id)
    assert call("POST", f"{CHANNELS}/{channel_id}/resume").kind == UNKNOWN
    assert call("POST", f"{CHANNELS}/x/resume").kind == INVALID
    assert releases() == []


def test_a_body_is_still_needed_elsewhere() -> None:
    """Only where nothing need be said may the body be left out; one that is there must be JSON."""
    channel = create()
    assert call("POST", CHANNELS).status == 400
    assert call("PATCH", f"{CHANNELS}/{channel['id']}", "").status == 400
    assert call("POST", f"{CHANNELS}/{channel['id']}/resume", "{").status == 400


@pytest.mark.parametrize("changes", [{"spec": OTHER}, {"enabled": False}, {"enabled": True}])
def test_a_change_ends_a_suspension(changes: dict[str, Any]) -> None:
    """Whoever changes where a channel sends, or whether, ends its suspension."""
    channel = create()
    suspended(channel["id"])
    shown = call("PATCH", f"{CHANNELS}/{channel['id']}", changes).json["channel"]
    assert shown["state"] == ("active" if shown["enabled"] else "disabled")
    assert releasing(channel["id"])


@pytest.mark.parametrize("changes", [{"name": "m"}, {"description": "d"}, {"retry": "fast"}, {}])
def test_other_changes_leave_a_suspension(changes: dict[str, Any]) -> None:
    """What does not touch the receiver does not end a suspension."""
    channel = create()
    suspended(channel["id"])
    assert call("PATCH", f"{CHANNELS}/{channel['id']}", changes).json["channel"]["state"] == "suspended"
    assert releases() == []


def test_v2_change_ends_a_suspension() -> None:
    """The v2 routes end a suspension too."""
    channel = create()
    suspended(channel["id"])
    body = {"spec": {"webhook": OTHER}}
    assert call("PATCH", f"{V2_CHANNELS}/{channel['id']}", body).status == 200
    assert releasing(channel["id"])


@pytest.mark.parametrize("v2", [False, True])
def test_deletion_ends_a_suspension(*, v2: bool) -> None:
    """With a channel goes its suspension: what is held is let out, to end as skipped."""
    channel = create()
    suspended(channel["id"])
    if v2:
        assert call("POST", f"{V2_CHANNELS}/delete", {"id": channel["id"]}).status == 200
    else:
        assert call("DELETE", f"{CHANNELS}/{channel['id']}").status == 200
    assert releasing(channel["id"])


def test_a_refused_deletion_leaves_a_suspension() -> None:
    """A channel that rules keep from being deleted stays suspended."""
    channel = values.channel()
    services().channels.create(channel)
    services().rules.create(values.rule(channel), BUILT_IN["session.started"])
    suspended(channel.id)
    assert call("DELETE", f"{CHANNELS}/{channel.id}").status == 409
    assert get(channel.id)["state"] == "suspended"


def test_a_channel_that_was_gone_is_enabled() -> None:
    """Why a channel is disabled is told until it is enabled again, and then forgotten."""
    channel_id = gone()
    path = f"{CHANNELS}/{channel_id}"
    for changes in ({"name": "m"}, {"spec": OTHER}):
        assert call("PATCH", path, changes).json["channel"]["state_reason"] == "status 410"
    assert call("POST", f"{path}/resume").json["channel"]["state_reason"] == "status 410"
    shown = call("PATCH", path, {"enabled": True}).json["channel"]
    assert (shown["state"], shown["state_reason"]) == ("active", None)
    assert call("PATCH", path, {"enabled": False}).json["channel"]["state_reason"] is None


def test_what_is_held_goes_out() -> None:
    """After a resumption all that was held waits to be sent, and nothing is remembered of the channel."""
    from redeliverer.release import release  # noqa: PLC0415

    channel = create()
    suspended(channel["id"])
    held = delivery(status="held", channel_id=channel["id"], message="m")
    services().records.put_many([held])
    assert call("POST", f"{CHANNELS}/{channel['id']}/resume").status == 200
    release(
        services().records, services().health_keeper, services().delivery_queues, channel["id"], last=False
    )
    assert services().records.delivery(held.id).status == "pending"
    release(
        services().records, services().health_keeper, services().delivery_queues, channel["id"], last=True
    )
    assert services().health.get(channel["id"]) is None
