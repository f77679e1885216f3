"""Event types that a request names, which may not exist."""

from notifications.core.errors import EntityNotFound, InvalidRequest
from notifications.core.model import EventType
from notifications.core.nearest import nearest, quoted
from notifications.wiring import Services


def require_type(services: Services, name: str, key: str) -> EventType:
    """Read an event type. ``key``: what in the request names it.

    Raises:
        InvalidRequest: there is none with this name; the error has the nearest one.
    """
    try:
        return services.event_types.get(name)
    except EntityNotFound:
        raise no_type(services, name, key) from None


def type_at(services: Services, name: str) -> EventType:
    """Read an event type that a path names.

    Raises:
        EntityNotFound: there is none with this name; the error has the nearest one.
    """
    try:
        return services.event_types.get(name)
    except EntityNotFound as error:
        raise EntityNotFound(f"{error}{_hint(services, name)}") from None


def no_type(services: Services, name: str, key: str) -> InvalidRequest:
    """Make the error about an event type that does not exist, with the nearest one."""
    return InvalidRequest(f"{key}: {quoted(name)} is not an event type{_hint(services, name)}")


def _hint(services: Services, name: str) -> str:
    near = nearest(name, (event_type.name for event_type in services.event_types.all()))
    return f"; the nearest is {quoted(near)}" if near else ""
