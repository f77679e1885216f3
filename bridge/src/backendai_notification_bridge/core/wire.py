"""Decode entries from bytes on the wire.

Until 26.8 an event's arguments are positional, in MessagePack (``args``); since 26.9 they are a JSON object
(``payload``). During a rolling upgrade both are on one stream, so each entry's own fields decide.
"""

import binascii
import json
import re
from base64 import b64decode
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from backendai_notification_bridge.core.errors import Undecodable
from backendai_notification_bridge.core.packed import unpack
from backendai_notification_bridge.core.plain import plain
from backendai_notification_bridge.core.positions import named
from backendai_notification_bridge.core.received import ReceivedEntry, Via

MAX_BYTES = 256 * 1024
"""The largest entry. Entries of which events are made have a few KiB; 256 KiB take 0.1 s at worst."""

MAX_NAME_CHARS = 128
MAX_SOURCE_CHARS = 256

_RETRIED = "_retry_count"
_FIRST_NAME = re.compile(rb'\s*\{\s*"name"\s*:\s*"([A-Za-z0-9_.:-]{1,128})"')


def name_of_entry(fields: Mapping[bytes, bytes]) -> str:
    """Read only the name of a stream's entry.

    Raises:
        Undecodable: it has none.
    """
    name = fields.get(b"name")
    if name is None:
        raise Undecodable("no name")
    return name.decode(errors="replace")[:MAX_NAME_CHARS]


def name_of_published(message: bytes) -> str:
    """Read the name of a published message or of a cache key's value.

    Raises:
        Undecodable: it has none.
    """
    found = _FIRST_NAME.match(message)
    if found:
        return found[1].decode()
    return _text(_object(_bounded(message), "message"), "name", MAX_NAME_CHARS)


def decode_entry(fields: Mapping[bytes, bytes], came: datetime) -> ReceivedEntry:
    """Decode a stream's entry.

    Raises:
        Undecodable: it has no known form, or is larger or nested deeper than any entry of Backend.AI.
    """
    size = sum(len(key) + len(value) for key, value in fields.items())
    if size > MAX_BYTES:
        raise Undecodable(f"{size} bytes, of {MAX_BYTES} at most")
    name = name_of_entry(fields)
    payload, packed = fields.get(b"payload"), fields.get(b"args")
    if payload is not None:
        body = _object(payload, "payload")
    elif packed is not None:
        body = _named(name, packed)
    else:
        raise Undecodable("neither payload nor args")
    source = fields.get(b"source", b"").decode(errors="replace")[:MAX_SOURCE_CHARS]
    return ReceivedEntry("stream", name, source, _complete(name, body), came, _RETRIED.encode() in fields)


def decode_published(message: bytes, via: Via, came: datetime) -> ReceivedEntry:
    """Decode a published message, a cache key's value, or a message of ``catch_up`` or ``gap_message``.

    Raises:
        Undecodable: see ``decode_entry``.
    """
    outer = _object(_bounded(message), "message")
    name = _text(outer, "name", MAX_NAME_CHARS)
    payload, packed = outer.get("payload"), outer.get("args")
    if isinstance(payload, str):
        body = _object(payload, "payload")
    elif isinstance(packed, str):
        body = _named(name, _from_base64(packed))
    else:
        raise Undecodable("neither payload nor args")
    source = _text(outer, "source", MAX_SOURCE_CHARS)
    return ReceivedEntry(via, name, source, _complete(name, body), came, _RETRIED in outer)


def _named(name: str, packed: bytes) -> dict[str, Any]:
    arguments = named(name, unpack(packed))
    if arguments is None:
        raise Undecodable("the order of its arguments is not known")
    body: dict[str, Any] = plain(arguments)
    return body


def _complete(name: str, body: dict[str, Any]) -> dict[str, Any]:
    """Read a notification's data: JSON text within the arguments, an object in a payload."""
    data = body.get("notification_data")
    if name == "notification_triggered" and isinstance(data, str):
        return {**body, "notification_data": _object(data, "notification_data")}
    return body


def _bounded(message: bytes) -> bytes:
    if len(message) > MAX_BYTES:
        raise Undecodable(f"{len(message)} bytes, of {MAX_BYTES} at most")
    return message


def _object(text: bytes | str, what: str) -> dict[str, Any]:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Undecodable(f"{what}: no JSON, or nested too deeply") from error
    if not isinstance(value, dict):
        raise Undecodable(f"{what}: no JSON object")
    result: dict[str, Any] = plain(value)
    return result


def _text(outer: Mapping[str, Any], field: str, length: int) -> str:
    value = outer.get(field)
    if not isinstance(value, str):
        raise Undecodable(f"no {field}")
    return value[:length]


def _from_base64(text: str) -> bytes:
    try:
        return b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise Undecodable("args: no base64") from error
