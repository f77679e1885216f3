"""Missing values: None and unknown names are written as nothing in text, and as null in JSON."""

from typing import Any

from jinja2.runtime import Undefined


class Absent(Undefined):
    """A name that a template looked up in vain; names inside it are missing too.

    Calling it, computing with it and ordering by it fail, with the name in the error.
    """

    __slots__ = ()

    def __getattr__(self, name: str) -> Any:
        # Jinja2 then looks up an item instead, so attributes of this class cannot be reached.
        raise AttributeError(name)

    def __getitem__(self, name: object) -> "Absent":  # type: ignore[override]  # Jinja2's never returns
        return self

    def __repr__(self) -> str:
        return "None"


class Nothing:
    """A missing value where Python formats values: it is written as an empty text."""

    __slots__ = ()

    def __str__(self) -> str:
        return ""

    def __repr__(self) -> str:
        return "None"

    def __format__(self, spec: str) -> str:
        try:
            return format("", spec)
        except ValueError:  # a specification for numbers, which text does not have
            return ""


NOTHING = Nothing()


def is_nothing(value: object) -> bool:
    """Return whether a value is missing."""
    return value is None or isinstance(value, Undefined)


def written(value: object) -> str:
    """Write a value as text."""
    return "" if value is None else str(value)
