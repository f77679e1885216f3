"""An entry, and the services that making events of it needs."""

from dataclasses import dataclass

from backendai_notification_bridge.core.context import CONTEXT_FIELDS
from backendai_notification_bridge.core.memory import Memory
from backendai_notification_bridge.core.received import ReceivedEntry
from backendai_notification_bridge.core.sessions import Sessions


@dataclass(frozen=True, slots=True)
class MakeOptions:
    """What an operator may choose."""

    context_fields: frozenset[str] = CONTEXT_FIELDS
    """The fields of ``context`` that may leave the cluster; without any there is no ``context``."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry, and what the makers may use. ``tries``: how often it was tried before."""

    received: ReceivedEntry
    memory: Memory
    sessions: Sessions | None
    options: MakeOptions
    tries: int
