"""From an entry to the events that it makes."""

from dataclasses import dataclass

from backendai_notification_bridge.core.events import Made
from backendai_notification_bridge.core.heard import Heard
from backendai_notification_bridge.core.memory import Memory
from backendai_notification_bridge.core.sessions import Sessions

CONTEXT_FIELDS = frozenset(
    {
        "project",
        "domain",
        "user_id",
        "user_email",
        "access_key",
        "resource_group",
        "image",
        "requested_slots",
        "created_at",
        "started_at",
        "duration_seconds",
        "exit_code",
        "agent_ids",
    }
)
"""All fields that a session event's ``context`` can have."""


@dataclass(frozen=True, slots=True)
class MakeOptions:
    """What an operator may choose."""

    context_fields: frozenset[str] = CONTEXT_FIELDS
    """Which fields of ``context`` may leave; without any there is no ``context``."""


def make(
    heard: Heard, memory: Memory, sessions: Sessions | None, options: MakeOptions, tries: int = 0
) -> Made:
    """Make the events. ``tries``: how often the same entry was tried before.

    Raises:
        Refused: no event can be made of it.
        TryLater: the manager does not answer, or does not know the session yet.
    """
    raise NotImplementedError
