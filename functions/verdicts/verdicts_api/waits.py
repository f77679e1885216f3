"""Say what a delivery would wait for if it were made now."""

from datetime import datetime
from functools import cached_property

from notifications.core import pacing
from notifications.core.channel_health import Health
from notifications.core.model import Channel
from notifications.wiring import Services


class Waits:
    """What deliveries would wait for at the time ``now``. Each channel is read once, when it is asked for."""

    def __init__(self, services: Services, now: datetime) -> None:
        self._services = services
        self._now = now
        self._known: dict[str, str | None] = {}

    def of(self, channel: Channel) -> str | None:
        """Say what a delivery to a channel would wait for; None if it would be sent at once."""
        if channel.id not in self._known:
            self._known[channel.id] = self._wait(channel)
        return self._known[channel.id]

    def _wait(self, channel: Channel) -> str | None:
        health = self._unwell.get(channel.id)
        until = health.held_back_until if health is not None and health.holds_back(self._now) else None
        pace = pacing.pace_of(channel)
        if pace is not None:
            clock = self._services.paces.get(channel.id)
            start = until or self._now
            slots = pacing.reserve(clock, 1, pace.interval, start, start + pacing.MAX_AHEAD)
            if not slots:
                return pacing.shown_without_slot()
            return pacing.shown(slots[0], pace, self._now) if slots[0] > self._now else None
        return pacing.shown_held_back(until) if until else None

    @cached_property
    def _unwell(self) -> dict[str, Health]:
        return self._services.health.all()
