"""Classes of values: every start makes the classes, and a busy dispatcher the values by the thousand."""

from dataclasses import dataclass, field
from typing import TypeVar, dataclass_transform

T = TypeVar("T")


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def value(cls: type[T]) -> type[T]:
    """Make a dataclass with slots that is frozen for the type checker only.

    To make a record of 19 fields takes 1.7 µs if it is frozen at run time as well, else 0.45.
    """
    return dataclass(slots=True, unsafe_hash=True)(cls)
