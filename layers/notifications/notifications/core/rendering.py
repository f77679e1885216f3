"""From an event and a rule to what is sent: the dispatcher and a replay do it alike."""

from collections.abc import Mapping
from typing import Any

from notifications.core import templates
from notifications.core.delivery import Content
from notifications.core.kinds import kind_of
from notifications.core.model import Channel, Event, EventType, Rule, Spec
from notifications.core.schemas import check_data
from notifications.core.templating.budget import MAX_UNITS


def variables(event: Event, event_type: EventType) -> dict[str, Any]:
    """Make what the templates of an event see.

    Raises:
        SchemaMismatch: the event does not fit its type.
    """
    return templates.context(event, check_data(event_type, event.data))


def content(
    rule: Rule, channel: Channel, variables: Mapping[str, Any], units: int = MAX_UNITS
) -> Content | None:
    """Render what a rule has sent to its channel, with so many units of work at most.

    None if the message is empty: nothing is sent then.

    Raises:
        TemplateError: the rule's template fails, or one of the channel's, for the subject or a recipient.
    """
    form = kind_of(channel.spec).message_format(channel.spec)
    message = templates.render(rule.message_template, variables, form, units)
    return None if templates.is_empty(message) else completed(channel.spec, message, variables)


def completed(spec: Spec, message: str, variables: Mapping[str, Any]) -> Content:
    """Complete a rendered message with what an email needs: a subject, and recipients that templates make.

    ``variables``: what templates see.

    Raises:
        TemplateError: the subject template or a recipient's fails.
    """
    return kind_of(spec).complete(spec, message, lambda source: templates.render(source, variables))
