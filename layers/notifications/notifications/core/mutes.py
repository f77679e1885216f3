"""Mutes, which keep deliveries back for a while. Values in, values out; the clock is given.

A mute names a rule, a channel, an event type and a condition, or some of these: all that it names must match.
It is in force from its creation until its end, or only in its weekly windows. The deliveries that it keeps
back are skipped, or held until it is no longer in force.
"""

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from notifications.core.managing import Managed
from notifications.core.values import value

if TYPE_CHECKING:
    from notifications.core.revisions import Author

MAX_DAYS = 30
"""How long a mute lasts at most, unless it is weekly, so that nobody misses messages for ever by forgetting
one."""

MAX_HOLD_DAYS = 14
"""How long a delivery is held at most, because its record is kept for no more than 15 days in some stacks."""

MIN_PAUSE = timedelta(minutes=10)
"""How long a weekly mute that holds must pause at least once a week, to have time to send what it holds."""

KEPT_DAYS = 30
"""How long a mute is kept after its end."""

MAX_WINDOWS = 20
"""How many weekly windows a mute has at most."""

MAX_MUTE_REASON_CHARS = 200
"""How long its reason may be, which is recorded with each delivery that it keeps back."""


@value
class Mute:
    """A mute. Timestamps are text, see ``timestamp``.

    ``rule_id``, ``channel_id``, ``rule_type``, ``condition``: what it is about; None for any. ``until``: its
    end; None only if it is weekly. ``weekly``: its windows, as ``timetables`` spells them. ``hold``: whether
    it holds deliveries and sends them later, instead of skipping them. ``ended_at``: when somebody ended it.
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
    managed: Managed | None = None

    @property
    def about_everything(self) -> bool:
        """Return whether it is about all deliveries."""
        return (self.rule_id, self.channel_id, self.rule_type, self.condition) == (None, None, None, None)

    @property
    def over_at(self) -> str | None:
        """Return the timestamp after which it is never in force again; None if it has no end."""
        return min(filter(None, (self.until, self.ended_at)), default=None)

    def names(self, rule_id: str, channel_id: str) -> bool:
        """Return whether it is about a rule that sends to a channel."""
        return self.rule_id in {None, rule_id} and self.channel_id in {None, channel_id}

    def is_about_type(self, rule_type: str) -> bool:
        """Return whether it is about events of a type."""
        return self.rule_type in {None, rule_type}


def longest_until(now: datetime, *, hold: bool) -> datetime:
    """Return the latest end that a mute without weekly windows may have."""
    return now + timedelta(days=MAX_HOLD_DAYS if hold else MAX_DAYS)
