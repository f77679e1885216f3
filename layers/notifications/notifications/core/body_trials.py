"""Find out from the message of one sample whether a service would refuse every message of a template.

The sample is marked: each text, list and object in it has a sign that no template has. The sign distinguishes
the parts of the message that come from the event from those that the template wrote, and only a fault of the
latter concerns every event.
"""

import json
from collections.abc import Callable, Iterator
from typing import Any

from notifications.core import templates
from notifications.core.errors import LacksContent, TemplateError, UnusableBody
from notifications.core.presets import Preset

SIGN = "\uf8ff\ue000\uf8ff"
"""Characters for private use, in an order that no template has."""


def signed(data: Any) -> Any:
    """Return a copy of an event's fields in which every text, list and object has the sign."""
    match data:
        case str():
            return data + SIGN
        case list():
            return [*map(signed, data), SIGN]
        case dict():
            return {name: signed(inner) for name, inner in data.items()} | {SIGN: SIGN}
        case _:
            return data


def fault(
    render: Callable[[dict[str, Any]], str], data: dict[str, Any], preset: Preset
) -> TemplateError | None:
    """Return why a service accepts no message of this template; None if it may accept that of another event.

    ``render``: renders the template with fields like those in ``data``.
    """
    try:
        found = _lacking(render(signed(data)), preset)
    except TemplateError:
        return None
    if found is None:
        return None
    try:
        # A field with a text in the sample may have an object in other events, and complete the message.
        return _lacking(render({name: {SIGN: SIGN} for name in data}), preset) and found
    except TemplateError:
        return found


def _lacking(message: str, preset: Preset) -> TemplateError | None:
    """Return what a message lacks, apart from the parts that come from the event."""
    if templates.is_empty(message):
        return UnusableBody("The message is empty")
    try:
        body: Any = json.loads(message)
        if not any(map(_is_open, _parts(body))):
            preset.fit(_filled(body), "")
    except LacksContent as error:
        return error
    except UnusableBody:  # because of a value, which other events may not have
        return None
    except (ValueError, RecursionError):  # the channel accepts any text; or it is nested too deeply
        return None
    return None


def _is_open(part: Any) -> bool:
    """Return whether a part of a body comes from the event, so that it may have any value."""
    if isinstance(part, dict):
        return any(SIGN in name for name in part)
    return part is None or (isinstance(part, list) and SIGN in part)


def _parts(body: Any) -> Iterator[Any]:
    left = [body]
    while left:
        part = left.pop()
        yield part
        left += part.values() if isinstance(part, dict) else part if isinstance(part, list) else ()


def _filled(body: Any) -> Any:
    """Return a body whose blank texts are filled, as other events may fill them."""
    match body:
        case str():
            return body if body.strip() else SIGN
        case list():
            return [*map(_filled, body)]
        case dict():
            return {name: _filled(inner) for name, inner in body.items()}
        case _:
            return body
