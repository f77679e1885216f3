"""The event bus, for events that clients send through the API, and for the service's own."""

from collections.abc import Mapping
from typing import Any

from notifications.awsapi.client import Client
from notifications.awsapi.errors import CallFailed
from notifications.core import json_text
from notifications.core.errors import Unavailable
from notifications.core.events import CHOSEN_ID, SOURCE_PREFIX

SOURCE = f"{SOURCE_PREFIX}.notification"


class EventBus:
    """Put events on a bus."""

    def __init__(self, client: Client, name: str) -> None:
        self._client = client
        self._name = name

    def put(self, rule_type: str, data: Mapping[str, Any], event_id: str | None = None) -> str:
        """Put an event whose detail-type is the rule type; return its id: the one given, or else the bus's.

        Raises:
            Unavailable: the bus did not take it.
        """
        entry: dict[str, Any] = {
            "EventBusName": self._name,
            "Source": SOURCE,
            "DetailType": rule_type,
            "Detail": json_text.compact(data),
        }
        if event_id is not None:
            entry["Resources"] = [CHOSEN_ID + event_id]
        try:
            result = self._client.call("PutEvents", Entries=[entry])["Entries"][0]
        except CallFailed as error:
            raise Unavailable(f"The event bus did not take the event: {error.code}") from error
        if "EventId" not in result:
            raise Unavailable(f"The event bus refused the event: {result.get('ErrorCode')}")
        return event_id or str(result["EventId"])
