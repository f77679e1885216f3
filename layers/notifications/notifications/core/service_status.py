"""Whether the service is well: what an operator should look at now, in words."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from notifications.core.channel_health import State
from notifications.core.values import value

OVERDUE_SECONDS: Final = 900
"""From when on something that is due is a problem, as for the alarm."""

DEAD: Final = ("dead_events", "dead_hints")
"""The queues in which there should be nothing."""

_UNWELL: Final = ("failing", "suspended")


@value
class ChannelSeen:
    """What matters of a channel here."""

    name: str
    state: State
    reason: str | None


def problems(
    channels: Iterable[ChannelSeen],
    deliveries: Mapping[str, int],
    events: Mapping[str, int],
    waiting: Mapping[str, int],
    overdue: float,
) -> Iterator[str]:
    """Say what is not well; nothing if all is.

    ``deliveries``, ``events``: those of the last hour by status. ``waiting``: messages by queue. ``overdue``:
    for how many seconds the oldest record has been due.
    """
    for channel in channels:
        # A channel that somebody disabled is as it should be; one that the service did has a reason.
        if channel.state in _UNWELL or (channel.state == "disabled" and channel.reason):
            reason = f": {channel.reason}" if channel.reason else ""
            yield f"The channel {channel.name} is {channel.state}{reason}"
    if failed := deliveries.get("failed", 0):
        yield f"{_counted(failed, 'delivery', 'deliveries')} of the last hour failed for good"
    if refused := events.get("refused", 0):
        yield f"{_counted(refused, 'event', 'events')} of the last hour {_were(refused)} refused"
    if dead := events.get("dead_letter", 0):
        yield f"{_counted(dead, 'event', 'events')} of the last hour ended as {_letters(dead)}"
    for name in DEAD:
        if letters := waiting.get(name, 0):
            what = "event" if name == DEAD[0] else "hint"
            verb = "is" if letters == 1 else "are"
            yield f"{_counted(letters, what, f'{what}s')} {verb} in a dead letter queue"
    if overdue > OVERDUE_SECONDS:
        yield f"Something has been due for more than {OVERDUE_SECONDS // 60} minutes, and nothing looks at it"


def _counted(count: int, one: str, many: str) -> str:
    return f"{count:,} {one if count == 1 else many}"


def _were(count: int) -> str:
    return "was" if count == 1 else "were"


def _letters(count: int) -> str:
    return "a dead letter" if count == 1 else "dead letters"
