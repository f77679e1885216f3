"""Close digests and render them: the redeliverer's part, imported when there is one to close.

A digest is closed before anything else is done with it, so whatever becomes of its delivery, nothing joins it
any more. Closing and reading its events may be repeated after a death: both come to the same.
"""

from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from notifications.core import events, records, rendering
from notifications.core.delivery import Content
from notifications.core.eligibility import EMPTY_MESSAGE
from notifications.core.errors import (
    EntityNotFound,
    InvalidRequest,
    MalformedEvent,
    SchemaMismatch,
    TemplateError,
    TooMuch,
)
from notifications.core.incoming import cut_reason
from notifications.core.model import Channel, EventType, Rule
from notifications.core.records import DeliveryRecord
from notifications.core.values import replace, value
from notifications.core.variables import Variables
from notifications.core.windows import digests, grouping
from notifications.core.windows.digests import MAX_EVENTS_BYTES, Member
from notifications.delivering.outgoing import unmade
from notifications.store.digests import DigestStore
from notifications.store.event_types import EventTypeStore
from notifications.store.events import EventStore

READ_TOGETHER = 25
"""How many documents that are not kept with the digest are read at once."""

GONE = "no event of the digest can be read, or fits its type, any more"


@value
class _Events:
    """What templates see of a digest's events, in the order of the events' own times; and how many it has.

    ``key``: the values in which they agree.
    """

    variables: Sequence[Variables]
    total: int
    key: Sequence[Any] = ()


class Digesting:
    """Close digests, and make their messages."""

    def __init__(self, store: DigestStore, events: EventStore, event_types: EventTypeStore) -> None:
        self._store = store
        self._events = events
        self._event_types = event_types

    def close(self, record: DeliveryRecord) -> None:
        """Close the digest of a delivery, so that no event joins it any more.

        Raises:
            Unavailable: DynamoDB failed.
        """
        self._store.close((record.rule_id, record.group or ""), record.event_id)

    def rendered(self, record: DeliveryRecord, rule: Rule, channel: Channel) -> DeliveryRecord:
        """Return the delivery of a closed digest with its message; or ended, if nothing can be sent.

        If all events together are too much for a message, only the first of them are in it, and the record of
        the digest says how many are left out.

        Raises:
            Unavailable: DynamoDB failed.
        """
        now = datetime.now(UTC)
        try:
            read = self._read(record, rule)
            if not read.variables:
                return records.ended(record, "failed", GONE, now)
            content, shown = _content(record, rule, channel, read)
        except (TemplateError, InvalidRequest) as error:
            ended = records.ended(record, "failed", cut_reason(error.message), now)
            return replace(ended, error_class=unmade(error))
        if content is None:
            return records.ended(record, "skipped", EMPTY_MESSAGE, now)
        self._tell_of_left_out(record, shown, read.total)
        return replace(
            record,
            message=content.message,
            subject=content.subject,
            html=content.html,
            recipients=content.recipients,
        )

    def _read(self, record: DeliveryRecord, rule: Rule) -> _Events:
        try:
            event_type = self._event_types.get(rule.rule_type)
        except EntityNotFound as error:
            raise InvalidRequest(error.message) from None
        members = self._store.members(record.event_id)
        by = () if rule.digest is None else rule.digest.by
        found: list[Variables] = []
        key: Sequence[Any] = ()
        total = size = 0
        while portion := [*islice(members, READ_TOGETHER)]:
            total += len(portion)
            for member, document in self._documents(portion, size):
                size += len(document)
                if (seen := _seen(document, event_type)) is not None:
                    key = key or grouping.group_of(seen["data"], by, None).values
                    found.append(seen if rule.once_per is None else seen.having({"repeats": member.repeats}))
        found.sort(key=lambda each: each["timestamp"])
        return _Events(found, total, key)

    def _documents(self, members: Sequence[Member], size: int) -> Sequence[tuple[Member, str]]:
        """Read the documents of events, until there is no room for more.

        Those that are not kept with the digest are read from the events' records.
        """
        if size > MAX_EVENTS_BYTES:
            return ()
        missing = [each.event_id for each in members if each.document is None]
        read = {each.id: each.document for each in self._events.get_many(missing)} if missing else {}
        found = ((each, each.document or read.get(each.event_id)) for each in members)
        return [(each, document) for each, document in found if document]

    def _tell_of_left_out(self, record: DeliveryRecord, shown: int, total: int) -> None:
        if shown == total:
            return
        # An operator may retry after the digest's own record has expired. Then there is nothing to update.
        with suppress(EntityNotFound):
            event = self._events.get(record.event_id)
            self._events.put_ended([replace(event, reason=digests.left_out(shown, total))])


def _seen(document: str, event_type: EventType) -> Variables | None:
    """Return what templates see of an event; None if its type has been changed so that it does not fit."""
    try:
        return rendering.variables(events.read(document), event_type)
    except (MalformedEvent, SchemaMismatch):
        return None


def _content(
    record: DeliveryRecord, rule: Rule, channel: Channel, read: _Events
) -> tuple[Content | None, int]:
    """Render a digest with as many of its events as one message has room for; return how many these are.

    Raises:
        TemplateError: it cannot be rendered even with a single one.
    """
    by = () if rule.digest is None else rule.digest.by
    shown = len(read.variables)
    while True:
        seen = digests.variables(read.variables[:shown], by, read.key, read.total)
        seen.event_id = record.event_id
        try:
            return rendering.content(rule, channel, seen), shown
        except TooMuch:
            if shown == 1:
                raise
            shown //= 2
