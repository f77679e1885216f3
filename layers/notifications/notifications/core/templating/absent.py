"""What is not there, None or looked for in vain, is nothing in a text and null in JSON."""

from typing import Any

from jinja2 import Undefined


class Absent(Undefined):
    """What a template looked for in vain; what it looks for in that is not there either.

    Calling it, computing with it and ordering by it fail, with the name that was looked for.
    """

    __slots__ = ()

    def __getattr__(self, name: str) -> Any:
        # Jinja2 then asks for the item, so that attributes of this class stay out of reach.
        raise AttributeError(name)

    def __getitem__(self, name: object) -> "Absent":  # type: ignore[override]
        return self

    def __repr__(self) -> str:
        return "None"


class Nothing:
    """Stands for what is not there where Python formats values: it is written as an empty text."""

    __slots__ = ()

    def __str__(self) -> str:
        return ""

    def __repr__(self) -> str:
        return "None"

    def __format__(self, spec: str) -> str:
        try:
            return format("", spec)
        except ValueError:  # a number's specification
            return ""


NOTHING = Nothing()


def is_nothing(value: object) -> bool:
    """Return whether a value is not there."""
    return value is None or isinstance(value, Undefined)


def written(value: object) -> str:
    """Write a value as a text has it."""
    return "" if value is None else str(value)
