"""One sweep: several threads put whatever is due on its queue, ten items at a time.

Nearly all of the time is spent waiting for DynamoDB: an item takes a tenth of a batch of messages and one
conditional write, which puts off the item's next look and returns its present state. Two sweepers may run at
the same time; the condition lets only one of them queue an item.
"""

from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import field
from datetime import datetime, timedelta
from functools import partial
from time import monotonic

from notifications.core.batches import batches
from notifications.core.channel_health import Health
from notifications.core.errors import EntityNotFound
from notifications.core.records import message_delay
from notifications.core.values import mutable
from notifications.jitter import random
from notifications.messaging.event_queue import EventQueue
from notifications.messaging.queues import BATCH_SIZE, DeliveryQueues
from notifications.store.events import EventStore
from notifications.store.health import HealthStore
from notifications.store.records import Due, RecordStore
from redeliverer.tend import Tender
from redeliverer.unmuting import Unmuter

THREADS = 32
"""How many items are queued at once."""

LOOK_AGAIN = timedelta(minutes=5)
"""How much later a queued item is looked at again, because it may wait in its queue for that long."""

SPREAD_SECONDS = 10
"""Over how many seconds events whose dispatcher died are spread, so that one does not kill the others again.
"""

KINDS = ("events", "deliveries", "probes", "releases")


@mutable
class Swept:
    """The result of a sweep; ``complete`` if nothing was left for the next one.

    ``queued``: how many items, by kind. ``overdue_seconds``: for how long the oldest of them had been due.
    ``suspended``: how many channels are suspended.
    """

    queued: Counter[str] = field(default_factory=Counter)
    overdue_seconds: float = 0.0
    suspended: int = 0
    complete: bool = True

    @property
    def counts(self) -> dict[str, int]:
        """Return the number of queued items of each kind."""
        return {kind: self.queued[kind] for kind in KINDS}

    def add(self, other: "Swept") -> None:
        """Add the result of one task."""
        self.queued += other.queued
        self.overdue_seconds = max(self.overdue_seconds, other.overdue_seconds)


Task = Callable[[], Swept]


class Sweeper:
    """Sweep once, at the time ``now``."""

    def __init__(
        self,
        records: RecordStore,
        events: EventStore,
        health: HealthStore,
        delivery_queues: DeliveryQueues,
        event_queue: EventQueue,
        held: tuple[Tender, Unmuter],
        now: datetime,
    ) -> None:
        self._records = records
        self._events = events
        self._health = health
        self._delivery_queues = delivery_queues
        self._event_queue = event_queue
        self._tender, self._unmuter = held
        self._now = now

    def sweep(self, deadline: float) -> Swept:
        """Queue what is due; after ``deadline`` (monotonic, in seconds) nothing more is begun.

        Raises:
            Unavailable: DynamoDB failed, or the event queue did not accept an event.
        """
        unwell = [*self._health.all().values()]
        random.shuffle(unwell)  # so that a sweep without enough time does not always leave out the same ones
        swept = Swept(suspended=sum(known.suspended for known in unwell))
        with ThreadPoolExecutor(THREADS) as pool:
            running: set[Future[Swept]] = set()
            for task in self._tasks(unwell):
                if monotonic() > deadline:
                    swept.complete = False
                    break
                if len(running) >= 2 * THREADS:  # bounds how much is read ahead
                    ended, running = wait(running, return_when=FIRST_COMPLETED)
                    _add_all(swept, ended)
                running.add(pool.submit(task))
            _add_all(swept, running)
        return swept

    def _tasks(self, unwell: Sequence[Health]) -> Iterator[Task]:
        for known in unwell:
            yield partial(self._tend, known)
        for mute_id in self._unmuter.due():
            yield partial(self._unmute, mute_id)
        for portion in self._due():
            yield partial(self._queue, portion)

    def _due(self) -> Iterator[Sequence[Due]]:
        """Read due items page by page, the shards in turn from a random one, so that none is always last."""
        count = self._records.shards
        first = random.randrange(count)
        shards = deque(self._records.due(self._now, (first + number) % count) for number in range(count))
        while shards:
            shard = shards.popleft()
            if (page := next(shard, None)) is not None:
                shards.append(shard)
                yield from batches(page, BATCH_SIZE)

    def _tend(self, known: Health) -> Swept:
        return Swept(self._tender.tend(known))

    def _unmute(self, mute_id: str) -> Swept:
        return Swept(Counter(releases=self._unmuter.release(mute_id)))

    def _queue(self, portion: Sequence[Due]) -> Swept:
        swept = Swept()
        hints = []
        for due in portion:
            if due.rule_id is None:
                self._queue_event(due.event_id, swept)
                continue
            record = self._records.put_off(due.event_id, due.rule_id, self._now, self._now + LOOK_AGAIN)
            if record is not None:  # otherwise a redeliverer, or another sweeper, has it
                wait_seconds = message_delay(record, self._now)
                hints.append((record, wait_seconds))
                swept.overdue_seconds = max(swept.overdue_seconds, -wait_seconds)
        self._delivery_queues.hint(hints)
        swept.queued["deliveries"] = len(hints)
        return swept

    def _queue_event(self, event_id: str, swept: Swept) -> None:
        if not self._records.put_off_event(event_id, self._now, self._now + LOOK_AGAIN):
            return
        swept.queued["events"] += 1
        try:
            event = self._events.get(event_id)
        except EntityNotFound:
            return
        if event.lease is not None:
            swept.overdue_seconds = max(swept.overdue_seconds, (self._now - event.lease).total_seconds())
        if event.document is not None:  # the message of an event that is only claimed is still on the queue
            self._event_queue.put(event.document, random.randint(0, SPREAD_SECONDS))


def _add_all(swept: Swept, ended: set[Future[Swept]]) -> None:
    for future in ended:
        swept.add(future.result())
