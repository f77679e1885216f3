"""Warn of what filters name and nothing has, where a list would only be empty.

It is no error: of channels, rules and custom event types that are gone, records remain and are found.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from backendai_notification_cli.errors import CliError, Refused
from backendai_notification_cli.http.service import WITH_CUSTOM, segment
from backendai_notification_cli.nearest import hint
from backendai_notification_cli.terminal.output import warn

if TYPE_CHECKING:
    from backendai_notification_cli.http.api import Api

NOT_FOUND = 404
EVENT_TYPES = "/notifications/event-types"
PATHS = {
    "channel": "/notifications/channels/{}",
    "rule": f"/notifications/rules/{{}}{WITH_CUSTOM}",
    "event": "/notifications/events/{}",
    "mute": "/notifications/mutes/{}",
}
MAX_DEPTH = 10
"""How deep the fields of an event type are looked at."""

_FIELD = re.compile(r"\s*!?\s*([^\s=!<>~\",*]+)")
"""What a clause begins with, unless it quotes its field's name."""

Query = Mapping[str, str | Sequence[str]]
Item = TypeVar("Item")


def or_warn(found: Iterable[Item], told: Callable[[], None]) -> Iterator[Item]:
    """Yield what is found; if that is nothing, call ``told``."""
    is_empty = True
    for item in found:
        is_empty = False
        yield item
    if is_empty:
        told()


def warn_of_unknown(api: "Api", query: Query) -> None:
    """Warn of each name in a query that nothing has; of none, if the service cannot say."""
    try:
        for fault in (*_unknown_ids(api, query), *_unknown_names(api, query)):
            warn(fault)
    except CliError:  # the list itself has told, or will tell, what is wrong
        return


def field_named(clause: str) -> str | None:
    """Return the field that a clause is about; None if it names none plainly."""
    found = _FIELD.match(clause)
    return None if found is None else found[1]


def _unknown_ids(api: "Api", query: Query) -> Iterator[str]:
    for kind, path in PATHS.items():
        given = query.get(kind)
        if not isinstance(given, str):
            continue
        try:
            api.call("GET", path.format(segment(given)))
        except Refused as refused:
            if refused.status == NOT_FOUND:
                yield f"There is no {kind} {given}"


def _unknown_names(api: "Api", query: Query) -> Iterator[str]:
    types, fields = _texts(query.get("rule_type")), [*map(field_named, _texts(query.get("where")))]
    if not types and not any(fields):
        return
    schemas = {
        str(item.get("name")): item.get("json_schema") for item in api.items("event_types", EVENT_TYPES)
    }
    for name in types:
        if name not in schemas:
            yield f"There is no event type '{name}'{hint(name, schemas)}"
    asked = [name for name in types if name in schemas]
    known = {path for name in asked or schemas for path in _paths(schemas[name])}
    whose = (
        f"{' and '.join(asked)} {'has' if len(asked) == 1 else 'have'} no" if asked else "No event type has a"
    )
    for field in fields:
        if field is not None and not _may_be(field, known):
            yield f"{whose} field '{field}'{hint(field, known)}"


def _texts(given: str | Sequence[str] | None) -> Sequence[str]:
    return [given] if isinstance(given, str) else given or ()


def _paths(schema: Any, depth: int = 0) -> Iterator[str]:
    """Yield the path of each field of a schema, also inside of others."""
    if not isinstance(schema, Mapping) or depth > MAX_DEPTH:
        return
    for name, inner in (schema.get("properties") or {}).items():
        yield name
        yield from (f"{name}.{path}" for path in _paths(inner, depth + 1))
    for other in (*(schema.get("anyOf") or ()), schema.get("items")):
        yield from _paths(other, depth + 1)


def _may_be(field: str, known: set[str]) -> bool:
    """Return whether a path is a field, or is inside one of which nothing else is known."""
    if field in known:
        return True
    outer = field.rpartition(".")[0]
    return bool(outer) and not any(path.startswith(f"{outer}.") for path in known) and _may_be(outer, known)
