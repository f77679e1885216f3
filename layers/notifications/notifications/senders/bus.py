"""The event bus, for events that are put there through the API."""

import json
from collections.abc import Mapping
from typing import Any

from notifications.awsapi.client import Client
from notifications.awsapi.errors import CallFailed
from notifications.core.errors import InvalidRequest, Unavailable
from notifications.core.events import SOURCE_PREFIX

MAX_ENTRY_BYTES = 256 * 1024
"""EventBridge's limit of one event."""

SOURCE = f"{SOURCE_PREFIX}.notification"


class EventBus:
    """Put events on a bus."""

    def __init__(self, client: Client, name: str) -> None:
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
            result = self._client.call("PutEvents", Entries=[entry])["Entries"][0]
        except CallFailed as error:
            raise Unavailable(f"The event bus did not take the event: {error.code}") from error
        if "EventId" not in result:
            raise Unavailable(f"The event bus refused the event: {result.get('ErrorCode')}")
        return str(result["EventId"])
