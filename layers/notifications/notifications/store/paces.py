"""The clocks of paced channels in the deliveries table, moved as ``core.pacing`` decides."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from notifications.awsapi.client import Client
from notifications.core import pacing
from notifications.core.pacing import MAX_AHEAD, Pace
from notifications.store import keys
from notifications.store.dynamodb import conditionally, translated

KEPT = 3 * MAX_AHEAD
"""How long a clock is kept after the last reservation. It is in the past by then, so none is missed."""

ROUNDS = 2
"""How often both writes are tried: another process may move the clock between them."""

CLOCKS_KNOWN = 10_000
"""Of how many channels it is kept in memory where their clocks were."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_CLOCK = "next_slot"


class PaceStore:
    """Read and move the clocks. Every method raises ``Unavailable`` when DynamoDB fails."""

    def __init__(self, client: Client, name: str) -> None:
        self._client = client
        self._name = name
        self._known: dict[str, datetime] = {}

    def reserve(self, channel_id: str, count: int, pace: Pace, start: datetime) -> list[datetime]:
        """Reserve slots from ``start`` on, as ``core.pacing.reserve`` does; return them."""
        given = min(count, pace.most)
        first = self._moved(channel_id, given * pace.interval, start)
        if first is None:
            return []
        if len(self._known) >= CLOCKS_KNOWN:
            self._known.clear()
        self._known[channel_id] = first + given * pace.interval
        return pacing.slots(first, given, pace)

    def get(self, channel_id: str) -> datetime | None:
        """Read the next free slot of a channel; None if it has no clock."""
        with translated():
            response = self._client.call("GetItem", TableName=self._name, Key=keys.pace(channel_id))
        return _time(response["Item"]) if "Item" in response else None

    def forget(self, channel_id: str) -> None:
        """Start a channel's clock anew, because its rate is another one."""
        with translated():
            self._client.call("DeleteItem", TableName=self._name, Key=keys.pace(channel_id))

    def _moved(self, channel_id: str, by: timedelta, start: datetime) -> datetime | None:
        """Move the clock on; return the first slot of what was reserved, None if it is too far ahead."""
        # Each write costs a unit even if its condition fails, so the one that is likely to succeed comes
        # first. If neither does, the clock is too far ahead, or somebody has moved it in between.
        ahead = self._known.get(channel_id, start) > start
        for _ in range(ROUNDS):
            for move in (self._move_on, self._move_up) if ahead else (self._move_up, self._move_on):
                if (first := move(channel_id, by, start)) is not None:
                    return first
        return None

    def _move_on(self, channel_id: str, by: timedelta, start: datetime) -> datetime | None:
        """Reserve behind what is reserved already."""
        response = self._update(
            channel_id,
            f"{_CLOCK} + :by",
            f"{_CLOCK} BETWEEN :start AND :most",
            start,
            {":by": by // _MICROSECOND, ":start": _number(start), ":most": _number(start + MAX_AHEAD)},
        )
        return None if response is None else _time(response["Attributes"])

    def _move_up(self, channel_id: str, by: timedelta, start: datetime) -> datetime | None:
        """Reserve from ``start`` on, because nothing is reserved any more."""
        response = self._update(
            channel_id,
            ":after",
            f"attribute_not_exists({_CLOCK}) OR {_CLOCK} < :start",
            start,
            {":after": _number(start + by), ":start": _number(start)},
        )
        return None if response is None else start

    def _update(
        self, channel_id: str, clock: str, condition: str, start: datetime, values: Mapping[str, int]
    ) -> dict[str, Any] | None:
        expires = (start + KEPT - _EPOCH) // timedelta(seconds=1)
        numbers = {**values, ":expires": expires}
        return conditionally(
            self._client,
            "UpdateItem",
            TableName=self._name,
            Key=keys.pace(channel_id),
            UpdateExpression=f"SET {_CLOCK} = {clock}, expires = :expires",
            ConditionExpression=condition,
            ExpressionAttributeValues={name: {"N": str(number)} for name, number in numbers.items()},
            ReturnValues="UPDATED_OLD",
        )


def _number(time: datetime) -> int:
    return (time - _EPOCH) // _MICROSECOND


def _time(item: Mapping[str, Any]) -> datetime:
    return _EPOCH + int(item[_CLOCK]["N"]) * _MICROSECOND
