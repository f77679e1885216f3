"""Put operational events on the bus, if any rule is there for them."""

import logging
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from time import monotonic
from typing import Any

from notifications.core.errors import EntityNotFound, NotificationError
from notifications.core.operational import OperationalEvent
from notifications.messaging.bus import EventBus
from notifications.store.channels import ChannelStore
from notifications.store.rules import RuleStore

KNOWN_SECONDS = 60.0
"""How long it is remembered whether a type has a rule."""

IDS_KEPT = 10_000
"""How many ids of events that were put are kept, so that this process puts none of them twice."""

logger = logging.getLogger(__name__)


class OperationalBus:
    """Put events on the bus; nobody pays for those that no rule wants."""

    def __init__(self, bus: EventBus, rules: RuleStore, channels: ChannelStore) -> None:
        self._bus = bus
        self._rules = rules
        self._channels = channels
        self._wanted: dict[str, tuple[bool, float]] = {}
        self._put_ids: set[str] = set()

    def put(self, events: Sequence[OperationalEvent]) -> None:
        """Put events on the bus; a failure is only logged, because no delivery may depend on it."""
        now = datetime.now(UTC)
        for event in events:
            event_id = event.id(now)
            if event_id in self._put_ids:
                continue
            try:
                if self._is_wanted(event.rule_type):
                    self._bus.put(event.rule_type, self._named(event), event_id)
            except NotificationError as error:
                told = {"rule_type": event.rule_type, "channel_id": event.channel_id, "reason": error.message}
                logger.warning("operational event is lost", extra=told)
                continue
            if len(self._put_ids) >= IDS_KEPT:
                self._put_ids.clear()
            self._put_ids.add(event_id)

    def _is_wanted(self, rule_type: str) -> bool:
        wanted, until = self._wanted.get(rule_type, (False, 0.0))
        if monotonic() >= until:
            wanted = any(rule.enabled for rule in self._rules.of_type(rule_type))
            self._wanted[rule_type] = wanted, monotonic() + KNOWN_SECONDS
        return wanted

    def _named(self, event: OperationalEvent) -> dict[str, Any]:
        """Return an event's fields with the names of its channel and rule, as far as they still exist."""
        named: dict[str, Any] = {"channel_id": event.channel_id, "channel_name": None}
        with suppress(EntityNotFound):
            named["channel_name"] = self._channels.get(event.channel_id).name
        if event.rule_id is not None:
            names = self._rules.names([event.rule_id])
            named |= {"rule_id": event.rule_id, "rule_name": names.get(event.rule_id)}
        return {**named, **event.data}
