"""Make the service's AWS clients, stores, queues and sender from one environment.

Each function makes one ``Services`` when it starts and passes it, or parts of it, on; nothing else reads that
environment. Each part is imported and made on first use, so no function pays at its start for parts that it
does not use.
"""

from functools import cached_property
from typing import TYPE_CHECKING

from notifications.wiring_configuration import ConfigurationStores

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from notifications.core.operational import OperationalEvent
    from notifications.core.targets import TargetPolicy
    from notifications.delivering.collapsing import Collapsing
    from notifications.delivering.deliverer import Deliverer
    from notifications.delivering.digesting import Digesting
    from notifications.delivering.health_keeper import HealthKeeper
    from notifications.delivering.operational_bus import OperationalBus
    from notifications.delivering.operators import Operators
    from notifications.delivering.pacer import Pacer
    from notifications.messaging.ages import Age
    from notifications.messaging.bus import EventBus
    from notifications.messaging.dead_letters import DeadLetterQueue
    from notifications.messaging.depths import Depth
    from notifications.messaging.event_queue import EventQueue
    from notifications.messaging.queues import DeliveryQueues
    from notifications.outbound.sender import Sender
    from notifications.store.keypairs import KeypairStore
    from notifications.store.paces import PaceStore


class Services(ConfigurationStores):
    """The parts of the service. ``environment``: the variables that template.yaml sets."""

    @cached_property
    def keypairs(self) -> "KeypairStore":
        """The keypairs in the secrets named by KEYPAIR_SECRET and KEYPAIRS_SECRET."""
        from notifications.store.keypairs import KeypairStore

        secrets = self._environment["KEYPAIR_SECRET"], self._environment["KEYPAIRS_SECRET"]
        return KeypairStore(self.client("secretsmanager"), *secrets)

    @cached_property
    def target_policy(self) -> "TargetPolicy":
        """The policy of targets: TARGET_NETWORKS, TARGET_HTTP ("true" or not) and TARGET_PORTS."""
        from notifications.core.targets import TargetPolicy

        return TargetPolicy.read(
            self._environment.get("TARGET_NETWORKS", ""),
            http=self._environment.get("TARGET_HTTP", "") == "true",
            ports=self._environment.get("TARGET_PORTS", ""),
        )

    @cached_property
    def sender(self) -> "Sender":
        """The sender of webhooks and email, which keeps its connections."""
        from notifications.ca_bundle import receivers_ca_file
        from notifications.outbound.sender import Sender

        trusted = receivers_ca_file(self._environment.get("CA_BUNDLE", ""))
        return Sender(ca_file=trusted, policy=self.target_policy)

    @cached_property
    def event_bus(self) -> "EventBus":
        """The bus named by EVENT_BUS."""
        from notifications.messaging.bus import EventBus

        return EventBus(self.client("events"), self._environment["EVENT_BUS"])

    @cached_property
    def collapsing(self) -> "Collapsing":
        """What decides about events of rules with once-per or a digest."""
        from notifications.delivering.collapsing import Collapsing

        return Collapsing(self.repeats, self.digests, self.records, self.events, self.delivery_queues)

    @cached_property
    def digesting(self) -> "Digesting":
        """What closes and renders digests."""
        from notifications.delivering.digesting import Digesting

        return Digesting(self.digests, self.events, self.event_types)

    @cached_property
    def delivery_queues(self) -> "DeliveryQueues":
        """The queues named by DELIVERY_QUEUE_URL and SLOW_QUEUE_URL."""
        from notifications.messaging.queues import DeliveryQueues

        urls = self._environment["DELIVERY_QUEUE_URL"], self._environment["SLOW_QUEUE_URL"]
        return DeliveryQueues(self.client("sqs"), *urls)

    @property
    def slow_queue_arn(self) -> str:
        """The ARN of the slow queue, by which its messages are told apart: SLOW_QUEUE_ARN."""
        return self._environment["SLOW_QUEUE_ARN"]

    @cached_property
    def event_queue(self) -> "EventQueue":
        """The queue named by EVENT_QUEUE_URL."""
        from notifications.messaging.event_queue import EventQueue

        return EventQueue(self.client("sqs"), self._environment["EVENT_QUEUE_URL"])

    def queue_depths(self) -> "dict[str, Depth]":
        """Ask how many messages each queue has, by what is in it."""
        from notifications.messaging.depths import depths

        return depths(self.client("sqs"), self._queue_urls)

    def queue_ages(self, names: "Iterable[str]", now: "datetime") -> "dict[str, Age]":
        """Ask how old the oldest messages of these queues are; those of which it is known."""
        from notifications.messaging.ages import ages

        return ages(self.client("monitoring"), {name: self._queue_urls[name] for name in names}, now)

    @property
    def _queue_urls(self) -> dict[str, str]:
        """The queues by what is in them, named as the status names them."""
        variables = {
            "events": "EVENT_QUEUE_URL",
            "deliveries": "DELIVERY_QUEUE_URL",
            "slow": "SLOW_QUEUE_URL",
            "dead_events": "DEAD_LETTER_QUEUE_URL",
            "dead_hints": "HINT_DEAD_LETTER_QUEUE_URL",
        }
        return {name: self._environment[variable] for name, variable in variables.items()}

    @cached_property
    def dead_letters(self) -> "DeadLetterQueue":
        """The dead letter queue of events named by DEAD_LETTER_QUEUE_URL."""
        from notifications.messaging.dead_letters import DeadLetterQueue

        return DeadLetterQueue(self.client("sqs"), self._environment["DEAD_LETTER_QUEUE_URL"])

    @cached_property
    def health_keeper(self) -> "HealthKeeper":
        """The keeper of channel health."""
        from notifications.delivering.health_keeper import HealthKeeper

        return HealthKeeper(self.health, self.channels, self.delivery_queues, self.operators)

    @cached_property
    def deliverer(self) -> "Deliverer":
        """The deliverer, which sends and records."""
        from notifications.delivering.deliverer import Deliverer

        return Deliverer(
            self.sender,
            self.records,
            self.health_keeper,
            self.delivery_queues,
            lambda: self.pacer,
            self.operators,
        )

    @cached_property
    def operators(self) -> "Operators":
        """What tells operators of channels and deliveries."""
        from notifications.delivering.operators import Operators

        return Operators(self._put_operational)

    def _put_operational(self, events: "Sequence[OperationalEvent]") -> None:
        """Load what puts events on the bus only now that something has happened."""
        self.operational_bus.put(events)

    @cached_property
    def operational_bus(self) -> "OperationalBus":
        """The bus for operational events, named by EVENT_BUS."""
        from notifications.delivering.operational_bus import OperationalBus

        return OperationalBus(self.event_bus, self.rules, self.channels)

    @cached_property
    def paces(self) -> "PaceStore":
        """The clocks of paced channels in the table named by DELIVERIES_TABLE."""
        from notifications.store.paces import PaceStore

        return PaceStore(self.client("dynamodb"), self._deliveries_table)

    @cached_property
    def pacer(self) -> "Pacer":
        """What gives slots to deliveries of paced channels."""
        from notifications.delivering.pacer import Pacer

        return Pacer(self.paces)
