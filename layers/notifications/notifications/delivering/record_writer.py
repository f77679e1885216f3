"""Write records to the table, and then the hints of pending ones to the queues."""

from collections.abc import Sequence
from datetime import UTC, datetime

from notifications.core.channel_health import Health
from notifications.core.errors import NotRecorded, Unavailable
from notifications.core.records import DeliveryRecord, message_delay
from notifications.core.values import value
from notifications.delivering import late_records
from notifications.messaging.queues import DeliveryQueues
from notifications.store.dynamodb import BATCH_WRITE_SIZE
from notifications.store.records import RecordStore


@value
class _Entry:
    """A record to write. ``slow``: its hint goes to the slow queue. ``sent``: it has an attempt's result."""

    record: DeliveryRecord
    slow: bool
    sent: bool


class RecordWriter:
    """Write records of deliveries in batches.

    While exchanges are in flight it must not wait, because a response that nobody reads in time would count
    as a timeout. So ``flush`` tries once, and keeps what DynamoDB did not take for ``settle``.
    """

    def __init__(self, store: RecordStore, queues: DeliveryQueues, known: dict[str, Health]) -> None:
        self.written: list[DeliveryRecord] = []
        self._store = store
        self._queues = queues
        self._known = known
        self._waiting: list[_Entry] = []
        self._left: list[_Entry] = []

    @property
    def behind(self) -> bool:
        """Return whether DynamoDB has left records unwritten."""
        return bool(self._left)

    def add(self, record: DeliveryRecord, *, slow: bool = False, sent: bool = False) -> None:
        """Queue a record for writing; a pending one is hinted to a queue once it is written."""
        health = self._known.get(record.channel_id)
        slow = slow or (health is not None and health.slow)
        self._waiting.append(_Entry(record, slow, sent))
        if len(self._waiting) >= BATCH_WRITE_SIZE:
            self.flush()

    def flush(self) -> None:
        """Try once to write the queued records; hint those that were written."""
        entries, self._waiting = self._waiting, []
        left = self._store.put_now([entry.record for entry in entries])
        if left.records:
            missing = {id(record) for record in left.records}
            self._left += [entry for entry in entries if id(entry.record) in missing]
            entries = [entry for entry in entries if id(entry.record) not in missing]
        self._done(entries)

    def settle(self) -> None:
        """Write all queued records, with as many tries as that takes.

        Raises:
            NotRecorded: DynamoDB did not take them; the results of attempts are kept in the queue.
        """
        self.flush()
        entries, self._left = self._left, []
        try:
            self._store.put_many([entry.record for entry in entries])
        except Unavailable as error:
            # Only results of attempts are worth keeping: what was not sent can be decided again, from the
            # record as it is, when its lease ends.
            sent = [entry.record for entry in entries if entry.sent]
            taken = self._queues.keep([late_records.kept(record) for record in sent], late_records.delay(0))
            kept = {
                (record.event_id, record.rule_id)
                for record, is_taken in zip(sent, taken, strict=True)
                if is_taken
            }
            raise NotRecorded(error.message, kept) from error
        self._done(entries)

    def _done(self, entries: Sequence[_Entry]) -> None:
        # Hints come after the write: a redeliverer that is faster would find the old revision, drop the hint,
        # and the delivery would wait for the sweeper.
        now = datetime.now(UTC)
        for slow in (False, True):
            waiting = [
                (entry.record, message_delay(entry.record, now))
                for entry in entries
                if entry.slow == slow and entry.record.status == "pending" and entry.record.next_attempt_at
            ]
            self._queues.hint(waiting, slow=slow)
        self.written += [entry.record for entry in entries]
