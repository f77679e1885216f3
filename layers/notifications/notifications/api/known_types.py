"""Event types that a request names, which may not exist."""

from notifications.api.known import KnownTypes
from notifications.core.errors import EntityNotFound, InvalidRequest
from notifications.core.model import EventType
from notifications.core.nearest import hint, quoted


def require_type(known: KnownTypes, name: str, key: str) -> EventType:
    """Read an event type. ``key``: the member of the request that names it.

    Raises:
        InvalidRequest: there is none with this name; the error suggests the nearest one.
    """
    try:
        return known.event_types.get(name)
    except EntityNotFound:
        raise no_type(known, name, key) from None


def type_at(known: KnownTypes, name: str) -> EventType:
    """Read an event type that a path names.

    Raises:
        EntityNotFound: there is none with this name; the error suggests the nearest one.
    """
    try:
        return known.event_types.get(name)
    except EntityNotFound as error:
        raise EntityNotFound(f"{error}{_hint(known, name)}") from None


def no_type(known: KnownTypes, name: str, key: str) -> InvalidRequest:
    """Make the error about an event type that does not exist, with the nearest one."""
    return InvalidRequest(f"{key}: {quoted(name)} is not an event type{_hint(known, name)}")


def _hint(known: KnownTypes, name: str) -> str:
    return hint(name, (event_type.name for event_type in known.event_types.all()))
