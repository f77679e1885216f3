"""The queues of waiting deliveries. A message is only a hint: the record decides what is done."""

import json
import logging
import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from notifications.awsapi.client import Client
from notifications.awsapi.errors import CallFailed
from notifications.core.batches import batches
from notifications.core.records import MAX_QUEUE_DELAY, DeliveryRecord

BATCH_SIZE = 10
"""SQS's limit of messages in one SendMessageBatch."""

BATCH_BYTES = 900_000
"""A little less than SQS takes in one batch or one message."""

logger = logging.getLogger(__name__)


class DeliveryQueues:
    """Put hints on the delivery queue, for receivers that respond fast, or on the slow queue, for the others.

    No method raises if SQS refuses a message, because the sweeper finds recorded deliveries that nobody
    sends.
    """

    def __init__(self, client: Client, delivery_url: str, slow_url: str) -> None:
        self._client = client
        self._delivery_url = delivery_url
        self._slow_url = slow_url

    def hint(self, waiting: Iterable[tuple[DeliveryRecord, float]], *, slow: bool = False) -> None:
        """Have each delivery sent in so many seconds.

        Those beyond SQS's longest delay are left to the sweeper.
        """
        self._send(
            self._slow_url if slow else self._delivery_url,
            [(hint(record), delay) for record, delay in waiting if delay <= MAX_QUEUE_DELAY.total_seconds()],
        )

    def probe(self, record: DeliveryRecord) -> None:
        """Have a held delivery sent, to test whether its receiver is well again."""
        self._send(self._slow_url, [({**hint(record), "probe": True}, 0)])

    def release(self, channel_id: str, *, last: bool = False) -> None:
        """Have a channel's held deliveries sent. ``last``: if none is left, the release ends."""
        self._send(self._delivery_url, [({"release": channel_id, "last": last}, 0)])

    def release_muted(self, mute_id: str) -> None:
        """Ask for the release of what a mute holds, unless it is in force."""
        self._send(self._delivery_url, [({"release_muted": mute_id}, 0)])

    def keep(self, bodies: Sequence[Mapping[str, Any]], delay: float) -> list[bool]:
        """Keep records for so many seconds until they are written; return for each whether SQS took it."""
        refused = self._send(self._delivery_url, [(body, delay) for body in bodies])
        return [number not in refused for number in range(len(bodies))]

    def _send(self, url: str, messages: Sequence[tuple[Mapping[str, Any], float]]) -> set[int]:
        """Send messages; return the positions of those that SQS did not take."""
        entries: list[dict[str, Any]] = [
            {"Id": str(number), "MessageBody": json.dumps(body), "DelaySeconds": max(0, math.ceil(delay))}
            for number, (body, delay) in enumerate(messages)
        ]
        refused: set[int] = set()
        for batch in batches(
            entries, BATCH_SIZE, heaviest=BATCH_BYTES, weigh=lambda entry: len(entry["MessageBody"])
        ):
            try:
                response = self._client.call("SendMessageBatch", QueueUrl=url, Entries=batch)
                failed = {int(failure["Id"]): failure["Code"] for failure in response.get("Failed", [])}
            except CallFailed as error:
                failed = {int(entry["Id"]): error.code for entry in batch}
            if failed:
                code = next(iter(failed.values()))
                logger.warning("queue refused messages", extra={"count": len(failed), "code": code})
            refused |= failed.keys()
        return refused


def hint(record: DeliveryRecord) -> dict[str, Any]:
    """Make the message that has a delivery sent, unless its revision has changed by then.

    It has ``claims`` if processes have claimed the delivery and given no result. Such a delivery is sent
    alone and after the others, because it may be what ends processes.
    """
    told: dict[str, Any] = {"delivery": record.id, "revision": record.revision}
    return told | {"claims": record.claims} if record.claims else told
