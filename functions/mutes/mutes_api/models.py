"""The documents of mutes."""

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AfterValidator, BeforeValidator, Field

from notifications.api.models import Document, LowerText, Time, Timestamp, Uuid, printable
from notifications.api.revisions import AuthorOut
from notifications.core.mutes import MAX_MUTE_REASON_CHARS, MAX_WINDOWS

MAX_PAGE_MUTES = 100
"""How many mutes a page has at most, since the deliveries of each are counted."""

MuteState = Literal["in_force", "waiting", "ended"]


def _trimmed(value: object) -> object:
    return value.strip() if isinstance(value, str) else value


Reason = Annotated[
    str,
    BeforeValidator(_trimmed),
    Field(min_length=1, max_length=MAX_MUTE_REASON_CHARS),
    AfterValidator(printable),
]


class MuteIn(Document):
    """A mute to create. All that it names must fit a delivery; what is absent or null fits any."""

    reason: Reason
    """Why nothing is to be sent. It is told with each delivery that the mute keeps back."""
    rule_id: UUID | None = None
    """Only deliveries of this rule."""
    channel_id: UUID | None = None
    """Only deliveries to this channel."""
    rule_type: LowerText | None = None
    """Only events of this type, in any case."""
    condition: dict[str, Any] | None = None
    """Only events that meet this event pattern over their fields."""
    where: list[str] | None = None
    """The condition in the command line's spelling, in place of ``condition``: all clauses must hold."""
    everything: bool = False
    """Whether all deliveries are meant; nothing else may be named then, and without it something must be."""
    until: Time | None = None
    """When it ends: within 30 days, with ``hold`` within 14. Only a weekly one may have no end, or a later
    one.
    """
    weekly: Annotated[list[str], Field(min_length=1, max_length=MAX_WINDOWS)] | None = None
    """Windows of local time in which it is in force, as ``sat,sun 00:00-24:00 Asia/Seoul``."""
    hold: bool = False
    """Whether deliveries are held and sent when it ends or pauses, instead of being skipped."""


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
    """The rule whose deliveries it is about; null for any."""
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
    """When it was created, from when on it is in force."""
    created_by: AuthorOut
    """Who created it."""
    ended_at: Timestamp | None
    """When somebody ended it; null if nobody did."""
    suppressed: int
    """How many deliveries it keeps back now, skipped and held: those that were sent again, or whose records
    are not kept any more, do not count. It counts up to 10,000.
    """
    suppressed_cut: bool
    """Whether there are more than that."""


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
