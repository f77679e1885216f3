"""Ask the mutes in force about deliveries that wait.

A retry must not wake anybody at night because its first attempt was made in the evening. So each delivery
that no operator asked for is checked against the mutes of the moment at which it is sent, like a new one.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from notifications.core import events
from notifications.core.errors import EntityNotFound, MalformedEvent
from notifications.core.model import Channel, Event, Rule, timestamp
from notifications.core.records import DeliveryRecord, is_digest
from notifications.store import keys
from notifications.wiring import Services

if TYPE_CHECKING:
    from notifications.core.mutes import Mute
    from notifications.core.muting import InForce, Muted


class Muting:
    """The mutes, read again after one was written. Without any, nothing else is imported or read."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._version = 0
        self._mutes: Sequence[Mute] = ()

    def refresh(self) -> None:
        """Read the mutes, if one was written since the last time.

        Raises:
            Unavailable: DynamoDB failed.
        """
        version = self._services.config_table.versions().of_kind(keys.MUTE)
        if version != self._version:
            self._mutes = self._services.mutes.not_over(timestamp(datetime.now(UTC)))
            self._version = version

    def muted(self, record: DeliveryRecord, rule: Rule, channel: Channel, now: datetime) -> "Muted | None":
        """Return the mute that keeps a waiting delivery back; None if none does.

        Raises:
            Unavailable: DynamoDB failed.
        """
        if not self._mutes:
            return None
        from notifications.core import muting  # noqa: PLC0415 - for who has mutes

        named = [
            (mute, force.until)
            for mute in self._mutes
            if mute.names(rule.id, channel.id)
            and mute.is_about_type(rule.rule_type)
            and (force := muting.Standing(mute).at(now)).in_force
        ]
        if any(mute.condition is not None for mute, _ in named):
            named = self._met(record, rule, named, now)
        return muting.first_naming(muting.ranked(named), rule, channel)

    def _met(
        self, record: DeliveryRecord, rule: Rule, named: "Sequence[InForce]", now: datetime
    ) -> "list[InForce]":
        """Choose the mutes whose condition the event meets; if it cannot be read, those without a condition.

        A mute that holds applies to a digest if one of the digest's events meets its condition, and one that
        skips only if all do: so no muted event is sent, and none is dropped because of the others.
        """
        from notifications.core.muting import Mutes  # noqa: PLC0415 - see above

        met: Counter[str] = Counter()
        total = 0
        try:
            mutes = Mutes([mute for mute, _ in named], self._services.event_types.get(rule.rule_type))
            for event in self._events(record, rule):
                total += 1
                met.update(mute.id for mute, _ in mutes.covering(event, now))
        except EntityNotFound:
            met.clear()

        def is_met(mute: "Mute") -> bool:
            return mute.condition is None or met[mute.id] >= (1 if mute.hold else max(1, total))

        return [each for each in named if is_met(each[0])]

    def _events(self, record: DeliveryRecord, rule: Rule) -> Iterator[Event]:
        """Yield the event of a delivery, or those of its digest, without those that cannot be read."""
        for document in self._documents(record):
            try:
                read = events.read(document)
            except MalformedEvent:
                continue
            yield Event(read.id, rule.rule_type, read.timestamp, read.data)

    def _documents(self, record: DeliveryRecord) -> Iterator[str]:
        if not is_digest(record):
            yield self._services.events.get(record.event_id).document or ""
            return
        for member in self._services.digests.members(record.event_id):
            if member.document is not None:
                yield member.document
            else:  # only the event's own record has a large document
                yield from (each.document or "" for each in self._services.events.get_many([member.event_id]))
