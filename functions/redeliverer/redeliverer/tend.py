"""What the sweeper does for a channel that is not well: probes, releases, and ending what is not to be held.

Nothing here takes from the channel's probes: what may not be sent any more ends as soon as a rule was changed
or deleted, so that a probe finds something that can be sent.
"""

from collections import Counter
from datetime import datetime
from functools import cached_property
from itertools import islice

from notifications.core import channel_health, records
from notifications.core.channel_health import MAX_HELD, Health
from notifications.core.eligibility import Withheld, rule_withholds
from notifications.core.errors import EntityNotFound
from notifications.core.model import Rule
from notifications.core.records import delivery_id
from notifications.delivering.health_keeper import HealthKeeper
from notifications.messaging.queues import DeliveryQueues
from notifications.store import keys
from notifications.store.dynamodb import BATCH_GET_SIZE
from notifications.store.records import RecordStore
from notifications.store.rules import RuleStore
from notifications.store.table import ConfigTable

PORTION = 250
"""So many of one channel's held deliveries are given up in one sweep: others wait too."""

SKIPPED_AT_ONCE = 1_000
"""So many of them are skipped in one sweep, because their rules are gone or disabled."""


class Tender:
    """Tend channels in one sweep, at the time ``now``."""

    def __init__(
        self,
        store: RecordStore,
        keeper: HealthKeeper,
        queues: DeliveryQueues,
        rules: RuleStore,
        configuration: ConfigTable,
        now: datetime,
    ) -> None:
        self._store = store
        self._keeper = keeper
        self._queues = queues
        self._rules = rules
        self._configuration = configuration
        self._now = now

    def tend(self, known: Health) -> Counter[str]:
        """Bring on its way what a channel needs; tell how many probes and releases.

        Raises:
            Unavailable: DynamoDB did not do its part.
        """
        brought: Counter[str] = Counter()
        if known.releasing:
            self._queues.release(known.channel_id, last=True)
            brought["releases"] = 1
        if known.suspended:
            self._give_up_old(known.channel_id)
            self._skip(known)
            brought["probes"] = self._probe(known)
        return brought

    def _probe(self, known: Health) -> int:
        """Send what was held longest, if it is time to."""
        change = channel_health.next_probe(known, self._now)
        if change is None:
            return 0
        oldest = next(self._store.held(known.channel_id), None)
        if oldest is None:
            return 0  # the next event for it will be the probe
        if not self._keeper.apply(known.channel_id, change):
            return 0  # it was resumed at this moment
        self._queues.probe(oldest)
        return 1

    def _give_up_old(self, channel_id: str) -> None:
        until = self._now - MAX_HELD
        for record in islice(self._store.held(channel_id, until), PORTION):
            reason = f"the channel was suspended for more than {MAX_HELD.days} days"
            self._store.put_if(records.ended(record, "failed", reason, self._now), record.revision)

    @cached_property
    def _rule_writes(self) -> int:
        # Read before the rules, so that a write that comes after is looked at in the next sweep.
        return self._configuration.versions().of_kind(keys.RULE)

    def _skip(self, known: Health) -> None:
        """End what is held for rules that are gone or disabled, if any was written since the last look."""
        if known.rules_seen == self._rule_writes:
            return
        ids = self._store.held_ids(known.channel_id)
        skipped = 0
        rules: dict[str, Rule] = {}
        while portion := [*islice(ids, BATCH_GET_SIZE)]:
            rules |= self._rules.get_many([*{rule_id for _, rule_id in portion} - rules.keys()])
            for event_id, rule_id in portion:
                reason = rule_withholds(rules.get(rule_id))
                if reason is None:
                    continue
                self._end(event_id, rule_id, reason)
                skipped += 1
                if skipped == SKIPPED_AT_ONCE:
                    return  # the next sweep goes on
        self._keeper.apply(known.channel_id, channel_health.rules_looked_at(self._rule_writes))

    def _end(self, event_id: str, rule_id: str, reason: Withheld) -> None:
        try:
            record = self._store.delivery(delivery_id(event_id, rule_id))
        except EntityNotFound:
            return
        if record.status == "held" and record.lease is None:
            self._store.put_if(records.ended(record, "skipped", reason, self._now), record.revision)
