"""The document that creates a mute."""

from typing import Annotated, Any
from uuid import UUID

from pydantic import AfterValidator, BeforeValidator, Field

from notifications.api.models import Document, LowerText, Time, printable, trimmed
from notifications.core.mutes import MAX_MUTE_REASON_CHARS, MAX_WINDOWS

Reason = Annotated[
    str,
    BeforeValidator(trimmed),
    Field(min_length=1, max_length=MAX_MUTE_REASON_CHARS),
    AfterValidator(printable),
]


class MuteIn(Document):
    """A mute to create. A delivery must fit all that it names; absent and null members fit any."""

    reason: Reason
    """Why nothing is to be sent. Each delivery that the mute holds or skips shows it."""
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
