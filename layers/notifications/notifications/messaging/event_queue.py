"""The queue that the dispatcher reads. Events can be put on it again, or hidden while somebody has them."""

import json
import logging
import math
import sys
from collections.abc import Sequence

from notifications.awsapi.client import Client
from notifications.awsapi.errors import CallFailed
from notifications.core.batches import batches
from notifications.core.errors import Unavailable
from notifications.messaging.queues import BATCH_SIZE

AGAIN = "again"
"""The attribute that marks a message whose event a dispatcher may have had before."""

logger = logging.getLogger(__name__)


class EventQueue:
    """Put events on the queue again, and hide messages that were received."""

    def __init__(self, client: Client, url: str) -> None:
        self._client = client
        self._url = url

    def put(self, document: str, delay: int) -> None:
        """Have an event dispatched again in so many seconds.

        Raises:
            Unavailable: SQS did not take it.
        """
        try:
            self._client.call(
                "SendMessage",
                QueueUrl=self._url,
                MessageBody=document,
                DelaySeconds=delay,
                MessageAttributes={AGAIN: {"DataType": "Number", "StringValue": "1"}},
            )
        except CallFailed as error:
            raise Unavailable(f"The event queue did not take the event: {error.code}") from error

    def hide(self, received: Sequence[tuple[str, float]]) -> None:
        """Make messages, named by their receipts, visible again in so many seconds.

        A failure is only logged, because those messages return after the queue's own visibility timeout.
        """
        for batch in batches(received, BATCH_SIZE):
            entries = [
                {"Id": str(number), "ReceiptHandle": receipt, "VisibilityTimeout": max(0, math.ceil(seconds))}
                for number, (receipt, seconds) in enumerate(batch)
            ]
            try:
                self._client.call("ChangeMessageVisibilityBatch", QueueUrl=self._url, Entries=entries)
            except CallFailed as error:
                logger.warning("messages stay hidden", extra={"count": len(entries), "code": error.code})

    def max_receives(self) -> int:
        """Return after how many receipts a message becomes a dead letter.

        A huge number if SQS does not say: then the message is not buried here, and SQS itself moves it.
        """
        try:
            response = self._client.call(
                "GetQueueAttributes", QueueUrl=self._url, AttributeNames=["RedrivePolicy"]
            )
            return int(json.loads(response["Attributes"]["RedrivePolicy"])["maxReceiveCount"])
        except (CallFailed, LookupError, ValueError):
            return sys.maxsize
