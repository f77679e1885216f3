"""Collect the status of the service."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from notifications import __version__
from notifications.api import conditions
from notifications.core.channel_health import State, state
from notifications.core.model import timestamp
from notifications.core.muting import Standing
from notifications.core.records import delivery_id
from notifications.core.search import Summary
from notifications.core.service_status import ChannelSeen, Problem, QueueSeen, problems
from notifications.store.recent import DAY, Overdue, Recent
from notifications.wiring import Services
from service_api.status_models import (
    CauseOut,
    ChannelNow,
    CountsOut,
    MinuteOut,
    MuteNow,
    OverdueOut,
    QueueNow,
    ServiceStatus,
)

if TYPE_CHECKING:
    from notifications.messaging.ages import Age
    from notifications.messaging.depths import Depth

MAX_CHANNELS = 200
"""How many channels have their deliveries counted: first those that are not well, then the newest."""

_LAST: tuple[State, ...] = ("active", "disabled")
"""The states of channels that nobody needs to look at first."""


def status(services: Services, now: datetime) -> ServiceStatus:
    """Look at channels, records and queues.

    Raises:
        Unavailable: an AWS service does not respond.
    """
    health = services.health.all()
    found = services.channels.summaries()
    states = {channel.id: state(channel, health.get(channel.id)) for channel in found}
    channels = _ordered(found, {channel_id: known for channel_id, (known, _) in states.items()})
    counted = services.recent.deliveries([channel.id for channel in channels[:MAX_CHANNELS]], now)
    events = services.recent.events(now)
    together = _together(counted.values(), timestamp(now - DAY))
    queues = _queues(services, now)
    oldest = services.recent.overdue(now)
    overdue = oldest.seconds(now) if oldest else 0.0
    seen = [ChannelSeen(channel.id, channel.name, *states[channel.id]) for channel in channels]
    faults = [*problems(seen, together.hour, events.hour, _seen(queues), overdue)]
    return ServiceStatus(
        at=timestamp(now),
        service_version=__version__,
        well=not faults,
        problems=[problem.text for problem in faults],
        causes=[*map(_cause, faults)],
        channels=[_channel(channel, states[channel.id], counted.get(channel.id)) for channel in channels],
        deliveries=together,
        events=_shown(events),
        minutes=[*_minutes(counted.values(), events, since=together.since)],
        mutes=[*_mutes(services, now)],
        queues=queues,
        overdue_seconds=round(overdue),
        overdue=oldest and _overdue(oldest),
    )


def _ordered(found: Iterable[Summary], states: Mapping[str, State]) -> list[Summary]:
    newest = sorted(found, key=lambda channel: channel.created_at, reverse=True)
    return sorted(newest, key=lambda channel: states[channel.id] in _LAST)


def _channel(
    channel: Summary, state_and_reason: tuple[State, str | None], recent: Recent | None
) -> ChannelNow:
    known, reason = state_and_reason
    return ChannelNow.model_validate(
        {
            "id": channel.id,
            "name": channel.name,
            "channel_type": channel.type,
            "state": known,
            "state_reason": reason,
            "last_success_at": recent and recent.last_success,
            "deliveries": recent and _shown(recent),
        }
    )


def _cause(problem: Problem) -> CauseOut:
    return CauseOut(kind=problem.kind, count=problem.count, channel_id=problem.channel_id)


def _queues(services: Services, now: datetime) -> list[QueueNow]:
    depths = services.queue_depths()
    # Each age is billed and takes time, and that of nothing is known.
    filled = [name for name, depth in depths.items() if not depth.is_empty]
    ages = services.queue_ages(filled, now) if filled else {}
    return [_queue(name, depth, ages.get(name)) for name, depth in depths.items()]


def _queue(name: str, depth: "Depth", age: "Age | None") -> QueueNow:
    nothing = 0 if depth.is_empty else None
    return QueueNow(
        name=name,
        waiting=depth.waiting,
        in_flight=depth.in_flight,
        delayed=depth.delayed,
        oldest_age_seconds=nothing if age is None else round(age.seconds),
        age_measured_at=None if age is None else timestamp(age.measured_at),
    )


def _seen(queues: Iterable[QueueNow]) -> dict[str, QueueSeen]:
    return {queue.name: QueueSeen(queue.waiting, queue.oldest_age_seconds) for queue in queues}


def _overdue(oldest: Overdue) -> OverdueOut:
    event_id, rule_id = oldest.due.event_id, oldest.due.rule_id
    return OverdueOut(
        since=oldest.since,
        event_id=event_id,
        delivery_id=None if rule_id is None else delivery_id(event_id, rule_id),
    )


def _mutes(services: Services, now: datetime) -> Iterator[MuteNow]:
    for mute in services.mutes.all():
        force = Standing(mute).at(now)
        if force.in_force:
            yield MuteNow(
                id=mute.id,
                reason=mute.reason,
                until=force.until and timestamp(force.until),
                rule_id=mute.rule_id,
                channel_id=mute.channel_id,
                rule_type=mute.rule_type,
                condition=None if mute.condition is None else dict(mute.condition),
                where=None if mute.condition is None else conditions.clauses(mute.condition),
            )


def _minutes(counted: Iterable[Recent], events: Recent, since: str) -> Iterator[MinuteOut]:
    """Count by minute, from ``since`` on: the time after which the counts of all channels are complete."""
    deliveries: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for recent in counted:
        for minute, counts in recent.minutes.items():
            if minute >= since:
                deliveries[minute].update(counts)
    for minute in sorted(deliveries.keys() | events.minutes.keys()):
        yield MinuteOut(
            at=f"{minute}:00.000000Z",
            deliveries=dict(deliveries.get(minute, {})),
            events=dict(events.minutes.get(minute, {})),
        )


def _shown(recent: Recent) -> CountsOut:
    return CountsOut(hour=dict(recent.hour), day=dict(recent.day), since=recent.since)


def _together(counted: Iterable[Recent], since: str) -> CountsOut:
    hour, day = Counter[str](), Counter[str]()
    for recent in counted:
        hour.update(recent.hour)
        day.update(recent.day)
        since = max(since, recent.since)
    return CountsOut(hour=dict(hour), day=dict(day), since=since)
