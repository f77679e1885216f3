"""How many messages the queues have."""

from collections.abc import Mapping
from typing import Any

from notifications.awsapi.client import Client
from notifications.awsapi.errors import CallFailed
from notifications.core.errors import Unavailable
from notifications.core.values import value

_NAMES = {
    "waiting": "ApproximateNumberOfMessages",
    "in_flight": "ApproximateNumberOfMessagesNotVisible",
    "delayed": "ApproximateNumberOfMessagesDelayed",
}


@value
class Depth:
    """How many messages a queue has, roughly: to be received, being processed, and delayed on purpose."""

    waiting: int
    in_flight: int
    delayed: int

    @property
    def is_empty(self) -> bool:
        """Whether nothing is in it, not even for later."""
        return not (self.waiting or self.in_flight or self.delayed)


def depths(client: Client, urls: Mapping[str, str]) -> dict[str, Depth]:
    """Ask SQS how many messages queues have; ``urls``: by name.

    Raises:
        Unavailable: SQS does not say.
    """
    return {name: _depth(client, url) for name, url in urls.items()}


def _depth(client: Client, url: str) -> Depth:
    try:
        found: dict[str, Any] = client.call(
            "GetQueueAttributes", QueueUrl=url, AttributeNames=[*_NAMES.values()]
        ).get("Attributes", {})
    except CallFailed as error:
        raise Unavailable(f"A queue cannot be asked: {error.code}") from error
    return Depth(**{name: int(found.get(attribute, 0)) for name, attribute in _NAMES.items()})
