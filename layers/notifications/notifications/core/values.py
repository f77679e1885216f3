"""Value classes that are cheap to define at every cold start, and cheap to create by the thousand."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from functools import cache
from operator import attrgetter
from typing import Any, TypeVar, cast, dataclass_transform

T = TypeVar("T")


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def value(cls: type[T]) -> type[T]:
    """Make a dataclass with slots that is frozen for the type checker only, equal and hashed by its fields.

    Creating a record of 19 fields takes 0.45 µs; if it were also frozen at run time, 1.7 µs. A dataclass
    compiles each of its methods, and a start makes 60 such classes, so only the constructor is compiled:
    that takes 6 % off the CPU of the dispatcher's start.
    """
    return _made(cls, {"__eq__": _equal, "__hash__": _hashed, "__repr__": _shown})


@dataclass_transform(field_specifiers=(field,))
def mutable(cls: type[T]) -> type[T]:
    """Make a dataclass with slots whose fields may change: equal by its fields, and without a hash.

    It is as cheap to define as a value: 0.15 ms instead of 0.4.
    """
    return _made(cls, {"__eq__": _equal, "__hash__": None, "__repr__": _shown})


def _made(cls: type[T], methods: Mapping[str, Any]) -> type[T]:
    made: Any = dataclass(slots=True, eq=False, repr=False)(cls)
    for name, method in methods.items():
        if name not in cls.__dict__:
            setattr(made, name, method)
    return cast(type[T], made)


def _equal(one: Any, other: Any) -> Any:
    if type(one) is not type(other):
        return NotImplemented
    of = _compared(one.__class__)
    return of(one) == of(other)


def _hashed(one: Any) -> int:
    return hash(_counted(one.__class__)(one))


def _shown(one: Any) -> str:
    shown = ", ".join(f"{each.name}={getattr(one, each.name)!r}" for each in fields(one) if each.repr)
    return f"{type(one).__qualname__}({shown})"


def replace(old: T, **changes: Any) -> T:
    """Return a copy of a value with some of its fields changed, as ``dataclasses.replace`` does.

    It takes half the time, 2.3 µs for a record of 22 fields, because it reads the fields once per class.
    """
    made: Any = type(old)
    of, place = _layout(made)
    values = [*of(old)]
    for name, new in changes.items():
        values[place[name]] = new
    changed: T = made(*values)
    return changed


@cache
def _layout(cls: Any) -> tuple[Callable[[object], tuple[Any, ...]], dict[str, int]]:
    names = [each.name for each in fields(cls)]
    return attrgetter(*names), {name: number for number, name in enumerate(names)}


@cache
def _compared(cls: Any) -> Callable[[object], Any]:
    names = [each.name for each in fields(cls) if each.compare]
    return attrgetter(*names) if names else lambda _: ()


@cache
def _counted(cls: Any) -> Callable[[object], Any]:
    names = [each.name for each in fields(cls) if (each.compare if each.hash is None else each.hash)]
    return attrgetter(*names) if names else lambda _: ()
