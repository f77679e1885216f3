"""Filters, order and pages of the search operations, on values that are already in memory."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from operator import attrgetter
from typing import Any, Generic, Literal, TypeVar

from notifications.core.errors import InvalidRequest
from notifications.core.nearest import hint, quoted
from notifications.core.values import value

MAX_LIMIT = 1_000
DEFAULT_LIMIT = 50

OrderField = Literal["name", "created_at", "updated_at"]
Direction = Literal["asc", "desc"]


T = TypeVar("T")

_COMPARISONS: dict[str, Callable[[str, str], bool]] = {
    "equals": lambda value, wanted: value == wanted,
    "contains": lambda value, wanted: wanted in value,
    "starts_with": str.startswith,
    "ends_with": str.endswith,
}


@value
class Summary:
    """The properties of a channel or rule that a search uses. ``type``: the channel or rule type."""

    id: str
    name: str
    type: str
    enabled: bool
    created_at: str
    updated_at: str


@value
class Order:
    """One sort key."""

    field: OrderField
    direction: Direction


@value
class Page(Generic[T]):
    """One page of the results. ``total``: how many there are in all."""

    items: list[T]
    total: int
    offset: int
    limit: int

    @property
    def has_next(self) -> bool:
        """Return whether more results follow."""
        return self.offset + len(self.items) < self.total

    @property
    def has_previous(self) -> bool:
        """Return whether results come before it."""
        return self.offset > 0


def string_filter(conditions: Mapping[str, Any]) -> Callable[[str], bool]:
    """Turn a StringFilter of the contract into a predicate; only its first known key that is not null counts.

    Raises:
        InvalidRequest: the value is not text, or not a list of texts for ``in``.
    """
    for key, wanted in conditions.items():
        predicate = None if wanted is None else _condition(key, wanted)
        if predicate is not None:
            return predicate
    return lambda _: True


def _condition(key: str, wanted: object) -> Callable[[str], bool] | None:
    operator = key.removesuffix("_")
    ignore_case = operator.startswith("i_")
    operator = operator.removeprefix("i_")
    negated = operator.startswith("not_")
    operator = operator.removeprefix("not_")
    fold = str.casefold if ignore_case else str
    if operator == "in":
        if not isinstance(wanted, list) or not all(isinstance(item, str) for item in wanted):
            raise InvalidRequest(f"{key} takes a list of strings")
        folded = {fold(item) for item in wanted}
        return lambda value: (fold(value) in folded) is not negated
    compare = _COMPARISONS.get(operator)
    if compare is None:
        return None
    if not isinstance(wanted, str):
        raise InvalidRequest(f"{key} takes a string")
    target = fold(wanted)
    return lambda value: compare(fold(value), target) is not negated


def check_types(named: Collection[str], known: Collection[str]) -> None:
    """Refuse a filter on types that do not exist.

    Raises:
        InvalidRequest: there is such a type; the error names the first.
    """
    unknown = sorted(set(named) - set(known))
    if unknown:
        name = unknown[0]
        raise InvalidRequest(f"filter.rule_type: {quoted(name)} is not an event type{hint(name, known)}")


Predicate = Callable[[Summary], bool]


def where(
    *,
    name: Mapping[str, Any] | None,
    types: Collection[str] | None,
    enabled: bool | None,
    ids: Mapping[str, Any] | None = None,
) -> Predicate:
    """Return a predicate for all given conditions together. ``name``, ``ids``: StringFilters.

    Raises:
        InvalidRequest: see ``string_filter``.
    """
    fits, fits_id = string_filter(name or {}), string_filter(ids or {})
    return lambda summary: (
        fits(summary.name)
        and fits_id(summary.id)
        and (types is None or summary.type in types)
        and (enabled is None or summary.enabled is enabled)
    )


def all_of(predicates: Sequence[Predicate]) -> Predicate:
    """Return a predicate that holds where all of these hold."""
    return lambda summary: all(predicate(summary) for predicate in predicates)


def any_of(predicates: Sequence[Predicate]) -> Predicate:
    """Return a predicate that holds where any of these holds."""
    return lambda summary: any(predicate(summary) for predicate in predicates)


def none_of(predicates: Sequence[Predicate]) -> Predicate:
    """Return a predicate that holds where none of these holds."""
    return lambda summary: not any(predicate(summary) for predicate in predicates)


@value
class Window:
    """The part of the results that is wanted: from an offset, or after or before the item with an id."""

    limit: int
    offset: int = 0
    after: str | None = None
    before: str | None = None


def ordered(found: Iterable[Summary], orders: Sequence[Order]) -> list[Summary]:
    """Sort by several keys. Without any, the oldest come first, so that new items do not shift the pages."""
    items = sorted(found, key=lambda item: (item.created_at, item.id))
    for order in reversed(orders):
        items.sort(key=attrgetter(order.field), reverse=order.direction == "desc")
    return items


def cut(items: Sequence[Summary], window: Window) -> Page[Summary]:
    """Cut a page out of sorted items.

    Raises:
        InvalidRequest: ``after`` or ``before`` is not the id of anything that was found.
    """
    if window.after is not None:
        start = _position(items, window.after) + 1
        end = start + window.limit
    elif window.before is not None:
        end = _position(items, window.before)
        start = max(0, end - window.limit)
    else:
        start, end = window.offset, window.offset + window.limit
    return Page(list(items[start:end]), len(items), start, window.limit)


def _position(items: Sequence[Summary], wanted: str) -> int:
    for position, item in enumerate(items):
        if item.id == wanted:
            return position
    raise InvalidRequest(f"{quoted(wanted)} is not the id of anything that this search finds")
