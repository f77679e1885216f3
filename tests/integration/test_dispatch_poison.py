"""A batch survives its worst member: what kills a process is found out, and takes nobody along."""

import pytest

from local.receiver import Receiver
from notifications.core.event_records import MAX_CLAIMS, EventRecord, claimed
from notifications.core.model import Rule
from tests.cloud import pipeline as made
from tests.cloud.pipeline import Death, Pipeline, add_channel, add_rule, document
from tests.cloud.services import services
from tests.integration.dying import DEATHS, GOOD, POISON, Queue, die_planning

RECEIPTS = MAX_CLAIMS + 2
"""One that dies before any claim, those that die over it, and one that buries it."""


@pytest.mark.parametrize("position", [0, 5, 9])
@pytest.mark.parametrize("point", DEATHS)
def test_nine_good_ones_go_out(
    pipeline: Pipeline, receiver: Receiver, monkeypatch: pytest.MonkeyPatch, point: str, position: int
) -> None:
    """Wherever a process dies over one of ten, the nine are delivered at the third receipt at latest."""
    rule = add_rule(add_channel(receiver.url))
    DEATHS[point](monkeypatch, Death())
    queue = Queue(pipeline, [*GOOD[:position], POISON, *GOOD[position:]])
    for _ in range(3):
        queue.receive()
    assert {made.delivery(rule, event_id).status for event_id in GOOD} == {"delivered"}
    assert {made.event(event_id).status for event_id in GOOD} == {"dispatched"}


@pytest.mark.parametrize("point", DEATHS)
def test_the_tenth_is_a_dead_letter_before_the_queue_gives_it_up(
    pipeline: Pipeline, receiver: Receiver, monkeypatch: pytest.MonkeyPatch, point: str
) -> None:
    """What kills every dispatcher ends in the dead letter queue, with its document and the reason."""
    add_rule(add_channel(receiver.url))
    DEATHS[point](monkeypatch, Death())
    queue = Queue(pipeline, [*GOOD, POISON])
    for _ in range(RECEIPTS):
        queue.receive()
    assert queue.messages == []
    record = made.event(POISON)
    reason = "dispatching it ended without a result 3 times"
    assert (record.status, record.reason) == ("dead_letter", reason)
    assert record.document == made.text(document(POISON))
    (letter,) = pipeline.take("dead_letter")
    assert letter.body == document(POISON)
    counted = [request.headers["webhook-id"].startswith(POISON) for request in receiver.received]
    assert sum(counted) <= MAX_CLAIMS


def test_an_error_is_like_a_death(
    pipeline: Pipeline, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An event on which our own code fails harms no other either, and is a dead letter in the end."""
    rule = add_rule(add_channel(receiver.url))
    die_planning(monkeypatch, MemoryError())
    queue = Queue(pipeline, [*GOOD, POISON])
    queue.receive()
    assert {made.delivery(rule, event_id).status for event_id in GOOD} == {"delivered"}
    for _ in range(RECEIPTS - 1):
        try:
            queue.receive()
        except MemoryError:  # it is alone by now, and an invocation that does nothing counts as failed
            made.end_leases(POISON)
    assert made.event(POISON).status == "dead_letter"


def test_the_first_comers_go_out_before_those_that_came_before(
    pipeline: Pipeline, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a mixed batch, what comes for the first time is sent and recorded before a suspect is touched."""
    rule = add_rule(add_channel(receiver.url))
    die_planning(monkeypatch, Death())
    queue = Queue(pipeline, [POISON, *GOOD])
    queue.messages[0].receives = 1
    queue.receive()
    assert {made.delivery(rule, event_id).status for event_id in GOOD} == {"delivered"}
    assert made.event(POISON).claims == 1


def test_the_suspect_comes_last(
    pipeline: Pipeline, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of messages that came before, those on which nobody has died yet are first, whatever their order."""
    rule = add_rule(add_channel(receiver.url))
    queue = Queue(pipeline, [POISON, *GOOD])
    for message in queue.messages:
        message.receives = 1
    claim(POISON)
    die_planning(monkeypatch, Death())
    queue.receive()
    assert {made.delivery(rule, event_id).status for event_id in GOOD} == {"delivered"}
    assert made.event(POISON).claims == 2


def claim(event_id: str) -> None:
    """Leave the claim of a dispatcher that died."""
    body = made.text(document(event_id))
    new = EventRecord(event_id, "session.started", "dispatching", None, body, None, made.STAMP, made.STAMP)
    assert services().events.insert([claimed(new, made.PAST, made.PAST)]).made


def test_what_there_is_no_time_for_comes_again(pipeline: Pipeline, receiver: Receiver) -> None:
    """Without time left, what came before is not even claimed: a claim that comes to nothing would count."""
    rule: Rule = add_rule(add_channel(receiver.url))
    assert pipeline.dispatch(document(), seconds=5, receives=2)["batchItemFailures"]
    assert receiver.received == []
    pipeline.dispatch(document(), receives=3)
    assert made.delivery(rule).status == "delivered"
    assert made.event().claims == 1


def test_events_of_one_batch_are_planned_in_part_when_they_are_large(
    pipeline: Pipeline, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Events that are large together are not all in memory at the same time, and all are dispatched."""
    from dispatcher import dispatch  # noqa: PLC0415 - it makes clients, for moto to take over

    monkeypatch.setattr(dispatch, "BATCH_BYTES", 600)
    rule = add_rule(add_channel(receiver.url))
    with made.dynamodb_calls() as calls:
        pipeline.dispatch(*(document(event_id) for event_id in GOOD))
    assert {made.delivery(rule, event_id).status for event_id in GOOD} == {"delivered"}
    assert calls.count("BatchExecuteStatement") in range(4, 10)
