"""What must not be seen: credentials in headers, and URLs that are credentials themselves."""

import re
from base64 import b64decode
from collections.abc import Iterable
from functools import lru_cache
from urllib.parse import parse_qsl, urlsplit

from notifications.core.dresses import Undressed, in_base64, undressed

MASK = "***"
MAX_SHOWN_HEADER_CHARS = 1_024
"""What is longer is cut in records."""

MIN_SECRET_CHARS = 8
"""What is shorter is a word like "none" or "Basic": to mask it would spoil an answer, and guard nothing."""

_CREDENTIAL = re.compile(
    r"auth|bearer|cookie|credential|hmac|jwt|key|pass|pwd|secret|session|sig|token", re.IGNORECASE
)
_SEPARATORS = re.compile(r"[\s,;=\"]+")
_NAMES_KEPT = 1_024
_SECRETS_KEPT = 4_096
_URLS_KEPT = 4_096


@lru_cache(maxsize=_NAMES_KEPT)
def is_credential(header: str) -> bool:
    """Tell by a header's name whether its value lets its holder in somewhere."""
    return _CREDENTIAL.search(header) is not None


def masked_headers(headers: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Show headers without credentials."""
    return {name: MASK if is_credential(name) else value[:MAX_SHOWN_HEADER_CHARS] for name, value in headers}


@lru_cache(maxsize=_URLS_KEPT)
def masked_url(url: str) -> str:
    """Show where a URL leads to without its path and query: to some receivers they are the credential."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return MASK
    host = parts.netloc.rpartition("@")[2]
    return f"{parts.scheme}://{host}/{MASK if parts.path.strip('/') or parts.query else ''}"


def without_credentials(
    answer: bytes, url: str, headers: Iterable[tuple[str, str]], *, cut: bool = False
) -> bytes:
    """Mask what a receiver repeats of the credentials that were sent to it: some echo what they get.

    ``cut``: the answer went on, so a credential's beginning may be its end.
    """
    if len(answer) < MIN_SECRET_CHARS:
        return answer
    lasting = tuple((name, value) for name, value in headers if is_credential(name))
    # What signs this message alone would fill the cache, and is no credential in any other dress.
    known = _secrets(url, tuple(pair for pair in lasting if not pair[0].startswith("webhook-")))
    return without(answer, known, cut=cut)


def without(answer: bytes, secrets: Iterable[bytes], *, cut: bool = False) -> bytes:
    """Mask secrets in a text. ``secrets``: as ``looked_for`` gives them."""
    shown = bytearray()
    end = 0
    for start, stop in sorted(Undressed(answer).find(secrets, cut=cut)):
        if stop > end:
            shown += answer[end:start] + MASK.encode() if start >= end else b""
            end = stop
    return bytes(shown + answer[end:]) if end else answer


def looked_for(secrets: Iterable[str]) -> frozenset[bytes]:
    """Return what secrets may look like in a text, those that are too short for one left out."""
    found: set[bytes] = set()
    for secret in secrets:
        text = secret.encode(errors="replace")
        if len(text) >= MIN_SECRET_CHARS:
            found |= {undressed(text), *map(undressed, in_base64(text))}
    return frozenset(part for part in found if len(part) >= MIN_SECRET_CHARS)


@lru_cache(maxsize=_SECRETS_KEPT)
def _secrets(url: str, headers: tuple[tuple[str, str], ...]) -> frozenset[bytes]:
    """Tell what of a request an answer must not repeat."""
    found: set[str] = set()
    for _, value in headers:
        found |= {value, *_SEPARATORS.split(value), *_basic(value)}
    try:
        parts = urlsplit(url)
    except ValueError:
        return looked_for({*found, url})
    found |= {
        parts.path,
        parts.query,
        f"{parts.path}?{parts.query}",
        parts.path.rstrip("/").rpartition("/")[2],
    }
    found |= {value for _, value in parse_qsl(parts.query)}
    return looked_for(found)


def _basic(value: str) -> set[str]:
    """Return what a header of HTTP's basic authentication says: user and password, and the password alone."""
    scheme, _, encoded = value.partition(" ")
    if scheme.lower() != "basic":
        return set()
    try:
        pair = b64decode(encoded.strip()).decode()
    except ValueError:
        return set()
    return {pair, pair.partition(":")[2]}
