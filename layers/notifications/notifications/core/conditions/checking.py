"""Check whether a condition can hold for events of a type, so that typing errors are found when it is saved.

Only what is certain is a fault: a schema that leaves a field open leads to none.
"""

from collections.abc import Iterator, Sequence

from notifications.core.conditions.branching import leaves
from notifications.core.conditions.comparing import predicate
from notifications.core.conditions.compiling import PRESENT_ALTERNATIVES
from notifications.core.conditions.model import (
    Alternative,
    AnythingBut,
    Condition,
    Exact,
    Exists,
    Kind,
    Leaf,
    Numeric,
    Scalar,
    dotted,
    exact,
    kind_of,
)
from notifications.core.conditions.overlapping import overlap
from notifications.core.conditions.shapes import Place, Shape, find
from notifications.core.conditions.wording import alternative_words, listed
from notifications.core.errors import InvalidRequest
from notifications.core.json_text import compact
from notifications.core.model import EventType
from notifications.core.nearest import nearest, quoted
from notifications.core.texts import cut
from notifications.core.values import value

MAX_NAMED = 10
"""How many fields or values an error lists."""

_A_KIND: dict[Kind, str] = {"text": "text", "number": "a number", "boolean": "true or false", "null": "null"}


@value
class Fault:
    """A part of a condition that no event can meet. ``path``: the field, as the condition names it."""

    path: str
    msg: str


def check(condition: Condition, event_type: EventType) -> list[Fault]:
    """Compare a condition with the schema of an event type; return its faults."""
    return [
        Fault(dotted(leaf.path), fault)
        for leaf in leaves(condition)
        for fault in _faults(leaf, find(leaf.path, event_type.json_schema), event_type.name)
    ]


def require(condition: Condition, event_type: EventType) -> None:
    """Refuse a condition that has faults.

    Raises:
        InvalidRequest: it has some; the error has all of them, with their paths.
    """
    faults = check(condition, event_type)
    if faults:
        raise InvalidRequest(
            "condition: " + "; ".join(f"{fault.path}: {fault.msg}" for fault in faults),
            {
                "errors": [
                    {"type": "condition", "loc": ["condition", fault.path], "msg": fault.msg}
                    for fault in faults
                ]
            },
        )


def _faults(leaf: Leaf, place: Place, type_name: str) -> Iterator[str]:
    if place.shapes is None:
        return
    if len(place.known) < len(leaf.path):
        yield _unknown(leaf, place, type_name)
    elif all(shape.kind == "null" for shape in place.shapes) and (place.names or not place.shapes):
        inner = sorted(f"{dotted(leaf.path)}.{name}" for name in place.names)[:MAX_NAMED]
        hint = f": {', '.join(inner)}" if inner else ""
        yield f"has fields of its own and no value; name one of them{hint}"
    else:
        yield from _impossible(leaf, place, place.shapes)


def _unknown(leaf: Leaf, place: Place, type_name: str) -> str:
    at = len(place.known)
    wrong = quoted(dotted(leaf.path[: at + 1]))
    likely = nearest(leaf.path[at], place.names)
    hint = f"; the nearest is {quoted(dotted((*place.known, likely)))}" if likely else ""
    return f"{wrong} is not a field of {type_name}{hint}"


def _impossible(leaf: Leaf, place: Place, shapes: Sequence[Shape]) -> Iterator[str]:
    faults = [fault for one in leaf.alternatives if (fault := _fault(one, shapes))]
    if leaf.alternatives == PRESENT_ALTERNATIVES:
        if all(shape.kind == "null" for shape in shapes):
            yield "is always null"
        return
    yield from faults
    nullable = any(shape.kind == "null" for shape in shapes)
    unset = [one for one in leaf.alternatives if one in (exact(None), Exists(present=False))]
    if (
        len(unset) == len(leaf.alternatives)
        and not (nullable and exact(None) in unset)
        and _never_unset(place, unset)
    ):
        yield "is never absent or null in such an event" if place.always else "is never null in such an event"


def _never_unset(place: Place, unset: Sequence[Alternative]) -> bool:
    return place.always or Exists(present=False) not in unset


