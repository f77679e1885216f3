"""JSON pointers (RFC 6901): how a place within a JSON document is written."""

from collections.abc import Iterator


def tokens(pointer: str) -> Iterator[str]:
    """Return the names that lead from the root to a place; none for "", which is the root."""
    for token in pointer.split("/")[1:]:
        yield token.replace("~1", "/").replace("~0", "~")


def child(pointer: str, *names: str | int) -> str:
    """Write the place below a place."""
    return pointer + "".join(f"/{str(name).replace('~', '~0').replace('/', '~1')}" for name in names)
