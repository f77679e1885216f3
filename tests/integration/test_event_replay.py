"""Recorded events go through a rule that was made later, each once."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from unittest.mock import patch

import pytest

from local.receiver import Receiver
from notifications.core.model import Rule
from notifications.core.records import DeliveryRecord
from notifications.core.values import replace
from notifications.store.records import RecordStore
from tests.cloud import pipeline as made
from tests.cloud.gateway import Answer, call
from tests.cloud.pipeline import DATA, PAST, Death, Pipeline, add_channel, add_rule, document
from tests.cloud.services import services
from tests.integration.flapping import Flapping, endpoint, suspend
from tests.integration.flapping import rule as suspendable
from tests.integration.recorded import at_minute, event
from tests.integration.test_sweeper import sweep_later

pytestmark = pytest.mark.usefixtures("cloud")

__all__ = ["endpoint", "suspendable"]

ALL = {"since": "2026-01-01T00:00:00Z"}
COUNTS = (
    "searched",
    "unreadable",
    "matched",
    "replayed",
    "observed",
    "already",
    "dispatching",
    "skipped",
    "failed",
)


def keep(*numbers: int, kind: str = "session.started", **changes: Any) -> None:
    """Record events, one a minute; their session's name has their number."""
    services().events.put_ended(
        [
            event(
                id=f"e-{number}",
                rule_type=kind,
                created_at=at_minute(number),
                **{"document": text(number), **changes},
            )
            for number in numbers
        ]
    )


def text(number: int) -> str:
    """Write an event's document."""
    return json.dumps(document(f"e-{number}", DATA | {"session_name": f"n-{number % 3}"}))


def ask(rule: Rule, **body: Any) -> Answer:
    """Ask for one page."""
    return call("POST", f"/notifications/rules/{rule.id}/replay", ALL | body)


def replay(rule: Rule, **body: Any) -> dict[str, int]:
    """Ask for all pages; return the sums of their counts that are not zero."""
    counts = dict.fromkeys(COUNTS, 0)
    cursor = None
    while True:
        answer = ask(rule, cursor=cursor, **body)
        assert answer.status == 200, answer.text
        counts = {name: counts[name] + answer.json[name] for name in COUNTS}
        if (cursor := answer.json["next"]) is None:
            return {name: count for name, count in counts.items() if count}


def ids(receiver: Receiver) -> list[str]:
    """Name the messages that came."""
    return [request.headers["webhook-id"] for request in receiver.received]


def test_each_goes_out_once(pipeline: Pipeline, receiver: Receiver) -> None:
    """Events that meet the condition are sent with their own ids, and not again when it is repeated."""
    keep(*range(9))
    rule = add_rule(add_channel(receiver.url), condition={"session_name": ["n-1", "n-2"]})
    assert replay(rule) == {"searched": 9, "matched": 6, "replayed": 6}
    pipeline.drain()
    assert sorted(ids(receiver)) == [f"e-{number}_{rule.id}" for number in range(9) if number % 3]
    assert replay(rule) == {"searched": 9, "matched": 6, "already": 6}
    assert pipeline.take("delivery") == []


def test_only_what_is_asked_for(receiver: Receiver) -> None:
    """Time range, clauses and the rule's type hold together; the pages are in the order of recording."""
    keep(*range(9))
    keep(20, 21, kind="session.terminated")
    rule = add_rule(add_channel(receiver.url))
    wanted = {"since": at_minute(2), "until": at_minute(8), "where": ["session_name=n-2", "status=RUNNING"]}
    assert replay(rule, **wanted) == {"searched": 6, "matched": 2, "replayed": 2}
    assert {each.event_id for each in recorded(rule)} == {"e-2", "e-5"}


def test_a_clause_that_no_event_can_meet(receiver: Receiver) -> None:
    """A mistyped field is refused with the nearest one; it is not that no event meets the clause."""
    told = ask(add_rule(add_channel(receiver.url)), where=["sesion_name=n-2"])
    assert told.status == 400
    assert "'sesion_name' is not a field of session.started; the nearest is 'session_name'" in told.text


def test_what_was_unmatched_is_listed(receiver: Receiver) -> None:
    """A delivery of an event that was unmatched when it was dispatched is in every list."""
    keep(1, status="unmatched")
    rule = add_rule(add_channel(receiver.url))
    assert replay(rule)["replayed"] == 1
    for query in ("", f"?rule={rule.id}", f"?channel={rule.channel_id}", "?event=e-1", "?status=pending"):
        found = call("GET", f"/notifications/deliveries{query}").json["deliveries"]
        assert [each["id"] for each in found] == [f"e-1_{rule.id}"], query
    assert call("GET", "/notifications/events/e-1").json["event"]["counts"] == {"pending": 1}


def recorded(rule: Rule) -> list[DeliveryRecord]:
    """Read the deliveries of a rule, with all that is recorded of them."""
    found = call("GET", f"/notifications/deliveries?rule={rule.id}&limit=1000").json["deliveries"]
    return [services().records.delivery(each["id"]) for each in found]


