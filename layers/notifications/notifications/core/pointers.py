"""JSON pointers (RFC 6901): how a place within a JSON document is written."""

from collections.abc import Iterator, Mapping
from typing import Any


def tokens(pointer: str) -> Iterator[str]:
    """Return the names that lead from the root to a place; none for "", which is the root."""
    for token in pointer.split("/")[1:]:
        yield token.replace("~1", "/").replace("~0", "~")


def child(pointer: str, *names: str | int) -> str:
    """Write the place below a place."""
    return pointer + "".join(f"/{str(name).replace('~', '~0').replace('/', '~1')}" for name in names)


def at(document: Any, pointer: str) -> Any:
    """Return the value at a place of a document; None if there is none."""
    found = document
    for name in tokens(pointer):
        if isinstance(found, list):
            found = found[int(name)] if name.isdecimal() and int(name) < len(found) else None
        else:
            found = found.get(name) if isinstance(found, Mapping) else None
    return found
