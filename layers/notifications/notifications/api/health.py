"""The document of a channel's health."""

from datetime import datetime

from notifications.api.models import Document, Timestamp
from notifications.core.channel_health import Health
from notifications.core.model import timestamp


class HealthOut(Document):
    """The health of a channel whose receiver fails, or failed until recently."""

    failures: int
    """How many attempts failed in a row since the last success."""
    first_failure_at: Timestamp | None
    """When the first of them failed; null if there is none."""
    reason: str | None
    """Why the last one failed, or why the receiver disabled the channel."""
    suspended_at: Timestamp | None
    """Since when its deliveries are held; null if it is not suspended."""
    probe_at: Timestamp | None
    """When one of its held deliveries is sent as a probe; null if it is not suspended."""
    probes: int
    """How many probes were sent during this suspension."""
    releasing: bool
    """Whether the suspension has ended and the held deliveries are being sent."""
    gone: bool
    """Whether the channel was disabled because its receiver responded with 410."""
    slow: bool
    """Whether the receiver takes so long that its messages go through the slow queue."""


def shown_health(health: Health | None) -> HealthOut | None:
    """Make the document of a channel's health; None if its receiver works."""
    if health is None:
        return None
    return HealthOut(
        failures=health.failures,
        first_failure_at=_text(health.failing_since),
        reason=health.reason,
        suspended_at=_text(health.suspended_at),
        probe_at=_text(health.probe_at),
        probes=health.probes,
        releasing=health.releasing,
        gone=health.gone,
        slow=health.slow,
    )


def _text(time: datetime | None) -> str | None:
    return None if time is None else timestamp(time)
