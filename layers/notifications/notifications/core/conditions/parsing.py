"""Parse event patterns. Each error has the path of the fault, and says what would be right."""

from collections.abc import Iterator, Mapping
from typing import Any

from notifications.core.conditions import alternatives, branching
from notifications.core.conditions.model import (
    MAX_ALTERNATIVES,
    MAX_BYTES,
    MAX_DEPTH,
    MAX_LEAVES,
    MAX_SEARCHED_CHARS,
    MAX_SEARCHES,
    AnyOf,
    Condition,
    ConditionError,
    Leaf,
    Path,
    dotted,
)
from notifications.core.json_text import compact
from notifications.core.nearest import quoted

OR = "$or"
LEAST_OPTIONS = 2

_OR_FORM = 'write at least two patterns in a list, as in {"$or": [{"a": [1]}, {"b": [2]}]}'


def parse(pattern: Any) -> Condition:
    """Read an event pattern.

    Raises:
        ConditionError: it is not an event pattern, or it exceeds a limit.
    """
    if not isinstance(pattern, Mapping):
        raise ConditionError("", 'must be a JSON object, as in {"status": ["RUNNING"]}')
    _check_size(pattern)
    condition = Condition(tuple(_parts(_nested(pattern, (), 0), ())))
    _check_work(condition)
    return condition


def _check_work(condition: Condition) -> None:
    """Refuse a condition that would take too long to try."""
    fields = sum(1 for _ in branching.leaves(condition))
    if fields > MAX_LEAVES:
        raise ConditionError("", f"has {fields} fields to test, at most {MAX_LEAVES} are allowed")
    if branching.count(condition) > MAX_ALTERNATIVES:
        raise ConditionError("", f"its $or make more than {MAX_ALTERNATIVES} combinations together")
    searched = [
        piece
        for leaves in branching.branches(condition)
        for leaf in leaves
        for piece in alternatives.searched(leaf.alternatives)
    ]
    if len(searched) > MAX_SEARCHES or sum(map(len, searched)) > MAX_SEARCHED_CHARS:
        raise ConditionError(
            "",
            f"looks for {len(searched)} texts in the middle of others, with {sum(map(len, searched))} "
            f"characters; at most {MAX_SEARCHES} with {MAX_SEARCHED_CHARS} are allowed, counted for each "
            "combination of $or",
        )


def _check_size(pattern: Mapping[str, Any]) -> None:
    try:
        size = len(compact(pattern).encode(errors="replace"))
    except (RecursionError, TypeError, ValueError):
        raise ConditionError("", "is nested too deeply, or is no JSON") from None
    if size > MAX_BYTES:
        raise ConditionError("", f"has {size} bytes, at most {MAX_BYTES} are allowed")


def _nested(pattern: Mapping[str, Any], path: Path, depth: int) -> dict[str, Any]:
    """Turn dotted names into nesting, and merge what is below the same name."""
    if not pattern:
        raise ConditionError(dotted(path), "is empty; name a field, or leave it out")
    made: dict[str, Any] = {}
    for key, inner in pattern.items():
        names = key.split(".", MAX_DEPTH)
        if depth + len(names) > MAX_DEPTH + (key == OR):
            raise ConditionError(dotted(path), f"is nested more than {MAX_DEPTH} times")
        if OR in names and key != OR:
            raise ConditionError(dotted((*path, key)), f"{OR} stands for itself; {_OR_FORM}")
        value = _nested(inner, (*path, *names), depth + len(names)) if isinstance(inner, Mapping) else inner
        _put(made, names, value, path)
    return made


def _put(made: dict[str, Any], names: list[str], value: Any, path: Path) -> None:
    for at, name in enumerate(names[:-1]):
        made = made.setdefault(name, {})
        if not isinstance(made, dict):
            raise _twice((*path, *names[: at + 1]))
    present = made.setdefault(names[-1], value)
    if present is value:
        return
    if not isinstance(present, dict) or not isinstance(value, dict):
        raise _twice((*path, *names))
    for name, inner in value.items():
        _put(present, [name], inner, (*path, *names))


def _twice(path: Path) -> ConditionError:
    return ConditionError(dotted(path), "is there twice; list all its alternatives in one place")


def _parts(pattern: Mapping[str, Any], path: Path, ors: int = 0) -> Iterator[Leaf | AnyOf]:
    for key, inner in pattern.items():
        if key == OR:
            yield _any_of(inner, path, ors + 1)
        elif isinstance(inner, dict):
            yield from _parts(inner, (*path, key), ors)
        else:
            yield Leaf((*path, key), alternatives.read(inner, (*path, key)))


def _any_of(options: Any, path: Path, ors: int) -> AnyOf:
    place = dotted((*path, OR))
    if ors > MAX_DEPTH:
        raise ConditionError(place, f"is nested more than {MAX_DEPTH} times")
    if not isinstance(options, list) or len(options) < LEAST_OPTIONS:
        raise ConditionError(place, _OR_FORM)
    for option in options:
        if not isinstance(option, Mapping):
            raise ConditionError(place, f"{quoted(compact(option))} is no pattern; {_OR_FORM}")
    nested = (_nested(option, path, len(path)) for option in options)
    return AnyOf(path, tuple(Condition(tuple(_parts(option, path, ors))) for option in nested))
