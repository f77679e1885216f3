"""Records of events and deliveries, whole or made by chance, that tests share."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from notifications.core.attempts import attempt, attempted
from notifications.core.delivery import Failure, Judgement, Outcome, Response, WebhookRequest
from notifications.core.event_records import EVENT_STATUSES, EventRecord
from notifications.core.model import Retry
from notifications.core.records import (
    DELIVERY_STATUSES,
    Attempt,
    DeliveryRecord,
)
from notifications.core.retries import MAX_DELAY_SECONDS, MAX_RETRIES, SCHEDULES
from tests.samples.configuration import TIMESTAMP

NOW = datetime(2026, 1, 15, 10, 30, tzinfo=UTC)
RULE_ID = "11111111-2222-4333-8444-555555555555"
CHANNEL_ID = "66666666-7777-4888-8999-aaaaaaaaaaaa"
REQUEST = WebhookRequest("POST", "https://example.com/hook", (("webhook-id", "m"),), b"m", 30)
FAILED = Judgement(delivered=False, error_class="status", reason="The receiver answered with status 500")

text = st.text(st.characters(exclude_categories=["Cs"]))
times = st.datetimes(timezones=st.just(UTC))
stamps = times.map(lambda time: time.isoformat(timespec="microseconds").replace("+00:00", "Z"))
schedules: st.SearchStrategy[Retry] = st.sampled_from(sorted(SCHEDULES)) | st.lists(
    st.integers(1, MAX_DELAY_SECONDS), max_size=MAX_RETRIES
).map(tuple)
ids = st.text("ABCxyz019_-", min_size=1)


def delivery(**changes: Any) -> DeliveryRecord:
    """Make the record of a delivery that was never tried."""
    values: dict[str, Any] = {
        "event_id": "event-1",
        "rule_id": RULE_ID,
        "channel_id": CHANNEL_ID,
        "rule_type": "session.started",
        "status": "pending",
        "reason": None,
        "created_at": TIMESTAMP,
        "updated_at": TIMESTAMP,
        "message": "m",
    }
    return DeliveryRecord(**(values | changes))


def event(**changes: Any) -> EventRecord:
    """Make the record of an event that met no rule."""
    values: dict[str, Any] = {
        "id": "event-1",
        "rule_type": "session.started",
        "status": "unmatched",
        "reason": None,
        "document": "{}",
        "timestamp": TIMESTAMP,
        "created_at": TIMESTAMP,
        "updated_at": TIMESTAMP,
        "listed": True,
    }
    return EventRecord(**(values | changes))


def after(record: DeliveryRecord, outcome: Outcome, retry: Retry, jitter: float = 0.0) -> DeliveryRecord:
    """Return a record after an attempt that failed with this outcome, or succeeded with status 200."""
    judgement = judgement_of(outcome)
    made, ended = attempt(REQUEST, outcome, judgement, NOW), NOW + timedelta(seconds=outcome.seconds)
    return attempted(record, made, judgement, outcome, retry, jitter, ended)


def judgement_of(outcome: Outcome) -> Judgement:
    """Judge as a channel with the default statuses does."""
    if isinstance(outcome, Failure):
        return Judgement(delivered=False, error_class=outcome.error_class, reason=outcome.message)
    if outcome.status == 200:
        return Judgement(delivered=True, error_class=None, reason="status 200")
    return replace(FAILED, reason=f"The receiver answered with status {outcome.status}")


outcomes: st.SearchStrategy[Outcome] = st.one_of(
    st.builds(
        Response,
        status=st.sampled_from([200, 301, 400, 404, 408, 410, 429, 500, 503]),
        body=st.binary(max_size=200),
        seconds=st.floats(0, 60),
        cut=st.booleans(),
        retry_after=st.none() | st.floats(0, 1e9),
    ),
    st.builds(
        Failure,
        error_class=st.sampled_from(["dns", "connect", "tls", "timeout", "protocol", "invalid"]),
        message=st.text(min_size=1),
        seconds=st.floats(0, 60),
    ),
)

attempts = st.builds(
    Attempt,
    at=stamps,
    seconds=st.floats(0, 60),
    status=st.none() | st.integers(100, 599),
    error_class=st.none() | text,
    error=st.none() | text,
    method=text,
    url=text,
    headers=st.dictionaries(text, text, max_size=3),
    response=st.none() | text,
    response_cut=st.booleans(),
)
event_records = st.builds(
    EventRecord,
    id=ids,
    rule_type=text,
    status=st.sampled_from(EVENT_STATUSES),
    reason=st.none() | text,
    document=text,
    timestamp=st.none() | stamps,
    created_at=stamps,
    updated_at=stamps,
    claims=st.integers(0, 9),
    lease=st.none() | times,
    look_at=st.none() | times,
    unrecorded=st.lists(ids, max_size=3).map(tuple),
    listed=st.just(True),
)


def _ended(record: DeliveryRecord) -> DeliveryRecord:
    return record if record.status == "pending" else replace(record, look_at=None)


delivery_records = st.builds(
    DeliveryRecord,
    event_id=ids,
    rule_id=st.uuids().map(str),
    channel_id=st.uuids().map(str),
    rule_type=text,
    status=st.sampled_from([status for status in DELIVERY_STATUSES if status != "held"]),
    reason=st.none() | text,
    created_at=stamps,
    updated_at=stamps,
    error_class=st.none() | text,
    message=st.none() | text,
    subject=st.none() | text,
    attempts=st.lists(attempts, max_size=3).map(tuple),
    attempt_count=st.integers(0, 99),
    tries=st.integers(0, 20),
    revision=st.integers(1, 999),
    next_attempt_at=st.none() | times,
    look_at=st.none() | times,
    manual=st.booleans(),
).map(_ended)
