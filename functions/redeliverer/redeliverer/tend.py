"""The sweeper's work for channels that are not well: probing, releasing, and ending held deliveries.

A held delivery whose rule was deleted or disabled is ended here, so that the next probe finds a delivery that
can be sent, and no probe of the channel is wasted.
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
from notifications.delivering.operators import Operators
from notifications.messaging.queues import DeliveryQueues
from notifications.store import keys
from notifications.store.dynamodb import BATCH_GET_SIZE
from notifications.store.records import RecordStore
from notifications.store.rules import RuleStore
from notifications.store.table import ConfigTable

PORTION = 250
"""How many of a channel's held deliveries one sweep gives up at most, because other channels wait too."""

SKIPPED_AT_ONCE = 1_000
"""How many of them one sweep skips at most, because their rules are deleted or disabled."""


class Tender:
    """Tend channels during one sweep, at the time ``now``."""

    def __init__(
        self,
        store: RecordStore,
        keeper: HealthKeeper,
        queues: DeliveryQueues,
        rules: RuleStore,
        configuration: ConfigTable,
        operators: Operators,
        now: datetime,
    ) -> None:
        self._store = store
        self._keeper = keeper
        self._queues = queues
        self._rules = rules
        self._configuration = configuration
        self._operators = operators
        self._now = now

    def tend(self, known: Health) -> Counter[str]:
        """Do what a channel needs; return how many probes and releases were sent.

        Raises:
            Unavailable: DynamoDB failed.
        """
        queued: Counter[str] = Counter()
        if known.releasing:
            self._queues.release(known.channel_id, last=True)
            queued["releases"] = 1
        if known.suspended:
            # The probe comes last, because it takes the oldest delivery that is still held.
            self._give_up_old(known.channel_id)
            self._skip(known)
            queued["probes"] = self._probe(known)
        return queued

    def _probe(self, known: Health) -> int:
        """Queue the delivery that was held longest, if a probe is due; return how many probes that makes."""
        change = channel_health.next_probe(known, self._now)
        if change is None:
            return 0
        oldest = next(self._store.held(known.channel_id), None)
        if oldest is None:
            return 0  # nothing is held yet, and the probe stays due until something is
        # The next probe is scheduled before this one is queued: if the sweeper dies in between, one probe is
        # lost. In the other order, a probe would be queued every minute.
        if not self._keeper.apply(known.channel_id, change):
            return 0  # another process has just resumed the channel
        self._queues.probe(oldest)
        return 1

    def _give_up_old(self, channel_id: str) -> None:
        until = self._now - MAX_HELD
        reason = f"the channel was suspended for more than {MAX_HELD.days} days"
        given_up = []
        for record in islice(self._store.held(channel_id, until), PORTION):
            failed = records.ended(record, "failed", reason, self._now)
            if self._store.put_if(failed, record.revision):
                given_up.append(failed)
        self._operators.note_failed(given_up)

    @cached_property
    def _rule_writes(self) -> int:
        # Read before the rules: a rule that is written in between raises the number, so the next sweep looks
        # again. In the other order its write would count as seen.
        return self._configuration.versions().of_kind(keys.RULE)

    def _skip(self, known: Health) -> None:
        """End deliveries held for deleted or disabled rules, if a rule was written since the last look."""
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
