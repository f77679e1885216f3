"""Write names and values for people."""

import re
from collections.abc import ItemsView, Iterable, Iterator, KeysView, Mapping, ValuesView
from datetime import datetime
from itertools import islice
from typing import Any

from notifications.core.texts import cut

MAX_CHARS = 4_096
"""How much of a value is shown in a field."""

MAX_LABEL_CHARS = 100
MAX_FIELDS_CHARS, LEAST_FIELD_CHARS = 12_288, 64
"""How many characters the values of all fields have together, and how many each still has when these are used
up. An email's message is stored twice, as text and as HTML, in one item of at most 400 KB."""

MAX_LINES = 50
MAX_DEPTH = 8
"""How many lines a list or an object has at most, and how deep it is shown."""

KIB = 1_024
MAX_DIGITS = 18
"""The longest number in a text that is read as a size."""

_SIZES = ("KiB", "MiB", "GiB", "TiB", "PiB", "EiB")
_UNITS = (("d", 86_400), ("h", 3_600), ("min", 60), ("s", 1))
_ACRONYMS = {name.lower(): name for name in ("CPU", "GPU", "ID", "IDs", "IP", "UUID", "URL", "VFolder")}
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_BETWEEN = re.compile(r"[\W_]+")


def words(name: str) -> str:
    """Write a name as words: ``gpu_hours``, ``gpuHours`` and ``gpu.hours`` as "GPU hours"."""
    found = [part.lower() for part in _BETWEEN.split(_HUMP.sub(" ", name)) if part]
    said = " ".join(_ACRONYMS.get(part, part) for part in found) or name
    return said if said.split(" ")[0] in _ACRONYMS.values() else said[:1].upper() + said[1:]


def label(name: str, title: object = None) -> str:
    """Return the label of a field: its title, or else the words of its name."""
    if isinstance(title, str) and title.strip():
        return title.strip()
    return words(name.removesuffix("_seconds")).strip() or f'"{name}"'


def of_field(name: str, value: Any) -> str:
    """Write a field's value; as a duration if its name ends in seconds, as a size if it ends in bytes."""
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    if is_number and name.endswith("_seconds"):
        return duration(value)
    is_count = is_number or (isinstance(value, str) and value.isdecimal() and len(value) <= MAX_DIGITS)
    return size(int(value)) if is_count and (name == "mem" or name.endswith("bytes")) else text(value)


def text(value: Any) -> str:
    """Write a value: lists and objects in lines, or in one line if nothing is nested in them."""
    match value:
        case None:
            made = ""
        case bool():
            made = "yes" if value else "no"
        case str():
            made = value if len(value) <= MAX_CHARS else cut(value, MAX_CHARS)
        case datetime():
            made = f"{value:%Y-%m-%d %H:%M:%S} {value.tzname() or ''}".rstrip()
        case dict() | list() | tuple():
            made = _of_many(value)
        case range() | KeysView() | ValuesView() | ItemsView():
            made = _of_many([*value])
        case _:
            made = str(value)
    return made


def size(count: int) -> str:
    """Write a number of bytes: "16 GiB"."""
    if abs(count) < KIB:
        return f"{count} B"
    power = min((abs(count).bit_length() - 1) // 10, len(_SIZES))
    return f"{round(count / KIB**power, 1):g} {_SIZES[power - 1]}"


def _of_many(value: Any) -> str:
    lines = [*islice(_lines(value, 0), MAX_LINES + 1)]
    if len(lines) > MAX_LINES:
        lines[-1] = "…"
    return cut(("\n" if _is_nested(value) else ", ").join(lines), MAX_CHARS)


def bounded(fields: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Cut the labels and values of fields to their limits, so that each field keeps a part of its value."""
    left = MAX_FIELDS_CHARS
    for label, value in fields:
        shown = cut(value, max(left, LEAST_FIELD_CHARS))
        left -= len(shown)
        yield cut(label, MAX_LABEL_CHARS), shown


def duration(seconds: float) -> str:
    """Write a number of seconds by its two largest units: "1 h 4 min"."""
    left = round(seconds)
    if left <= 0:
        return f"{seconds:g} s"
    said = []
    for unit, size in _UNITS:
        count, left = divmod(left, size)
        if count:
            said.append(f"{count} {unit}")
        elif said:
            break
    return " ".join(said[:2])


def _is_nested(value: Any) -> bool:
    inside = value.values() if isinstance(value, Mapping) else value
    return any(isinstance(inner, (dict, list, tuple)) for inner in inside)


def _lines(value: Any, depth: int) -> Iterator[str]:
    """Yield the lines of a list or an object."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _named(cut(str(name)), inner, depth)
        return
    mark = "- " if _is_nested(value) else ""
    for inner in value:
        lines = [*islice(_lines_of(inner, depth), MAX_LINES)] or [""]
        yield mark + lines[0]
        yield from (f"  {line}" for line in lines[1:])


def _lines_of(value: Any, depth: int) -> Iterator[str]:
    if not isinstance(value, (dict, list, tuple)):
        yield text(value)
    elif depth >= MAX_DEPTH:
        yield "…"
    else:
        yield from _lines(value, depth + 1)


def _named(name: str, value: Any, depth: int) -> Iterator[str]:
    is_flat = isinstance(value, (list, tuple)) and not _is_nested(value)
    if is_flat or not isinstance(value, (dict, list, tuple)):
        yield f"{name}: {of_field(name, value)}"
        return
    yield f"{name}:"
    yield from (f"  {line}" for line in islice(_lines_of(value, depth), MAX_LINES))
