"""Sign webhooks by Standard Webhooks 1.0.0. Source: https://www.standardwebhooks.com."""

import binascii
import hmac
import re
from base64 import b64decode, b64encode
from collections.abc import Sequence
from functools import lru_cache

from notifications.core.errors import InvalidRequest

ID_HEADER = "webhook-id"
TIMESTAMP_HEADER = "webhook-timestamp"
SIGNATURE_HEADER = "webhook-signature"

SECRET_PREFIX = "whsec_"  # noqa: S105 - the prefix of all secrets
SECRET_BYTES = 32
"""How many random bytes a new secret is made of."""

MIN_SECRET_BYTES = 24
MAX_SECRET_BYTES = 64
MAX_ID_CHARS = 256

KEYS_KEPT = 4_096
"""How many secrets' decoded keys are cached: as many as channels' secrets."""

_VERSION = "v1"
_ID = re.compile(rf"[!-\-/-~]{{1,{MAX_ID_CHARS}}}")  # printable ASCII without the dot


def make_secret(random: bytes) -> str:
    """Write random bytes, usually ``SECRET_BYTES`` of them, as a secret."""
    secret = SECRET_PREFIX + b64encode(random).decode()
    _key(secret)
    return secret


def sign(message_id: str, timestamp: int, body: bytes, secrets: Sequence[str]) -> str:
    """Make the signature header: one signature per secret, separated by spaces.

    ``message_id``: the same for each attempt. ``timestamp``: the time of this attempt, in Unix seconds.
    ``secrets``: during a rotation, the new one and the old ones.

    Raises:
        InvalidRequest: a secret is malformed, there is none, or the id cannot be signed.
    """
    if not secrets:
        raise InvalidRequest("There is no secret to sign with")
    if not _ID.fullmatch(message_id):
        raise InvalidRequest(
            "The message's id cannot be signed: it has a dot, a space or a strange character"
        )
    signed = b"%s.%d.%s" % (message_id.encode(), timestamp, body)
    return " ".join([f"{_VERSION},{_signature(secret, signed)}" for secret in secrets])


def signature_headers(
    message_id: str, timestamp: int, body: bytes, secrets: Sequence[str]
) -> tuple[tuple[str, str], ...]:
    """Make the three headers of a signed webhook; see ``sign``."""
    return (
        (ID_HEADER, message_id),
        (TIMESTAMP_HEADER, str(timestamp)),
        (SIGNATURE_HEADER, sign(message_id, timestamp, body, secrets)),
    )


def _signature(secret: str, signed: bytes) -> str:
    return binascii.b2a_base64(hmac.digest(_key(secret), signed, "sha256"), newline=False).decode()


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
