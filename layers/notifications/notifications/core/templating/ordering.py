"""Sorting filters like Jinja2's. A missing value comes first when sorting, but is never the minimum."""

from collections.abc import Callable, Iterable, Mapping
from itertools import groupby as runs
from typing import Any

from jinja2 import filters
from jinja2.environment import Environment
from jinja2.exceptions import FilterArgumentError
from jinja2.runtime import Undefined
from jinja2.utils import pass_environment

from notifications.core.templating.absent import is_nothing

Attribute = str | int | None
Key = Callable[[Any], Any]


def _comparable(*, case_sensitive: bool) -> Key:
    """Make the function that returns comparable keys for values, because None and text are not comparable."""

    def comparable(value: Any) -> tuple[bool, Any]:
        if is_nothing(value):
            return False, 0
        return True, value if case_sensitive else filters.ignore_case(value)

    return comparable


@pass_environment
def sort(
    environment: Environment,
    values: Iterable[Any],
    reverse: bool = False,  # noqa: FBT001, FBT002 - Jinja2's own
    case_sensitive: bool = False,  # noqa: FBT001, FBT002 - Jinja2's own
    attribute: Attribute = None,
) -> list[Any]:
    """Sort values, or objects by their attributes."""
    comparable = _comparable(case_sensitive=case_sensitive)
    return sorted(
        values, key=filters.make_multi_attrgetter(environment, attribute, comparable), reverse=reverse
    )


@pass_environment
def groupby(
    environment: Environment,
    values: Iterable[Any],
    attribute: str | int,
    default: Any = None,
    case_sensitive: bool = False,  # noqa: FBT001, FBT002 - Jinja2's own
) -> list[tuple[Any, list[Any]]]:
    """Group objects by an attribute; a group's name is the attribute of its first object."""
    shown = filters.make_attrgetter(environment, attribute, default=default)
    comparable = _comparable(case_sensitive=case_sensitive)
    key: Key = lambda value: comparable(shown(value))  # noqa: E731 - it is called for each value
    groups = [list(group) for _, group in runs(sorted(values, key=key), key)]
    return [filters._GroupTuple(shown(group[0]), group) for group in groups]  # noqa: SLF001 - templates use its names


@pass_environment
def dictsort(
    environment: Environment,
    values: Mapping[Any, Any],
    case_sensitive: bool = False,  # noqa: FBT001, FBT002 - Jinja2's own
    by: str = "key",
    reverse: bool = False,  # noqa: FBT001, FBT002 - Jinja2's own
) -> list[tuple[Any, Any]]:
    """Sort the pairs of an object by its keys or its values."""
    if values and not isinstance(values, Mapping):
        raise FilterArgumentError("dictsort takes an object")
    if by not in ("key", "value"):
        raise FilterArgumentError('You can only sort by either "key" or "value"')
    place = 0 if by == "key" else 1
    return sort(environment, dict(values).items(), reverse, case_sensitive, place)


def _extreme(name: str) -> Callable[..., Any]:
    @pass_environment
    def extreme(
        environment: Environment,
        values: Iterable[Any],
        case_sensitive: bool = False,  # noqa: FBT001, FBT002 - Jinja2's own
        attribute: Attribute = None,
    ) -> Any | Undefined:
        shown = filters.make_attrgetter(environment, attribute)
        there = [value for value in values if not is_nothing(shown(value))]
        return filters.FILTERS[name](environment, there, case_sensitive, attribute)

    return extreme


FILTERS: Mapping[str, Callable[..., Any]] = {
    "dictsort": dictsort,
    "groupby": groupby,
    "max": _extreme("max"),
    "min": _extreme("min"),
    "sort": sort,
    "unique": filters.FILTERS["unique"],
}
