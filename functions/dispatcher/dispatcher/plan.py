"""What an event makes to send: validate, match, render. Nothing is sent or written here."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from time import thread_time
from typing import Any

from dispatcher.configuration import Configuration
from notifications.core import delivery, events, rendering
from notifications.core.errors import (
    InvalidRequest,
    MalformedEvent,
    SchemaMismatch,
    SecretsUnreadable,
    TemplateError,
)
from notifications.core.matching import EMPTY_MESSAGE, Match, match
from notifications.core.model import Rule, timestamp
from notifications.core.records import (
    MAX_REASON_CHARS,
    DeliveryRecord,
    DeliveryStatus,
    EventRecord,
    EventStatus,
)
from notifications.core.templating.budget import LEAN_UNITS, MAX_UNITS
from notifications.delivering.outgoing import Outgoing, lay_out
from notifications.store.vault import Vault

FREE_EVENT_SECONDS = 1.0
"""CPU time after which each further template of an event gets only a little: the good ones need no more."""

MAX_EVENT_SECONDS = 4.0
"""CPU time of all templates of an event: ten such events leave a dispatcher time to send and record."""

MAX_DOCUMENT_BYTES = 300_000
"""What is kept of an event at most; a bus takes 256 KiB, and an item of DynamoDB has 400 KB."""


@dataclass(frozen=True, slots=True)
class Plan:
    """An event's record as it will be in the end, what is to be sent, and what ended before it was."""

    event: EventRecord
    outgoing: list[Outgoing] = field(default_factory=list)
    ended: list[DeliveryRecord] = field(default_factory=list)

    @property
    def met_rules(self) -> bool:
        """Tell whether there is anything to do but to keep the event's record."""
        return bool(self.outgoing or self.ended)


def make_plan(
    configuration: Configuration, vault: Vault, document: Mapping[str, Any], text: str, message_id: str
) -> Plan:
    """Find out what an EventBridge document makes to send.

    ``text``: the document as it came. ``message_id`` names it if it has no id that can be used.

    Raises:
        Unavailable: the configuration can not be read, or its secrets not be decrypted.
    """
    now = timestamp(datetime.now(UTC))

    def record(event_id: str, rule_type: str, reason: str | None, moment: str | None = None) -> EventRecord:
        status: EventStatus = "refused" if reason else "unmatched"
        told = reason and _told(reason)
        return EventRecord(event_id, rule_type, status, told, _cut(text), moment, now, now)

    try:
        event = events.parse(document)
    except MalformedEvent as error:
        named = events.rule_type_of(document)
        return Plan(record(events.usable_id(document) or message_id, named, f"malformed: {error.message}"))
    moment = timestamp(event.timestamp)
    if len(text.encode(errors="replace")) > MAX_DOCUMENT_BYTES:
        return Plan(record(event.id, event.rule_type, f"larger than {MAX_DOCUMENT_BYTES} bytes", moment))
    routing = configuration.routing(event.rule_type)
    if routing.event_type is None:
        return Plan(record(event.id, event.rule_type, "unknown event type", moment))
    try:
        variables = rendering.variables(event, routing.event_type)
    except SchemaMismatch as error:
        return Plan(record(event.id, event.rule_type, error.message, moment))
    plan = Plan(record(event.id, event.rule_type, None, moment))
    matches, skips = match(routing.rules, routing.channels)
    for skip in skips:
        plan.ended.append(_delivery(plan.event, skip.rule, "skipped", skip.reason))
    vault.prepare(found.channel for found in matches)
    began = thread_time()
    for found in matches:
        _render(plan, vault, found, variables, thread_time() - began)
    return plan


def _render(plan: Plan, vault: Vault, found: Match, variables: Mapping[str, Any], spent: float) -> None:
    """Lay out what goes to one rule's channel. ``spent``: seconds that the event's rules took so far."""
    rule, channel = found.rule, found.channel
    if spent > MAX_EVENT_SECONDS:
        reason = f"the templates of this event take more than {MAX_EVENT_SECONDS:g} s together"
        plan.ended.append(_delivery(plan.event, rule, "failed", reason, error_class="render"))
        return
    try:
        units = MAX_UNITS if spent < FREE_EVENT_SECONDS else LEAN_UNITS
        content = rendering.content(rule, channel, variables, units)
        if content is None:
            plan.ended.append(_delivery(plan.event, rule, "skipped", EMPTY_MESSAGE))
            return
        record = _delivery(plan.event, rule, "pending", None, content=content)
        request = lay_out(vault, channel, content, record.id, datetime.now(UTC))
    except (TemplateError, InvalidRequest, SecretsUnreadable) as error:
        error_class = "render" if isinstance(error, TemplateError) else "invalid"
        failed = _delivery(plan.event, rule, "failed", _told(error.message), error_class=error_class)
        plan.ended.append(failed)
        return
    plan.outgoing.append(Outgoing(record, channel, request))


def _delivery(
    event: EventRecord,
    rule: Rule,
    status: DeliveryStatus,
    reason: str | None,
    *,
    error_class: str | None = None,
    content: delivery.Content | None = None,
) -> DeliveryRecord:
    return DeliveryRecord(
        event_id=event.id,
        rule_id=rule.id,
        channel_id=rule.channel_id,
        rule_type=event.rule_type,
        status=status,
        reason=reason,
        created_at=event.created_at,
        updated_at=event.created_at,
        error_class=error_class,
        message=content.message if content else None,
        subject=content.subject if content else None,
    )


def _told(reason: str) -> str:
    # It may quote what the event says, in any length.
    return reason[:MAX_REASON_CHARS].encode(errors="replace").decode()


def _cut(text: str) -> str:
    """Keep what DynamoDB can: UTF-8, and not more than an item has room for."""
    encoded = text.encode(errors="replace")
    return encoded[:MAX_DOCUMENT_BYTES].decode(errors="ignore")


def as_text(document: Mapping[str, Any]) -> str:
    """Write a document that did not come as text."""
    return json.dumps(document, ensure_ascii=False)
