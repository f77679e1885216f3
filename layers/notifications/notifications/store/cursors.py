"""Cursors of lists: the position of a page's last row, in a form that fits into URLs."""

import base64
import binascii

from notifications.core.errors import InvalidRequest

MAX_CURSOR_CHARS = 512

MILLENNIUM = "2"
"""The first character of every time, with which the positions of lists by time begin."""


def encoded(position: str) -> str:
    """Write a position as a cursor."""
    return base64.urlsafe_b64encode(position.encode()).decode().rstrip("=")


def decoded(cursor: str | None, prefix: str) -> str | None:
    """Read the position of a cursor. ``prefix``: the beginning of all positions of its list.

    Raises:
        InvalidRequest: the cursor is not of this list.
    """
    if cursor is None:
        return None
    try:
        position = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True).decode()
    except (binascii.Error, ValueError):
        position = ""
    if not position.startswith(prefix) or len(cursor) > MAX_CURSOR_CHARS:
        raise InvalidRequest("cursor: no list has given this one")
    return position
