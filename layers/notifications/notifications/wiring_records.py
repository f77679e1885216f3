"""The stores of the deliveries table, made from the environment. Each is imported and made on first use."""

from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from notifications.awsapi.clients import Clients

if TYPE_CHECKING:
    from notifications.store.digests import DigestStore
    from notifications.store.event_search import EventSearch
    from notifications.store.event_tail import EventTail
    from notifications.store.events import EventStore
    from notifications.store.health import HealthStore
    from notifications.store.idempotency import IdempotencyStore
    from notifications.store.recent import RecentRecords
    from notifications.store.record_pages import RecordPages
    from notifications.store.recorded_events import RecordedEvents
    from notifications.store.records import RecordStore
    from notifications.store.repeats import RepeatStore


class RecordStores(Clients):
    """The stores that share DELIVERIES_TABLE. ``environment``: the variables that template.yaml sets."""

    @property
    def _deliveries_table(self) -> str:
        return self._environment["DELIVERIES_TABLE"]

    @property
    def _keep(self) -> timedelta:
        return timedelta(days=int(self._environment["RECORD_DAYS"]))

    @property
    def _shards(self) -> int:
        return int(self._environment["RECORD_SHARDS"])

    @cached_property
    def records(self) -> "RecordStore":
        """The records in DELIVERIES_TABLE, kept for RECORD_DAYS, in indexes of RECORD_SHARDS partitions."""
        from notifications.store.records import RecordStore

        return RecordStore(self.client("dynamodb"), self._deliveries_table, self._keep, self._shards)

    @cached_property
    def events(self) -> "EventStore":
        """The claims and the records of events in the same table."""
        from notifications.store.events import EventStore

        return EventStore(self.client("dynamodb"), self._deliveries_table, self._keep, self._shards)

    @cached_property
    def idempotency(self) -> "IdempotencyStore":
        """The uses of idempotency keys in the same table."""
        from notifications.store.idempotency import IdempotencyStore

        return IdempotencyStore(self.client("dynamodb"), self._deliveries_table)

    @cached_property
    def repeats(self) -> "RepeatStore":
        """The windows of once-per in the same table."""
        from notifications.store.repeats import RepeatStore

        return RepeatStore(self.client("dynamodb"), self._deliveries_table, self._keep)

    @cached_property
    def digests(self) -> "DigestStore":
        """The digests in the same table."""
        from notifications.store.digests import DigestStore

        return DigestStore(self.client("dynamodb"), self._deliveries_table, self._keep, self._shards)

    @cached_property
    def record_pages(self) -> "RecordPages":
        """The lists of records."""
        from notifications.store.record_pages import RecordPages

        return RecordPages(self.records)

    @cached_property
    def recent(self) -> "RecentRecords":
        """The counts of the last day's records."""
        from notifications.store.recent import RecentRecords

        return RecentRecords(self.records)

    @cached_property
    def event_search(self) -> "EventSearch":
        """The search of events by their fields."""
        from notifications.store.event_search import EventSearch

        return EventSearch(self.events)

    @cached_property
    def recorded_events(self) -> "RecordedEvents":
        """The ways through all events of a type."""
        from notifications.store.recorded_events import RecordedEvents

        return RecordedEvents(self.events)

    @cached_property
    def event_tail(self) -> "EventTail":
        """The events that have ended since a reader's last look."""
        from notifications.store.event_tail import EventTail

        return EventTail(self.events)

    @cached_property
    def health(self) -> "HealthStore":
        """The health of channels in the table named by DELIVERIES_TABLE."""
        from notifications.store.health import HealthStore

        return HealthStore(self.client("dynamodb"), self._deliveries_table)
