"""Backend.AI's HMAC request signature: values in, values out."""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime

API_VERSION = "v9.20250722"
# The body is not covered: the last line is always the digest of an empty one.
EMPTY_SHA256 = hashlib.sha256(b"").hexdigest()


@dataclass(frozen=True, slots=True)
class Signed:
    """What a signature covers. `path`: path and query exactly as sent. `host`: with the URL's port."""

    method: str
    path: str
    date: datetime
    host: str
    content_type: str


def string_to_sign(request: Signed) -> str:
    """Join what the signature covers."""
    lines = (
        request.method.upper(),
        request.path,
        request.date.isoformat(),
        f"host:{request.host}",
        f"content-type:{request.content_type.partition(';')[0].strip().lower()}",
        f"x-backendai-version:{API_VERSION}",
        EMPTY_SHA256,
    )
    return "\n".join(lines)


def day_key(secret_key: str, date: datetime) -> bytes:
    """Derive the key of a day, by the date in its own offset."""
    return _hmac(secret_key.encode(), date.strftime("%Y%m%d"))


def signature(key_of_day: bytes, request: Signed) -> str:
    """Sign a request with the key of its day."""
    return _hmac(_hmac(key_of_day, request.host), string_to_sign(request)).hex()


def signed_headers(keypair: tuple[str, str], request: Signed) -> dict[str, str]:
    """Return the headers that authenticate one request."""
    access_key, secret_key = keypair
    credential = f"{access_key}:{signature(day_key(secret_key, request.date), request)}"
    return {
        "Host": request.host,
        "Date": request.date.isoformat(),
        "Content-Type": request.content_type,
        "X-BackendAI-Version": API_VERSION,
        "Authorization": f"BackendAI signMethod=HMAC-SHA256, credential={credential}",
    }


def _hmac(key: bytes, text: str) -> bytes:
    return hmac.new(key, text.encode(), hashlib.sha256).digest()
