"""The clocks of paced channels in the deliveries table, moved as ``core.pacing`` decides."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from notifications.awsapi.client import Client
from notifications.core.errors import Unavailable
from notifications.core.pacing import MAX_AHEAD, Pace, reserve
from notifications.store import keys
from notifications.store.dynamodb import translated, updated_or_present

KEPT = 3 * MAX_AHEAD
"""How long clocks are kept after they were last used. By then they are in the past, so they are not needed.
"""

ROUNDS = 5
"""How often a write is tried, because other processes may move the clock in between."""

CLOCKS_KNOWN = 10_000
"""How many clocks' last positions are cached."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_SLOTS, _TURNS = "next_slot", "next_turn"


class PaceStore:
    """Read and move the clocks. Every method raises ``Unavailable`` when DynamoDB fails."""

    def __init__(self, client: Client, name: str) -> None:
        self._client = client
        self._name = name
        self._known: dict[tuple[str, str], datetime] = {}

    def slots(self, channel_id: str, count: int, pace: Pace, start: datetime) -> list[datetime]:
        """Reserve slots from ``start`` on; return fewer than ``count`` if others would be too far ahead."""
        return self._reserve((channel_id, _SLOTS), count, pace.interval, start, start + MAX_AHEAD)

    def turns(
        self, channel_id: str, count: int, pace: Pace, start: datetime, until: datetime
    ) -> list[datetime]:
        """Take up to ``count`` turns between ``start`` and ``until``; return them."""
        return self._reserve((channel_id, _TURNS), count, pace.gap, start, until)

    def get(self, channel_id: str) -> datetime | None:
        """Read the next free slot of a channel; None if it has no clock."""
        with translated():
            response = self._client.call("GetItem", TableName=self._name, Key=keys.pace(channel_id))
        return _time(response.get("Item", {}), _SLOTS)

    def forget(self, channel_id: str) -> None:
        """Restart a channel's clocks, because its rate has changed."""
        with translated():
            self._client.call("DeleteItem", TableName=self._name, Key=keys.pace(channel_id))

    def _reserve(
        self, clock: tuple[str, str], count: int, interval: timedelta, start: datetime, until: datetime
    ) -> list[datetime]:
        """Move a clock, given by its channel and name; return the times that were reserved."""
        # A write costs a unit even if its condition fails, so begin with the one that is likely to succeed. A
        # cached position alone never means that there is no time, because the clock may have been restarted.
        times = reserve(self._known.get(clock), count, interval, start, until)
        times = times or reserve(None, count, interval, start, until)
        for _ in range(ROUNDS):
            if not times:
                return []
            moved, before = self._move(clock, times, interval, start, until)
            times = reserve(before, len(times) if moved else count, interval, start, until)
            if moved:
                self._note(clock, times[-1] + interval)
                return times
        raise Unavailable(f"The clock of channel {clock[0]} was moved by others {ROUNDS} times in a row")

    def _move(
        self,
        clock: tuple[str, str],
        times: Sequence[datetime],
        interval: timedelta,
        start: datetime,
        until: datetime,
    ) -> tuple[bool, datetime | None]:
        """Reserve times of a clock; return whether it was possible, and the clock's former position."""
        channel_id, name = clock
        if times[0] > start:  # after all existing reservations, even those made meanwhile
            moved, condition = f"{name} + :by", f"{name} BETWEEN :start AND :most"
            values = {":by": len(times) * interval // _MICROSECOND}
            values[":most"] = _number(until - (len(times) - 1) * interval)
        else:
            moved, condition = ":after", f"attribute_not_exists({name}) OR {name} <= :start"
            values = {":after": _number(times[-1] + interval)}
        values |= {":start": _number(start), ":expires": _number(start + KEPT) // 1_000_000}
        done, item = updated_or_present(
            self._client,
            TableName=self._name,
            Key=keys.pace(channel_id),
            UpdateExpression=f"SET {name} = {moved}, expires = :expires",
            ConditionExpression=condition,
            ExpressionAttributeValues={key: {"N": str(number)} for key, number in values.items()},
            ReturnValues="UPDATED_OLD",
        )
        return done, _time(item, name)

    def _note(self, clock: tuple[str, str], time: datetime) -> None:
        if len(self._known) >= CLOCKS_KNOWN:
            self._known.clear()
        self._known[clock] = time


def _number(time: datetime) -> int:
    return (time - _EPOCH) // _MICROSECOND


def _time(item: Mapping[str, Any], name: str) -> datetime | None:
    return _EPOCH + int(item[name]["N"]) * _MICROSECOND if name in item else None
