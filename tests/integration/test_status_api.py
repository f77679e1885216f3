"""The service's status: channels, counts and queues as they are, and in words what is not well."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from notifications.core.attempt_summary import AttemptSummary
from notifications.core.model import timestamp
from notifications.store import recent
from service_api import status as module
from tests.cloud.aws import ENVIRONMENT, client
from tests.cloud.gateway import KEYS_OF_ROLES, call
from tests.cloud.services import services
from tests.integration.channels import create
from tests.integration.flapping import set_health
from tests.integration.muted import mute
from tests.integration.recorded import delivery, event

pytestmark = pytest.mark.usefixtures("cloud")

STATUS = "/notifications/status"
RULE_ID = "8d1c7a54-3b0e-4f5a-9c1d-2f6e8b7a77aa"


def ago(**time: float) -> str:
    """Return the timestamp of so long ago."""
    return timestamp(datetime.now(UTC) - timedelta(**time))


def record(channel_id: str, status: str, age: float, number: int = 0, **more: Any) -> None:
    """Keep a delivery that was made so many minutes ago."""
    made = ago(minutes=age)
    event_id = f"e-{status}-{age}-{number}"
    values = {"created_at": made, "updated_at": made, **more}
    services().records.put_many([delivery(event_id=event_id, channel_id=channel_id, status=status, **values)])


def asked() -> Any:
    """Ask for the status as a viewer."""
    answer = call("GET", STATUS, key=KEYS_OF_ROLES["viewer"])
    assert answer.status == 200, answer.text
    return answer.json


def test_nothing_there() -> None:
    """Without channels and records the service is well, and everything is empty."""
    found = asked()
    assert (found["well"], found["problems"], found["channels"]) == (True, [], [])
    assert (found["deliveries"]["hour"], found["deliveries"]["day"]) == ({}, {})
    assert (found["events"]["hour"], found["events"]["day"]) == ({}, {})
    assert (found["overdue_seconds"], found["overdue"]) == (0, None)
    names = ["events", "deliveries", "slow", "dead_events", "dead_hints"]
    nothing = {"waiting": 0, "in_flight": 0, "delayed": 0, "oldest_age_seconds": 0, "age_measured_at": None}
    assert found["queues"] == [{"name": name, **nothing} for name in names]
    assert found["service_version"] == "0.1.0"


def test_deliveries_by_channel() -> None:
    """Deliveries are counted by channel and status, of one hour and of one day, with the last success."""
    busy, idle = str(create("Busy")["id"]), str(create("Idle")["id"])
    for number, age in enumerate((5, 6, 70, 23 * 60, 25 * 60)):
        record(busy, "delivered", age, number)
    record(busy, "skipped", 10)
    found = {channel["name"]: channel for channel in asked()["channels"]}
    counts = found["Busy"]["deliveries"]
    assert counts["hour"] == {"delivered": 2, "skipped": 1}
    assert counts["day"] == {"delivered": 4, "skipped": 1}
    success = datetime.fromisoformat(found["Busy"]["last_success_at"])
    assert timedelta(minutes=5) <= datetime.now(UTC) - success < timedelta(minutes=6)
    assert found["Idle"]["id"] == idle
    assert (found["Idle"]["last_success_at"], found["Idle"]["deliveries"]["day"]) == (None, {})
    assert asked()["deliveries"]["day"] == {"delivered": 4, "skipped": 1}


def test_minutes() -> None:
    """The last three hours are counted by minutes, of all channels; what is empty or older is left out."""
    first, second = str(create("First")["id"]), str(create("Second")["id"])
    minute = ago(minutes=30)
    for number, (channel, status) in enumerate(
        ((first, "delivered"), (first, "delivered"), (second, "failed"))
    ):
        record(channel, status, 30, number, created_at=minute)
    record(second, "delivered", 90)
    record(second, "delivered", 200)
    services().events.put_many(
        [event(id="e1", status="unmatched", created_at=ago(minutes=90), document="{}")]
    )
    later, earlier = {"delivered": 2, "failed": 1}, {"delivered": 1}
    minutes = asked()["minutes"]
    assert [minute["deliveries"] for minute in minutes if minute["deliveries"]] == [earlier, later]
    assert [minute["events"] for minute in minutes if minute["events"]] == [{"unmatched": 1}]
    assert all(minute["at"].endswith(":00.000000Z") for minute in minutes)
    assert minutes[0]["at"] > ago(hours=3)


def test_events_are_counted() -> None:
    """Events are counted by status."""
    for number, (status, age) in enumerate((("dispatched", 5), ("unmatched", 90), ("dispatched", 26 * 60))):
        made = ago(minutes=age)
        services().events.put_many(
            [event(id=f"e{number}", status=status, created_at=made, updated_at=made, document="{}")]
        )
    found = asked()
    assert found["events"]["hour"] == {"dispatched": 1}
    assert found["events"]["day"] == {"dispatched": 1, "unmatched": 1}
    assert found["well"]


def test_what_is_not_well() -> None:
    """Channels that are not well come first, with the reason; failures of the last hour are told."""
    create("Newest")
    unwell = str(create("Unwell")["id"])
    create("Newer")
    services().health.add_failures(unwell, AttemptSummary(100, 100, "status 503"), datetime.now(UTC))
    set_health(unwell, suspended_at=datetime.now(UTC), probe_at=datetime.now(UTC), probes=1)
    record(unwell, "failed", 5)
    record(unwell, "failed", 120)
    found = asked()
    assert not found["well"]
    assert found["channels"][0]["name"] == "Unwell"
    assert found["channels"][0]["state"] == "suspended"
    channel, failed = found["problems"]
    assert channel.startswith("The channel Unwell is suspended: 100 attempts failed in a row since ")
    assert failed == "1 delivery of the last hour failed for good"


def test_queues() -> None:
    """The queues' messages are counted; one in a dead letter queue is a problem."""
    sqs = client("sqs")
    sqs.send_message(QueueUrl=ENVIRONMENT["EVENT_QUEUE_URL"], MessageBody="{}")
    sqs.send_message(QueueUrl=ENVIRONMENT["SLOW_QUEUE_URL"], MessageBody="{}", DelaySeconds=600)
    sqs.send_message(QueueUrl=ENVIRONMENT["DEAD_LETTER_QUEUE_URL"], MessageBody="{}")
    found = asked()
    counted = {queue.pop("name"): queue for queue in found["queues"]}
    unknown = {"oldest_age_seconds": None, "age_measured_at": None}
    assert counted["events"] == {"waiting": 1, "in_flight": 0, "delayed": 0, **unknown}
    assert counted["slow"] == {"waiting": 0, "in_flight": 0, "delayed": 1, **unknown}
    assert found["problems"] == ["1 event is in a dead letter queue"]
    assert found["causes"] == [{"kind": "dead_events", "count": 1, "channel_id": None}]


