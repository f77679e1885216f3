"""Send deliveries all at once, record each attempt, and see to it that what failed is tried again."""

import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from notifications.core import records
from notifications.core.attempt_summary import BatchSummary
from notifications.core.channel_health import SLOW_SECONDS, Health
from notifications.core.delivery import Failure, Outcome, Request
from notifications.core.errors import Unavailable
from notifications.core.kinds import judge, kind_of
from notifications.core.records import DeliveryRecord
from notifications.delivering.health_keeper import HealthKeeper
from notifications.delivering.outgoing import Handling, Lane, Outgoing, handling, patience, was_hurried
from notifications.delivering.record_writer import RecordWriter
from notifications.jitter import random
from notifications.messaging.queues import DeliveryQueues
from notifications.outbound.sender import Sender
from notifications.store.records import RecordStore

OWN_PAUSE = timedelta(seconds=5)
"""How long a delivery waits for which this process had no descriptor or thread."""

KNOWN_SECONDS = 5.0
"""What is known of the channels' health is read again after a batch that took longer."""


class Deliverer:
    """Deliver. One for a process: connections are kept."""

    def __init__(
        self, sender: Sender, store: RecordStore, keeper: HealthKeeper, queues: DeliveryQueues
    ) -> None:
        self._sender = sender
        self._store = store
        self._keeper = keeper
        self._queues = queues

    def deliver(
        self,
        outgoing: Sequence[Outgoing],
        *,
        lane: Lane,
        deadline: float,
        ended: Sequence[DeliveryRecord] = (),
    ) -> list[DeliveryRecord]:
        """Send and record; what cannot be begun before ``deadline`` (monotonic) is left to the queue.

        ``ended`` is recorded together with what is sent. Returns all records as they are afterwards.

        Raises:
            NotRecorded: DynamoDB did not take a record; no more was sent after that.
            Unavailable: the channels' health cannot be read or written.
        """
        known = self._keeper.known({item.channel.id for item in outgoing})
        writer = RecordWriter(self._store, self._queues, known)
        by_handling: dict[Handling, list[Outgoing]] = {"send": [], "hold": [], "slow": []}
        for item in outgoing:
            by_handling[handling(item, known.get(item.channel.id), lane)].append(item)
        # What can be sent goes first: to write down the others takes time.
        began = time.monotonic()
        summary = self._send(by_handling["send"], writer, known, lane, deadline)
        if time.monotonic() - began > KNOWN_SECONDS:  # others may have suspended a channel meanwhile
            known = self._keeper.known(summary.by_channel)
        now = datetime.now(UTC)
        for record in ended:
            writer.add(record)
        for item in by_handling["hold"]:
            writer.add(records.ended(item.record, "held", "channel_suspended", now))
        for item in by_handling["slow"]:
            writer.add(records.waiting(item.record, now, now), slow=True)
        writer.settle()
        self._keeper.take(summary, known)
        held = {record.channel_id for record in writer.written if record.status == "held"}
        self._keeper.release_unsuspended(held)
        return writer.written

    def _send(
        self,
        sending: list[Outgoing],
        writer: RecordWriter,
        known: dict[str, Health],
        lane: Lane,
        deadline: float,
    ) -> BatchSummary:
        """Send as long as records can be written: what cannot be recorded must not be sent."""
        summary = BatchSummary()
        begun = 0

        def requests() -> Iterator[Request]:
            nonlocal begun
            while begun < len(sending) and not writer.behind and time.monotonic() < deadline:
                begun += 1
                yield sending[begun - 1].request

        while begun < len(sending) and time.monotonic() < deadline:
            first = begun
            for position, outcome in self._sender.send_all(requests(), writer.flush, patience(lane)):
                item = sending[first + position]
                if self._take(item, outcome, writer, summary, lane):
                    with suppress(Unavailable):  # it is ended with the batch, then
                        self._keeper.end_suspension(item.channel.id, known)
            if writer.behind:  # now that nobody waits for a response, there is time to try longer
                writer.settle()
        now = datetime.now(UTC)
        for item in sending[begun:]:
            writer.add(records.waiting(item.record, now, now))
        return summary

    def _take(
        self, item: Outgoing, outcome: Outcome, writer: RecordWriter, summary: BatchSummary, lane: Lane
    ) -> bool:
        """Record an attempt; tell whether the receiver took the message."""
        if isinstance(outcome, Failure) and outcome.error_class == "own":
            # Nothing was sent, and it says nothing of the receiver: neither counts it.
            now = datetime.now(UTC)
            writer.add(records.waiting(item.record, now + OWN_PAUSE, now), slow=lane == "slow")
            return False
        outcome = kind_of(item.request).shown(item.request, outcome)
        verdict = judge(item.channel.spec, outcome)
        ended = datetime.now(UTC)
        attempt = records.attempt(item.request, outcome, verdict, ended - timedelta(seconds=outcome.seconds))
        if was_hurried(item.request, outcome, lane):
            reason = f"no response within {SLOW_SECONDS:g} s: sent again with the channel's own timeout"
            summary.hurry(item.channel.id)
            writer.add(records.outlasted(item.record, attempt, reason, ended), slow=True, sent=True)
            return False
        jitter = random.uniform(-1, 1)
        record = records.attempted(item.record, attempt, verdict, outcome, item.channel.retry, jitter)
        summary.add(record, verdict, outcome)
        writer.add(record, sent=True)
        return verdict.delivered
