"""Render the message that a rule sends for an event, for the dispatcher and for replays."""

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from notifications.core import templates
from notifications.core.delivery import Content
from notifications.core.json_text import compact
from notifications.core.kinds import kind_of
from notifications.core.model import Channel, EmailSpec, Event, EventType, Rule, Spec, WebhookSpec
from notifications.core.schemas import check_data
from notifications.core.templating.budget import MAX_UNITS
from notifications.core.templating.markup import Escape
from notifications.core.variables import Variables

if TYPE_CHECKING:
    from notifications.core.messages import Message
    from notifications.core.presets import Preset


def variables(event: Event, event_type: EventType) -> Variables:
    """Return the variables of templates for an event.

    Raises:
        SchemaMismatch: the event does not fit its type.
    """
    data = check_data(event_type, event.data)
    return Variables(templates.context(event, data), event.id, event_type)


def for_rule(rule: Rule, variables: Variables, repeats: int = 0) -> Variables:
    """Return the variables of a rule's templates for an event that is sent alone.

    ``repeats``: how many events were suppressed as its repeats. If the rule has a digest, it has only this
    event.
    """
    if rule.once_per is None and rule.digest is None:
        return variables
    from notifications.core.windows import digests, grouping  # noqa: PLC0415 - few rules have one of them

    of_event = variables if rule.once_per is None else variables.having({"repeats": repeats})
    if rule.digest is None:
        return of_event
    values = grouping.group_of(variables["data"], rule.digest.by, rule.digest.period).values
    return digests.variables([of_event], rule.digest.by, values)


def content(rule: Rule, channel: Channel, variables: Variables, units: int = MAX_UNITS) -> Content | None:
    """Render the message that a rule sends to its channel; None if it is empty, so that nothing is sent.

    ``units``: the budget of each template.

    Raises:
        TemplateError: the rule's template fails, or one of the channel's, for the subject or a recipient; or
            the channel's service would refuse the message.
    """
    spec = channel.spec
    if not rule.message_template and isinstance(spec, EmailSpec):
        return as_email(spec, composed(rule, channel, variables, units), variables)
    made = message(rule, channel, variables, units)
    return None if templates.is_empty(made) else completed(spec, made, variables)


def message(rule: Rule, channel: Channel, variables: Variables, units: int = MAX_UNITS) -> str:
    """Render a rule's message for its channel, which may be empty.

    Raises:
        TemplateError: the template fails on these variables, or the channel's service would refuse the
            message.
    """
    spec = channel.spec
    if isinstance(spec, WebhookSpec) and spec.preset is not None:
        return _of_preset(rule, channel, spec, variables, units)
    if not rule.message_template and isinstance(spec, EmailSpec):
        from notifications.core import email_texts  # noqa: PLC0415 - few rules have a default message

        return email_texts.text(composed(rule, channel, variables, units))
    return handwritten(rule, channel, variables, None, units)


def handwritten(
    rule: Rule, channel: Channel, variables: Variables, escape: Escape | None, units: int = MAX_UNITS
) -> str:
    """Render a rule's own template, before a service's limits are applied.

    Raises:
        TemplateError: it fails on these variables.
    """
    form = kind_of(channel.spec).message_format(channel.spec)
    return templates.render(rule.message_template, variables, form, units, escape)


def composed(rule: Rule, channel: Channel, variables: Variables, units: int = MAX_UNITS) -> "Message":
    """Compose the default message of a rule without a template.

    Raises:
        TemplateError: a part that the rule changes fails.
    """
    from notifications.core.composing import compose_message  # noqa: PLC0415 - as above

    preset = preset_of(channel.spec)
    escape = str if preset is None else preset.escape
    return compose_message(rule, variables, escape, channel.timezone, units)


def plainly_composed(rule: Rule, channel: Channel, variables: Variables) -> "Message":
    """Compose the default message of a rule in plain text, as a reader sees it.

    Raises:
        TemplateError: a part that the rule changes fails.
    """
    from notifications.core.composing import compose_message  # noqa: PLC0415 - as above

    return compose_message(rule, variables, str, channel.timezone)


def preset_of(spec: Spec) -> "Preset | None":
    """Return the preset of a channel, if it has one."""
    if not isinstance(spec, WebhookSpec) or spec.preset is None:
        return None
    from notifications.core.presets import PRESETS  # noqa: PLC0415 - only such channels need them

    return PRESETS[spec.preset]


def completed(spec: Spec, message: str, variables: Mapping[str, Any]) -> Content:
    """Add to a rendered message what an email needs: a subject, and the results of recipient templates.

    Raises:
        TemplateError: the subject template or a recipient's fails.
    """
    return kind_of(spec).complete(spec, message, lambda source: templates.render(source, variables))


def as_email(spec: EmailSpec, made: "Message", variables: Mapping[str, Any]) -> Content:
    """Write a composed message as an email's text and HTML, with the channel's own subject if it has one.

    Raises:
        TemplateError: the subject template or a recipient's fails.
    """
    from notifications.core import email_texts  # noqa: PLC0415 - as above

    content = completed(spec, email_texts.text(made), variables)
    if spec.subject_template is None:
        content = replace(content, subject=email_texts.subject(made))
    return replace(content, html=email_texts.html(made))


def _of_preset(rule: Rule, channel: Channel, spec: WebhookSpec, variables: Variables, units: int) -> str:
    """Render a message for a service, within its limits."""
    from notifications.core import presets  # noqa: PLC0415 - as above

    assert spec.preset is not None  # noqa: S101 - see ``message``
    preset = presets.PRESETS[spec.preset]
    if not rule.message_template:
        body = preset.compose(composed(rule, channel, variables, units))
        return compact(preset.fit(body, presets.mark(variables.event_id)).body)
    made = handwritten(rule, channel, variables, preset.escape, units)
    return made if templates.is_empty(made) else presets.fitted(preset, made, variables.event_id)
