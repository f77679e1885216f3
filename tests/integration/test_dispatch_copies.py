"""A copy of an event changes nothing of what is recorded, whatever it says and whatever happened since."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from local.receiver import Receiver
from notifications.core import event_records
from notifications.core.event_records import EventRecord
from notifications.core.model import Rule
from tests.cloud import pipeline as made
from tests.cloud.pipeline import DATA, PAST, Pipeline, add_channel, add_rule, document
from tests.cloud.services import services
from tests.cloud.values import USED_UP

OWN: dict[str, Any] = {"detail-type": USED_UP.name}
HARMLESS: list[Any] = [
    document(),
    document("e-1", {}),
    document("e-1", source="somebody.else"),
    document("e-1", **{"detail-type": "no.such.type"}),
    document("e-1", {"x": "y" * 300_000}),
    {"id": "e-1"},
]


@pytest.mark.parametrize("receives", [1, 2], ids=["a copy", "the same message"])
@pytest.mark.parametrize("copy", HARMLESS, ids=["same", "misfit", "source", "type", "large", "malformed"])
@pytest.mark.parametrize("lease", [None, timedelta(seconds=30)], ids=["ended", "running"])
def test_copies(
    pipeline: Pipeline, receiver: Receiver, copy: Any, receives: int, lease: timedelta | None
) -> None:
    """What is dispatched, and what somebody has in hand, stays word for word as it is.

    A copy of what somebody has in hand comes again, because that may yet come to nothing.
    """
    rule = add_rule(add_channel(receiver.url))
    pipeline.dispatch(document())
    record = made.event()
    if lease is not None:
        until = datetime.now(UTC) + lease
        record = replace(record, status="dispatching", claims=1, lease=until, look_at=until)
        services().records.put_many([record])
    delivered = made.delivery(rule)
    back = [] if lease is None else [{"itemIdentifier": "m-0"}]
    assert pipeline.dispatch(copy, receives=receives) == {"batchItemFailures": back}
    assert made.event() == record
    assert made.delivery(rule) == delivered
    assert len(receiver.received) == 1


def _rules_deleted(rule: Rule) -> None:
    services().rules.delete(rule.id)


def _schema_changed(_rule: Rule) -> None:
    schema = {"type": "object", "required": ["new"], "properties": {"new": {"type": "string"}}}
    services().event_types.update(USED_UP.name, {"json_schema": schema}, 1)


def _rule_disabled(rule: Rule) -> None:
    services().rules.update(rule, {"enabled": False}, USED_UP)


@pytest.mark.parametrize("change", [_rules_deleted, _schema_changed, _rule_disabled])
@pytest.mark.parametrize("receives", [1, 2])
def test_after_a_change(
    pipeline: Pipeline, receiver: Receiver, change: Callable[[Rule], None], receives: int
) -> None:
    """An event that was dispatched stays so, though it would meet no rule now, or be refused."""
    services().event_types.create(USED_UP)
    channel = add_channel(receiver.url)
    rule = add_rule(channel, kind=USED_UP, message_template="{{ share }}")
    pipeline.dispatch(document("e-1", {"share": 0.9}, **OWN))
    record = made.event()
    assert record.status == "dispatched"
    change(rule)
    pipeline.dispatch(document("e-1", {"share": 0.9}, **OWN), receives=receives)
    assert made.event() == record
    assert len(receiver.received) == 1


@pytest.mark.parametrize("first", [document("e-1", {}), document("e-1", source="x"), document("e-1")])
def test_what_was_not_sent_is_not_sent_by_a_copy(
    pipeline: Pipeline, receiver: Receiver, first: dict[str, Any]
) -> None:
    """An event that was refused, or met no rule, is as it was when a copy comes that could be sent."""
    pipeline.dispatch(first)
    record = made.event()
    assert record.status in {"refused", "unmatched"}
    add_rule(add_channel(receiver.url))
    for receives in (1, 2):
        pipeline.dispatch(document(), receives=receives)
    assert made.event() == record
    assert receiver.received == []


@pytest.mark.parametrize("copy", HARMLESS[1:], ids=["misfit", "source", "type", "large", "malformed"])
@pytest.mark.parametrize("receives", [1, 2])
def test_what_a_dead_dispatcher_had_is_dispatched_as_it_was_recorded(
    pipeline: Pipeline, receiver: Receiver, copy: Any, receives: int
) -> None:
    """A claim that somebody died over is taken up with the document that was claimed, not with the copy's."""
    rule = add_rule(add_channel(receiver.url))
    at = "2026-01-15T10:30:00.000000Z"
    text = made.text(document())
    new = EventRecord("e-1", "session.started", "dispatching", None, text, at, at, at)
    assert services().events.insert([event_records.claimed(new, PAST, PAST)]).made
    pipeline.dispatch(copy, receives=receives)
    pipeline.dispatch(document(), receives=receives)
    assert [json.loads(request.text) for request in receiver.received] == [DATA["session_id"]]
    record = made.event()
    assert (record.status, record.document) == ("dispatched", text)
    assert made.delivery(rule).status == "delivered"


def test_a_rule_that_is_gone_when_a_dead_dispatchers_event_is_taken_up(
    pipeline: Pipeline, receiver: Receiver
) -> None:
    """What is recorded of it stays, and the event ends as dispatched, since something of it was."""
    rule = add_rule(add_channel(receiver.url))
    pipeline.dispatch(document())
    services().records.put_many(
        [replace(made.event(), status="dispatching", claims=1, lease=PAST, look_at=PAST)]
    )
    delivered = made.delivery(rule)
    services().rules.delete(rule.id)
    pipeline.dispatch(document(), receives=2)
    assert (made.event().status, made.event().claims) == ("dispatched", 2)
    assert made.delivery(rule) == delivered
