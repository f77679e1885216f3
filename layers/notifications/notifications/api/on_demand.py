"""Templates and schemas, whose libraries are imported by the first request that needs them."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from notifications.core.delivery import Content
from notifications.core.errors import NotificationError, SchemaMismatch, TemplateError
from notifications.core.kinds import kind_of
from notifications.core.model import Channel, EmailSpec, Event, EventType, Rule, Spec
from notifications.core.nearest import quoted
from notifications.core.refusals import of as refusals_of
from notifications.core.refusals import raise_first

if TYPE_CHECKING:
    from notifications.core.verdicts import Trial


def refusals(
    rule: Rule, event_type: EventType | None, spec: Spec | None, *, tried: bool
) -> Iterator[NotificationError]:
    """Yield the errors that prevent a rule for this event type from being sent to a channel with this spec.

    ``event_type``, ``spec``: None if unknown. ``tried``: whether to render a sample of the type as well, if
    there is no other error.
    """
    from notifications.core import templates
    from notifications.core.variables import names_besides

    is_right = True
    form = kind_of(spec).message_format(spec) if spec else "text"
    for error in (
        *refusals_of(lambda: templates.check(rule.message_template, event_type, form, names_besides(rule))),
        *_of_parts(rule, event_type),
        *_of_windows(rule, event_type),
        *refusals_of(lambda: check_recipients(event_type, spec) if event_type and spec else None),
    ):
        is_right = False
        yield error
    if tried and is_right and event_type and spec and (rule.message_template or not has_default(spec)):
        from notifications.core import rendering, trials

        preset = rendering.preset_of(spec)
        yield from refusals_of(lambda: trials.check(rule.message_template, event_type, form, rule, preset))


def check_rule(rule: Rule, event_type: EventType, spec: Spec | None) -> None:
    """Refuse a rule whose templates cannot be rendered for this event type and a channel with this spec.

    Raises:
        InvalidRequest, TemplateError: the first of ``refusals``.
    """
    raise_first(refusals(rule, event_type, spec, tried=False))


def check_parts(rule: Rule, event_type: EventType) -> None:
    """Refuse parts of a rule's message that cannot be rendered for the rule's type.

    Raises:
        InvalidRequest, TemplateError: the first of ``notifications.core.message_checks.refusals``.
    """
    raise_first(_of_parts(rule, event_type))


def _of_parts(rule: Rule, event_type: EventType | None) -> Iterator[NotificationError]:
    if rule.message is not None:
        from notifications.core import message_checks

        yield from message_checks.refusals(rule, event_type)


def _of_windows(rule: Rule, event_type: EventType | None) -> Iterator[NotificationError]:
    for place, by in (("once_per", rule.once_per), ("digest", rule.digest)):
        if by is not None:
            from notifications.core.windows import checking

            yield from checking.refusals(place, by.by, event_type)


def check_recipients(event_type: EventType, spec: Spec) -> None:
    """Refuse a channel whose recipient templates use fields that this event type does not have.

    Raises:
        TemplateError: names the recipient, the field and the nearest one.
    """
    from notifications.core import templates

    for source in kind_of(spec).templates(spec):
        try:
            templates.check(source, event_type)
        except TemplateError as error:
            fault = f"The channel's recipient {quoted(source)} cannot be made: {error.message}"
            raise TemplateError(fault) from None


def try_rule(rule: Rule, event_type: EventType, spec: Spec) -> None:
    """Refuse a rule that cannot send a message about a sample to a channel with this spec.

    Raises:
        InvalidRequest, TemplateError: the first of ``refusals``.
    """
    raise_first(refusals(rule, event_type, spec, tried=True))


def has_default(spec: Spec) -> bool:
    """Return whether a rule without a template sends the default message to a channel."""
    return isinstance(spec, EmailSpec) or spec.preset is not None


def warnings(rule: Rule, channel: Channel, event: Event, event_type: EventType) -> list[str]:
    """List the warnings about a rule's message for an event: faults that do not prevent that it is sent.

    Raises:
        SchemaMismatch, TemplateError: see ``trial``.
    """
    if rule.message is None and (isinstance(channel.spec, EmailSpec) or channel.spec.preset is None):
        return []
    from notifications.core import message_checks, rendering

    seen = rendering.for_rule(rule, rendering.variables(event, event_type))
    return message_checks.warnings(rule, channel, seen)


def sample_warnings(rule: Rule, channel: Channel, event_type: EventType) -> list[str]:
    """List the warnings for a sample of the type; also if the template fails on it, as it may suit others."""
    from notifications.core import trials

    try:
        return warnings(rule, channel, trials.sample_event(event_type), event_type)
    except SchemaMismatch:
        return []
    except TemplateError as error:
        return [f"{error.message} (with a sample of {event_type.name})"]


def check_subject(source: str) -> None:
    """Refuse a template of an email's subject or recipient that cannot be rendered for any event.

    Raises:
        TemplateError: it cannot; the error says in which line.
    """
    from notifications.core import templates

    templates.check_subject(source)


def trial(rule: Rule, channel: Channel, event: Event, event_type: EventType) -> "Trial":
    """Try a rule with an event, as ``notifications.core.verdicts.trial`` does.

    Raises:
        SchemaMismatch: the event does not fit its type.
        TemplateError: the template fails on it.
    """
    from notifications.core import verdicts

    return verdicts.trial(event, rule, channel, event_type)


def content(rule: Rule, channel: Channel, event: Event, event_type: EventType) -> Content | None:
    """Render what a rule sends to its channel, as the dispatcher would; None if the message is empty.

    Raises:
        SchemaMismatch, TemplateError: see ``trial``.
    """
    from notifications.core import rendering

    seen = rendering.for_rule(rule, rendering.variables(event, event_type))
    return rendering.content(rule, channel, seen)


def check_schema(schema: Mapping[str, Any]) -> None:
    """Refuse a schema that an event type cannot have.

    Raises:
        InvalidRequest: see ``notifications.core.schemas.check_schema``.
    """
    from notifications.core import schemas

    schemas.check_schema(schema)


def pattern_cost(pattern: str) -> int | None:
    """Return a regular expression's steps per character; None if it is malformed or too large."""
    from notifications.core.schemas import patterns

    return patterns.steps_per_char(pattern)


def sample(event_type: EventType) -> dict[str, Any]:
    """Make a sample of an event type's fields."""
    from notifications.core import samples

    return samples.sample(event_type)


def check_data(event_type: EventType, data: Mapping[str, Any]) -> None:
    """Refuse data that does not fit an event type.

    Raises:
        SchemaMismatch: the error lists all faults.
    """
    from notifications.core import schemas

    schemas.check_data(event_type, data)
