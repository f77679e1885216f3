"""Makes rules, and checks whether their channels could send them."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, Protocol
from uuid import uuid4

from notifications.api import conditions, on_demand, rule_parts
from notifications.api.requests.rules import RuleIn
from notifications.core.errors import InvalidRequest, NotificationError
from notifications.core.model import Channel, EventType, Rule, timestamp
from notifications.core.nearest import quoted
from notifications.core.refusals import raise_first
from notifications.core.revisions import Author


class Conditioned(Protocol):
    """A request that may have a condition, under one of three names."""

    condition: dict[str, Any] | None
    event_filter: dict[str, Any] | None
    where: list[str] | None


def made(request: RuleIn, event_type: EventType, by: Author) -> Rule:
    """Make the rule that a request describes.

    Raises:
        InvalidRequest: see ``conditions.read`` and ``rule_parts.changes_of``.
    """
    now = timestamp(datetime.now(UTC))
    return Rule(
        id=str(uuid4()),
        name=request.name,
        description=request.description,
        rule_type=event_type.name,
        channel_id=str(request.channel_id),
        message_template=request.message_template or "",
        enabled=request.enabled,
        created_at=now,
        created_by=by.user_id,
        updated_at=now,
        condition=condition(request, event_type),
        observe=request.observe,
        **rule_parts.changes_of(request),
    )


def condition(request: Conditioned, event_type: EventType) -> dict[str, Any] | None:
    """Read the condition of a request; None if it is empty.

    Raises:
        InvalidRequest: see ``conditions.read``.
    """
    return conditions.read(request.condition, request.event_filter, request.where, event_type)


def check(
    rule: Rule, event_type: EventType, channel: Channel, *, template: bool, force: bool = False
) -> None:
    """Refuse a rule that its channel could not send.

    ``template``: whether the request has a template, even an empty one. ``force``: whether to accept a
    template that fails with a sample.

    Raises:
        InvalidRequest: it has no template, and its channel has no default message.
        TemplateError: its template, or one of the parts of its message, cannot be rendered for the type, or
            never renders a valid message.
    """
    raise_first(refusals(rule, event_type, channel, template=template, tried=not force))


def refusals(
    rule: Rule, event_type: EventType | None, channel: Channel | None, *, template: bool, tried: bool = True
) -> Iterator[NotificationError]:
    """Yield why a channel could not send a rule, as ``check`` and ``on_demand.refusals`` have it."""
    spec = None if channel is None else channel.spec
    has_message = template or rule.message_template or spec is None or on_demand.has_default(spec)
    if channel is not None and not has_message:
        yield InvalidRequest(
            f"message_template: channel {quoted(channel.name)} has no default message, so the rule needs a "
            "template; if the channel sends to a chat or incident service, give it a preset: slack, "
            "teams, ..."
        )
    yield from on_demand.refusals(rule, event_type, spec, tried=tried and bool(has_message))
