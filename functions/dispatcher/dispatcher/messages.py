"""Parse the messages of the event queue."""

from collections.abc import Mapping
from typing import Any, Self

from notifications.core.values import value
from notifications.messaging.event_queue import AGAIN


@value
class Message:
    """A message of the event queue.

    ``receipt``: the handle of this receive, with which SQS deletes or hides it. ``receives``: how often it
    was received so far. ``again``: the sweeper or an operator put it there, not the bus.
    """

    id: str
    body: str
    receipt: str = ""
    receives: int = 1
    again: bool = False

    @classmethod
    def of(cls, record: Mapping[str, Any]) -> Self:
        """Parse one record of a batch."""
        receives = int(record.get("attributes", {}).get("ApproximateReceiveCount", 1))
        again = AGAIN in record.get("messageAttributes", {})
        return cls(record["messageId"], record["body"], record.get("receiptHandle", ""), receives, again)

    @property
    def repeated(self) -> bool:
        """Return whether a dispatcher may have died while it had the event."""
        return self.again or self.receives > 1
