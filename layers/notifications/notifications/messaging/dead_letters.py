"""The dead letter queue of events: what could not be dispatched is kept there, with the reason."""

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
"""How long a message that was looked at is hidden, so that the next ones are seen. The alarm does not count
what is hidden, so it must not be for long."""


@value
class DeadLetter:
    """A message that waits there. ``reason``: why it does, None if SQS itself moved it."""

    id: str
    body: str
    receipt: str
    reason: str | None

    @classmethod
    def of(cls, message: Mapping[str, Any]) -> Self:
        """Read a message as SQS gives it."""
        attributes = message.get("MessageAttributes", {})
        told = [
            attributes[name]["StringValue"]
            for name in (REASON, "ERROR_CODE", "ERROR_MESSAGE")  # the last two are EventBridge's
            if name in attributes
        ]
        reason = ": ".join(told) or None
        return cls(message["MessageId"], message["Body"], message["ReceiptHandle"], reason)


class DeadLetterQueue:
    """Put events there, look at what is there, and take away what has been dispatched after all.

    Every method raises ``Unavailable`` when SQS does not do it within its tries.
    """

    def __init__(self, client: Client, url: str) -> None:
        self._client = client
        self._url = url

    def put(self, document: str, reason: str) -> None:
        """Keep an event, with the reason why it could not be dispatched."""
        value = {"DataType": "String", "StringValue": _printable(reason) or "?"}
        self._call("SendMessage", MessageBody=document, MessageAttributes={REASON: value})

    def peek(self, portions: int) -> Iterator[list[DeadLetter]]:
        """Look at what is there, so many portions at most; it all stays there."""
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
        """Take a message away."""
        self._call("DeleteMessage", ReceiptHandle=letter.receipt)

    def _call(self, operation: str, **parameters: Any) -> dict[str, Any]:
        try:
            return self._client.call(operation, QueueUrl=self._url, **parameters)
        except CallFailed as error:
            raise Unavailable(f"The dead letter queue did not do it: {error.code}") from error


def _printable(text: str) -> str:
    """Leave out what SQS takes in no message: most control characters."""
    return "".join(character for character in text if character.isprintable())
