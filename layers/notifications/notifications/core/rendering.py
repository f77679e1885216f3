"""From an event and a rule to what is sent: the dispatcher and a replay do it alike."""

from collections.abc import Mapping
from typing import Any

from notifications.core import delivery, recipients, templates
from notifications.core.delivery import Content
from notifications.core.model import Channel, EmailSpec, Event, EventType, Rule, Spec
from notifications.core.schemas import check_data
from notifications.core.templating.budget import MAX_UNITS

MAX_SUBJECT_CHARS = 250
"""What is longer is cut: no mail reader shows more, and some servers refuse it."""


def variables(event: Event, event_type: EventType) -> dict[str, Any]:
    """Lay out what the templates of an event see.

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
    form = delivery.message_format(channel.spec)
    message = templates.render(rule.message_template, variables, form, units)
    return None if templates.is_empty(message) else completed(channel.spec, message, variables)


def completed(spec: Spec, message: str, variables: Mapping[str, Any]) -> Content:
    """Complete a rendered message with what a mail needs: a subject, and recipients that templates make.

    ``variables``: what templates see.

    Raises:
        TemplateError: the subject template or a recipient's fails.
    """
    if not isinstance(spec, EmailSpec):
        return Content(message)
    if spec.subject_template is not None:
        subject = templates.render(spec.subject_template, variables)
    else:
        subject = message.strip().partition("\n")[0]
    made = {
        source: recipients.kept(templates.render(source, variables))
        for source in recipients.templates_of(spec)
    }
    return Content(message, _one_line(subject), made or None)


def _one_line(subject: str) -> str:
    # A line break in it would begin another header.
    return " ".join(subject.split())[:MAX_SUBJECT_CHARS]
