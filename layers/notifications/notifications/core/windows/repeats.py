"""Once-per: the first event of a group is sent, and those that follow within the period are its repeats.

The window is fixed: it begins when its first event is sent, and later events do not prolong it. Only the
records of the first event say what became of it, so nothing must be undone when it fails: the next event
reads these records, and opens a new window.
"""

from datetime import datetime, timedelta

from notifications.core import periods
from notifications.core.event_records import EventRecord, standing
from notifications.core.model import OncePer
from notifications.core.records import DeliveryStatus
from notifications.core.values import value

MAX_RECORDED = 10_000
"""How many repeats of a rule are recorded in an hour of the clock; further ones are only counted."""

REASON = "repeat of "
"""The beginning of the reason of a repeat."""

_ENDINGS = {1: "st", 2: "nd", 3: "rd"}

_WENT: frozenset[DeliveryStatus] = frozenset({"pending", "delivered", "held", "collected"})
"""The statuses of a delivery that was sent, or will be."""


@value
class Window:
    """The window of a group. ``event_id``: that of the event that opened it. ``until``: its end.

    ``repeats``: how many repeats it has had. ``before``: how many were suppressed before it was opened, which
    the message of its first event says.
    """

    event_id: str
    until: datetime
    repeats: int = 0
    before: int = 0


def opened(seen: Window | None, event_id: str, once_per: OncePer, now: datetime, *, gone: bool) -> Window:
    """Return the window that an event opens in place of the last one.

    ``seen``: the last one; None if there was none. ``gone``: whether nobody got the message of the last one's
    first event, so that the next message repeats the count that it had.
    """
    before = 0 if seen is None else seen.repeats + (seen.before if gone else 0)
    return Window(event_id, now + timedelta(seconds=once_per.period), before=before)


def is_gone(delivery: DeliveryStatus | None, event: EventRecord | None, now: datetime) -> bool:
    """Return whether the event that opened a window has failed for good, by its records.

    ``delivery``: the status of its delivery; None if there is none. Then the event may still be sent until
    its dispatch has ended: a dispatcher has it, or its message comes again.
    """
    if delivery is not None:
        return delivery not in _WENT
    return event is None or (standing(event, now) == "ended" or event.status == "dead_letter")


def reason(delivery_id: str, number: int, once_per: OncePer) -> str:
    """Say which delivery an event repeats. ``number``: its place in the window, from 1."""
    return f"{REASON}{delivery_id} ({ordinal(number)} in {periods.written(once_per.period)})"


def ordinal(number: int) -> str:
    """Write a number as 1st, 2nd, 3rd, 4th."""
    if number % 100 // 10 == 1:
        return f"{number}th"
    return f"{number}{_ENDINGS.get(number % 10, 'th')}"


def hour_of(now: datetime) -> str:
    """Return the name of the hour of the clock, in UTC, under which repeats are counted."""
    return now.strftime("%Y-%m-%dT%H")


def recordable(count: int, total: int) -> int:
    """Return how many of the last ``count`` repeats are recorded. ``total``: how many their hour has."""
    return max(0, min(count, MAX_RECORDED - (total - count)))
