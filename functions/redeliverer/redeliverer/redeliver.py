"""Send waiting deliveries: claim each, check that it may still be sent, and send it.

The deliveries of a batch are sent together. A delivery that was claimed before, without a result, may have
killed the process that had it. So it is claimed and sent alone, after the others, where it can harm only
itself.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import islice
from typing import TYPE_CHECKING, Any, Self

from notifications.core import records
from notifications.core.eligibility import NO_RECIPIENT_LEFT, destination
from notifications.core.errors import InvalidRequest, SecretsUnreadable
from notifications.core.model import Channel, Rule
from notifications.core.records import (
    DeliveryRecord,
    DeliveryStatus,
    is_unrendered_digest,
    split_delivery_id,
)
from notifications.core.values import value
from notifications.delivering.deliverer import Deliverer
from notifications.delivering.invocation import Invocation
from notifications.delivering.outgoing import Lane, Outgoing, build_request, unmade
from notifications.messaging.queues import DeliveryQueues
from notifications.store.channels import ChannelStore
from notifications.store.records import RecordStore
from notifications.store.rules import RuleStore
from notifications.store.vault import Vault
from redeliverer.muting import Muting

if TYPE_CHECKING:
    from notifications.delivering.digesting import Digesting

MAX_CLAIMS = 3
"""How many redeliverers may die while they send one delivery before it fails."""

OBSERVES = "rule_observes"
"""The reason of a delivery that is only observed because its rule was changed while it waited."""

PASSED_AT_ONCE = 100
"""How many held deliveries are read together to find one that can be sent as a probe."""


@value
class Hint:
    """A delivery to send if its record still has this revision.

    ``probe``: whether it tests a suspended channel. ``claims``: how many claims of it ended without a result.
    """

    event_id: str
    rule_id: str
    revision: int
    probe: bool
    claims: int = 0

    @classmethod
    def of(cls, message: Mapping[str, Any]) -> Self:
        """Parse a message of a queue.

        Raises:
            LookupError, TypeError, ValueError: this service did not write it.
        """
        ids = split_delivery_id(message["delivery"])
        return cls(*ids, int(message["revision"]), bool(message.get("probe")), int(message.get("claims", 0)))


class Redeliverer:
    """Send waiting deliveries, with the configuration as it is now."""

    def __init__(
        self,
        store: RecordStore,
        channels: ChannelStore,
        rules: RuleStore,
        queues: DeliveryQueues,
        vault: Vault,
        deliverer: Deliverer,
        digesting: Callable[[], "Digesting"],
        muting: Muting,
    ) -> None:
        self._store = store
        self._channels = channels
        self._rules = rules
        self._queues = queues
        self._vault = vault
        self._deliverer = deliverer
        self._digesting = digesting
        self._muting = muting

    def redeliver(self, hints: Sequence[Hint], invocation: Invocation, *, lane: Lane) -> list[DeliveryRecord]:
        """Send the hinted deliveries that still wait; return their records as they are afterwards.

        Raises:
            Unavailable: DynamoDB or KMS failed; the sweeper finds deliveries that were claimed and not sent.
        """
        written = self._redeliver([hint for hint in hints if not hint.claims], invocation, lane)
        # The most suspect ones come last, because no delivery after a deadly one is sent.
        for hint in sorted((hint for hint in hints if hint.claims), key=lambda hint: hint.claims):
            if time.monotonic() < invocation.deadline:  # otherwise the sweeper hints it again
                written += self._redeliver([hint], invocation, lane)
        return written

    def _redeliver(self, hints: Sequence[Hint], invocation: Invocation, lane: Lane) -> list[DeliveryRecord]:
        # Claim before anything else is read: the claim decides who sends, and the configuration must be at
        # least as new as the claim.
        claimed = [(hint, self._claim(hint, invocation)) for hint in hints]
        taken = [(hint, record) for hint, record in claimed if record is not None]
        if not all(record.manual for _, record in taken):
            self._muting.refresh()
        for _, record in taken:
            if is_unrendered_digest(record):  # no event may join it once its delivery may have ended
                self._digesting().close(record)
        rules = self._rules.get_many([*{record.rule_id for _, record in taken}])
        taken = [
            (hint, records.for_rendering(record, rules.get(record.rule_id)))
            if is_unrendered_digest(record)
            else (hint, record)
            for hint, record in taken
        ]
        channels = self._channels.get_many([record.channel_id for _, record in taken])
        outgoing: list[Outgoing] = []
        ended: list[DeliveryRecord] = []
        self._vault.prepare(channels.values())
        for hint, record in taken:
            if record.claims > MAX_CLAIMS:
                reason = f"delivering it ended without a result {MAX_CLAIMS} times"
                ended.append(records.ended(record, "failed", reason, datetime.now(UTC)))
                continue
            ready = self._prepare(hint, record, channels.get(record.channel_id), rules.get(record.rule_id))
            if isinstance(ready, Outgoing):
                outgoing.append(ready)
            else:
                ended.append(ready)
                # A probe that cannot be sent tests nothing, and the next one may be due in an hour.
                if hint.probe:
                    outgoing += self._next_probe(record.channel_id, channels, invocation)
        return self._deliverer.deliver(outgoing, lane=lane, deadline=invocation.deadline, ended=ended)

    def _next_probe(
        self, channel_id: str, channels: Mapping[str, Channel], invocation: Invocation
    ) -> list[Outgoing]:
        """Find a held delivery that can be sent in place of a probe that cannot.

        Held deliveries that may no longer be sent are ended on the way, because they would only use up the
        schedule of probes. If the time runs out, another probe message continues at once. Deliveries that a
        mute keeps back are left alone; after a whole portion of these the search ends until the next probe.
        """
        muted = 0
        held = self._store.held(channel_id, at_once=PASSED_AT_ONCE)
        while portion := [*islice(held, PASSED_AT_ONCE)]:
            rules = self._rules.get_many([*{record.rule_id for record in portion}])
            for record in portion:
                if time.monotonic() > invocation.deadline:
                    self._queues.probe(record)
                    return []
                hint = Hint(record.event_id, record.rule_id, record.revision, probe=True)
                ready = self._prepare(hint, record, channels.get(channel_id), rules.get(record.rule_id))
                if isinstance(ready, DeliveryRecord) and ready.status == "held":
                    muted += 1
                elif isinstance(ready, DeliveryRecord):
                    self._store.put_if(ready, record.revision)
                elif (claimed := self._claim(hint, invocation)) is not None:
                    return [replace(ready, record=claimed)]
            if muted >= PASSED_AT_ONCE:
                break
        return []

    def _claim(self, hint: Hint, invocation: Invocation) -> DeliveryRecord | None:
        return self._store.claim_delivery(hint.event_id, hint.rule_id, hint.revision, invocation.lease)

    def _prepare(
        self, hint: Hint, record: DeliveryRecord, channel: Channel | None, rule: Rule | None
    ) -> Outgoing | DeliveryRecord:
        """Build the request of a delivery, or return its ended record with the reason why it is not sent."""
        now = datetime.now(UTC)
        found = self._channel(hint, record, channel, rule)
        if isinstance(found, DeliveryRecord) and found.status != "held":
            return found
        if channel is not None and is_unrendered_digest(record):
            record = self._rendered(record, rule, channel)
            if record.message is None:
                return record
        if isinstance(found, DeliveryRecord):
            # A digest is held with its message, because a mute may last longer than its events are kept.
            return replace(
                found,
                message=record.message,
                subject=record.subject,
                html=record.html,
                recipients=record.recipients,
            )
        if rule is not None and rule.observe and not record.manual:
            return records.ended(record, "observed", OBSERVES, now)
        return self._built(hint, record, found, now)

    def _built(
        self, hint: Hint, record: DeliveryRecord, channel: Channel, now: datetime
    ) -> Outgoing | DeliveryRecord:
        try:
            request = build_request(self._vault, channel, record.content, record.id, now, record.settled)
        except (InvalidRequest, SecretsUnreadable) as error:
            return replace(records.ended(record, "failed", error.message, now), error_class=unmade(error))
        if request.reaches_nobody:  # the recipients that were still due were removed from the channel
            return records.ended(record, "skipped", NO_RECIPIENT_LEFT, now)
        return Outgoing(record, channel, request, hint.probe)

    def _rendered(self, record: DeliveryRecord, rule: Rule | None, channel: Channel) -> DeliveryRecord:
        """Render a closed digest, or return its ended record with the reason why it cannot be sent."""
        if rule is None:  # an operator asked for it, but its template was deleted with the rule
            return records.ended(record, "skipped", "rule_deleted", datetime.now(UTC))
        return self._digesting().rendered(record, rule, channel)

    def _channel(
        self, hint: Hint, record: DeliveryRecord, channel: Channel | None, rule: Rule | None
    ) -> Channel | DeliveryRecord:
        """Return the channel that a delivery may be sent to now, or its ended record if there is none."""
        now = datetime.now(UTC)
        found = destination(rule, channel, by_hand=record.manual)
        if isinstance(found, str):
            return records.ended(record, "skipped", found, now)
        if rule is None or record.manual or rule.observe:
            return found
        muted = self._muting.muted(record, rule, found, now)
        if muted is None:
            return found
        if hint.probe:  # a probe must not wake anybody either, so it waits like the other held deliveries
            return records.ended(record, "held", record.reason or "channel_suspended", now)
        status: DeliveryStatus = "held" if muted.mute.hold else "skipped"
        return replace(records.ended(record, status, muted.reason, now), mute_id=muted.mute.id)
