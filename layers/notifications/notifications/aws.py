"""The service's AWS clients and stores, made from the environment that template.yaml sets.

Each is imported when it is opened, so that no function pays at its start for what it does not use.
"""

import os
from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING

from notifications.awsapi.client import Client
from notifications.awsapi.credentials import CredentialSource

KEEP_SECONDS = 6.0
"""What an invocation has left, when DynamoDB took its records in no other way, to have SQS keep them."""

LAST_SECONDS = 2.0
"""What it has left when it has done that: to say so."""

if TYPE_CHECKING:
    from notifications.core.targets import TargetPolicy
    from notifications.delivering.deliverer import Deliverer
    from notifications.delivering.health_keeper import HealthKeeper
    from notifications.senders.bus import EventBus
    from notifications.senders.dead_letters import DeadLetterQueue
    from notifications.senders.event_queue import EventQueue
    from notifications.senders.queues import DeliveryQueues
    from notifications.senders.sender import Sender
    from notifications.store.channels import ChannelStore
    from notifications.store.event_types import EventTypeStore
    from notifications.store.events import EventStore
    from notifications.store.health import HealthStore
    from notifications.store.idempotency import IdempotencyStore
    from notifications.store.keypairs import KeypairStore
    from notifications.store.record_pages import RecordPages
    from notifications.store.records import RecordStore
    from notifications.store.rules import RuleStore
    from notifications.store.table import ConfigTable
    from notifications.store.vault import Vault


@cache
def _credentials() -> CredentialSource:
    return CredentialSource()


@cache
def client(service: str) -> Client:
    """Make the client of an AWS service."""
    # What sam starts in a container has no AWS_ENDPOINT_URL; it gets the other one.
    endpoint = os.environ.get("SDK_ENDPOINT_URL") or os.environ.get("AWS_ENDPOINT_URL") or None
    region = os.environ.get("AWS_REGION") or os.environ["AWS_DEFAULT_REGION"]
    return Client(service, region, _credentials(), endpoint)


def end_calls(end: float) -> None:
    """Let no call of AWS be tried again that its invocation has no time for. ``end``: its, monotonic.

    DynamoDB and KMS are given up first, so that SQS can still keep what they did not take.
    """
    client("dynamodb").give_up_at = end - KEEP_SECONDS
    client("kms").give_up_at = end - KEEP_SECONDS
    client("sqs").give_up_at = end - LAST_SECONDS


@cache
def config_table() -> "ConfigTable":
    """Open the table named by CONFIG_TABLE."""
    from notifications.store.table import ConfigTable

    return ConfigTable(client("dynamodb"), os.environ["CONFIG_TABLE"])


@cache
def rules() -> "RuleStore":
    """Open the store of rules."""
    from notifications.store.rules import RuleStore

    return RuleStore(config_table())


@cache
def channels() -> "ChannelStore":
    """Open the store of channels."""
    from notifications.store.channels import ChannelStore

    return ChannelStore(config_table(), rules(), vault())


@cache
def vault() -> "Vault":
    """Open what is encrypted with the key SECRETS_KEY, in functions that have it."""
    from notifications.store.vault import Vault

    return Vault(client("kms"), os.environ.get("SECRETS_KEY", ""))


@cache
def event_types() -> "EventTypeStore":
    """Open the store of event types."""
    from notifications.store.event_types import EventTypeStore

    return EventTypeStore(config_table())


@cache
def keypairs() -> "KeypairStore":
    """Open the secrets named by KEYPAIR_SECRET and KEYPAIRS_SECRET."""
    from notifications.store.keypairs import KeypairStore

    secrets = os.environ["KEYPAIR_SECRET"], os.environ["KEYPAIRS_SECRET"]
    return KeypairStore(client("secretsmanager"), *secrets)


@cache
def target_policy() -> "TargetPolicy":
    """Read what may be called from TARGET_NETWORKS, TARGET_HTTP ("true" or not) and TARGET_PORTS."""
    from notifications.core.targets import TargetPolicy

    return TargetPolicy.read(
        os.environ.get("TARGET_NETWORKS", ""),
        http=os.environ.get("TARGET_HTTP", "") == "true",
        ports=os.environ.get("TARGET_PORTS", ""),
    )


@cache
def sender() -> "Sender":
    """Make the sender of webhooks and mail."""
    from notifications.senders.sender import Sender

    return Sender(policy=target_policy())


@cache
def event_bus() -> "EventBus":
    """Open the bus named by EVENT_BUS."""
    from notifications.senders.bus import EventBus

    return EventBus(client("events"), os.environ["EVENT_BUS"])


def _keep() -> timedelta:
    return timedelta(days=int(os.environ["RECORD_DAYS"]))


@cache
def records() -> "RecordStore":
    """Open the records in the table named by DELIVERIES_TABLE, kept for RECORD_DAYS."""
    from notifications.store.records import RecordStore

    return RecordStore(client("dynamodb"), os.environ["DELIVERIES_TABLE"], _keep())


@cache
def events() -> "EventStore":
    """Open the records of events in the table named by DELIVERIES_TABLE, kept for RECORD_DAYS."""
    from notifications.store.events import EventStore

    return EventStore(client("dynamodb"), os.environ["DELIVERIES_TABLE"], _keep())


@cache
def idempotency() -> "IdempotencyStore":
    """Open the uses of idempotency keys in the table named by DELIVERIES_TABLE."""
    from notifications.store.idempotency import IdempotencyStore

    return IdempotencyStore(client("dynamodb"), os.environ["DELIVERIES_TABLE"])


@cache
def record_pages() -> "RecordPages":
    """Open the lists of records."""
    from notifications.store.record_pages import RecordPages

    return RecordPages(records())


@cache
def health() -> "HealthStore":
    """Open the health of channels in the table named by DELIVERIES_TABLE."""
    from notifications.store.health import HealthStore

    return HealthStore(client("dynamodb"), os.environ["DELIVERIES_TABLE"])


@cache
def delivery_queues() -> "DeliveryQueues":
    """Open the queues named by DELIVERY_QUEUE_URL and PATIENT_QUEUE_URL."""
    from notifications.senders.queues import DeliveryQueues

    return DeliveryQueues(client("sqs"), os.environ["DELIVERY_QUEUE_URL"], os.environ["PATIENT_QUEUE_URL"])


@cache
def event_queue() -> "EventQueue":
    """Open the queue named by EVENT_QUEUE_URL."""
    from notifications.senders.event_queue import EventQueue

    return EventQueue(client("sqs"), os.environ["EVENT_QUEUE_URL"])


@cache
def dead_letters() -> "DeadLetterQueue":
    """Open the dead letter queue of events named by DEAD_LETTER_QUEUE_URL."""
    from notifications.senders.dead_letters import DeadLetterQueue

    return DeadLetterQueue(client("sqs"), os.environ["DEAD_LETTER_QUEUE_URL"])


@cache
def health_keeper() -> "HealthKeeper":
    """Make what keeps the channels' health."""
    from notifications.delivering.health_keeper import HealthKeeper

    return HealthKeeper(health(), channels(), delivery_queues())


@cache
def deliverer() -> "Deliverer":
    """Make what sends and records deliveries."""
    from notifications.delivering.deliverer import Deliverer

    return Deliverer(sender(), records(), health_keeper(), delivery_queues())
