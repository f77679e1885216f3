"""Send deliveries all at once, record each attempt, and see to it that what failed is tried again."""

import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

from notifications.chance import chance
from notifications.core import delivery, outcomes, records
from notifications.core.delivery import Failure, Outcome, Request
from notifications.core.health import SLOW_SECONDS, Health
from notifications.core.records import DeliveryRecord
from notifications.delivering.outgoing import Lane, Outgoing, Way, patience, was_hurried, way
from notifications.delivering.wellness import Tallies, Wellness
from notifications.senders.queues import DeliveryQueues
from notifications.senders.sender import Sender
from notifications.store.dynamodb import BATCH_WRITE_SIZE
from notifications.store.records import RecordStore

OWN_PAUSE = timedelta(seconds=5)
"""How long a delivery waits for which this process had no descriptor or thread."""

KNOWN_SECONDS = 5.0
"""What is known of the channels' health is read again after a batch that took longer."""


class Deliverer:
    """Deliver. One for a process: connections are kept."""

    def __init__(
        self, sender: Sender, store: RecordStore, wellness: Wellness, queues: DeliveryQueues
    ) -> None:
        self._sender = sender
        self._store = store
        self._wellness = wellness
        self._queues = queues

    def deliver(
        self,
        outgoing: Sequence[Outgoing],
        *,
        lane: Lane,
        deadline: float,
        ended: Sequence[DeliveryRecord] = (),
    ) -> list[DeliveryRecord]:
        """Send and record; what can not be begun before ``deadline`` (monotonic) is left to the queue.

        ``ended`` is recorded together with what is sent. Returns all records as they are afterwards.

        Raises:
            Unavailable: DynamoDB did not take a record. What was sent and is not recorded is sent again.
        """
        known = self._wellness.known({item.channel.id for item in outgoing})
        book = _Book(self._store, self._queues, known)
        ways: dict[Way, list[Outgoing]] = {"send": [], "hold": [], "patient": []}
        for item in outgoing:
            ways[way(item, known.get(item.channel.id), lane)].append(item)
        # What can be sent goes first: to write down the others takes time.
        began = time.monotonic()
        tallies = self._send(ways["send"], book, known, lane, deadline)
        if time.monotonic() - began > KNOWN_SECONDS:  # others may have suspended a channel meanwhile
            known = self._wellness.known(tallies.by_channel)
        now = datetime.now(UTC)
        for record in ended:
            book.add(record)
        for item in ways["hold"]:
            book.add(records.ended(item.record, "held", "channel_suspended", now))
        for item in ways["patient"]:
            book.add(records.waiting(item.record, now, now), patient=True)
        book.flush()
        self._wellness.take(tallies, known)
        held = {record.channel_id for record in book.written if record.status == "held"}
        self._wellness.release_unsuspended(held)
        return book.written

    def _send(
        self,
        sending: list[Outgoing],
        book: "_Book",
        known: dict[str, Health],
        lane: Lane,
        deadline: float,
    ) -> Tallies:
        tallies = Tallies()
        begun = 0

        def requests() -> Iterator[Request]:
            nonlocal begun
            while begun < len(sending) and time.monotonic() < deadline:
                begun += 1
                yield sending[begun - 1].request

        for position, outcome in self._sender.send_all(requests(), book.flush, patience(lane)):
            if self._take(sending[position], outcome, book, tallies, lane):
                self._wellness.end_suspension(sending[position].channel.id, known)
        now = datetime.now(UTC)
        for item in sending[begun:]:
            book.add(records.waiting(item.record, now, now))
        return tallies

    def _take(self, item: Outgoing, outcome: Outcome, book: "_Book", tallies: Tallies, lane: Lane) -> bool:
        """Record an attempt; tell whether the receiver took the message."""
        if isinstance(outcome, Failure) and outcome.error_class == "own":
            # Nothing was sent, and it says nothing of the receiver: neither counts it.
            now = datetime.now(UTC)
            book.add(records.waiting(item.record, now + OWN_PAUSE, now))
            return False
        outcome = outcomes.masked(item.request, outcome)
        verdict = delivery.judge(item.channel.spec, outcome)
        ended = datetime.now(UTC)
        attempt = records.attempt(item.request, outcome, verdict, ended - timedelta(seconds=outcome.seconds))
        if was_hurried(item.request, outcome, lane):
            reason = f"no answer within {SLOW_SECONDS:g} s: sent again with the channel's own timeout"
            tallies.hurry(item.channel.id)
            book.add(records.outlasted(item.record, attempt, reason, ended), patient=True)
            return False
        jitter = chance.uniform(-1, 1)
        record = records.attempted(item.record, attempt, verdict, outcome, item.channel.retry, jitter)
        tallies.add(record, verdict, outcome)
        book.add(record)
        return verdict.delivered


class _Book:
    """Records on their way to the table, and the hints that follow them to the queues."""

    def __init__(self, store: RecordStore, queues: DeliveryQueues, known: dict[str, Health]) -> None:
        self.written: list[DeliveryRecord] = []
        self._store = store
        self._queues = queues
        self._known = known
        self._waiting: list[tuple[DeliveryRecord, bool]] = []

    def add(self, record: DeliveryRecord, *, patient: bool = False) -> None:
        """Take a record; a pending one is hinted to a queue once it is written."""
        health = self._known.get(record.channel_id)
        self._waiting.append((record, patient or (health is not None and health.slow)))
        if len(self._waiting) >= BATCH_WRITE_SIZE:
            self.flush()

    def flush(self) -> None:
        """Write what was taken, then hint.

        Raises:
            Unavailable: DynamoDB did not take a record.
        """
        written, self._waiting = self._waiting, []
        self._store.put_many([record for record, _ in written])
        now = datetime.now(UTC)
        for patient in (False, True):
            waiting = [
                (record, (record.next_attempt_at - now).total_seconds())
                for record, is_patient in written
                if is_patient == patient and record.status == "pending" and record.next_attempt_at
            ]
            self._queues.hint(waiting, patient=patient)
        self.written += [record for record, _ in written]
