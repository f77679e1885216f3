"""Events whose texts want to be more than text, and the same events with plain words instead."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from hypothesis import strategies as st

from notifications.core.errors import SchemaMismatch
from notifications.core.model import EventType
from notifications.core.rule_types import BUILT_IN
from notifications.core.samples import sample
from notifications.core.schemas import check_data
from tests.samples import hostile

MAX_BYTES = 200 * 1024
"""Of an event's texts together; the bus takes little more."""

PLAIN = "x"

PROPERTIES = {
    "<!channel> @all": {"type": "string", "title": "[Open](http://evil.example) *who*"},
    "a_b_c": {"type": "string"},
    "notes": {"type": "array", "items": {"type": "string"}},
    "extent": {"type": "object", "additionalProperties": {"type": "string"}},
    "seconds": {"type": "number"},
}
OWN_TYPES = (
    EventType("own.titled", "It is *bold* <b>@here</b>", {"title": "Disk full", "properties": PROPERTIES}),
    EventType("own.bare", None, {"type": "object", "properties": PROPERTIES}),
    EventType(
        "own.hostile", None, {"title": "<!channel> [x](http://evil.example)", "properties": PROPERTIES}
    ),
)
TYPES = (*BUILT_IN.values(), *OWN_TYPES)


@st.composite
def events(
    draw: st.DrawFn, types: Sequence[EventType] = TYPES
) -> tuple[EventType, dict[str, Any], dict[str, Any]]:
    """Draw a type, an event's data, and the same data with plain words in place of its texts."""
    event_type = draw(st.sampled_from(types))
    long = draw(st.integers(0, 30))
    left = MAX_BYTES
    number = -1

    def text(_: str) -> str:
        nonlocal left, number
        number += 1
        made: str = draw(hostile.long_texts if number == long else hostile.texts)[:left]
        while len(made.encode()) > left:
            made = made[: len(made) // 2]
        left -= len(made.encode())
        return made

    given = sample(event_type)
    return event_type, _replaced(event_type, given, text), plain(event_type)


def plain(event_type: EventType) -> dict[str, Any]:
    """Return the data of an event with plain words: the same for all events of a type."""
    if event_type.name not in _plain:
        _plain[event_type.name] = _replaced(event_type, sample(event_type), lambda _: PLAIN)
    return dict(_plain[event_type.name])


_plain: dict[str, dict[str, Any]] = {}


def _replaced(event_type: EventType, given: Mapping[str, Any], make: Callable[[str], str]) -> dict[str, Any]:
    """Replace texts, except in fields whose schema wants something else."""
    data = dict(given)
    for name, value in given.items():
        data[name] = _texts(value, make)
        try:
            check_data(event_type, data)
        except SchemaMismatch:
            data[name] = value
    return data


def _texts(value: Any, make: Callable[[str], str]) -> Any:
    match value:
        case str():
            return make(value)
        case list():
            return [_texts(inner, make) for inner in value]
        case dict():
            return {name: _texts(inner, make) for name, inner in value.items()}
        case _:
            return value
