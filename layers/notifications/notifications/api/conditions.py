"""Conditions in requests. Their library is imported by the first request that needs it."""

from collections.abc import Mapping, Sequence
from typing import Any

from notifications.core.errors import InvalidRequest
from notifications.core.model import EventType

NAMES = ("condition", "event_filter", "where")
"""The members of a request that may hold a condition; see ``read``."""


def read(
    pattern: Mapping[str, Any] | None,
    event_filter: Mapping[str, Any] | None,
    where: Sequence[str] | None,
    event_type: EventType,
) -> dict[str, Any] | None:
    """Read and check the condition of a request, which has three names for it; return None if it is empty.

    Raises:
        InvalidRequest: it is malformed, given under two names, or does not fit the type.
    """
    if pattern is not None and event_filter is not None:
        raise InvalidRequest("event_filter is another name of condition; give one of them")
    made = spelled(event_filter if pattern is None else pattern, where)
    if made is not None:
        check(made, event_type)
    return made


def read_of_any(
    pattern: Mapping[str, Any] | None, where: Sequence[str] | None, event_types: Sequence[EventType]
) -> dict[str, Any] | None:
    """Read the condition of a request about events of any of these types; return None if it is empty.

    Raises:
        InvalidRequest: it is malformed, given under two names, or fits none of the types.
    """
    made = spelled(pattern, where)
    if made is not None:
        from notifications.core import conditions

        conditions.require_any(conditions.parse(made), event_types)
    return made


def spelled(pattern: Mapping[str, Any] | None, where: Sequence[str] | None) -> dict[str, Any] | None:
    """Read a condition in one of its spellings, without a look at any type; None if it is empty.

    Raises:
        InvalidRequest: it is malformed, or comes in two ways.
    """
    if not (pattern or where):
        return None
    from notifications.core import conditions

    if pattern and where:
        raise conditions.ConditionError("", "give the condition or where, not both")
    return dict(pattern) if pattern else conditions.to_json(conditions.from_clauses(where or ()))


def check(pattern: Mapping[str, Any], event_type: EventType) -> None:
    """Refuse a condition with fields that events of this type lack, or that can never hold.

    Raises:
        InvalidRequest: the error lists all faults; see ``notifications.core.conditions.check``.
    """
    from notifications.core import conditions

    conditions.require(conditions.parse(pattern), event_type)


def clauses(pattern: Mapping[str, Any]) -> list[str] | None:
    """Write a condition as clauses; return None if clauses cannot express it."""
    from notifications.core import conditions

    try:
        return conditions.clauses(conditions.parse(pattern))
    except conditions.ConditionError:  # saved by a release that accepted more than this one
        return None
