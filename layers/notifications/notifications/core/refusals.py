"""Checks that find all that is wrong. Who makes one thing refuses it with the first, who plans tells all."""

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from notifications.core.errors import InvalidRequest, NotificationError, TemplateError

T = TypeVar("T")


def of(check: Callable[[], object]) -> Iterator[NotificationError]:
    """Yield what a check refuses, if it does; other errors are raised as ever."""
    try:
        check()
    except (InvalidRequest, TemplateError) as error:
        yield error


def found(make: Callable[[], T]) -> Iterator[T]:
    """Yield what is made, unless that is refused."""
    try:
        yield make()
    except (InvalidRequest, TemplateError):
        return


def placed(place: str, check: Callable[[], object]) -> Iterator[NotificationError]:
    """Yield what a check of one member refuses, with the member before it unless the check has named it."""
    for error in of(check):
        yield InvalidRequest(f"{place}: {error.message}")


def raise_first(found: Iterable[NotificationError]) -> None:
    """Raise the first of what checks find, and look for no other.

    Raises:
        NotificationError: there is one.
    """
    for error in found:
        raise error
