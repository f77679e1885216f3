"""From an event and a rule to what is sent: the dispatcher and a replay do it alike."""

from collections.abc import Mapping
from typing import Any

from notifications.core import delivery, templates
from notifications.core.delivery import Content
from notifications.core.model import Channel, Event, EventType, Rule
from notifications.core.schemas import check_data
from notifications.core.templating.budget import MAX_UNITS


def variables(event: Event, event_type: EventType) -> dict[str, Any]:
    """Lay out what the templates of an event see.

    Raises:
        SchemaMismatch: the event does not fit its type.
    """
    return templates.context(event, check_data(event_type, event.data))


def content(rule: Rule, channel: Channel, variables: Mapping[str, Any], units: int = MAX_UNITS) -> Content:
    """Render what a rule has sent to its channel, with so many units of work at most.

    Raises:
        TemplateError: the rule's template fails, or the channel's for the subject.
    """
    form = delivery.message_format(channel.spec)
    message = templates.render(rule.message_template, variables, form, units)
    return delivery.content(channel.spec, message, variables)
