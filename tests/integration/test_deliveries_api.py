"""The routes of deliveries, through the real handler."""

from uuid import UUID, uuid4

import pytest

from notifications.core.records import DeliveryRecord
from tests.cloud.gateway import call
from tests.cloud.services import services
from tests.integration import recorded
from tests.integration.recorded import at_minute, delivery, event, pending
from tests.samples import configuration as samples

pytestmark = pytest.mark.usefixtures("cloud")

DELIVERIES = "/notifications/deliveries"
INVALID = (400, "generic-bad-request", "api_parsing_invalid-parameters")
UNKNOWN = (404, "entity-not-found", "database_access_not-found")


def keep(record: DeliveryRecord) -> DeliveryRecord:
    """Keep a delivery, and the record of its event."""
    services().records.put_many([record])
    services().events.put_ended([event(id=record.event_id, created_at=record.created_at)])
    return record


def test_info() -> None:
    """A delivery is shown with its message and its attempts, and without what is nobody's business."""
    record = keep(
        pending(
            message="m ü", subject="s", attempts=(recorded.ATTEMPT,), attempt_count=13, tries=1, revision=4
        )
    )
    answer = call("GET", f"{DELIVERIES}/{record.id}")
    assert answer.status == 200
    assert answer.json == {
        "delivery": {
            "id": f"{record.event_id}_{record.rule_id}",
            "event_id": record.event_id,
            "rule_id": record.rule_id,
            "channel_id": record.channel_id,
            "rule_type": "session.started",
            "status": "pending",
            "reason": "status 503",
            "error_class": "status",
            "attempt_count": 13,
            "next_attempt_at": samples.TIMESTAMP,
            "created_at": samples.TIMESTAMP,
            "updated_at": samples.TIMESTAMP,
            "message": "m ü",
            "subject": "s",
            "mute_id": None,
            "digest_id": None,
            "attempts": [
                {
                    "at": samples.TIMESTAMP,
                    "seconds": 0.25,
                    "status": 503,
                    "error_class": "status",
                    "error": "The receiver answered with status 503: busy",
                    "method": "POST",
                    "url": "https://example.com/***",
                    "headers": {"Authorization": "***", "webhook-id": "w"},
                    "response": "busy",
                    "response_cut": False,
                    "recipients": {},
                }
            ],
        }
    }


@pytest.mark.parametrize("event_id", ["e", "-_-", "A" * 128, "a_b_c", "_"])
def test_ids_of_events(event_id: str) -> None:
    """An event's id may be of letters, digits, hyphens and underscores; its delivery is found by it."""
    record = keep(delivery(event_id=event_id))
    assert call("GET", f"{DELIVERIES}/{record.id}").json["delivery"]["event_id"] == event_id
    (found,) = call("GET", f"{DELIVERIES}?event={event_id}").json["deliveries"]
    assert found["id"] == record.id


@pytest.mark.parametrize("delivery_id", ["x", "_", "e_1", f"e_{UUID(int=7)}", "~" * 300, "x" * 3_000, "%20"])
def test_unknown(delivery_id: str) -> None:
    """What no delivery is named is not found, and cannot be retried."""
    assert call("GET", f"{DELIVERIES}/{delivery_id}").kind == UNKNOWN
    assert call("POST", f"{DELIVERIES}/{delivery_id}/retry", {}).kind == UNKNOWN


def test_list() -> None:
    """Deliveries are listed newest first, a page at a time, by what the query says."""
    channel_id, rule_id = str(uuid4()), str(uuid4())
    records = [
        keep(
            delivery(
                channel_id=channel_id,
                rule_id=rule_id,
                status=("failed", "held")[number % 2],
                created_at=at_minute(number),
            )
        )
        for number in range(6)
    ]
    keep(delivery(created_at=at_minute(-1)))
    newest_first = [record.id for record in reversed(records)]
    first = call("GET", f"{DELIVERIES}?channel={channel_id}&limit=4").json
    rest = call("GET", f"{DELIVERIES}?channel={channel_id.upper()}&limit=4&cursor={first['next']}").json
    assert [found["id"] for found in first["deliveries"] + rest["deliveries"]] == newest_first
    assert rest["next"] is None

    def ids(query: str) -> list[str]:
        return [found["id"] for found in call("GET", f"{DELIVERIES}?{query}").json["deliveries"]]

    assert len(call("GET", DELIVERIES).json["deliveries"]) == 7
    assert ids("status=held") == newest_first[::2]
    assert ids(f"rule={rule_id}&status=failed") == newest_first[1::2]
    assert ids(f"since={at_minute(1)}&until={at_minute(3)}") == newest_first[3:5]
    assert "message" not in call("GET", DELIVERIES).json["deliveries"][0]


@pytest.mark.parametrize(
    "since",
    [
        "2026-01-15T10:30:00Z",
        "2026-01-15T10%3A30%3A00.000000%2B00%3A00",
        "2026-01-15T19:30:00%2B09:00",
        "2026-01-15T05:30-05:00",
        "2026-01-15T10:30",
        "20260115T103000Z",
    ],
)
def test_forms_of_a_time(since: str) -> None:
    """A time is ISO 8601 with any offset; one without is UTC."""
    keep(delivery(created_at=at_minute(-1)))
    record = keep(delivery(created_at=at_minute(0)))
    (found,) = call("GET", f"{DELIVERIES}?since={since}").json["deliveries"]
    assert found["id"] == record.id


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("limit", "0"),
        ("limit", "1001"),
        ("limit", "many"),
        ("status", "lost"),
        ("status", ""),
        ("channel", "x"),
        ("rule", "1"),
        ("event", "a.b"),
        ("event", "x" * 129),
        ("since", "yesterday"),
        ("since", ""),
        ("until", "1768473000"),
        ("until", "2026-01-15T10:30:00+09:00"),
        ("until", "0001-01-01T00:00%2B09:00"),
        ("cursor", "x"),
        ("cursor", ""),
    ],
)
def test_bad_parameter(name: str, value: str) -> None:
    """A parameter that says nothing usable is refused by its name."""
    answer = call("GET", f"{DELIVERIES}?{name}={value}")
    assert answer.kind == INVALID
    assert name in answer.json["msg"]
