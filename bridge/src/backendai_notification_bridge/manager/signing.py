"""The signature of requests to Backend.AI's API: values in, headers out."""

import hashlib
import hmac
from datetime import datetime
from urllib.parse import urlsplit

API_VERSION = "v9.20250722"
CONTENT_TYPE = "application/json"

_EMPTY_SHA256 = hashlib.sha256(b"").hexdigest()
"""The last line of the signed text: the body itself is not covered."""


def signed_headers(keypair: tuple[str, str], method: str, url: str, at: datetime) -> dict[str, str]:
    """Make the headers of one request. ``at``: now, with a time zone. ``keypair``: access and secret key."""
    access_key, secret_key = keypair
    host = host_of(url)
    day_key = _hmac(secret_key.encode(), at.strftime("%Y%m%d"))
    signed = signature(day_key, host, string_to_sign(method, url, at))
    return {
        "Host": host,
        "Date": at.isoformat(),
        "Content-Type": CONTENT_TYPE,
        "X-BackendAI-Version": API_VERSION,
        "Authorization": f"BackendAI signMethod=HMAC-SHA256, credential={access_key}:{signed}",
    }


def host_of(url: str) -> str:
    """Return the host as it is signed: with the port, if the URL has one."""
    return urlsplit(url).netloc.rpartition("@")[2]


def string_to_sign(method: str, url: str, at: datetime) -> str:
    """Join what the signature covers."""
    parts = urlsplit(url)
    lines = (
        method,
        parts.path + (f"?{parts.query}" if parts.query else ""),
        at.isoformat(),
        f"host:{host_of(url)}",
        f"content-type:{CONTENT_TYPE}",
        f"x-backendai-version:{API_VERSION}",
        _EMPTY_SHA256,
    )
    return "\n".join(lines)


def signature(day_key: bytes, host: str, text: str) -> str:
    """Sign with the key of a day."""
    return _hmac(_hmac(day_key, host), text).hex()


def _hmac(key: bytes, text: str) -> bytes:
    return hmac.new(key, text.encode(), hashlib.sha256).digest()
