"""Verify Backend.AI's HMAC keypair signature.

It is described in docs/api.md, with worked examples in tests/data/signing-examples.json.
"""

import hashlib
import hmac
import re
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from notifications.core import times
from notifications.core.errors import AuthenticationFailed, InvalidAuthParameters
from notifications.core.nearest import quoted
from notifications.core.values import value

MAX_SKEW = timedelta(minutes=15)
"""The Date of a request must be less than this away from now, either way."""

OLDEST_VERSION, NEWEST_VERSION = "v4.20181215", "v9.20250722"

_EMPTY_SHA256 = hashlib.sha256(b"").hexdigest()
_AUTHORIZATION = re.compile(
    r"BackendAI\s+signMethod=(?P<method>[^,\s]+)\s*,\s*credential=(?P<key>[^:\s]+):(?P<signature>[0-9a-fA-F]+)"
)
DATE_HEADERS = ("date", "x-backendai-date", "x-sorna-date")
"""The headers that may carry the date, in the order of Backend.AI's server. Browsers do not let pages set
``Date``."""

MAX_TOLD_CHARS = 1_000
"""How much of the compared text an error quotes."""

_VERSION = re.compile(r"v(\d{1,4})\.(\d{8})", re.ASCII)


@value
class Keypair:
    """Who may call the API. ``secret_key`` never leaves the process. ``name``: None if it was given none.

    ``role``: as it is stored, see ``notifications.core.roles``. ``expires_at``: None if it never expires.
    """

    access_key: str
    secret_key: str
    role: str
    user_id: str
    active: bool
    name: str | None = None
    expires_at: datetime | None = None

    def __repr__(self) -> str:
        """Show everything but the secret."""
        return f"Keypair({self.access_key}, {self.role}, {self.user_id}, active={self.active})"


@value
class SignedRequest:
    """The parts of a request that its signature covers.

    ``paths``: the path with query, in each form that the client may have signed.
    """

    method: str
    paths: tuple[str, ...]
    headers: Mapping[str, str]
    """Names in lower case."""


def verify(request: SignedRequest, keypairs: Mapping[str, Keypair], now: datetime) -> Keypair:
    """Return the keypair that signed the request.

    Raises:
        AuthenticationFailed: no credentials, unknown, inactive or expired key, wrong signature.
        InvalidAuthParameters: malformed Authorization, Date or version, or the clocks differ.
    """
    access_key, given = _credential(request.headers)
    version = _version(request.headers)
    date = _date(request.headers, now)
    keypair = keypairs.get(access_key)
    # Verify against some key even if the access key is unknown: otherwise the time of the response would tell
    # which access keys exist.
    secret = keypair.secret_key if keypair else "-"
    key = _signing_key(secret, date, request.headers)
    signed = [_signed_text(request.method, path, date, request.headers, version) for path in request.paths]
    fits = [hmac.compare_digest(given, _hex(key, text)) for text in signed]
    if keypair is None or not any(fits):
        told = signed[0][:MAX_TOLD_CHARS].replace("\n", "\\n")
        raise AuthenticationFailed(
            "The access key is unknown or the signature does not match. It was compared with that of "
            f"{len(signed)} forms of the request, this one first: {told}"
        )
    _require_usable(keypair, now)
    return keypair


def _credential(headers: Mapping[str, str]) -> tuple[str, str]:
    """Return the access key and the signature, in lower case, of an Authorization header."""
    authorization = headers.get("authorization")
    if not authorization:
        raise AuthenticationFailed("Credentials are missing: the request has no Authorization header")
    match = _AUTHORIZATION.fullmatch(authorization.strip())
    if match is None:
        raise InvalidAuthParameters(
            "Malformed Authorization header: expected 'BackendAI signMethod=HMAC-SHA256, credential=KEY:HEX'"
        )
    if match["method"].upper() != "HMAC-SHA256":
        raise InvalidAuthParameters(
            f"signMethod {quoted(match['method'])} is not supported, only HMAC-SHA256 is"
        )
    return match["key"], match["signature"].lower()


def _require_usable(keypair: Keypair, now: datetime) -> None:
    if not keypair.active:
        raise AuthenticationFailed(f"The access key {keypair.access_key} is not active")
    if keypair.expires_at is not None and now >= keypair.expires_at:
        raise AuthenticationFailed(
            f"The access key {keypair.access_key} expired at {keypair.expires_at.isoformat()}"
        )


def signature(
    secret: str, method: str, path: str, date: str, headers: Mapping[str, str], version: str
) -> str:
    """Compute the signature of one request as lower-case hex. ``date`` is the header's own text."""
    key = _signing_key(secret, date, headers)
    return _hex(key, _signed_text(method, path, date, headers, version))


def _signed_text(method: str, path: str, date: str, headers: Mapping[str, str], version: str) -> str:
    media_type = headers.get("content-type", "").split(";")[0].strip().lower()
    return "\n".join(
        (
            method.upper(),
            path,
            date,
            f"host:{headers.get('host', '')}",
            f"content-type:{media_type}",
            f"x-backendai-version:{version}",
            _EMPTY_SHA256,
        )
    )


def _signing_key(secret: str, date: str, headers: Mapping[str, str]) -> bytes:
    day = times.parse(date).strftime("%Y%m%d")
    return _hmac(_hmac(secret.encode(), day), headers.get("host", ""))


def _hex(key: bytes, text: str) -> str:
    return _hmac(key, text).hex()


def by_access_key(keypairs: Iterable[Keypair]) -> dict[str, Keypair]:
    """Index keypairs for ``verify``."""
    return {keypair.access_key: keypair for keypair in keypairs}


def _hmac(key: bytes, text: str) -> bytes:
    # A lone surrogate in a header cannot have been signed by anybody, so no hash of it can match.
    return hmac.digest(key, text.encode(errors="replace"), hashlib.sha256)


def _version(headers: Mapping[str, str]) -> str:
    version = headers.get("x-backendai-version", "")
    match = _VERSION.fullmatch(version)
    if match is None:
        raise InvalidAuthParameters("The X-BackendAI-Version header is missing or malformed")
    if not _version_order(OLDEST_VERSION) <= _version_order(version) <= _version_order(NEWEST_VERSION):
        raise InvalidAuthParameters(
            f"API version {version} is not known: expected {OLDEST_VERSION} to {NEWEST_VERSION}"
        )
    return version


def _version_order(version: str) -> tuple[int, int]:
    major, day = version[1:].split(".")
    return int(major), int(day)


def _date(headers: Mapping[str, str], now: datetime) -> str:
    text = next((headers[name] for name in DATE_HEADERS if headers.get(name)), "")
    try:
        date = times.parse(text)
    except ValueError:
        raise InvalidAuthParameters(
            "The Date header, or X-BackendAI-Date in its place, is missing or not an ISO 8601 time"
        ) from None
    skew = abs(now - date)
    if skew >= MAX_SKEW:
        raise InvalidAuthParameters(
            f"The Date header is {int(skew.total_seconds())} s away from this server's clock, "
            f"less than {int(MAX_SKEW.total_seconds())} s is allowed"
        )
    return text
