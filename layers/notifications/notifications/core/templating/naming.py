"""Check that a template's names are fields and time zones, and suggest the nearest for others."""

import re
from collections.abc import Iterable, Iterator

from jinja2 import nodes

from notifications.core.errors import TemplateError
from notifications.core.model import EventType
from notifications.core.nearest import nearest, quoted
from notifications.core.templating import paths, zones
from notifications.core.templating.compiling import SANDBOX, Compiled, parse

CONTEXT_NAMES = frozenset({"rule_type", "timestamp", "data"})
"""The names that a template can use besides the fields of its event type."""

_PLAIN = re.compile(r"[^\W\d]\w*")
_BARE = r"""(?:(?<![\w.'"])|(?<=\bdata\.))"""
"""Matches before a name that is neither quoted nor part of another name."""


def check(
    source: str, compiled: Compiled, event_type: EventType, besides: frozenset[str] = frozenset()
) -> None:
    """Refuse names that are neither fields nor ``besides``.

    Raises:
        TemplateError: with the line and the nearest name.
    """
    known = event_type.fields | CONTEXT_NAMES | besides
    if unknown := compiled.names - known - SANDBOX.globals.keys():
        tree = parse(source)
        for name, line in _places_of(tree, unknown):
            hint = hyphened(source, event_type) or _key_with_a_hyphen(tree, name) or _nearest(name, known)
            raise TemplateError(f"line {line}: {quoted(name)} is not a field of {event_type.name}{hint}")
    for name, line in compiled.fields:
        if name not in event_type.fields:
            hint = hyphened(source, event_type) or _nearest(name, event_type.fields)
            told = quoted(f"data.{name}")
            raise TemplateError(f"line {line}: {told} is not a field of {event_type.name}{hint}")
    _check_paths(compiled, event_type)
    check_zones(compiled.zones)
    for name, line in compiled.methods:
        if name in event_type.fields:
            raise TemplateError(f"line {line}: data.{name} is a method; the field is data[{name!r}]")


def check_zones(named: Iterable[tuple[object, int]]) -> None:
    """Refuse time zones that do not exist.

    Raises:
        TemplateError: with the line and the nearest zone.
    """
    for zone, line in named:
        try:
            zones.check_zone(zone)
        except TemplateError as error:
            raise TemplateError(f"line {line}: {error.message}") from None


def _check_paths(compiled: Compiled, event_type: EventType) -> None:
    for path, line in compiled.paths:
        inside = path[1:] if path[0] == "data" else path
        if inside and (found := paths.unknown(inside, event_type.json_schema)):
            wrong, known = found
            likely = nearest(wrong[-1], known)
            hint = f"; the nearest is {'.'.join((*wrong[:-1], likely))!r}" if likely else ""
            raise TemplateError(
                f"line {line}: {quoted('.'.join(wrong))} is not a field of {event_type.name}{hint}"
            )


def hyphened(source: str, event_type: EventType) -> str:
    """Return a hint how to write a field whose name is not a plain word, if a template has such a name."""
    for field in sorted(event_type.fields - {""}, key=len, reverse=True):
        if not _PLAIN.fullmatch(field) and re.search(rf"{_BARE}{re.escape(field)}(?!\w)", source):
            return f"; that field is written data[{quoted(field)}]"
    return ""


def _key_with_a_hyphen(tree: nodes.Template, name: str) -> str:
    """Return a hint how to write ``labels.my-key``, which means ``labels.my`` minus ``key``."""
    for node in tree.find_all(nodes.Sub):
        right, left = node.right, node.left
        if isinstance(right, nodes.Name) and right.name == name and isinstance(left, nodes.Getattr):
            inner = left.node.name if isinstance(left.node, nodes.Name) else "..."
            return f"; a key with a hyphen is written {inner}[{quoted(f'{left.attr}-{name}')}]"
    return ""


def _nearest(name: str, known: frozenset[str]) -> str:
    found = nearest(name, known)
    if found is None:
        return ""
    return f"; the nearest is {found!r}" if _PLAIN.fullmatch(found) else f"; the nearest is data[{found!r}]"


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
