"""Check that a template's names are fields and time zones, and suggest the nearest for others."""

import re
from collections.abc import Iterable, Iterator

from jinja2 import nodes

from notifications.core.errors import TemplateError
from notifications.core.model import EventType
from notifications.core.nearest import nearest, quoted
from notifications.core.templating import fields, zones
from notifications.core.templating import reading as readings
from notifications.core.templating.compiling import SANDBOX, parse
from notifications.core.templating.fields import Fields, Listed
from notifications.core.templating.reading import Read

_PLAIN = re.compile(r"[^\W\d]\w*")
_BARE = r"""(?:(?<![\w.'"])|(?<=\bdata\.))"""
"""Matches before a name that is neither quoted nor part of another name."""


def check(
    source: str, looked_up: frozenset[str], event_type: EventType, besides: frozenset[str] = frozenset()
) -> None:
    """Refuse names that are neither fields nor ``besides``, also inside of fields, events and ``data``.

    ``looked_up``: the names that the compiled template looks up in its context.

    Raises:
        TemplateError: there is such a name; the error has its line, and the nearest name.
    """
    tree = parse(source)
    seen, reading = fields.seen_by_templates(event_type, besides), readings.of(tree)
    unknown = looked_up - seen.known.keys() - SANDBOX.globals.keys() - reading.branched
    for name, line in _places_of(tree, unknown):
        hint = (
            hyphened(source, event_type) or _key_with_a_hyphen(tree, name) or _nearest(name, seen, "", "data")
        )
        raise _unknown(line, name, event_type, hint)
    for read in reading.reads:
        _check_read(read, seen, source, event_type)
    check_zones(zones.named(tree))


def check_zones(named: Iterable[tuple[object, int]]) -> None:
    """Refuse time zones that do not exist.

    Raises:
        TemplateError: there is such a zone; the error has its line, and the nearest zone.
    """
    for zone, line in named:
        try:
            zones.check_zone(zone)
        except TemplateError as error:
            raise TemplateError(f"line {line}: {error.message}") from None


def _check_read(read: Read, seen: Fields, source: str, event_type: EventType) -> None:
    *before, step = read.path
    name, outer = step.name or "", read.outer
    place = fields.find(before, seen)
    match place:
        case Fields() if not step.in_brackets and hasattr(dict, name):
            if name in place.known and not read.called:
                fault = f"{_spelled(outer, name)} is a method; the field is {outer}[{name!r}]"
                raise TemplateError(f"line {read.line}: {fault}")
        case Fields() if name not in place.known and not (step.in_brackets and place.is_open):
            hint = hyphened(source, event_type) if outer == "data" else ""
            hint = hint or _nearest(name, place, outer, outer)
            raise _unknown(read.line, _spelled(outer, name), event_type, hint)
        case Listed() if not hasattr(list, name):
            first = f"{outer}[0]" if outer else ""
            hint = _nearest(name, fields.certain(place.item), first, first)
            raise _unknown(read.line, _spelled(outer, name), event_type, hint)


def _unknown(line: int, name: str, event_type: EventType, hint: str) -> TemplateError:
    return TemplateError(f"line {line}: {quoted(name)} is not a field of {event_type.name}{hint}")


def hyphened(source: str, event_type: EventType) -> str:
    """Return a hint on writing a field whose name is not a plain word, if a template has such a name."""
    for field in sorted(event_type.fields - {""}, key=len, reverse=True):
        if not _PLAIN.fullmatch(field) and re.search(rf"{_BARE}{re.escape(field)}(?!\w)", source):
            return f"; that field is written data[{quoted(field)}]"
    return ""


def _key_with_a_hyphen(tree: nodes.Template, name: str) -> str:
    """Return a hint on writing ``labels.my-key``, which means ``labels.my`` minus ``key``."""
    for node in tree.find_all(nodes.Sub):
        right, left = node.right, node.left
        if isinstance(right, nodes.Name) and right.name == name and isinstance(left, nodes.Getattr):
            inner = left.node.name if isinstance(left.node, nodes.Name) else "..."
            return f"; a key with a hyphen is written {inner}[{quoted(f'{left.attr}-{name}')}]"
    return ""


def _nearest(name: str, place: fields.Certain, outer: str, if_odd: str) -> str:
    """Return a hint at the nearest known name in ``outer``. ``if_odd``: what odd names are in brackets of."""
    found = nearest(name, place.known) if isinstance(place, Fields) else None
    if found is None:
        return ""
    is_odd = if_odd and not _PLAIN.fullmatch(found)
    return f"; the nearest is {f'{if_odd}[{found!r}]' if is_odd else repr(_spelled(outer, found))}"


def _spelled(outer: str, name: str) -> str:
    if not outer:
        return name
    return f"{outer}.{name}" if _PLAIN.fullmatch(name) else f"{outer}[{name!r}]"


def _places_of(tree: nodes.Template, wanted: frozenset[str]) -> Iterator[tuple[str, int]]:
    """Yield where names are read; reads of loop variables of the same name come last."""
    bound = {id(inner) for loop in tree.find_all(nodes.For) for inner in _reads_of_target(loop)}
    reads = [node for node in tree.find_all(nodes.Name) if node.ctx == "load" and node.name in wanted]
    for node in sorted(reads, key=lambda node: (id(node) in bound, node.lineno)):
        yield node.name, node.lineno


def _reads_of_target(loop: nodes.For) -> Iterator[nodes.Name]:
    targets = {
        node.name for node in (loop.target, *loop.target.find_all(nodes.Name)) if isinstance(node, nodes.Name)
    }
    for part in loop.body:
        for node in part.find_all(nodes.Name):
            if node.name in targets:
                yield node
