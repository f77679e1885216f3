"""Put batches on EventBridge, and return the result of each event."""

from collections.abc import Sequence
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    InvalidRegionError,
    NoRegionError,
    ParamValidationError,
)

from backendai_notification_bridge.core.errors import WrongSettings
from backendai_notification_bridge.putting.batches import BATCH_BYTES, size
from backendai_notification_bridge.putting.bus import CONNECTIONS, Outcome
from backendai_notification_bridge.spool.rows import Outgoing

NEVER = frozenset(
    {
        "InvalidArgument",
        "MalformedDetail",
        "NotAuthorizedForDetailType",
        "NotAuthorizedForDetailTypeException",
        "NotAuthorizedForSource",
        "NotAuthorizedForSourceException",
        "ValidationError",
        "ValidationException",
    }
)
"""EventBridge's errors for events that it will never take. All others may pass: throttling, faults, a missing
permission or bus, which somebody will repair."""

TOO_LARGE = frozenset(
    {"413", "RequestEntityTooLarge", "RequestEntityTooLargeException", "SerializationException"}
)


class EventBridge:
    """An event bus of EventBridge."""

    def __init__(self, client: Any, name: str) -> None:
        self._client = client
        self._name = name

    def put(self, batch: Sequence[Outgoing]) -> Outcome:
        """Put a batch; if EventBridge refuses all of it because of one event, find that event."""
        if len(batch) == 1 and (counted := size(batch[0])) > BATCH_BYTES:
            return Outcome(refused=[(batch[0], f"too large for EventBridge: {counted:,} bytes")])
        try:
            response = self._client.put_events(Entries=[event.event().entry(self._name) for event in batch])
        except ClientError as error:
            code, message = error.response["Error"]["Code"], error.response["Error"]["Message"]
            if code in NEVER or code in TOO_LARGE:
                return self._part(batch, f"{code}: {message}")
            return Outcome(later=f"{code}: {message}")
        except ParamValidationError as error:
            return self._part(batch, str(error))
        except BotoCoreError as error:
            return Outcome(later=str(error))
        return _outcome(batch, response["Entries"])

    def _part(self, batch: Sequence[Outgoing], reason: str) -> Outcome:
        if len(batch) == 1:
            return Outcome(refused=[(batch[0], reason)])
        outcome = Outcome()
        for event in batch:
            outcome.add(self.put([event]))
        return outcome


def _outcome(batch: Sequence[Outgoing], entries: Sequence[dict[str, str]]) -> Outcome:
    outcome = Outcome()
    for event, entry in zip(batch, entries, strict=True):
        code = entry.get("ErrorCode")
        reason = f"{code}: {entry.get('ErrorMessage', '')}"
        if code is None:
            outcome.taken.append(event)
        elif code in NEVER:
            outcome.refused.append((event, reason))
        else:
            outcome.later = reason
    return outcome


def event_bridge(name: str, region: str | None, endpoint_url: str | None) -> EventBridge:
    """Connect to a bus, with the credentials that boto3 finds.

    Raises:
        WrongSettings: the region is missing or invalid, the URL is invalid, or AWS's own configuration is.
    """
    config = Config(
        connect_timeout=5,
        read_timeout=10,
        retries={"total_max_attempts": 1},  # the sender itself tries again, more slowly and without end
        max_pool_connections=CONNECTIONS,
    )
    try:
        client = boto3.client("events", region_name=region, endpoint_url=endpoint_url, config=config)
    except (NoRegionError, InvalidRegionError) as error:
        raise WrongSettings(f"bus.region: {error}") from None
    except BotoCoreError as error:
        raise WrongSettings(f"bus: boto3 cannot be set up: {error}") from None
    except ValueError as error:
        raise WrongSettings(f"bus.endpoint_url: {error}") from None
    return EventBridge(client, name)
