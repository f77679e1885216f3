"""The dead letter queue: events that could not be dispatched, with the reason."""

from collections.abc import Iterator, Mapping
from typing import Any, Self

from notifications.awsapi.client import Client
from notifications.awsapi.errors import CallFailed
from notifications.core.errors import Unavailable
from notifications.core.values import value
from notifications.messaging.queues import BATCH_SIZE

REASON = "reason"
"""The attribute of a message that says why its event could not be dispatched."""

PEEK_SECONDS = 2
"""How long a message that was read is hidden, so that the next call returns others. The alarm does not count
hidden messages, so this must be short."""


@value
class DeadLetter:
    """A message of the dead letter queue. ``reason``: None if SQS itself moved it there."""

    id: str
    body: str
    receipt: str
    reason: str | None

    @classmethod
    def of(cls, message: Mapping[str, Any]) -> Self:
        """Parse a message as SQS returns it."""
        attributes = message.get("MessageAttributes", {})
        told = [
            attributes[name]["StringValue"]
            for name in (REASON, "ERROR_CODE", "ERROR_MESSAGE")  # the last two are EventBridge's
            if name in attributes
        ]
        reason = ": ".join(told) or None
        return cls(message["MessageId"], message["Body"], message["ReceiptHandle"], reason)


class DeadLetterQueue:
    """Put events there, read them, and delete those that have been dispatched after all.

    Every method raises ``Unavailable`` if SQS fails within its tries.
    """

    def __init__(self, client: Client, url: str) -> None:
        self._client = client
        self._url = url

    def put(self, document: str, reason: str) -> None:
        """Keep an event, with the reason why it could not be dispatched."""
        value = {"DataType": "String", "StringValue": _printable(reason) or "?"}
        self._call("SendMessage", MessageBody=document, MessageAttributes={REASON: value})

    def peek(self, portions: int) -> Iterator[list[DeadLetter]]:
        """Read at most so many batches of messages, which stay in the queue."""
        for _ in range(portions):
            response = self._call(
                "ReceiveMessage",
                MaxNumberOfMessages=BATCH_SIZE,
                VisibilityTimeout=PEEK_SECONDS,
                MessageAttributeNames=["All"],
            )
            found = [DeadLetter.of(message) for message in response.get("Messages") or ()]
            if not found:
                return
            yield found

    def delete(self, letter: DeadLetter) -> None:
        """Delete a message."""
        self._call("DeleteMessage", ReceiptHandle=letter.receipt)

    def _call(self, operation: str, **parameters: Any) -> dict[str, Any]:
        try:
            return self._client.call(operation, QueueUrl=self._url, **parameters)
        except CallFailed as error:
            raise Unavailable(f"The dead letter queue failed: {error.code}") from error


def _printable(text: str) -> str:
    """Leave out characters that SQS refuses in a message, such as most control characters."""
    return "".join(character for character in text if character.isprintable())
