"""The document of the service's status."""

from typing import Any

from notifications.api.models import Document, Timestamp, Uuid
from notifications.core.channel_health import State
from notifications.core.model import ChannelType
from notifications.core.service_status import ProblemKind


class CountsOut(Document):
    """How many records there are by status, created within the last hour and the last day."""

    hour: dict[str, int]
    """The number by status within the last hour."""
    day: dict[str, int]
    """The number by status within the last day."""
    since: Timestamp
    """The time since which all records are counted: a day ago, or later if there are very many."""


class MinuteOut(Document):
    """How many records of a minute there are by status."""

    at: Timestamp
    """When the minute began."""
    deliveries: dict[str, int]
    """The deliveries that were created in it."""
    events: dict[str, int]
    """The events that were recorded in it."""


class ChannelNow(Document):
    """A channel with its present state."""

    id: Uuid
    """The channel's id."""
    name: str
    """The channel's name."""
    channel_type: ChannelType
    """How the channel sends."""
    state: State
    """Whether its receiver is well. Messages to a ``failing`` one are still sent; those to a ``suspended``
    one are held, except for probes."""
    state_reason: str | None
    """Why the state is what it is, if there is a reason to tell."""
    last_success_at: Timestamp | None
    """When a message was last delivered within the counted period; null if none was."""
    deliveries: CountsOut | None
    """Its deliveries; null if they are not counted because there are too many channels."""


class QueueNow(Document):
    """The approximate number of messages in a queue."""

    name: str
    """Which queue: ``events``, ``deliveries``, ``slow`` (deliveries to slow receivers), ``dead_events`` or
    ``dead_hints``. The last two should be empty."""
    waiting: int
    """How many messages can be received now."""
    in_flight: int
    """How many messages are being processed."""
    delayed: int
    """How many messages are delayed on purpose."""
    oldest_age_seconds: int | None
    """The age of the oldest message when CloudWatch measured it; 0 if the queue is empty, null if the age is
    not known."""
    age_measured_at: Timestamp | None
    """When that age was measured, usually some minutes ago; null if there is none, or the queue is empty."""


class MuteNow(Document):
    """A mute that is in force."""

    id: Uuid
    """The mute's id."""
    reason: str
    """Why nothing is sent."""
    until: Timestamp | None
    """When it ends or pauses; null if that is not known."""
    rule_id: Uuid | None
    """The rule that it is about; null for any."""
    channel_id: Uuid | None
    """The channel that it is about; null for any."""
    rule_type: str | None
    """The type of the events that it is about; null for any."""
    condition: dict[str, Any] | None
    """The condition on events, as an event pattern; null if there is none."""
    where: list[str] | None
    """The condition in the command line's spelling; null if there is none, or it cannot be spelled so."""


class CauseOut(Document):
    """What a problem is about."""

    kind: ProblemKind
    """The kind of problem. ``channel``: a channel is not well. ``failed``: deliveries of the last hour
    failed. ``refused``, ``dead_letter``: events of the last hour ended so. ``old_events``,
    ``old_deliveries``, ``old_slow``: a message has waited in this queue for too long. ``dead_events``,
    ``dead_hints``: this dead letter queue is not empty. ``overdue``: a delivery or an event has been due for
    too long."""
    count: int | None
    """How many deliveries, events or messages; null for ``channel``, for the queues that are too old, and for
    ``overdue``."""
    channel_id: Uuid | None
    """The channel; null if the problem is not about one."""


class OverdueOut(Document):
    """The delivery or event that has been due for longest."""

    since: Timestamp
    """When the sweeper should have looked at it."""
    event_id: str
    """The event, or the event of the delivery."""
    delivery_id: str | None
    """The delivery; null if the event itself is due."""


class ServiceStatus(Document):
    """The status of the service."""

    at: Timestamp
    """When it was collected."""
    service_version: str
    """The version of the service."""
    well: bool
    """Whether there are no problems."""
    problems: list[str]
    """What an operator should look at, in words."""
    causes: list[CauseOut]
    """The same problems in the same order, for clients that have words of their own."""
    channels: list[ChannelNow]
    """All channels, those that are not well first, then the newest first."""
    deliveries: CountsOut
    """The deliveries of the channels that are counted, taken together."""
    events: CountsOut
    """The events that were recorded."""
    minutes: list[MinuteOut]
    """The last three hours by minute, without minutes that have no records or are not counted completely."""
    mutes: list[MuteNow]
    """The mutes that are in force."""
    queues: list[QueueNow]
    """The queues."""
    overdue_seconds: int
    """For how long the oldest delivery or event that the sweeper must look at has been due; 0 if there is
    none.
    """
    overdue: OverdueOut | None
    """Which delivery or event that is; null if nothing is due."""
