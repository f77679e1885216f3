"""What stands for AWS around the dispatcher's real code, where what is measured is the dispatcher alone."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, cast

from dispatcher.configuration import Configuration
from dispatcher.dispatch import Dispatcher
from notifications.core.attempt_summary import AttemptSummary
from notifications.core.channel_health import Change, Health
from notifications.core.event_records import EventRecord
from notifications.core.model import Channel, EventType, Rule
from notifications.core.rule_types import BUILT_IN
from notifications.core.targets import TargetPolicy
from notifications.delivering.deliverer import Deliverer
from notifications.delivering.health_keeper import HealthKeeper
from notifications.delivering.operators import Operators
from notifications.messaging.dead_letters import DeadLetterQueue
from notifications.messaging.event_queue import EventQueue
from notifications.messaging.queues import DeliveryQueues
from notifications.outbound.sender import Sender
from notifications.store.channels import ChannelStore
from notifications.store.event_types import EventTypeStore
from notifications.store.events import EventStore, Inserted
from notifications.store.health import HealthStore
from notifications.store.record_items import Record
from notifications.store.record_table import Left
from notifications.store.records import RecordStore
from notifications.store.rules import RuleStore
from notifications.store.table import ConfigTable
from notifications.store.vault import Vault
from notifications.store.versions import Versions


class _Memory:
    """A configuration that does not change. Has the methods of the stores that the dispatcher reads."""

    def __init__(self, rules: Sequence[Rule], channels: Mapping[str, Channel]) -> None:
        self._rules = rules
        self._channels = channels

    def versions(self) -> Versions:
        """Tell that nothing was changed."""
        return Versions({})

    def type_version(self, _event_type: str) -> int:
        """Tell that nothing was changed."""
        return 1

    def get(self, name: str) -> EventType:
        """Read an event type."""
        return BUILT_IN[name]

    def of_type(self, _rule_type: str) -> Sequence[Rule]:
        """Read the rules."""
        return self._rules

    def get_many(self, _channel_ids: Sequence[str]) -> Mapping[str, Channel]:
        """Read the channels."""
        return self._channels


class _OpenVault(Vault):
    """The real one, but for KMS: what is sealed is not encrypted."""

    def _decrypt(self, channel: Channel) -> bytes:
        return channel.sealed


class NoRecords(RecordStore):
    """Keeps nothing."""

    def put_now(self, records: Sequence[Record]) -> Left:  # noqa: ARG002
        """Forget them."""
        return Left()


class NoEvents(EventStore):
    """Keeps nothing, and lets everybody have every event."""

    def insert(self, records: Sequence[EventRecord]) -> Inserted:
        """Forget them."""
        return Inserted({record.id for record in records}, ())

    def put_ended(self, records: Sequence[EventRecord]) -> None:
        """Forget them."""

    def standings(self, event_ids: Sequence[str]) -> dict[str, EventRecord]:  # noqa: ARG002
        """Know none."""
        return {}


class NoHealth(HealthStore):
    """Knows only channels that are well, and forgets the others."""

    def some(self, *, consistent: bool) -> tuple[dict[str, Health], bool]:  # noqa: ARG002
        """Know of none."""
        return {}, True

    def add_failures(self, channel_id: str, attempts: AttemptSummary, now: datetime) -> Health:
        """Forget them."""
        return Health(channel_id, attempts.failures, attempts.repeated, now, attempts.reason)

    def apply(self, channel_id: str, change: Change) -> Health:  # noqa: ARG002
        """Forget it."""
        return Health(channel_id)


class _NoQueues(DeliveryQueues):
    """Takes no message: what is not delivered at once is not tried again."""

    def _send(self, url: str, messages: Sequence[tuple[Mapping[str, Any], float]]) -> set[int]:  # noqa: ARG002
        """Forget them."""
        return set()


def dispatcher(
    rules: Sequence[Rule],
    channels: Sequence[Channel],
    records: RecordStore,
    events: EventStore,
    health: HealthStore,
) -> Dispatcher:
    """Put a dispatcher together as its app does, around a configuration in memory."""
    memory: Any = _Memory(rules, {each.id: each for each in channels})
    configuration = Configuration(
        cast(ConfigTable, memory),
        cast(RuleStore, memory),
        cast(ChannelStore, memory),
        cast(EventTypeStore, memory),
    )
    nobody: Any = None
    queues = _NoQueues(nobody, "", "")
    operators = Operators(lambda _: None)
    keeper = HealthKeeper(health, cast(ChannelStore, memory), queues, operators)
    sender = Sender(policy=TargetPolicy.read("0.0.0.0/0, ::/0", http=True, ports="any"))
    deliverer = Deliverer(sender, records, keeper, queues, lambda: nobody, operators)
    vault = _OpenVault(nobody, "")
    return Dispatcher(
        configuration,
        vault,
        events,
        records,
        deliverer,
        EventQueue(nobody, ""),
        DeadLetterQueue(nobody, ""),
        nobody,
    )
