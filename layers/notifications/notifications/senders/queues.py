"""The queues of deliveries that wait. A message is a hint only: the record says what is to be done."""

import json
import logging
import math
from collections.abc import Iterable, Mapping
from typing import Any

from notifications.awsapi.client import Client
from notifications.awsapi.errors import CallFailed
from notifications.core.records import MAX_QUEUE_DELAY, DeliveryRecord

BATCH_SIZE = 10
"""SQS's limit of messages in one SendMessageBatch."""

logger = logging.getLogger(__name__)


class DeliveryQueues:
    """Put hints on the delivery queue, for receivers that answer soon, or the patient queue, for the others.

    No method raises when SQS refuses: the sweeper finds what was recorded and is not sent.
    """

    def __init__(self, client: Client, delivery_url: str, patient_url: str) -> None:
        self._client = client
        self._delivery_url = delivery_url
        self._patient_url = patient_url

    def hint(self, waiting: Iterable[tuple[DeliveryRecord, float]], *, patient: bool = False) -> None:
        """Have deliveries sent in so many seconds each; those that wait too long for SQS are left out."""
        self._send(
            self._patient_url if patient else self._delivery_url,
            [
                (hint(record.id, record.revision), delay)
                for record, delay in waiting
                if delay <= MAX_QUEUE_DELAY.total_seconds()
            ],
        )

    def probe(self, record: DeliveryRecord) -> None:
        """Have a held delivery sent to see whether its receiver is well again."""
        self._send(self._patient_url, [({**hint(record.id, record.revision), "probe": True}, 0)])

    def release(self, channel_id: str, *, last: bool = False) -> None:
        """Have what is held for a channel sent. ``last``: if nothing is, its suspension is over."""
        self._send(self._delivery_url, [({"release": channel_id, "last": last}, 0)])

    def _send(self, url: str, messages: list[tuple[Mapping[str, Any], float]]) -> None:
        for start in range(0, len(messages), BATCH_SIZE):
            entries = [
                {"Id": str(number), "MessageBody": json.dumps(body), "DelaySeconds": max(0, math.ceil(delay))}
                for number, (body, delay) in enumerate(messages[start : start + BATCH_SIZE])
            ]
            try:
                response = self._client.call("SendMessageBatch", QueueUrl=url, Entries=entries)
                refused = [failure["Code"] for failure in response.get("Failed", [])]
            except CallFailed as error:
                refused = [error.code] * len(entries)
            if refused:
                logger.warning("queue refused messages", extra={"count": len(refused), "code": refused[0]})


def hint(delivery_id: str, revision: int) -> dict[str, Any]:
    """Make the message that has a delivery sent, if it is still at that revision."""
    return {"delivery": delivery_id, "revision": revision}
