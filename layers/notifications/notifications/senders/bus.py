"""The event bus, for events that are put there through the API."""

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from notifications.core.errors import InvalidRequest, Unavailable
from notifications.core.events import SOURCE_PREFIX

if TYPE_CHECKING:
    from types_boto3_events import EventBridgeClient

MAX_ENTRY_BYTES = 256 * 1024
"""EventBridge's limit of one event."""

SOURCE = f"{SOURCE_PREFIX}.notification"


class EventBus:
    """Put events on a bus."""

    def __init__(self, client: "EventBridgeClient", name: str) -> None:
        self._client = client
        self._name = name

    def put(self, rule_type: str, data: Mapping[str, Any]) -> str:
        """Put an event whose detail-type is the rule type; return the id the bus gave it.

        Raises:
            InvalidRequest: the event is larger than a bus takes.
            Unavailable: the bus did not take it.
        """
        entry = {
            "EventBusName": self._name,
            "Source": SOURCE,
            "DetailType": rule_type,
            "Detail": json.dumps(data, ensure_ascii=False),
        }
        size = sum(len(part.encode()) for part in entry.values())
        if size > MAX_ENTRY_BYTES:
            raise InvalidRequest(f"The event has {size} bytes, at most {MAX_ENTRY_BYTES} are allowed")
        try:
            result = self._client.put_events(Entries=[entry])["Entries"][0]  # type: ignore[list-item]
        except (ClientError, BotoCoreError) as error:
            raise Unavailable(f"The event bus was not reached: {type(error).__name__}") from error
        if "EventId" not in result:
            raise Unavailable(f"The event bus refused the event: {result.get('ErrorCode')}")
        return result["EventId"]
