"""What must not be seen: credentials in headers, and URLs that are credentials themselves."""

import re
from collections.abc import Iterable
from functools import lru_cache
from urllib.parse import urlsplit

MASK = "***"
MAX_SHOWN_HEADER_CHARS = 1_024
"""What is longer is cut in records."""

MIN_SECRET_CHARS = 8
"""What is shorter is a word like "none" or "Basic": to mask it would spoil an answer, and guard nothing."""

_CREDENTIAL = re.compile(
    r"auth|bearer|cookie|credential|hmac|jwt|key|pass|pwd|secret|session|sig|token", re.IGNORECASE
)
_NAMES_KEPT = 1_024
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


def without_credentials(answer: bytes, url: str, headers: Iterable[tuple[str, str]]) -> bytes:
    """Mask what a receiver repeats of the credentials that were sent to it: some echo what they get."""
    if len(answer) < MIN_SECRET_CHARS:
        return answer
    secrets = {part for name, value in headers if is_credential(name) for part in (value, *value.split())}
    try:
        parts = urlsplit(url)
        secrets |= {parts.path, parts.query}
    except ValueError:
        secrets.add(url)
    for secret in sorted(secrets, key=len, reverse=True):
        if len(secret) >= MIN_SECRET_CHARS:
            answer = answer.replace(secret.encode(errors="replace"), MASK.encode())
    return answer