def test_overdue() -> None:
    """The delivery that is due for longest is named, and tells for how long nobody has looked at it."""
    channel = str(create()["id"])
    due = datetime.now(UTC) - timedelta(minutes=20)
    record(channel, "pending", 30, rule_id=RULE_ID, look_at=due, next_attempt_at=due)
    record(channel, "pending", 20, look_at=due + timedelta(minutes=15), next_attempt_at=due)
    found = asked()
    assert 1200 <= found["overdue_seconds"] < 1300
    named = {"event_id": "e-pending-30-0", "delivery_id": f"e-pending-30-0_{RULE_ID}"}
    assert found["overdue"] == {"since": timestamp(due), **named}
    assert found["problems"] == ["Something has been due for more than 15 minutes, and nothing looks at it"]


def test_an_overdue_event() -> None:
    """An event whose dispatcher died is named without a delivery."""
    due = datetime.now(UTC) - timedelta(minutes=20)
    services().records.put_many([event(id="e-1", status="dispatching", lease=due, look_at=due)])
    assert asked()["overdue"] == {"since": timestamp(due), "event_id": "e-1", "delivery_id": None}


@pytest.mark.parametrize(("name", "rows"), [("ROWS_OF_A_PARTITION", 2), ("ROWS", 8)])
def test_many_records(monkeypatch: pytest.MonkeyPatch, name: str, rows: int) -> None:
    """Of very many records the newest are counted, and it is said from when on all of them are."""
    monkeypatch.setattr(recent, name, rows)
    channel = str(create()["id"])
    for number in range(40):
        record(channel, "delivered", 2 * number, number)
    counts = asked()["deliveries"]
    since = datetime.fromisoformat(counts["since"])
    newer = sum(datetime.fromisoformat(ago(minutes=2 * number)) > since for number in range(40))
    assert datetime.now(UTC) - since < timedelta(hours=1)
    assert 2 <= counts["day"]["delivered"] <= newer + 1
    assert counts["hour"] == counts["day"]
    assert all(minute["at"] > counts["since"] for minute in asked()["minutes"])


def test_many_channels(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of more channels than are counted, the others are told with their state only."""
    monkeypatch.setattr(module, "MAX_CHANNELS", 1)
    create("First")
    create("Second")
    found = asked()["channels"]
    assert [channel["deliveries"] is None for channel in found] == [False, True]


def test_parameters_are_refused() -> None:
    """A parameter that the route does not have is an error, as elsewhere."""
    assert call("GET", f"{STATUS}?since=1h").status == 400


def test_mutes_in_force() -> None:
    """The mutes that are in force are told, and no others; they are no problem."""
    now = datetime.now(UTC)
    ended = mute(reason="Over", until=timestamp(now - timedelta(minutes=1)))
    open_ = mute(reason="Upgrade", until=timestamp(now + timedelta(hours=1)), rule_type="session.started")
    assert ended.id != open_.id
    found = asked()
    assert found["well"]
    assert [(one["id"], one["reason"], one["until"], one["rule_type"]) for one in found["mutes"]] == [
        (open_.id, "Upgrade", open_.until, "session.started")
    ]
    assert (found["mutes"][0]["condition"], found["mutes"][0]["where"]) == (None, None)


def test_a_mute_of_some_events_is_not_one_of_all() -> None:
    """A mute that only has a condition is told with it, so that nobody takes it for one of everything."""
    mute(
        reason="Batch",
        until=timestamp(datetime.now(UTC) + timedelta(hours=1)),
        condition={"status": ["ERROR"]},
    )
    (told,) = asked()["mutes"]
    assert (told["condition"], told["where"]) == ({"status": ["ERROR"]}, ["status=ERROR"])
