"""Whether the service is well: what an operator should look at now, in words."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final, Literal

from notifications.core.channel_health import State
from notifications.core.values import value

OVERDUE_SECONDS: Final = 900
"""From when on something that is due is a problem, as for the alarm."""

MAX_AGES: Final = {"events": 300, "deliveries": 1800, "slow": 1800}
"""From how many seconds on a queue's oldest message is a problem, as for the queue's alarm. Deliveries may be
delayed for 15 minutes on purpose."""

_UNWELL: Final = ("failing", "suspended")
_MINUTE: Final = 60
_HOUR: Final = 3600

ProblemKind = Literal[
    "channel",
    "failed",
    "refused",
    "dead_letter",
    "old_events",
    "old_deliveries",
    "old_slow",
    "dead_events",
    "dead_hints",
    "overdue",
]
"""A channel that is not well; deliveries that failed; events that were refused, or became dead letters; what
has waited in a queue for too long; what is in a dead letter queue; what has been due for too long."""


_TAKEN_BY: Final[tuple[tuple[str, ProblemKind, str, str, str], ...]] = (
    ("events", "old_events", "event", "dispatcher", "DispatcherConcurrency"),
    ("deliveries", "old_deliveries", "delivery", "redeliverer", "RedelivererConcurrency"),
    ("slow", "old_slow", "delivery to a slow receiver", "redeliverer", "SlowLaneConcurrency"),
)
"""Of each queue: its kind of problem, what is in it, who takes that, and the parameter for more of those."""


@value
class ChannelSeen:
    """What matters of a channel here."""

    id: str
    name: str
    state: State
    reason: str | None


@value
class QueueSeen:
    """What matters of a queue here. ``oldest``: its oldest message's age in seconds, None if not known."""

    waiting: int
    oldest: float | None


@value
class Problem:
    """What an operator should look at. ``count``: of what, None if that is not counted."""

    kind: ProblemKind
    text: str
    count: int | None = None
    channel_id: str | None = None


def problems(
    channels: Iterable[ChannelSeen],
    deliveries: Mapping[str, int],
    events: Mapping[str, int],
    queues: Mapping[str, QueueSeen],
    overdue: float,
) -> Iterator[Problem]:
    """Say what is not well; nothing if all is.

    ``deliveries``, ``events``: those of the last hour by status. ``overdue``: for how many seconds the oldest
    record has been due.
    """
    for channel in channels:
        # A channel that somebody disabled is as it should be; one that the service did has a reason.
        if channel.state in _UNWELL or (channel.state == "disabled" and channel.reason):
            reason = f": {channel.reason}" if channel.reason else ""
            text = f"The channel {channel.name} is {channel.state}{reason}"
            yield Problem("channel", text, channel_id=channel.id)
    if failed := deliveries.get("failed", 0):
        text = f"{_counted(failed, 'delivery', 'deliveries')} of the last hour failed for good"
        yield Problem("failed", text, failed)
    if refused := events.get("refused", 0):
        text = f"{_counted(refused, 'event', 'events')} of the last hour {_were(refused)} refused"
        yield Problem("refused", text, refused)
    if dead := events.get("dead_letter", 0):
        text = f"{_counted(dead, 'event', 'events')} of the last hour ended as {_letters(dead)}"
        yield Problem("dead_letter", text, dead)
    yield from _old(queues)
    yield from _dead(queues)
    if overdue > OVERDUE_SECONDS:
        minutes = OVERDUE_SECONDS // _MINUTE
        text = f"Something has been due for more than {minutes} minutes, and nothing looks at it"
        yield Problem("overdue", text)


def _old(queues: Mapping[str, QueueSeen]) -> Iterator[Problem]:
    """Say which queues have messages that nobody has taken for too long, and what to do about it."""
    for name, kind, what, function, parameter in _TAKEN_BY:
        age = queues[name].oldest
        if age is not None and age > MAX_AGES[name]:
            waited = f"The oldest {what} has waited in its queue for {_told(age)}"
            text = f"{waited}: look for errors in the {function}'s log, or raise {parameter}"
            yield Problem(kind, text)


def _dead(queues: Mapping[str, QueueSeen]) -> Iterator[Problem]:
    """Say what is in the queues in which there should be nothing."""
    if letters := queues["dead_events"].waiting:
        text = f"{_counted(letters, 'event', 'events')} {_are(letters)} in a dead letter queue"
        yield Problem("dead_events", text, letters)
    if letters := queues["dead_hints"].waiting:
        message = _counted(letters, "message", "messages")
        text = f"{message} of the delivery queues {_are(letters)} in their dead letter queue"
        yield Problem("dead_hints", text, letters)


def _told(seconds: float) -> str:
    if seconds < 2 * _HOUR:
        return f"{seconds // _MINUTE:.0f} minutes"
    return f"{seconds // _HOUR:,.0f} hours"


def _counted(count: int, one: str, many: str) -> str:
    return f"{count:,} {one if count == 1 else many}"


def _are(count: int) -> str:
    return "is" if count == 1 else "are"


def _were(count: int) -> str:
    return "was" if count == 1 else "were"


def _letters(count: int) -> str:
    return "a dead letter" if count == 1 else "dead letters"
