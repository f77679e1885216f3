"""The signature that Backend.AI's API asks for: values in, headers out."""

import hashlib
import hmac
from datetime import datetime
from urllib.parse import urlsplit

API_VERSION = "v9.20250722"
CONTENT_TYPE = "application/json"

_EMPTY_SHA256 = hashlib.sha256(b"").hexdigest()
"""The last line of what is signed: the body itself is not covered."""


def signed_headers(keypair: tuple[str, str], method: str, url: str, at: datetime) -> dict[str, str]:
    """Make the headers of one request. ``at``: now, with a time zone. ``keypair``: access and secret key."""
    access_key, secret_key = keypair
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    path = parts.path + (f"?{parts.query}" if parts.query else "")
    date = at.isoformat()
    lines = (
        method,
        path,
        date,
        f"host:{host}",
        f"content-type:{CONTENT_TYPE}",
        f"x-backendai-version:{API_VERSION}",
        _EMPTY_SHA256,
    )
    key = _hmac(_hmac(secret_key.encode(), at.strftime("%Y%m%d")), host)
    signature = _hmac(key, "\n".join(lines)).hex()
    return {
        "Host": host,
        "Date": date,
        "Content-Type": CONTENT_TYPE,
        "X-BackendAI-Version": API_VERSION,
        "Authorization": f"BackendAI signMethod=HMAC-SHA256, credential={access_key}:{signature}",
    }


def _hmac(key: bytes, text: str) -> bytes:
    return hmac.new(key, text.encode(), hashlib.sha256).digest()
