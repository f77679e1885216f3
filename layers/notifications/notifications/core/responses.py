"""Interpret a response's headers and body, in the many forms that receivers send."""

import codecs
import json
import math
import re
import zlib
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from notifications.core import times
from notifications.core.retries import MAX_RETRY_AFTER_SECONDS

TOO_MANY_REQUESTS = 429

MAX_DIGITS = 300
"""How many digits of a number of seconds are read; more cannot matter, because the limit is far lower."""

_SECONDS = re.compile(r"[0-9]+(?:[.,][0-9]*)?|[.,][0-9]+")
_CHARSET = re.compile(r";\s*charset\s*=\s*\"?'?([^\s;\"']+)", re.IGNORECASE)
_GZIP_OR_ZLIB = 32 + zlib.MAX_WBITS
_WITHOUT_HEADER = -zlib.MAX_WBITS


def headers(lines: Iterable[bytes]) -> dict[str, str]:
    """Parse the headers of the last response in these lines; interim (1xx) ones may come before it."""
    found: dict[str, str] = {}
    for line in lines:
        if line.startswith(b"HTTP/"):
            found = {}
            continue
        name, colon, value = line.partition(b":")
        if colon:
            found[name.decode("latin-1").strip().lower()] = value.decode("latin-1").strip()
    return found


def are_whole(lines: Iterable[bytes]) -> bool:
    """Return whether the final response's headers are complete; those of a 1xx do not count."""
    whole = interim = False
    for line in lines:
        if line.startswith(b"HTTP/"):
            whole, interim = False, line.partition(b" ")[2].startswith(b"1")
        elif not line.strip():
            whole = not interim
    return whole


def text_of(body: bytes, found: Mapping[str, str], most: int) -> tuple[bytes, bool]:
    """Return a body decompressed and as UTF-8, as its headers describe it, and whether it was cut.

    ``most``: bytes to decompress.
    """
    body, cut = _unpacked(body, found.get("content-encoding", ""), most)
    named = _CHARSET.search(found.get("content-type", ""))
    if named is None:
        return body, cut
    try:
        if codecs.lookup(named[1]).name in {"utf-8", "ascii"}:
            return body, cut
        return body.decode(named[1], "replace").encode(errors="replace"), cut
    except (LookupError, ValueError, TypeError):  # an unknown charset, or a codec that is not for text
        return body, cut


def retry_after(status: int, found: Mapping[str, str], body: bytes, now: datetime) -> float | None:
    """Return how many seconds a receiver asks to wait; None if it does not ask.

    It may ask by the header, in seconds or as a date, or with 429 by ``retry_after`` in a JSON body.
    """
    asked = _asked(found.get("retry-after", ""), now)
    if asked is None and status == TOO_MANY_REQUESTS:
        asked = _asked_in(body)
    return None if asked is None else min(max(asked, 0.0), MAX_RETRY_AFTER_SECONDS)


def seconds_of(value: Any) -> float | None:
    """Return the seconds to wait that a JSON value names; None if it names none."""
    if isinstance(value, str):
        return _seconds(value)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    # Python also reads NaN and Infinity from JSON, and integers too large for a float.
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return float(math.ceil(min(max(value, 0), MAX_RETRY_AFTER_SECONDS)))


def _unpacked(body: bytes, encoding: str, most: int) -> tuple[bytes, bool]:
    """Decompress a body, which the request did not ask for; of a broken one, keep as much as can be read."""
    if encoding.strip().lower() not in {"gzip", "x-gzip", "deflate"}:
        return body, False
    for window in (_GZIP_OR_ZLIB, _WITHOUT_HEADER):
        unpacking = zlib.decompressobj(window)
        try:
            unpacked = unpacking.decompress(body, most)
        except zlib.error:
            continue
        return unpacked, not unpacking.eof
    return body, False


def _asked(text: str, now: datetime) -> float | None:
    if not text:  # most receivers say nothing
        return None
    seconds = _seconds(text)
    if seconds is not None:
        return seconds
    time = _time(text.strip())
    return None if time is None else math.ceil((time - now).total_seconds())


def _seconds(text: str) -> float | None:
    text = text.strip()
    if not _SECONDS.fullmatch(text):
        return None
    return min(MAX_RETRY_AFTER_SECONDS, math.ceil(float(text[:MAX_DIGITS].replace(",", "."))))


def _time(text: str) -> datetime | None:
    from email.utils import parsedate_to_datetime  # noqa: PLC0415 - few receivers send a date

    for read in (times.parse, parsedate_to_datetime):
        try:
            time = read(text.upper())
        except (ValueError, TypeError, OverflowError, IndexError):
            continue
        return time if time.tzinfo else time.replace(tzinfo=UTC)
    return None


def _asked_in(body: bytes) -> float | None:
    try:
        document: Any = json.loads(body)
    except (ValueError, RecursionError):
        return None
    places = [document]
    if isinstance(document, dict):
        places += [document.get("parameters"), document.get("error")]
    for place in places:
        value = place.get("retry_after") if isinstance(place, dict) else None
        if (seconds := seconds_of(value)) is not None:
            return seconds
    return None
