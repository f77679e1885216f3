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

MAX_OTHERS = 10
"""How many other rules an event names; those that are not told are told with the next one."""

MAX_UNTOLD = 1_000
"""Of how many types and channels it is remembered which rules were not told."""

logger = logging.getLogger(__name__)


class OperationalBus:
    """Put events on the bus; nobody pays for those that no rule wants."""

    def __init__(self, bus: EventBus, rules: RuleStore, channels: ChannelStore) -> None:
        self._bus = bus
        self._rules = rules
        self._channels = channels
        self._wanted: dict[str, tuple[bool, float]] = {}
        self._put_ids: set[str] = set()
        self._untold: dict[tuple[str, str], dict[str, None]] = {}

    def put(self, events: Sequence[OperationalEvent]) -> None:
        """Put events on the bus; a failure is only logged, because no delivery may depend on it."""
        now = datetime.now(UTC)
        for event in events:
            event_id = event.id(now)
            if event_id in self._put_ids:
                self._remember(event)
                continue
            try:
                if self._is_wanted(event.rule_type):
                    self._put(event, event_id)
            except NotificationError as error:
                told = {"rule_type": event.rule_type, "channel_id": event.channel_id, "reason": error.message}
                logger.warning("operational event is lost", extra=told)
                self._remember(event)
                continue
            if len(self._put_ids) >= IDS_KEPT:
                self._put_ids.clear()
            self._put_ids.add(event_id)

    def _put(self, event: OperationalEvent, event_id: str) -> None:
        place = event.rule_type, event.channel_id
        known = dict.fromkeys(event.others) | self._untold.get(place, {})
        others = [rule_id for rule_id in known if rule_id != event.rule_id]
        self._bus.put(event.rule_type, self._named(event, others[:MAX_OTHERS]), event_id)
        self._untold.pop(place, None)
        if left := others[MAX_OTHERS : 2 * MAX_OTHERS]:
            self._untold[place] = dict.fromkeys(left)

    def _is_wanted(self, rule_type: str) -> bool:
        wanted, until = self._wanted.get(rule_type, (False, 0.0))
        if monotonic() >= until:
            wanted = any(rule.enabled for rule in self._rules.of_type(rule_type))
            self._wanted[rule_type] = wanted, monotonic() + KNOWN_SECONDS
        return wanted

    def _remember(self, event: OperationalEvent) -> None:
        """Remember which rules the event of this minute does not name, so that none is never told of."""
        if event.rule_id is None:
            return
        if len(self._untold) >= MAX_UNTOLD:
            self._untold.clear()
        untold = self._untold.setdefault((event.rule_type, event.channel_id), {})
        for rule_id in (event.rule_id, *event.others):
            if len(untold) < MAX_OTHERS:
                untold[rule_id] = None

    def _named(self, event: OperationalEvent, others: Sequence[str]) -> dict[str, Any]:
        """Return an event's fields with the names of its channel and rules, as far as they still exist."""
        named: dict[str, Any] = {"channel_id": event.channel_id, "channel_name": None}
        with suppress(EntityNotFound):
            named["channel_name"] = self._channels.get(event.channel_id).name
        if event.rule_id is not None:
            names = self._rules.names([event.rule_id, *others])
            named |= {"rule_id": event.rule_id, "rule_name": names.get(event.rule_id)}
            named["other_rules"] = [names.get(rule_id) or rule_id for rule_id in others]
        return {**named, **event.data}