def _fault(one: Alternative, shapes: Sequence[Shape]) -> str | None:
    """Return why no event can meet an alternative; None unless that is certain."""
    match one:
        case Exists() | Exact(value=None):
            return None
        case AnythingBut(operator="values"):
            faults = (_value_fault(scalar, shapes) for scalar in one.values)
            return next((fault for fault in faults if fault), None)
        case Exact():
            return _value_fault(one.value, shapes)
        case Numeric():
            return _range_fault(one, shapes)
        case _:
            return _text_fault(one, shapes)


def _value_fault(scalar: Scalar, shapes: Sequence[Shape]) -> str | None:
    kind = kind_of(scalar)
    alike = [shape for shape in shapes if shape.kind == kind]
    if not alike:
        return f"{_is(shapes)}, and {cut(compact(scalar))} is {_A_KIND[kind]}{_as_written(scalar, shapes)}"
    allowed = [one for shape in alike for one in shape.values or ()]
    if all(shape.values is not None for shape in alike) and not predicate([*map(exact, allowed)])(scalar):
        return f"{cut(compact(scalar))} is not one of {_named(allowed)}{_nearest(scalar, allowed)}"
    if isinstance(scalar, (int, float)) and kind == "number":
        numeric = Numeric((("=", scalar),))
        return None if any(overlap(numeric, shape) for shape in alike) else _out_of_bounds(numeric, alike)
    return None


def _as_written(scalar: Scalar, shapes: Sequence[Shape]) -> str:
    """Say how to write a value that was probably meant to be of another kind."""
    kinds = {shape.kind for shape in shapes}
    if "text" in kinds and not isinstance(scalar, str):
        return f"; as text it is written {compact(compact(scalar))}"
    if "number" in kinds and isinstance(scalar, str) and scalar.lstrip("-").isdecimal():
        return f"; as a number it is written {scalar}, without quotes"
    if "boolean" in kinds and scalar in ("true", "false"):
        return f"; it is written {scalar}, without quotes"
    return ""


def _range_fault(one: Numeric, shapes: Sequence[Shape]) -> str | None:
    alike = [shape for shape in shapes if shape.kind == "number"]
    if not alike:
        return f"{_is(shapes)}, and {alternative_words(one)} is not"
    return None if any(overlap(one, shape) for shape in alike) else _out_of_bounds(one, alike)


def _out_of_bounds(one: Numeric, shapes: Sequence[Shape]) -> str:
    found = [*dict.fromkeys(_bounds(shape) for shape in shapes)]
    return f"is {listed(found)}; none of these is {alternative_words(one)}"


def _bounds(shape: Shape) -> str:
    if shape.values is not None:
        return f"one of {_named(shape.values)}"
    words = "a whole number" if shape.whole else "a number"
    if shape.lower:
        words += f" {'>=' if shape.lower[1] else '>'} {shape.lower[0]}"
    if shape.upper:
        words += f"{' and' if shape.lower else ''} {'<=' if shape.upper[1] else '<'} {shape.upper[0]}"
    return words


def _text_fault(one: Alternative, shapes: Sequence[Shape]) -> str | None:
    alike = [shape for shape in shapes if shape.kind == "text"]
    if not alike:
        return f"{_is(shapes)}, and {alternative_words(one)} is for text"
    if isinstance(one, AnythingBut) or any(shape.values is None for shape in alike):
        return None
    allowed = [text for shape in alike for text in shape.values or ()]
    if any(map(predicate([one]), allowed)):
        return None
    return f"none of {_named(allowed)} is {alternative_words(one)}"


def _is(shapes: Sequence[Shape]) -> str:
    kinds = dict.fromkeys(_A_KIND[shape.kind] for shape in shapes if shape.kind != "null")
    return f"is {listed([*kinds] or ['null'])}"


def _named(allowed: Sequence[Scalar]) -> str:
    more = ", …" if len(allowed) > MAX_NAMED else ""
    return f"{', '.join(cut(compact(one)) for one in allowed[:MAX_NAMED])}{more}"


def _nearest(scalar: Scalar, allowed: Sequence[Scalar]) -> str:
    texts = [one for one in allowed if isinstance(one, str)]
    likely = nearest(scalar, texts) if isinstance(scalar, str) else None
    return f"; the nearest is {compact(likely)}" if likely else ""
