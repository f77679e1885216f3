"""Pace a channel's messages: when each may be sent. None of them is ever dropped.

**Theory of operation.** A channel has two virtual clocks (GCRA). Only conditional writes move them on, so
processes that know nothing of each other never get the same time.

- The clock of **slots** says when a delivery is due. A new delivery gets the next slot, at the end of the
  line, and an SQS message brings it to a process at about that time.
- The clock of **turns** says when a message is sent. A process takes the next turns for the deliveries that
  it has, if these turns are within seconds, waits for each, and sends. A delivery that gets no turn goes to
  the end of the line again.

So a delivery that comes early or late shifts the others a little, and a turn is lost only if no delivery is
there to take it. The gaps hold only if nobody sends late after a turn: hence ``Pace.is_late``. A message that
is late takes another turn.
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
"""The highest rate. Messages of the queue come up to seconds early, so beyond this rate those that wait for
their slots would keep too many redeliverers from other channels' retries.
"""

MARGIN = 1.05
"""How much longer an interval is than the rate asks for, because requests take differently long to arrive: a
receiver that allows one a second would refuse one that comes after 0.99 s."""

SLACK = 0.03
"""The share of an interval by which turns may follow each other sooner than slots, so that late deliveries
catch up, and by which a message may be sent after its turn. With ``MARGIN``, that leaves 98 % of the rate.
"""

LATE_AT_LEAST = timedelta(milliseconds=25)
"""How late after its turn a message may be sent, however short the interval is. Gaps vary by this much."""

LEAD = timedelta(seconds=0.1)
"""How far ahead the next turn is at least, because taking it needs calls of DynamoDB."""

WAIT = timedelta(seconds=3)
"""How far ahead the turns are, at most, that a process takes and waits for."""

WAIT_SLOTS = 4
"""For how many slots at most a dispatcher waits with a new delivery. So a channel keeps at most that many
dispatchers waiting, however fast it is."""

MAX_AHEAD = timedelta(days=1)
"""How far ahead slots are given. Records expire, so no message may wait for longer than they are kept: a
delivery that gets no slot asks again later, which renews its record."""

ASK_AGAIN = timedelta(hours=20)
"""How long a delivery that gets no slot waits before it asks again."""

RATES_KEPT = 256
"""How many parsed rates are cached, because each delivery needs its channel's."""

_RATE = re.compile(r"([1-9][0-9]{0,3})/([smh])")


@value
class Pace:
    """A rate. ``interval``: from one slot to the next. ``text``: the rate as it was given, such as 1/s."""

    interval: timedelta
    text: str

    @property
    def gap(self) -> timedelta:
        """Return the time from one turn to the next."""
        return self.interval * (1 - SLACK)

    @property
    def new_wait(self) -> timedelta:
        """Return how long a process waits with a delivery that has not waited in the queue."""
        return min(WAIT, WAIT_SLOTS * self.interval)

    @property
    def lateness(self) -> timedelta:
        """Return how long after its turn a message may still be sent."""
        return max(self.interval * SLACK, LATE_AT_LEAST)

    def is_late(self, turn: datetime, now: datetime) -> bool:
        """Return whether it is too late to send at a turn: the next message would come too soon after."""
        return now > turn + self.lateness


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
    except InvalidRequest:  # no such rate can be saved; if one is, sending without it beats not sending
        return None


def reserve(
    clock: datetime | None, count: int, interval: timedelta, start: datetime, until: datetime
) -> list[datetime]:
    """Return up to ``count`` times of a clock between ``start`` and ``until``, in order.

    ``clock``: its next free time; None if it was never used. The caller writes the time after the last one.
    """
    first = start if clock is None else max(clock, start)
    given = min(count, (until - first) // interval + 1)
    return [first + number * interval for number in range(given)]


def waiting_before(slot: datetime, pace: Pace, now: datetime) -> int:
    """Return how many slots there are between now and a slot."""
    return max(0, math.ceil((slot - now) / pace.interval - 0.5))


def shown(slot: datetime, pace: Pace, now: datetime) -> str:
    """Say which slot a delivery waits for."""
    return f"paced: {waiting_before(slot, pace, now)} before it, at {_time(slot)}"


def shown_without_slot() -> str:
    """Say what a delivery that got no slot waits for."""
    return f"paced: all slots of the next {MAX_AHEAD / timedelta(hours=1):g} hours are taken"


def shown_held_back(until: datetime) -> str:
    """Say that a receiver asked to wait."""
    return f"held back: the receiver asked for no message before {_time(until)}"


def _time(time: datetime) -> str:
    return time.isoformat(timespec="seconds").replace("+00:00", "Z")
