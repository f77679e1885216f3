"""Read an entry although it has faults: what is faulty is noted, and something valid is put in its place."""

from collections.abc import Iterable, Mapping, Sequence
from copy import deepcopy
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from configuration_api.faults import Faults, Place

M = TypeVar("M", bound=BaseModel)

MAX_ROUNDS = 8
"""How often an entry is read: a fault may hide others, as that of a list hides those of its object."""

MAX_ITEMS = 50
"""Each item of a list or object is tried alone if there are no more, as of any valid one."""

_TAGS = {"webhook", "email", "name", "delays"}
"""The names of alternatives that pydantic adds to the place of a fault; they are no members of a document."""

_OF_ITEMS = {"headers", "to_emails", "allowed_domains"}
"""What is checked as a whole, so that only its first fault is told, unless its items are tried alone."""

Found = list[tuple[Place, str]]


def read(
    model: type[M], given: dict[str, Any], place: Place, faults: Faults, stand_ins: Mapping[str, Any]
) -> M | None:
    """Read an entry; None if nothing can stand in for what is faulty.

    ``stand_ins``: by their paths, what is put in the place of members that an entry cannot do without.
    """
    for _ in range(MAX_ROUNDS):
        found, made = _tried(model, given)
        if made is not None:
            return made
        told = [each for path, message in found for each in _by_items(model, given, path, message, faults)]
        faults.add_all([((*place, *path), message) for path, message in told])
        for path in sorted((path for path, _ in told), key=repr, reverse=True):
            given = _without(given, path, stand_ins)
    return None


def _tried(model: type[M], given: dict[str, Any]) -> tuple[Found, M | None]:
    try:
        return [], model.model_validate(given)
    except ValidationError as error:
        found: Found = []
        for fault in error.errors():
            missing = fault["loc"][-1:] if fault["type"] == "missing" else ()
            path = fault["loc"][: len(fault["loc"]) - len(missing)]
            found.append(((*_place_of(path, given), *missing), fault["msg"].removeprefix("Value error, ")))
        return found, None


def _by_items(model: type[M], given: dict[str, Any], path: Place, message: str, faults: Faults) -> Found:
    """Return the faults of the items of what is checked as a whole, or else its own."""
    items = _at(given, path)
    is_of_items = bool(path) and path[-1] in _OF_ITEMS and isinstance(items, dict | list)
    if not is_of_items or not 1 <= len(items) <= MAX_ITEMS or not faults.may_try(len(items)):
        return [(path, message)]
    alone: Iterable[tuple[str | int, Any]] = (
        ((key, {key: item}) for key, item in items.items())
        if isinstance(items, dict)
        else ((number, [item]) for number, item in enumerate(items))
    )
    found = [
        ((*path, key), told)
        for key, only in alone
        for at, told in _tried(model, _replaced(given, path, only))[0]
        if at == path
    ]
    return found or [(path, message)]


def _without(given: dict[str, Any], path: Place, stand_ins: Mapping[str, Any]) -> Any:
    """Put what stands in for a faulty member, or for what it is in, in its place; otherwise leave it out."""
    for size in range(len(path), 0, -1):
        name = ".".join(map(str, path[:size]))
        if name in stand_ins:
            return _replaced(given, path[:size], deepcopy(stand_ins[name]))
        around = _at(given, path[: size - 1])
        key = path[size - 1]
        if isinstance(around, dict) and key in around:
            return _replaced(
                given, path[: size - 1], {name: each for name, each in around.items() if name != key}
            )
        if isinstance(around, list) and isinstance(key, int) and key < len(around):
            return _replaced(given, path[: size - 1], [*around[:key], *around[key + 1 :]])
    return given


def _replaced(given: Any, path: Sequence[Any], by: Any) -> Any:
    if not path:
        return by
    made = {**given} if isinstance(given, dict) else [*given]
    inner = given.get(path[0]) if isinstance(given, dict) else given[path[0]]
    made[path[0]] = _replaced({} if inner is None else inner, path[1:], by)
    return made


def _at(given: Any, path: Sequence[Any]) -> Any:
    for key in path:
        if isinstance(given, dict):
            given = given.get(key)
        elif isinstance(given, list) and isinstance(key, int) and key < len(given):
            given = given[key]
        else:
            return None
    return given


def _place_of(loc: Place, given: Any) -> Place:
    """Return the place of a fault in an entry, without the names of alternatives that pydantic tried."""
    place: list[str | int] = []
    for part in loc:
        if part in _TAGS and not (isinstance(given, dict) and part in given):
            continue
        place.append(part)
        given = _at(given, [part])
    return tuple(place)
