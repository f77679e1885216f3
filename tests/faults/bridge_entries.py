"""Entries of the stream, and the ids of the events that the bridge makes of them."""

import json
from datetime import UTC, datetime
from uuid import UUID

from backendai_notification_bridge.core.making import MakeOptions, make
from backendai_notification_bridge.core.wire import decode_entry

Fields = dict[bytes, bytes]


class Forgetful:
    """A memory for one entry: nothing came before."""

    def get(self, key: str) -> None:
        """Remember nothing."""

    def put(self, key: str, value: str, seconds: int) -> None:
        """Forget it."""


def event_id(fields: Fields) -> str:
    """Return the id of the event that an entry makes."""
    received = decode_entry(fields, datetime.now(UTC))
    (event,) = make(received, Forgetful(), None, MakeOptions()).events
    return event.event_id


def task(name: str, number: int) -> Fields:
    """Write the end of a background task."""
    return _entry(name, {"task_id": str(UUID(int=number)), "message": f"task {number}"})


def endpoint(number: int) -> Fields:
    """Write that an endpoint is ready."""
    data = {
        "endpoint_id": str(UUID(int=number)),
        "endpoint_name": f"endpoint-{number}",
        "domain": "default",
        "project_id": "d4d4d4d4-7777-4b5c-8d6e-000000000001",
        "resource_group": "default",
        "from_status": "created",
        "to_status": "ready",
        "transition_result": "success",
        "event_timestamp": "2026-01-15T10:30:00+00:00",
    }
    told = {"rule_type": "endpoint.lifecycle.changed", "timestamp": "2026-01-15T10:30:00Z"}
    return _entry("notification_triggered", {**told, "notification_data": data})


def _entry(name: str, payload: dict[str, object]) -> Fields:
    return {b"name": name.encode(), b"source": b"i-manager01", b"payload": json.dumps(payload).encode()}