def test_a_dry_run_counts_only(pipeline: Pipeline, receiver: Receiver) -> None:
    """A dry run says what would be done, and neither writes nor sends."""
    keep(*range(3))
    rule = add_rule(add_channel(receiver.url))
    assert replay(rule, dry_run=True) == {"searched": 3, "matched": 3, "replayed": 3}
    assert (recorded(rule), pipeline.take("delivery")) == ([], [])


@pytest.mark.parametrize(
    ("changes", "status", "count"),
    [
        ({}, "pending", "replayed"),
        ({"observe": True}, "observed", "observed"),
        ({"message_template": " "}, "skipped", "skipped"),
        ({"message_template": "{{ 1 // 0 }}"}, "failed", "failed"),
    ],
)
def test_it_is_recorded_as_a_dispatcher_would(
    pipeline: Pipeline, changes: dict[str, Any], status: str, count: str
) -> None:
    """A replayed delivery has the record that a dispatcher makes when it has no time to send by itself."""
    channel = add_channel("https://192.0.2.1/")
    first = add_rule(channel, **changes)
    pipeline.dispatch(document(), seconds=1)
    later = add_rule(channel, **changes)
    assert replay(later)[count] == 1
    dispatched, replayed = timeless(made.delivery(first)), timeless(made.delivery(later))
    assert replayed.status == status
    assert replayed == replace(dispatched, rule_id=later.id)
    assert made.delivery(later).created_at == made.event().created_at


def timeless(record: DeliveryRecord) -> DeliveryRecord:
    """Leave out of a record when it was written, and say of its next attempt only how it is looked for."""
    if record.next_attempt_at is not None and record.look_at is not None:
        look_at = PAST + (record.look_at - record.next_attempt_at)
        record = replace(record, next_attempt_at=PAST, look_at=look_at)
    return replace(record, created_at="", updated_at="")


def test_interrupted_and_repeated(
    pipeline: Pipeline, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a death between record and hint the sweeper sends what was recorded, the next replay the rest."""
    keep(*range(25))
    rule = add_rule(add_channel(receiver.url))
    inserted = RecordStore.insert
    done: list[str] = []

    def dying(store: RecordStore, record: DeliveryRecord) -> bool:
        if len(done) == 17:
            raise Death
        done.append(record.event_id)
        return inserted(store, record)

    with patch.object(RecordStore, "insert", dying), pytest.raises(Death):
        ask(rule)
    assert len(recorded(rule)) == 17
    assert replay(rule) == {"searched": 25, "matched": 25, "already": 17, "replayed": 8}
    pipeline.drain()
    assert len(ids(receiver)) == 18  # the hints of seven died with the process
    assert sweep_later(pipeline, monkeypatch, timedelta(minutes=3))["deliveries"] == 7
    pipeline.drain()
    assert sorted(ids(receiver)) == sorted(f"e-{number}_{rule.id}" for number in range(25))


def test_two_at_once(pipeline: Pipeline, receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two replays that see the same events record each delivery once, and count the other's as there."""
    keep(*range(12))
    rule = add_rule(add_channel(receiver.url))
    monkeypatch.setattr(RecordStore, "which_recorded", lambda *_: set())  # neither sees the other's
    with ThreadPoolExecutor(2) as pool:
        both = [*pool.map(lambda _: replay(rule), range(2))]
    assert sum(each.get("replayed", 0) for each in both) == 12
    assert sum(each.get("already", 0) for each in both) == 12
    pipeline.drain()
    assert sorted(ids(receiver)) == sorted(f"e-{number}_{rule.id}" for number in range(12))


def test_a_suspended_channel_holds(pipeline: Pipeline, suspendable: Rule, endpoint: Flapping) -> None:
    """What is replayed to a suspended channel is held, and sent when the suspension ends."""
    suspend(pipeline, suspendable)
    requests = endpoint.count
    keep(1, 2)
    rule = add_rule(services().channels.get(suspendable.channel_id))
    assert replay(rule, since=at_minute(0), until=at_minute(5)) == {
        "searched": 2,
        "matched": 2,
        "replayed": 2,
    }
    pipeline.drain()
    assert [each.status for each in recorded(rule)] == ["held", "held"]
    assert endpoint.count == requests
    endpoint.up = True
    assert call("POST", f"/notifications/channels/{rule.channel_id}/resume").status == 200
    pipeline.drain()
    assert [each.status for each in recorded(rule)] == ["delivered", "delivered"]


def test_what_is_dispatched_anew_is_left_to_its_dispatcher(pipeline: Pipeline, receiver: Receiver) -> None:
    """An event that waits for a dispatcher gets the rule's delivery from it, and no second one."""
    keep(1)
    rule = add_rule(add_channel(receiver.url))
    assert call("POST", "/notifications/events/e-1/dispatch").status == 202
    assert replay(rule) == {"searched": 1, "matched": 1, "dispatching": 1}
    pipeline.dispatch(text(1))
    assert replay(rule) == {"searched": 1, "matched": 1, "already": 1}
    pipeline.drain()
    assert ids(receiver) == [f"e-1_{rule.id}"]
