"""Signatures of webhooks by Standard Webhooks 1.0.0: https://www.standardwebhooks.com."""

import binascii
import hmac
import re
from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from functools import lru_cache

from notifications.core.errors import InvalidRequest, SignatureMismatch

ID_HEADER = "webhook-id"
TIMESTAMP_HEADER = "webhook-timestamp"
SIGNATURE_HEADER = "webhook-signature"

SECRET_PREFIX = "whsec_"  # noqa: S105 - what each begins with
SECRET_BYTES = 32
"""How many random bytes a new secret is made of."""

MIN_SECRET_BYTES = 24
MAX_SECRET_BYTES = 64
MAX_ID_CHARS = 256
TOLERANCE_SECONDS = 5 * 60
"""How far a receiver's clock and ours may be apart."""

KEYS_KEPT = 4_096
"""So many secrets' keys are kept in memory: as many as channels' secrets are."""

_VERSION = "v1"
_ID = re.compile(rf"[!-\-/-~]{{1,{MAX_ID_CHARS}}}")  # printable ASCII without the dot
_TIMESTAMP = r"[0-9]{1,12}"


def make_secret(random: bytes) -> str:
    """Write random bytes, ``SECRET_BYTES`` of them by custom, as a secret."""
    secret = SECRET_PREFIX + b64encode(random).decode()
    _key(secret)
    return secret


def check_secret(secret: str) -> None:
    """Refuse what can not sign.

    Raises:
        InvalidRequest: not ``whsec_`` and the base64 of 24 to 64 bytes. The message does not repeat it.
    """
    _key(secret)


def sign(message_id: str, timestamp: int, body: bytes, secrets: Sequence[str]) -> str:
    """Make the signature header: one signature per secret, separated by spaces.

    ``message_id``: the same on each try. ``timestamp``: unix seconds of this try. ``secrets``: while one
    rotates, the new and the old.

    Raises:
        InvalidRequest: a secret is malformed, there is none, or the id has a dot or what no header can carry.
    """
    if not secrets:
        raise InvalidRequest("There is no secret to sign with")
    if not _ID.fullmatch(message_id):
        raise InvalidRequest(
            "The message's id can not be signed: it has a dot, a space or a strange character"
        )
    signed = _signed(message_id, str(timestamp), body)
    return " ".join(f"{_VERSION},{_signature(secret, signed)}" for secret in secrets)


def signature_headers(
    message_id: str, timestamp: int, body: bytes, secrets: Sequence[str]
) -> tuple[tuple[str, str], ...]:
    """Make the three headers of a signed webhook; see ``sign``."""
    return (
        (ID_HEADER, message_id),
        (TIMESTAMP_HEADER, str(timestamp)),
        (SIGNATURE_HEADER, sign(message_id, timestamp, body, secrets)),
    )


def verify(
    headers: Mapping[str, str],
    body: bytes,
    secrets: Sequence[str],
    now: float,
    tolerance: float = TOLERANCE_SECONDS,
) -> None:
    """Check what a receiver got.

    ``headers``: names in any case. ``now``: unix seconds. ``tolerance``: seconds to either side.

    Raises:
        SignatureMismatch: says which header is missing or malformed, that the message is too old or from the
            future, or that no signature fits.
        InvalidRequest: a secret is malformed.
    """
    values = {name.lower(): value.strip() for name, value in headers.items()}
    for name in (ID_HEADER, TIMESTAMP_HEADER, SIGNATURE_HEADER):
        if not values.get(name):
            raise SignatureMismatch(f"The header {name} is missing")
    timestamp = values[TIMESTAMP_HEADER]
    if not re.fullmatch(_TIMESTAMP, timestamp):
        raise SignatureMismatch(f"The header {TIMESTAMP_HEADER} is not a number of unix seconds")
    signed = _signed(values[ID_HEADER], timestamp, body)
    given = [
        signature.encode(errors="replace")
        for version, _, signature in (part.partition(",") for part in values[SIGNATURE_HEADER].split())
        if version == _VERSION
    ]
    if not given:
        raise SignatureMismatch(f"The header {SIGNATURE_HEADER} has no signature of version {_VERSION}")
    expected = [_signature(secret, signed).encode() for secret in secrets]
    # All are compared: how long it takes says nothing about which one fits.
    if not sum(hmac.compare_digest(one, other) for one in expected for other in given):
        raise SignatureMismatch(
            "No signature fits: the secret is another one, or body, id or time was changed"
        )
    age = now - int(timestamp)
    if abs(age) > tolerance:
        where = f"{age:.0f} s old" if age > 0 else f"{-age:.0f} s in the future"
        raise SignatureMismatch(
            f"The signature fits, but the message is {where}; {tolerance:.0f} s are allowed"
        )


def _signed(message_id: str, timestamp: str, body: bytes) -> bytes:
    return b"%s.%s.%s" % (message_id.encode(errors="replace"), timestamp.encode(), body)


def _signature(secret: str, signed: bytes) -> str:
    return b64encode(hmac.digest(_key(secret), signed, "sha256")).decode()


@lru_cache(KEYS_KEPT)
def _key(secret: str) -> bytes:
    encoded = secret.removeprefix(SECRET_PREFIX)
    try:
        key = b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        key = b""
    usual = secret.startswith(SECRET_PREFIX) and b64encode(key).decode() == encoded
    if not usual or not MIN_SECRET_BYTES <= len(key) <= MAX_SECRET_BYTES:
        raise InvalidRequest(
            f"The secret is malformed: it must be {SECRET_PREFIX} and the base64 of "
            f"{MIN_SECRET_BYTES} to {MAX_SECRET_BYTES} bytes"
        )
    return key
