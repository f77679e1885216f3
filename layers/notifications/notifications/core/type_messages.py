"""The default messages of event types: those of built-in types, and those made of schemas."""

from collections.abc import Iterator, Mapping
from typing import Any

from notifications.core import pointers, readable
from notifications.core.model import DefaultMessage, EventType
from notifications.core.templating.markup import shown

_LEVEL = "{{ data.severity or data.level or 'info' }}"
"""Custom types often have one of these fields; a value that is not a level means info."""

_HIDDEN = frozenset({"data", "rule_type", "timestamp"})
"""The names of variables that hide fields with these names."""

MAX_LAYERS = 12
"""How long a chain of references to a field's title is followed."""

_COMBINED = ("allOf", "anyOf", "oneOf")


def of(event_type: EventType) -> DefaultMessage:
    """Return an event type's default message."""
    return event_type.message or _made(event_type)


def fields(event_type: EventType, variables: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield the labels and values of the fields that matter and have a value.

    These are all fields of a custom type.
    """
    if event_type.message is None:
        paths: list[tuple[str, ...]] = [(name,) for name in _names(event_type, variables)]
    else:
        paths = [tuple(path.split(".")) for path in event_type.message.fields]
    for path in paths:
        text = readable.of_field(path[-1], found(path, variables)).strip()
        if text:
            yield label(event_type, path), text


def label(event_type: EventType, path: tuple[str, ...]) -> str:
    """Return the label of a field: its title in the schema, or else the words of its name."""
    if event_type.built_in:
        # The titles of built-in types are their names in capitals, as Backend.AI's clients know them.
        return readable.label(path[-1])
    root = event_type.json_schema
    schema: Any = root
    for name in path:
        holders = (layer.get("properties") for layer in _layers(schema, root))
        inner = (holder.get(name) for holder in holders if isinstance(holder, Mapping))
        schema = next((each for each in inner if each is not None), None)
    titles = (_said(layer, "title") for layer in _layers(schema, root))
    return readable.label(path[-1], next(filter(None, titles), None))


def _layers(schema: Any, root: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield a schema, and then the ones it refers to: generators write ``$ref``, alone or beside null."""
    for _ in range(MAX_LAYERS):
        if not isinstance(schema, Mapping):
            return
        yield schema
        reference = schema.get("$ref")
        if isinstance(reference, str):
            schema = pointers.at(root, reference.removeprefix("#"))
            continue
        options: list[Any] = next(
            (schema[name] for name in _COMBINED if isinstance(schema.get(name), list)), []
        )
        real = [each for each in options if not (isinstance(each, Mapping) and each.get("type") == "null")]
        schema = real[0] if len(real) == 1 else None


def found(path: tuple[str, ...], variables: Mapping[str, Any]) -> Any:
    """Return the value of a field; None if it has none."""
    data = variables.get("data", variables)
    holder: Any = data if path[0] in data or path[0] in _HIDDEN else variables
    for name in path:
        holder = holder.get(name) if isinstance(holder, Mapping) else None
    return holder


def _names(event_type: EventType, variables: Mapping[str, Any]) -> list[str]:
    """Return the fields that a schema declares, in its order, and then the event's other fields."""
    declared = event_type.json_schema.get("properties")
    names = [*declared] if isinstance(declared, Mapping) else []
    return names + [name for name in variables.get("data", {}) if name not in set(names)]


def _made(event_type: EventType) -> DefaultMessage:
    schema = event_type.json_schema
    title, described = _said(schema, "title"), event_type.description or _said(schema, "description")
    if title:
        heading = title if " " in title else readable.words(title)
        return DefaultMessage(_literal(heading), _literal(described), level=_LEVEL)
    heading = described or readable.words(event_type.name)
    return DefaultMessage(_literal(heading), "", level=_LEVEL)


def _said(schema: Mapping[str, Any], name: str) -> str:
    text = schema.get(name)
    return text.strip() if isinstance(text, str) else ""


def _literal(text: str) -> str:
    """Write a template that shows a text unchanged: as a value, which is escaped like any other."""
    quoted = shown(text).replace("\\", "\\\\").replace("'", "\\'").replace("\n", " ")
    return f"{{{{ '{quoted}' ~ '' }}}}" if text else ""
