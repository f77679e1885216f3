"""Find all that is wrong with a condition: part by part, because reading one stops at its first fault."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from configuration_api.faults import Faults, Place
from notifications.api import conditions
from notifications.core import refusals
from notifications.core.errors import InvalidRequest

if TYPE_CHECKING:
    from notifications.api.requests.mutes import MuteIn
    from notifications.api.requests.rules import RuleIn

MAX_DEPTH = 20
"""How deep a pattern is taken apart; one that is deeper is refused as a whole."""

Found = list[tuple[Place, str]]
Check = Callable[[Mapping[str, Any]], object]
"""Refuses a pattern."""


def can_read(
    faults: Faults,
    request: "RuleIn | MuteIn",
    entry: Mapping[str, Any],
    place: Place,
    check: Check,
) -> bool:
    """Return whether the condition of an entry can be read; note what is wrong with each of its parts.

    ``check``: refuses a pattern for the fields that it names.
    """
    found = [*refusals.of(partial(_read, request.condition, request.where, check))]
    parts = _faults(faults, request, entry.get("where"), check) if found else []
    faults.add_all([((*place, *inside), told) for inside, told in parts])
    if not parts:
        faults.add_refusals(found, place, _spelled(request))
    return not found


def _faults(faults: Faults, request: "RuleIn | MuteIn", written: Any, check: Check) -> Found:
    """Return what is wrong with each part of the condition of an entry.

    ``written``: its ``where``. ``check``: refuses a pattern for the fields that it names.
    """
    parts, clauses = [*_parts(request.condition or {}, (), ())], request.where or []
    if not faults.may_try(len(parts) + len(clauses)):
        return []
    found: Found = []
    for clause in clauses:
        # Its place is that in the document: what is no text is not in the request.
        place: Place = ("where", written.index(clause)) if isinstance(written, list) else ("where",)
        found += _told(partial(_read, None, [clause], check), place, named=True)
    for inside, part in parts:
        found += _told(partial(_read, part, None, check), ("condition", *inside))
    return found


def _read(pattern: Mapping[str, Any] | None, where: list[str] | None, check: Check) -> None:
    made = conditions.spelled(pattern, where)
    if made is not None:
        check(made)


def _told(check: Callable[[], object], place: Place, *, named: bool = False) -> Found:
    """Return what a check refuses of a part. ``named``: whether to say which field, or clause, it is."""
    try:
        check()
    except InvalidRequest as error:
        listed = (error.data or {}).get("errors") or [{"loc": ("",), "msg": _unnamed(error.message)}]
        return [
            (place, f"{each['loc'][-1]}: {each['msg']}" if named and each["loc"][-1] else each["msg"])
            for each in listed
        ]
    return []


def _unnamed(message: str) -> str:
    return message.removeprefix("condition: ")


def _parts(
    pattern: Mapping[str, Any], inside: Place, path: tuple[str, ...]
) -> Iterator[tuple[Place, dict[str, Any]]]:
    """Take a pattern apart into one for each of its fields, with its place."""
    if len(inside) > MAX_DEPTH:
        return
    for key, inner in pattern.items():
        if key == "$or" and isinstance(inner, list):
            for number, option in enumerate(inner):
                if isinstance(option, Mapping):
                    yield from _parts(option, (*inside, key, number), path)
        elif isinstance(inner, Mapping) and inner:
            yield from _parts(inner, (*inside, key), (*path, key))
        else:
            part: Any = inner
            for name in reversed((*path, key)):
                part = {name: part}
            yield (*inside, key), part


def _spelled(request: "RuleIn | MuteIn") -> dict[str, str]:
    """Return which member an entry writes its condition in, by the names that a fault may use for it."""
    named = "where" if request.where is not None else "condition"
    return {"condition": named, "where": named}
