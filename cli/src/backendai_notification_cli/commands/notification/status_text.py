"""The status of the service as lines."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from backendai_notification_cli import __version__
from backendai_notification_cli.commands.notification.mute.mutes import about
from backendai_notification_cli.terminal.times import rounded, told_distance, told_time
from backendai_notification_cli.terminal.visible import visible

WELL_CHANNELS = 20
"""How many channels are listed that are well."""

_QUEUES = {
    "events": "events",
    "deliveries": "deliveries",
    "slow": "deliveries to slow receivers",
    "dead_events": "dead letters",
    "dead_hints": "dead letters of deliveries",
}
_WRONG = (
    ("deliveries", "failed", "delivery list"),
    ("events", "refused", "event list"),
    ("events", "dead_letter", "event list"),
)
_WELL = ("active", "disabled")
_SHORT = timedelta(days=1) - timedelta(minutes=1)


def lines(found: Mapping[str, Any]) -> Iterator[str]:
    """Write the status: first whether all is well, and what is not."""
    now = datetime.now(UTC)
    problems = [visible(problem).removesuffix(r"\n") for problem in found.get("problems") or ()]
    yield "All is well" if found["well"] else f"Not well: {len(problems)} to look at"
    yield from (f"  ! {problem}" for problem in problems)
    yield from (f"  See: {command}" for command in _lists(found))
    yield from _channels(found["channels"], now)
    yield f"Deliveries: {_counts(found.get('deliveries'), now)}"
    yield f"Events: {_counts(found.get('events'), now)}"
    names = {channel.get("id"): channel.get("name") for channel in found["channels"]}
    yield from _mutes(
        [{**mute, "channel": names.get(mute.get("channel_id"))} for mute in found.get("mutes") or ()]
    )
    yield "Queues:"
    yield from (f"  {_queue(queue, now)}" for queue in found["queues"])
    overdue = found.get("overdue_seconds") or 0
    yield f"Overdue: {f'for {overdue} s' if overdue else 'nothing'}"
    yield from _overdue(found.get("overdue"))
    yield f"Versions: service {found.get('service_version')}, command line {__version__}"
    yield f"As of: {told_time(str(found.get('at')))}"


def _lists(found: Mapping[str, Any]) -> Iterator[str]:
    """Name the commands that list what went wrong within the last hour."""
    for kind, status, command in _WRONG:
        counts = found.get(kind)
        hour = counts.get("hour") if isinstance(counts, Mapping) else None
        if isinstance(hour, Mapping) and hour.get(status):
            yield f"{command} --status {status} --since 1h"


def _overdue(oldest: Any) -> Iterator[str]:
    """Name the command that shows what has been due for longest."""
    if isinstance(oldest, Mapping):
        delivery_id = oldest.get("delivery_id")
        command = f"delivery info {delivery_id}" if delivery_id else f"event info {oldest.get('event_id')}"
        yield f"  See: {command}"


def _channels(channels: Sequence[Mapping[str, Any]], now: datetime) -> Iterator[str]:
    states = Counter(str(channel.get("state")) for channel in channels)
    yield f"Channels: {_listed(states) or 'none'}"
    unwell = [channel for channel in channels if channel.get("state") not in _WELL]
    well = [channel for channel in channels if channel.get("state") in _WELL]
    for channel in (*unwell, *well[:WELL_CHANNELS]):
        success = channel.get("last_success_at")
        last = f"last success {told_distance(success, now)}" if success else "no success"
        counts = channel.get("deliveries")
        told = f"{last}; {_counts(counts, now)}" if counts else "not counted"
        yield f"  {visible(channel.get('name'))} ({channel.get('state')}): {told}"
    if len(well) > WELL_CHANNELS:
        yield f"  ... and {len(well) - WELL_CHANNELS} more that are well"


def _mutes(mutes: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    yield f"Mutes in force: {len(mutes) or 'none'}"
    for mute in mutes:
        until = f" until {told_time(str(mute['until']))}" if mute.get("until") else ""
        yield f"  {visible(mute.get('reason'))}{until}: {visible(_about(mute))} ({mute.get('id')})"


def _about(mute: Mapping[str, Any]) -> str:
    """Say what a mute keeps back; the status has the names of channels, and of rules only the ids."""
    return about({"rule": mute.get("rule_id"), **mute})


def _counts(counts: Any, now: datetime) -> str:
    if not isinstance(counts, Mapping):
        return "unknown"
    told = [f"1 h: {_listed(counts.get('hour')) or 'none'}", f"24 h: {_listed(counts.get('day')) or 'none'}"]
    since = str(counts.get("since"))
    if _is_short(since, now):
        told.append(f"only those since {told_time(since)}")
    return "; ".join(told)


def _is_short(since: str, now: datetime) -> bool:
    try:
        return now - datetime.fromisoformat(since) < _SHORT
    except (ValueError, TypeError):
        return False


def _listed(counts: Any) -> str:
    if not isinstance(counts, Mapping):
        return ""
    return ", ".join(f"{count} {status}" for status, count in counts.items())


def _queue(queue: Mapping[str, Any], now: datetime) -> str:
    name = str(queue.get("name"))
    counts = [
        f"{queue.get(key)} {word}"
        for key, word in (("waiting", "waiting"), ("in_flight", "in flight"), ("delayed", "delayed"))
        if key == "waiting" or queue.get(key)
    ]
    oldest = f"; {_oldest(queue, now)}" if any(map(queue.get, ("waiting", "in_flight", "delayed"))) else ""
    return f"{_QUEUES.get(name, name)}: {', '.join(counts)}{oldest}"


def _oldest(queue: Mapping[str, Any], now: datetime) -> str:
    age, measured = queue.get("oldest_age_seconds"), queue.get("age_measured_at")
    if not isinstance(age, int):
        return "oldest unknown"
    return f"oldest {rounded(age)}" + (f" (measured {told_distance(str(measured), now)})" if measured else "")
