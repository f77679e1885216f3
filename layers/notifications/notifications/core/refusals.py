"""Checks that yield all errors. A route that makes one object raises the first; a plan shows all of them."""

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from notifications.core.errors import InvalidRequest, NotificationError, TemplateError

T = TypeVar("T")


def of(check: Callable[[], object]) -> Iterator[NotificationError]:
    """Yield the error with which a check refuses, if it does; raise any other error."""
    try:
        check()
    except (InvalidRequest, TemplateError) as error:
        yield error


def found(make: Callable[[], T]) -> Iterator[T]:
    """Yield the result of ``make``, unless it refuses."""
    try:
        yield make()
    except (InvalidRequest, TemplateError):
        return


def placed(place: str, check: Callable[[], object]) -> Iterator[NotificationError]:
    """Yield the error with which a check of one member refuses, after the member's name ``place``."""
    for error in of(check):
        yield InvalidRequest(f"{place}: {error.message}")


def raise_first(found: Iterable[NotificationError]) -> None:
    """Raise the first error, if there is one, without looking for others.

    Raises:
        NotificationError: the first of ``found``.
    """
    for error in found:
        raise error
