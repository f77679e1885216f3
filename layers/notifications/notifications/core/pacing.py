"""Pace a channel's messages: when each may be sent. None of them is ever dropped.

**Theory of operation.** A virtual clock (GCRA) holds a channel's next free slot. Whoever wants to send
reserves slots by moving the clock on, one interval for each message, and sends each message at its slot. The
clock is only moved by conditional writes, so processes that know nothing of each other never get the same
slot. A slot that nobody uses, because its process died or came late, is lost; its message takes a new one.

A slot that is near is waited for in the process; for a later one a message of SQS comes a little early, and
the process waits for the rest. Gaps are kept only if nobody sends late: hence ``Pace.is_late``.
"""

import math
import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import lru_cache

from notifications.core.errors import InvalidRequest
from notifications.core.model import Channel, WebhookSpec
from notifications.core.nearest import quoted
from notifications.core.values import value

UNPACED = "none"
UNITS: Mapping[str, int] = {"s": 1, "m": 60, "h": 3600}

MAX_A_SECOND = 10
"""The highest rate. Messages of the queue come seconds early, so beyond it those that wait for their slots
would keep too many redeliverers from other channels' retries.
"""

MARGIN = 1.05
"""How much longer an interval is than the rate asks for, because requests are not equally long on their way:
a receiver that allows one a second would refuse one that comes after 0.99 s."""

LATE_SHARE = 0.06
LATE_AT_LEAST = timedelta(milliseconds=25)
"""A message may be sent after its slot by this share of an interval: with ``MARGIN`` that leaves 98 % of what
the rate asks for. At more than 2 a second it may be ``LATE_AT_LEAST``, so gaps vary by that much."""

WAIT = timedelta(seconds=3)
"""How long a process waits for a slot; the message of a later one goes to the queue."""

NEW_WAIT = timedelta(seconds=2)
"""How long it waits for one that it has just reserved."""

QUEUE_LEAD = timedelta(seconds=5)
"""How far away the slots of messages that go to the queue are at least; nearer ones would often be missed."""

RESERVING = timedelta(seconds=0.15)
"""How far away the first slot of several is, because reserving them may take two calls of DynamoDB."""

WAIT_SLOTS = 4
"""How many slots ahead a process waits for one that it has just reserved. So a channel keeps that many
dispatchers waiting at most, however fast it is."""

MAX_AHEAD = timedelta(days=1)
"""How far ahead slots are given. Records expire, so no message may wait for longer than they are kept: one
that gets no slot asks again later, and is kept anew by that."""

ASK_AGAIN = timedelta(hours=20)
"""How long a message waits that gets no slot."""

RATES_KEPT = 256
"""How many rates are kept as they were parsed, because each delivery asks for its channel's."""

_RATE = re.compile(r"([1-9][0-9]{0,3})/([smh])")


@value
class Pace:
    """A rate. ``interval``: from one slot to the next. ``text``: the rate as it was given, such as 1/s."""

    interval: timedelta
    text: str

    @property
    def lateness(self) -> timedelta:
        """How long after its slot a message may still be sent."""
        return max(self.interval * LATE_SHARE, LATE_AT_LEAST)

    def is_late(self, slot: datetime, now: datetime) -> bool:
        """Return whether it is too late to send in a slot: the next message would come too soon after."""
        return now > slot + self.lateness

    @property
    def most(self) -> int:
        """How many slots are reserved at once at most."""
        return int(MAX_AHEAD / self.interval) + 1


@lru_cache(RATES_KEPT)
def parse(rate: str) -> Pace | None:
    """Parse a rate such as 1/s, 30/m or 10/h; None if it is "none", which means no limit.

    Raises:
        InvalidRequest: it is not a rate.
    """
    if rate == UNPACED:
        return None
    found = _RATE.fullmatch(rate)
    if found is None or int(found[1]) > MAX_A_SECOND * UNITS[found[2]]:
        raise InvalidRequest(
            f"{quoted(rate)} is not a rate: expected a number per second, minute or hour such as 1/s, 30/m"
            f" or 100/h, at most {MAX_A_SECOND}/s, or {UNPACED}"
        )
    return Pace(timedelta(seconds=UNITS[found[2]] * MARGIN / int(found[1])), rate)


def pace_of(channel: Channel) -> Pace | None:
    """Return how fast a channel's messages are sent, by its own rate or its preset's; None for no limit."""
    rate, spec = channel.rate, channel.spec
    if rate is None and isinstance(spec, WebhookSpec) and spec.preset is not None:
        from notifications.core.presets import PRESETS  # noqa: PLC0415 - only such channels need them

        rate = PRESETS[spec.preset].rate
    try:
        return None if rate is None else parse(rate)
    except InvalidRequest:  # nobody can save such a rate; sending without one is better than not sending
        return None


def reserve(
    clock: datetime | None, count: int, pace: Pace, start: datetime
) -> tuple[list[datetime], datetime | None]:
    """Reserve slots from ``start`` on; return them, and the clock afterwards.

    Fewer slots than wanted, or none, are given if they would be too far ahead.
    """
    if clock is not None and clock > start + MAX_AHEAD:
        return [], clock
    first = start if clock is None else max(clock, start)
    given = min(count, pace.most)
    return slots(first, given, pace), first + given * pace.interval


def slots(first: datetime, count: int, pace: Pace) -> list[datetime]:
    """List consecutive slots."""
    return [first + number * pace.interval for number in range(count)]


def waiting_before(slot: datetime, pace: Pace, now: datetime) -> int:
    """Return how many slots there are before one."""
    return max(0, math.ceil((slot - now) / pace.interval - 0.5))


def shown(slot: datetime, pace: Pace, now: datetime) -> str:
    """Say what a delivery waits for."""
    return f"paced: {waiting_before(slot, pace, now)} before it, at {_time(slot)}"


def shown_without_slot() -> str:
    """Say what a delivery waits for that got no slot."""
    return f"paced: all slots of the next {MAX_AHEAD / timedelta(hours=1):g} hours are taken"


def shown_held_back(until: datetime) -> str:
    """Say that a receiver asked to wait."""
    return f"held back: the receiver asked for no message before {_time(until)}"


def _time(time: datetime) -> str:
    return time.isoformat(timespec="seconds").replace("+00:00", "Z")
