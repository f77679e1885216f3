"""What the windows of rules would make of an event now, for simulations: nothing is written."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from notifications.core.eligibility import depends_on_others
from notifications.core.model import Rule
from notifications.core.values import replace
from notifications.core.windows import schedules
from notifications.core.windows.grouping import group_of
from notifications.core.windows.outlooks import Outlook, collecting
from notifications.delivering.repeating import Repeating
from notifications.store.digests import DigestStore
from notifications.store.events import EventStore
from notifications.store.records import RecordStore
from notifications.store.repeats import RepeatStore


class WindowOutlooks:
    """Read windows as they are. Its method raises ``Unavailable`` if DynamoDB fails."""

    def __init__(
        self, repeats: RepeatStore, digests: DigestStore, records: RecordStore, events: EventStore
    ) -> None:
        self._repeating = Repeating(repeats, records, events)
        self._digests = digests

    def outlook(self, rule: Rule, event_id: str, data: Mapping[str, Any], now: datetime) -> Outlook:
        """Tell what becomes of an event that a rule is to send."""
        if not depends_on_others(rule):
            return Outlook()
        seen = self._repeating.outlook(rule, event_id, data, now)
        digest = rule.digest
        if digest is None or seen.name is not None:
            return seen
        place = rule.id, group_of(data, digest.by, digest.period).name
        is_open = self._digests.open_ones([place]).get(place)
        closes_at = schedules.closes_at(schedules.parse(digest.period), now)
        return replace(collecting(is_open, closes_at), repeats=seen.repeats)
