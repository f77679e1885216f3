"""Mutes: what is not to be sent for a while. Values in, values out; the clock is given.

A mute names a rule, a channel, an event type and a condition, or some of these: all that it names must fit.
It is in force from its creation until its end, or only in its weekly windows. What it keeps back is skipped,
or held until it is not in force any more.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from notifications.core import times
from notifications.core.model import Channel, Event, EventType, Rule
from notifications.core.values import value

if TYPE_CHECKING:
    from notifications.core.conditions import Matcher
    from notifications.core.revisions import Author
    from notifications.core.timetables import Timetable

MAX_DAYS = 30
"""How long a mute lasts at most, unless it is weekly: whoever forgets one must not miss messages for ever."""

MAX_HOLD_DAYS = 14
"""How long a delivery is held at most, because its record is kept for no more than 15 days in some stacks."""

KEPT_DAYS = 30
"""How long a mute is kept after its end."""

MAX_WINDOWS = 20
"""How many weekly windows a mute has at most."""

MAX_MUTE_REASON_CHARS = 200
"""How long its reason may be, which is told with each delivery that it keeps back."""


@value
class Mute:
    """What is not to be sent for a while. Timestamps are text, see ``timestamp``.

    ``rule_id``, ``channel_id``, ``rule_type``, ``condition``: what it is about; None for any. ``until``: its
    end, None only if it is ``weekly``; these are windows as ``timetables`` spells them. ``hold``: what it
    keeps back is sent later, instead of being skipped. ``ended_at``: when somebody ended it.
    """

    id: str
    reason: str
    created_at: str
    created_by: "Author"
    updated_at: str
    rule_id: str | None = None
    channel_id: str | None = None
    rule_type: str | None = None
    condition: Mapping[str, Any] | None = field(default=None, hash=False)
    until: str | None = None
    weekly: tuple[str, ...] = ()
    hold: bool = False
    ended_at: str | None = None

    @property
    def about_everything(self) -> bool:
        """Return whether it is about all deliveries."""
        return (self.rule_id, self.channel_id, self.rule_type, self.condition) == (None, None, None, None)

    @property
    def over_at(self) -> str | None:
        """Return from when on it is never in force again, a timestamp; None if that is not known."""
        return min(filter(None, (self.until, self.ended_at)), default=None)

    def names(self, rule_id: str, channel_id: str) -> bool:
        """Return whether it is about a rule that sends to a channel."""
        return self.rule_id in {None, rule_id} and self.channel_id in {None, channel_id}

    def is_about_type(self, rule_type: str) -> bool:
        """Return whether it is about events of a type."""
        return self.rule_type in {None, rule_type}


@value
class Force:
    """Whether a mute is in force at a time. ``until``: when that changes, None if it never does."""

    in_force: bool
    until: datetime | None


@value
class Muted:
    """A rule that an event meets and that does not send. ``until``: when the mute ends or pauses."""

    rule: Rule
    channel: Channel
    mute: Mute
    until: datetime | None

    @property
    def reason(self) -> str:
        """Say why nothing is sent."""
        return reason_of(self.mute, self.until)


def reason_of(mute: Mute, until: datetime | None) -> str:
    """Say why a mute keeps a delivery back."""
    end = "" if until is None else f", until {until:%Y-%m-%dT%H:%M:%SZ}"
    return f"muted: {mute.reason} (mute {mute.id}{end})"


class Standing:
    """A mute, ready to be asked when it is in force."""

    def __init__(self, mute: Mute) -> None:
        self.mute = mute
        self._begin = times.parse(mute.created_at)
        self._over = None if mute.over_at is None else times.parse(mute.over_at)
        self._timetable = _timetable(mute.weekly) if mute.weekly else None
        self._known = (self._begin, Force(in_force=False, until=self._begin))

    def at(self, now: datetime) -> Force:
        """Say whether it is in force at a time."""
        since, known = self._known
        if not (since <= now and (known.until is None or now < known.until)):
            known = self._at(now)
            self._known = now, known
        return known

    def _at(self, now: datetime) -> Force:
        if self._over is not None and now >= self._over:
            return Force(in_force=False, until=None)
        if now < self._begin:
            first = self._at(self._begin)
            return Force(in_force=False, until=self._begin if first.in_force else first.until)
        if self._timetable is None:
            return Force(in_force=True, until=self._over)
        is_open, change = self._timetable.is_open(now), self._timetable.next_change(now)
        if self._over is not None and (change is None or change >= self._over):
            # It ends before its windows change: what is open closes then, and what is closed stays so.
            change = self._over if is_open else None
        return Force(is_open, change)


class Mutes:
    """The mutes that may be about events of a type, ready to be asked. Made once for each configuration."""

    def __init__(self, mutes: Iterable[Mute], event_type: EventType) -> None:
        self._ready: list[tuple[Standing, Matcher | None]] = []
        for mute in mutes:
            if mute.is_about_type(event_type.name):
                self._add(mute, event_type)

    def __len__(self) -> int:
        return len(self._ready)

    def covering(self, event: Event, now: datetime) -> list[tuple[Mute, datetime | None]]:
        """Find the mutes in force whose type and condition an event fits, each with the end of that.

        The first of them that names a rule and its channel decides: those that skip come first, because what
        somebody does not want at all is not to be sent later, and then those that last longest.
        """
        found = [
            (standing.mute, force.until)
            for standing, matcher in self._ready
            if (force := standing.at(now)).in_force and (matcher is None or _is_met(matcher, event))
        ]
        found.sort(key=lambda each: (each[0].hold, each[1] is not None, _negative(each[1])))
        return found

    def _add(self, mute: Mute, event_type: EventType) -> None:
        matcher = None
        if mute.condition is not None:
            from notifications.core import conditions  # noqa: PLC0415 - 20 ms, for who has conditions

            try:
                condition = conditions.parse(mute.condition)
            except conditions.ConditionError:  # saved by a release that took more than this one
                return
            # Where a type has no such field, its absence says nothing: "all but the project x" does not
            # mean the events that have no project at all.
            if not conditions.names_known(condition, event_type):
                return
            matcher = conditions.Matcher(condition)
        self._ready.append((Standing(mute), matcher))


def first_naming(found: Sequence[tuple[Mute, datetime | None]], rule: Rule, channel: Channel) -> Muted | None:
    """Return what the first of these mutes that names a rule and its channel makes of it, None if none does.

    A rule that only observes sends nothing that could be kept back.
    """
    if rule.observe:
        return None
    for mute, until in found:
        if mute.names(rule.id, channel.id):
            return Muted(rule, channel, mute, until)
    return None


def pauses(weekly: Sequence[str], now: datetime) -> bool:
    """Return whether there is a time outside of weekly windows."""
    table = _timetable(weekly)
    return not table.is_open(now) or table.next_change(now) is not None


def longest_until(now: datetime, *, hold: bool) -> datetime:
    """Return the latest end that a mute without weekly windows may have."""
    return now + timedelta(days=MAX_HOLD_DAYS if hold else MAX_DAYS)


def _timetable(weekly: Sequence[str]) -> "Timetable":
    from notifications.core import timetables  # noqa: PLC0415 - few mutes are weekly

    return timetables.Timetable([*map(timetables.parse, weekly)])


def _is_met(matcher: "Matcher", event: Event) -> bool:
    """Return whether an event meets a condition; not if that takes too many steps, since sending is safer."""
    from notifications.core.conditions import ConditionTooExpensive  # noqa: PLC0415 - see above

    try:
        return matcher.matches(event.data)
    except ConditionTooExpensive:
        return False


def _negative(until: datetime | None) -> float:
    return 0.0 if until is None else -until.timestamp()
