"""Render what a rule sends for an event, for the dispatcher and for replays."""

from collections.abc import Mapping
from typing import Any

from notifications.core import templates
from notifications.core.delivery import Content
from notifications.core.kinds import kind_of
from notifications.core.model import Channel, Event, EventType, Rule, Spec
from notifications.core.schemas import check_data
from notifications.core.templating.budget import MAX_UNITS


def variables(event: Event, event_type: EventType) -> dict[str, Any]:
    """Return the variables that an event's templates see.

    Raises:
        SchemaMismatch: the event does not fit its type.
    """
    return templates.context(event, check_data(event_type, event.data))


def content(
    rule: Rule, channel: Channel, variables: Mapping[str, Any], units: int = MAX_UNITS
) -> Content | None:
    """Render what a rule sends to its channel; None if the message is empty and nothing is sent.

    ``units``: the budget of each template.

    Raises:
        TemplateError: the rule's template fails, or one of the channel's, for the subject or a recipient.
    """
    made = message(rule, channel, variables, units)
    return None if templates.is_empty(made) else completed(channel.spec, made, variables)


def message(rule: Rule, channel: Channel, variables: Mapping[str, Any], units: int = MAX_UNITS) -> str:
    """Render a rule's message for its channel, which may be empty.

    Raises:
        TemplateError: the template fails on these variables.
    """
    form = kind_of(channel.spec).message_format(channel.spec)
    return templates.render(rule.message_template, variables, form, units)


def completed(spec: Spec, message: str, variables: Mapping[str, Any]) -> Content:
    """Add to a rendered message what an email needs: a subject, and the results of recipient templates.

    Raises:
        TemplateError: the subject template or a recipient's fails.
    """
    return kind_of(spec).complete(spec, message, lambda source: templates.render(source, variables))
