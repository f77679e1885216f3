"""Messages for people, before a preset turns them into its service's own form."""

from collections.abc import Mapping
from datetime import datetime

from notifications.core.model import Action, Level
from notifications.core.values import value

COLOURS: Mapping[Level, int] = {
    "info": 0x2F6FDE,
    "success": 0x2E9E5B,
    "warning": 0xDD9A00,
    "error": 0xD6362B,
    "critical": 0x8E1B4F,
}
"""The colours of levels, each with a contrast of at least 2.3 to white and to black."""


@value
class Message:
    """A message about an event for people.

    ``title``, ``text``, and the labels and values of ``fields`` are markup of the receiving service: values
    are escaped for it already, so they must be cut only between escapes. ``link``, ``dedup``: as rendered,
    not escaped. ``dedup``: the key of the incident that the message is about. ``at``: when the event
    happened. ``zone``: the IANA zone in which to show that if the service cannot show the reader's own; None
    for UTC. ``count``: the number of a digest's events; None for a message about one event.
    """

    title: str
    text: str
    fields: tuple[tuple[str, str], ...]
    link: str | None
    level: Level
    at: datetime
    zone: str | None
    event_id: str
    rule_type: str
    dedup: str | None = None
    action: Action | None = None
    count: int | None = None


def colour(level: Level) -> str:
    """Return a level's colour as CSS writes it."""
    return f"#{COLOURS[level]:06X}"
