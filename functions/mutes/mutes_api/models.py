"""The documents of mutes."""

from typing import Any, Literal

from notifications.api.models import Document, ManagedOut, Timestamp, Uuid
from notifications.api.revisions import AuthorOut

MAX_PAGE_MUTES = 100
"""How many mutes a page has at most, since the deliveries of each are counted."""

MuteState = Literal["in_force", "waiting", "ended"]


class MuteOut(Document):
    """A mute."""

    id: Uuid
    """The mute's id."""
    reason: str
    """Why nothing is sent."""
    state: MuteState
    """Whether it is in force now, waits for its next window, or has ended."""
    changes_at: Timestamp | None
    """When that changes; null if it never does."""
    rule_id: Uuid | None
    """The rule that it is about; null for any."""
    rule: str | None
    """The rule's name; null if there is none, or it was deleted."""
    channel_id: Uuid | None
    """The channel that it is about; null for any."""
    channel: str | None
    """The channel's name; null if there is none, or it was deleted."""
    rule_type: str | None
    """The type of the events that it is about; null for any."""
    condition: dict[str, Any] | None
    """The condition on events, as an event pattern; null if there is none."""
    where: list[str] | None
    """The condition in the command line's spelling; null if there is none, or it cannot be spelled so."""
    everything: bool
    """Whether it is about all deliveries."""
    until: Timestamp | None
    """When it ends; null if it is weekly and has no end."""
    weekly: list[str]
    """The windows in which it is in force; empty if it always is."""
    hold: bool
    """Whether deliveries are held and sent when it ends or pauses, instead of being skipped."""
    created_at: Timestamp
    """When it was created, which is when it begins."""
    created_by: AuthorOut
    """Who created it."""
    ended_at: Timestamp | None
    """When somebody ended it; null if nobody did."""
    suppressed: int
    """How many deliveries it keeps back now, skipped and held, counted up to 10,000. Deliveries that were
    sent again, or whose records have expired, do not count.
    """
    suppressed_cut: bool
    """Whether there are more than that."""
    managed: ManagedOut | None
    """The set that it belongs to, whose file describes it; null if it belongs to none."""


class MuteEnvelope(Document):
    """One mute."""

    mute: MuteOut
    """The mute."""


class MuteList(Document):
    """A page of mutes, newest first."""

    mutes: list[MuteOut]
    """The mutes of this page."""
    next: str | None
    """The ``cursor`` of the next page; null if this is the last one."""
