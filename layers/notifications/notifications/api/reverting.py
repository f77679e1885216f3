"""The steps that reverting a rule and reverting a channel have in common."""

from collections.abc import Callable
from typing import Literal, TypeVar

from notifications.core.errors import EntityNotFound, InvalidRequest
from notifications.core.model import Channel, Rule
from notifications.wiring import Services

REVERT_TRIES = 4
"""How often the change of a rule or channel is tried that others change at the same time."""

Kind = Literal["rule", "channel"]
T = TypeVar("T", Rule, Channel)


def present(services: Services, kind: Kind, identity: str, get: Callable[[str], T]) -> T:
    """Read the object that is to be reverted. ``get``: the store's method.

    Raises:
        EntityNotFound: there is none; if it was deleted, the error names the revision to create a new one
            from.
    """
    try:
        return get(identity)
    except EntityNotFound:
        last = next(iter(services.revisions.page(kind, identity, 1).revisions), None)
        if last is None:
            raise
        path = f"/notifications/{kind}s/{identity}/revisions/{last.number - 1}"
        raise EntityNotFound(
            f"The {kind} {identity} was deleted at {last.at}, and does not come back: create a new one from "
            f"the `state` of {path}"
        ) from None


def state_of(services: Services, kind: Kind, identity: str, to: int, model: type[T]) -> T:
    """Return a rule or channel as it was after its revision ``to``.

    Raises:
        EntityNotFound: there is no such revision.
        InvalidRequest: the revision is a deletion.
    """
    state = services.revisions.get(kind, identity, to).state
    if not isinstance(state, model):
        raise InvalidRequest(f"to: revision {to} is a deletion; the one before it has the {kind}")
    return state
