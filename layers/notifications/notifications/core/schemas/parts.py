"""The subschemas of a JSON Schema, by their places, and what each of them applies to.

All drafts are treated alike: a keyword that one draft ignores is counted, so the cost is never too low.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field
from typing import Any

from notifications.core.errors import InvalidRequest
from notifications.core.nearest import quoted
from notifications.core.pointers import child, tokens
from notifications.core.schemas import comparisons
from notifications.core.schemas.patterns import automaton
from notifications.core.values import mutable

MAX_SUBSCHEMAS = 1_000
"""The most subschemas that can be reached from the root."""

MAX_AUTOMATA_BYTES = 8 * 1024 * 1024
"""The memory of all patterns of a schema together, each counted by the upper limit of its size class."""

NOT_SUPPORTED = ("$dynamicRef", "$recursiveRef")
"""Keywords whose target depends on the path of the evaluation, so that its cost cannot be known beforehand.
"""

_LISTS = ("allOf", "anyOf", "oneOf")
_SINGLES = ("not", "if", "then", "else")
_UNEVALUATED = frozenset({"unevaluatedProperties", "unevaluatedItems"})
_BOOKKEEPING = 2
"""How often in-place subschemas are checked where ``unevaluated...`` must know which of them applied."""


@mutable
class Part:
    """One subschema: its own cost, and the places of the subschemas that it applies.

    ``steps``: those of each value. ``per_char``: those of each character of a text. ``per_odd``: those of
    each odd number, see ``comparisons.is_odd``. ``per_name``, ``per_name_char``: those of each name in an
    object, and of each of its characters. ``in_place``: the places that apply to the same value, each
    ``repeats`` times. ``fields``: those that apply to the field of that name; ``other_fields``: to fields
    that are not named; ``all_fields``: to every field. Likewise ``first_items``, by position, ``other_items``
    and ``all_items``. ``automata``: the bytes of its patterns.
    """

    steps: int = 1
    per_char: int = 0
    per_odd: int = 0
    automata: int = 0
    per_name: int = 0
    per_name_char: int = 0
    repeats: int = 1
    compares_items: bool = False
    in_place: list[str] = field(default_factory=list)
    fields: dict[str, str] = field(default_factory=dict)
    other_fields: list[str] = field(default_factory=list)
    all_fields: list[str] = field(default_factory=list)
    first_items: list[str] = field(default_factory=list)
    other_items: list[str] = field(default_factory=list)
    all_items: list[str] = field(default_factory=list)

    def places(self) -> Iterator[str]:
        """Yield the places of all subschemas that it applies."""
        yield from self.in_place
        yield from self.fields.values()
        for others in (
            self.other_fields,
            self.all_fields,
            self.first_items,
            self.other_items,
            self.all_items,
        ):
            yield from others


def read(schema: Mapping[str, Any]) -> dict[str, Part]:
    """Read all subschemas that can apply, by their places: JSON pointers, "" for the root.

    Raises:
        InvalidRequest: a reference leads nowhere, a part is not supported, or there are too many.
    """
    parts: dict[str, Part] = {}
    waiting = [""]
    automata = 0
    while waiting:
        place = waiting.pop()
        if place in parts:
            continue
        # Only subschemas that the root can reach count, because unused definitions cost nothing.
        if len(parts) >= MAX_SUBSCHEMAS:
            raise InvalidRequest(f"json_schema has more than {MAX_SUBSCHEMAS} parts")
        parts[place] = part = _part(schema, place)
        automata += part.automata
        if automata > MAX_AUTOMATA_BYTES:
            raise InvalidRequest(f"json_schema has patterns that are too large together, at {shown(place)}")
        waiting += part.places()
    return parts


def shown(place: str) -> str:
    """Write a place as a reference in a schema."""
    return f"#{place}"


def lookup(schema: Mapping[str, Any], place: str) -> Any:
    """Return the value at a place.

    Raises:
        InvalidRequest: there is none.
    """
    found: Any = schema
    for name in tokens(place):
        if isinstance(found, Mapping) and name in found:
            found = found[name]
        elif isinstance(found, list) and name.isdecimal() and int(name) < len(found):
            found = found[int(name)]
        else:
            raise InvalidRequest(f"json_schema refers to {shown(place)}, which is not in it")
    return found


def _part(schema: Mapping[str, Any], place: str) -> Part:
    here = lookup(schema, place)
    if not isinstance(here, Mapping):
        return Part()  # true or false
    for name in NOT_SUPPORTED:
        if name in here:
            raise InvalidRequest(f"json_schema uses {name} at {shown(place)}: this is not supported")
    # An inner $id would change the targets of the references below it, which ``_target`` ignores.
    if place and "$id" in here:
        raise InvalidRequest(f"json_schema has an $id at {shown(place)}: only its root may have one")
    part = Part(repeats=_BOOKKEEPING if here.keys() & _UNEVALUATED else 1)
    _own_cost(part, here, place)
    _in_place(part, schema, here, place)
    _fields(part, here, place)
    _items(part, here, place)
    return part


def _own_cost(part: Part, here: Mapping[str, Any], place: str) -> None:
    part.steps += len(here.get("required") or ())
    part.steps += sum(len(names) for _, names in _lists_by_name(here, "dependentRequired", "dependencies"))
    for options in (here.get("enum") or (), [here["const"]] if "const" in here else ()):
        steps, per_odd = comparisons.cost(options)
        part.steps += steps
        part.per_odd += per_odd
    part.steps += comparisons.cost_of_bounds(here)
    part.per_char += int("format" in here)
    part.per_char += _pattern(part, here["pattern"], place) if isinstance(here.get("pattern"), str) else 0
    part.compares_items = here.get("uniqueItems") is True


def _in_place(part: Part, schema: Mapping[str, Any], here: Mapping[str, Any], place: str) -> None:
    if isinstance(here.get("$ref"), str):
        part.in_place.append(_target(schema, here["$ref"], place))
    for name in _LISTS:
        part.in_place += [child(place, name, number) for number in range(len(here.get(name) or ()))]
    part.in_place += [child(place, name) for name in _SINGLES if name in here]
    for keyword in ("dependentSchemas", "dependencies"):
        for name, dependent in (here.get(keyword) or {}).items():
            if not isinstance(dependent, list):
                part.in_place.append(child(place, keyword, name))


def _fields(part: Part, here: Mapping[str, Any], place: str) -> None:
    part.fields |= {name: child(place, "properties", name) for name in here.get("properties") or ()}
    for pattern in here.get("patternProperties") or ():
        part.per_name += 1
        part.per_name_char += _pattern(part, pattern, child(place, "patternProperties"))
        part.all_fields.append(child(place, "patternProperties", pattern))
    if "propertyNames" in here:
        part.all_fields.append(child(place, "propertyNames"))
    part.other_fields += [
        child(place, name) for name in ("additionalProperties", "unevaluatedProperties") if name in here
    ]


def _items(part: Part, here: Mapping[str, Any], place: str) -> None:
    for name in ("prefixItems", "items"):
        if isinstance(here.get(name), list):
            part.first_items += [child(place, name, number) for number in range(len(here[name]))]
        elif name in here:
            part.other_items.append(child(place, name))
    part.other_items += [
        child(place, name) for name in ("additionalItems", "unevaluatedItems") if name in here
    ]
    part.all_items += [child(place, "contains")] if "contains" in here else []


def _target(schema: Mapping[str, Any], reference: str, place: str) -> str:
    target = reference.partition("#")[2]
    if not reference.startswith("#"):
        raise InvalidRequest(
            f"json_schema refers to {quoted(reference)} at {shown(place)}: only #/... is allowed"
        )
    if target and not target.startswith("/"):
        raise InvalidRequest(f"json_schema refers to an anchor at {shown(place)}: write it as #/$defs/...")
    lookup(schema, target)
    return target


def _pattern(part: Part, pattern: str, place: str) -> int:
    """Add a pattern's automaton to a part; return its steps per character."""
    found = automaton(pattern)
    if found is None:
        raise InvalidRequest(f"json_schema has a pattern at {shown(place)} that is malformed or too large")
    part.automata += found[0]
    return found[1]


def _lists_by_name(here: Mapping[str, Any], *keywords: str) -> Iterator[tuple[str, Sequence[str]]]:
    for keyword in keywords:
        for name, listed in (here.get(keyword) or {}).items():
            if isinstance(listed, list):
                yield name, listed
