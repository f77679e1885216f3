"""The queue that the dispatcher reads: events are put on it once more, and hidden while somebody has them."""

import logging
import math
from collections.abc import Sequence
from datetime import UTC, datetime

from notifications.awsapi.client import Client
from notifications.awsapi.errors import CallFailed
from notifications.core.errors import Unavailable
from notifications.senders.queues import BATCH_SIZE

AGAIN = "again"
"""The attribute of a message which says that its event may have been somebody's before."""

AFTER_LEASE_SECONDS = 5
"""How long after the end of a lease a message comes again: earlier it would find the lease still running."""

logger = logging.getLogger(__name__)


class EventQueue:
    """Put events on the queue once more, and hide messages that were received."""

    def __init__(self, client: Client, url: str) -> None:
        self._client = client
        self._url = url

    def put(self, document: str, delay: int) -> None:
        """Have an event dispatched in so many seconds, as one that somebody had before.

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

    def hide(self, receipts: Sequence[str], lease: datetime) -> None:
        """Have messages come again soon after a lease is over, unless they are deleted by then.

        What SQS does not do is left: those messages come again when the queue's own time is over.
        """
        left = math.ceil((lease - datetime.now(UTC)).total_seconds())
        for start in range(0, len(receipts), BATCH_SIZE):
            entries = [
                {"Id": str(number), "ReceiptHandle": receipt, "VisibilityTimeout": left + AFTER_LEASE_SECONDS}
                for number, receipt in enumerate(receipts[start : start + BATCH_SIZE])
            ]
            try:
                self._client.call("ChangeMessageVisibilityBatch", QueueUrl=self._url, Entries=entries)
            except CallFailed as error:
                logger.warning("messages stay hidden", extra={"count": len(entries), "code": error.code})
