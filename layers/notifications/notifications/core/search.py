"""Filters, order and pages of the search operations, on values that are already in memory."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Literal, TypeVar

from notifications.core.errors import InvalidRequest

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


@dataclass(frozen=True, slots=True)
class Summary:
    """What searching needs to know of a channel or rule. ``type``: the channel or rule type."""

    id: str
    name: str
    type: str
    enabled: bool
    created_at: str
    updated_at: str


@dataclass(frozen=True, slots=True)
class Order:
    """One sort key."""

    field: OrderField
    direction: Direction


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """One page of what was found. ``total`` counts everything found."""

    items: list[T]
    total: int
    offset: int
    limit: int


def string_filter(conditions: Mapping[str, Any]) -> Callable[[str], bool]:
    """Turn a StringFilter of the contract into a predicate; its first non-null known key counts.

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


def page(found: Iterable[Summary], orders: Sequence[Order], offset: int, limit: int) -> Page[Summary]:
    """Sort and cut. Without an order the oldest come first, so that additions never shift a page."""
    items = sorted(found, key=lambda item: (item.created_at, item.id))
    for order in reversed(orders):
        items.sort(key=lambda item: getattr(item, order.field), reverse=order.direction == "desc")
    return Page(items[offset : offset + limit], len(items), offset, limit)
