"""Show what readers see of a message, by the same code that sends it."""

from datetime import UTC, datetime

from notifications.api import on_demand, rule_parts
from notifications.api.known_types import require_type
from notifications.core import events, message_checks, rendering, zones
from notifications.core.errors import InvalidRequest
from notifications.core.events import usable_fields
from notifications.core.messages import Message
from notifications.core.model import Channel, Event, EventType, Rule, WebhookSpec
from notifications.core.model import timestamp as written
from notifications.core.values import replace, value
from notifications.core.variables import Variables
from notifications.wiring import Services
from verdicts_api import single
from verdicts_api.preview_models import Preview, PreviewField, PreviewIn, PreviewMessage

DEFAULT_TYPE = "session.started"
PREVIEW = "preview"
"""The id of an event that is not recorded, and of a rule that is not stored."""

_ONE_RULE = "give either rule_id or rule, or preset"


@value
class _Shown:
    """A rule, its channel, an event, and the variables of the rule's templates for the event."""

    rule: Rule
    channel: Channel
    event: Event
    variables: Variables


def preview(services: Services, request: PreviewIn) -> Preview:
    """Show the message that a rule sends for an event, and what readers see of it.

    Raises:
        InvalidRequest: the request gives too much or too little, or names what does not exist; or the draft
            could not be saved.
        EntityNotFound: there is no such rule or event.
        MalformedEvent, SchemaMismatch: no event of the type can have these fields.
        TemplateError: the rule's template, or a part of the message, fails.
    """
    seen = _found(services, request)
    rule, channel, variables = seen.rule, seen.channel, seen.variables
    warnings = message_checks.warnings(rule, channel, variables)
    content = rendering.content(rule, channel, variables)
    is_default = not rule.message_template and on_demand.has_default(channel.spec)
    preset = channel.spec.preset if isinstance(channel.spec, WebhookSpec) else None
    return Preview(
        channel_type=channel.channel_type,
        preset=preset,
        rule_type=rule.rule_type,
        event_id=seen.event.id,
        timestamp=written(seen.event.timestamp),
        shown=_message(rendering.plainly_composed(rule, channel, variables)) if is_default else None,
        body="" if content is None else content.message,
        subject=None if content is None else content.subject,
        html=None if content is None else content.html,
        warnings=warnings,
    )


def _found(services: Services, request: PreviewIn) -> _Shown:
    given = (request.sample, request.notification_data is not None, request.event_id is not None)
    if sum(given) != 1:
        raise InvalidRequest("give one of sample: true, notification_data and event_id")
    recorded = None
    if request.event_id is not None:
        recorded = events.read(services.events.get(request.event_id).document or "")
    rule, channel, event_type = _asked(services, request, recorded)
    if request.timezone is not None:
        channel = replace(channel, timezone=request.timezone or None)
    if request.message is not None:
        rule = replace(rule, message=rule_parts.message(request.message, rule.message))
        on_demand.check_parts(rule, event_type)
    if recorded is not None and recorded.rule_type != rule.rule_type:
        raise InvalidRequest(f"event_id: the event is of type {recorded.rule_type}, not {rule.rule_type}")
    event = recorded or _event(request, event_type)
    return _Shown(rule, channel, event, rendering.for_rule(rule, rendering.variables(event, event_type)))


def _asked(services: Services, request: PreviewIn, recorded: Event | None) -> tuple[Rule, Channel, EventType]:
    """Return the rule that is asked for, its channel, and its event type."""
    if request.preset is not None:
        if request.rule_id is not None or request.rule is not None:
            raise InvalidRequest(_ONE_RULE)
        name = request.rule_type or (recorded.rule_type if recorded else DEFAULT_TYPE)
        return _rule(name), _channel(request.preset), require_type(services, name, "rule_type")
    rule_id = None if request.rule_id is None else str(request.rule_id)
    if request.rule is not None:
        found = single.of_draft(services, request.rule, rule_id)
    elif rule_id is not None:
        found = single.of_rule(services, rule_id)
    else:
        raise InvalidRequest(_ONE_RULE)
    if request.rule_type is not None and request.rule_type != found.rule.rule_type:
        raise InvalidRequest(f"rule_type: the rule is about {found.rule.rule_type}")
    return found.rule, found.channel, found.event_type


def _event(request: PreviewIn, event_type: EventType) -> Event:
    data = on_demand.sample(event_type) if request.sample else request.notification_data or {}
    return Event(PREVIEW, event_type.name, datetime.now(UTC), usable_fields(data))


def _rule(rule_type: str) -> Rule:
    return Rule(
        id=PREVIEW,
        name=PREVIEW,
        description=None,
        rule_type=rule_type,
        channel_id=PREVIEW,
        message_template="",
        enabled=True,
        created_at="",
        created_by="",
        updated_at="",
    )


def _channel(preset: str) -> Channel:
    from notifications.core import presets  # noqa: PLC0415 - few requests need them

    known = next((name for name in presets.PRESETS if name == preset), None)
    if known is None:
        raise InvalidRequest(f"preset: {presets.unknown(preset)}")
    return Channel(
        id=PREVIEW,
        name=PREVIEW,
        description=None,
        spec=WebhookSpec(url="https://preview.invalid", preset=known),
        enabled=True,
        created_at="",
        created_by="",
        updated_at="",
    )


def _message(message: Message) -> PreviewMessage:
    local = message.at.astimezone(zones.or_utc(message.zone))
    return PreviewMessage(
        title=message.title,
        text=message.text,
        fields=[PreviewField(label=label, value=value) for label, value in message.fields],
        link=message.link,
        level=message.level,
        time=f"{local:%Y-%m-%d %H:%M:%S %Z}",
        dedup=message.dedup,
        action=message.action,
    )
