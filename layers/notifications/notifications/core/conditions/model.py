"""A condition on an event's fields: an EventBridge event pattern, as a tree.

A condition holds if all of its parts hold: leaves, each a path with alternatives, and ``AnyOf``, which is
``$or``. A path is the names from the outermost object inwards; a dot in a name of the pattern is the same as
nesting.
"""

from collections.abc import Sequence
from typing import Literal, get_args

from notifications.core.errors import InvalidRequest
from notifications.core.values import value

MAX_BYTES = 8 * 1024
"""The largest condition, as compact JSON."""

MAX_LEAVES = 50
MAX_DEPTH = 10
"""How many names a path has."""

MAX_ALTERNATIVES = 100
"""The most alternatives of one leaf, and the most branches that the ``$or`` of a condition make together."""

MAX_STARS = 5
"""The most stars in one wildcard. The event bus refuses more too."""

MAX_SEARCHES = 20
MAX_SEARCHED_CHARS = 256
"""How many texts between two stars a condition may have, and how many characters together: each is searched
for in a whole text, so they decide what a large text costs."""

Scalar = str | int | float | bool | None
Path = tuple[str, ...]
Kind = Literal["text", "number", "boolean", "null"]
Comparator = Literal["<", "<=", ">", ">=", "="]
COMPARATORS: tuple[Comparator, ...] = get_args(Comparator)

Negated = Literal["values", "prefix", "suffix", "wildcard", "equals-ignore-case"]
NEGATED: tuple[Negated, ...] = get_args(Negated)[1:]
"""The operators that ``anything-but`` takes."""


class ConditionError(InvalidRequest):
    """A condition that cannot be parsed.

    ``place``: the path of the field, or the clause, that has the fault.
    """

    def __init__(self, place: str, fault: str, *, prefix: str = "condition") -> None:
        message = f"{prefix}: {place}: {fault}" if place else f"{prefix}: {fault}"
        super().__init__(message, {"errors": [{"type": "condition", "loc": [prefix, place], "msg": fault}]})
        self.place = place
        self.fault = fault


@value
class Exact:
    """The value itself. ``kind`` distinguishes 1 from true, which are equal in Python."""

    value: Scalar
    kind: Kind


@value
class Exists:
    """A field that the event has, or one that it lacks."""

    present: bool


@value
class Prefix:
    """A text that begins with this one."""

    text: str
    ignore_case: bool = False


@value
class Suffix:
    """A text that ends with this one."""

    text: str
    ignore_case: bool = False


@value
class EqualsIgnoreCase:
    """This text, in upper or lower case."""

    text: str


@value
class Wildcard:
    """A text with ``*`` for any text; a backslash escapes a star or a backslash."""

    text: str


@value
class Numeric:
    """One comparison, or a lower and an upper bound."""

    comparisons: tuple[tuple[Comparator, float], ...]


@value
class Cidr:
    """An address of this network."""

    network: str


@value
class AnythingBut:
    """A present value that is none of these. ``listed``: whether a single one was written as a list."""

    operator: Negated
    values: tuple[str | float, ...]
    listed: bool = True


Alternative = Exact | Exists | Prefix | Suffix | EqualsIgnoreCase | Wildcard | Numeric | Cidr | AnythingBut


@value
class Leaf:
    """A field that meets one of the alternatives."""

    path: Path
    alternatives: tuple[Alternative, ...]


@value
class AnyOf:
    """At least one of the options holds. ``path``: the object in which the pattern has the ``$or``."""

    path: Path
    options: tuple["Condition", ...]


@value
class Condition:
    """All parts hold."""

    parts: tuple[Leaf | AnyOf, ...]


def kind_of(scalar: Scalar) -> Kind:
    """Return the kind of JSON value that a scalar is."""
    match scalar:
        case None:
            return "null"
        case bool():
            return "boolean"
        case str():
            return "text"
        case _:
            return "number"


def exact(scalar: Scalar) -> Exact:
    """Make the alternative that is this value."""
    return Exact(scalar, kind_of(scalar))


def dotted(path: Sequence[str]) -> str:
    """Write a path with dots."""
    return ".".join(path)
