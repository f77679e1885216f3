"""Whether the service is well: what an operator should look at now, in words."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final, Literal

from notifications.core.channel_health import State
from notifications.core.values import value

OVERDUE_SECONDS: Final = 900
"""From when on something that is due is a problem, as for the alarm."""

DEAD: Final[tuple[Literal["dead_events", "dead_hints"], ...]] = ("dead_events", "dead_hints")
"""The queues in which there should be nothing."""

_UNWELL: Final = ("failing", "suspended")


ProblemKind = Literal["channel", "failed", "refused", "dead_letter", "dead_events", "dead_hints", "overdue"]
"""A channel that is not well; deliveries that failed; events that were refused, or became dead letters; what
is in a dead letter queue; what has been due for too long."""


@value
class ChannelSeen:
    """What matters of a channel here."""

    id: str
    name: str
    state: State
    reason: str | None


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
    waiting: Mapping[str, int],
    overdue: float,
) -> Iterator[Problem]:
    """Say what is not well; nothing if all is.

    ``deliveries``, ``events``: those of the last hour by status. ``waiting``: messages by queue. ``overdue``:
    for how many seconds the oldest record has been due.
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
    for name in DEAD:
        if letters := waiting.get(name, 0):
            what = "event" if name == DEAD[0] else "hint"
            verb = "is" if letters == 1 else "are"
            text = f"{_counted(letters, what, f'{what}s')} {verb} in a dead letter queue"
            yield Problem(name, text, letters)
    if overdue > OVERDUE_SECONDS:
        minutes = OVERDUE_SECONDS // 60
        text = f"Something has been due for more than {minutes} minutes, and nothing looks at it"
        yield Problem("overdue", text)


def _counted(count: int, one: str, many: str) -> str:
    return f"{count:,} {one if count == 1 else many}"


def _were(count: int) -> str:
    return "was" if count == 1 else "were"


def _letters(count: int) -> str:
    return "a dead letter" if count == 1 else "dead letters"
