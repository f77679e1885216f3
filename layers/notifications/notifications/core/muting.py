"""Decide when mutes are in force, and which rules that an event meets they keep back."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from notifications.core import times
from notifications.core.matching import Match
from notifications.core.model import Channel, Event, EventType, Rule
from notifications.core.mutes import Mute
from notifications.core.values import value

if TYPE_CHECKING:
    from notifications.core.conditions import Matcher
    from notifications.core.timetables import Timetable

InForce = tuple[Mute, datetime | None]
"""A mute that is in force, and the end of that; None if it has none."""


@value
class Force:
    """Whether a mute is in force at a time. ``until``: when that changes; None if it never does."""

    in_force: bool
    until: datetime | None


@value
class Muted:
    """A rule that an event meets, but that a mute keeps back. ``until``: when the mute ends or pauses."""

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
    """A mute with its times parsed, which says when it is in force. It caches the last answer."""

    def __init__(self, mute: Mute) -> None:
        self.mute = mute
        self._begin = times.parse(mute.created_at)
        self._over = None if mute.over_at is None else times.parse(mute.over_at)
        self._timetable = _timetable(mute.weekly) if mute.weekly else None
        self._known = (self._begin, Force(in_force=False, until=self._begin))

    def at(self, now: datetime) -> Force:
        """Return whether it is in force at a time, and until when."""
        since, known = self._known
        if not (since <= now and (known.until is None or now < known.until)):
            known = self._at(now)
            self._known = now, known
        return known

    def is_in_force(self, at: datetime) -> bool:
        """Return whether it is in force at a time, without computing until when."""
        if at < self._begin or (self._over is not None and at >= self._over):
            return False
        return self._timetable is None or self._timetable.is_open(at)

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
            # It ends before its windows change, so an open window closes then, and a closed one stays closed.
            change = self._over if is_open else None
        return Force(is_open, change)


class Mutes:
    """The mutes that may be about events of a type, with compiled conditions. Made once per configuration."""

    def __init__(self, mutes: Iterable[Mute], event_type: EventType) -> None:
        self._ready: list[tuple[Standing, Matcher | None]] = []
        for mute in mutes:
            if mute.is_about_type(event_type.name):
                self._add(mute, event_type)

    def __len__(self) -> int:
        return len(self._ready)

    def __iter__(self) -> Iterator[Mute]:
        return (standing.mute for standing, _ in self._ready)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Mutes) and [*self] == [*other]

    __hash__ = None  # type: ignore[assignment]  # it has __eq__, and no key to hash

    def divided(
        self, event: Event, matches: Sequence[Match], now: datetime
    ) -> tuple[list[Match], list[Muted]]:
        """Divide the rules that an event meets into those that send and those that are muted."""
        found = self.covering(event, now)
        sending: list[Match] = []
        muted: list[Muted] = []
        for each in matches:
            # A digest is held as a whole when it is due, so mutes that hold do not count here; events that
            # mutes skip never join it.
            asked = found if each.rule.digest is None else [one for one in found if not one[0].hold]
            kept_back = first_naming(asked, each.rule, each.channel)
            if kept_back is None:
                sending.append(each)
            else:
                muted.append(kept_back)
        return sending, muted

    def covering(self, event: Event, now: datetime) -> list[InForce]:
        """Find the mutes in force whose type and condition an event matches, in the order of ``ranked``."""
        found = [
            (standing.mute, force.until)
            for standing, matcher in self._ready
            if (force := standing.at(now)).in_force and (matcher is None or _is_met(matcher, event))
        ]
        return ranked(found)

    def _add(self, mute: Mute, event_type: EventType) -> None:
        matcher = None
        if mute.condition is not None:
            from notifications.core import conditions  # noqa: PLC0415 - 20 ms, for who has conditions

            try:
                condition = conditions.parse(mute.condition)
            except conditions.ConditionError:  # saved by a release whose limits were wider
                return
            # If a type has no such field, its absence means nothing: "all but project x" does not mean events
            # that have no project at all.
            if not conditions.names_known(condition, event_type):
                return
            matcher = conditions.Matcher(condition)
        self._ready.append((Standing(mute), matcher))


def ranked(found: Iterable[InForce]) -> list[InForce]:
    """Order mutes; the first that names a rule and its channel decides.

    Those that skip come first, because a delivery that somebody does not want at all must not be sent later.
    Among the others, those that last longest come first.
    """
    return sorted(found, key=lambda each: (each[0].hold, each[1] is not None, _negative(each[1])))


def first_naming(found: Sequence[InForce], rule: Rule, channel: Channel) -> Muted | None:
    """Return the rule as muted by the first of these mutes that names it and its channel; None if none does.

    A rule that only observes sends nothing that could be kept back.
    """
    if rule.observe:
        return None
    for mute, until in found:
        if mute.names(rule.id, channel.id):
            return Muted(rule, channel, mute, until)
    return None


def pauses(weekly: Sequence[str], now: datetime, at_least: timedelta) -> bool:
    """Return whether weekly windows leave, within a week, a pause of at least this length."""
    table, at = _timetable(weekly), now
    while at < now + timedelta(days=8):  # the pause in which ``now`` may be comes again as a whole
        change = table.next_change(at)
        if change is None:
            return not table.is_open(at)
        if not table.is_open(at) and change - at >= at_least:
            return True
        at = change
    return False


def _timetable(weekly: Sequence[str]) -> "Timetable":
    from notifications.core import timetables  # noqa: PLC0415 - few mutes are weekly

    return timetables.Timetable([*map(timetables.parse, weekly)])


def _is_met(matcher: "Matcher", event: Event) -> bool:
    """Return whether an event meets a condition; False if that takes too many steps: sending is safer."""
    from notifications.core.conditions import ConditionTooExpensive  # noqa: PLC0415 - see above

    try:
        return matcher.matches(event.data)
    except ConditionTooExpensive:
        return False


def _negative(until: datetime | None) -> float:
    return 0.0 if until is None else -until.timestamp()
