"""Check a received webhook's signature by Standard Webhooks 1.0.0: values in, a CliError if it fails.

https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

import base64
import binascii
import hashlib
import hmac
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from backendai_notification_cli.errors import CliError

ID, TIMESTAMP, SIGNATURE = HEADERS = ("webhook-id", "webhook-timestamp", "webhook-signature")
PREFIX = "whsec_"
SHORTEST_KEY, LONGEST_KEY = 24, 64
VERSION = "v1"


@dataclass(frozen=True, slots=True)
class Received:
    """A received webhook: the values of the three headers, and the exact bytes of the body."""

    id: str
    timestamp: str
    signature: str
    body: bytes

    @property
    def content(self) -> bytes:
        """Return what the signature covers."""
        return b".".join((_bytes(self.id), _bytes(self.timestamp), self.body))


def check(received: Received, secrets: Sequence[str], at: int, tolerance: int) -> None:
    """Refuse a webhook that none of the secrets signed, or that was signed too long before or after `at`.

    `at`: Unix time. The age is checked last, because only a valid signature proves when it was made.
    """
    keys = keys_of(secrets)
    if not re.fullmatch(r"[0-9]{1,18}", received.timestamp):
        raise CliError(f"{TIMESTAMP} '{received.timestamp}' is not a number of seconds")
    if "." in received.id:  # otherwise the end of an id could pass for the timestamp
        raise CliError(f"{ID} '{received.id}' has a dot in it, which no ID has")
    signatures = _signatures(received.signature)
    if not signatures:
        raise CliError(f"{SIGNATURE} has no {VERSION} signature")
    if not _any_fits(signatures, [_sign(key, received.content) for key in keys]):
        raise CliError("No signature fits: it is the wrong secret, or the body, ID or timestamp was changed")
    _check_age(at - int(received.timestamp), tolerance)


def keys_of(secrets: Sequence[str]) -> list[bytes]:
    """Decode secrets; a malformed one is refused by its number, and is never part of a message."""
    return [
        _key(secret, "The secret" if len(secrets) == 1 else f"Secret {number}")
        for number, secret in enumerate(secrets, start=1)
    ]


def signatures_of(received: Received, keys: Sequence[bytes]) -> list[str]:
    """Return the signatures that these keys make of a webhook, each with its version."""
    return [f"{VERSION},{_sign(key, received.content).decode()}" for key in keys]


def parse_headers(text: str) -> dict[str, str]:
    """Find the three headers among lines `Name: value`."""
    found: dict[str, str] = {}
    for line in text.split("\n"):
        name, colon, value = line.partition(":")
        known = name.strip().lower()
        if not colon or known not in HEADERS:
            continue
        if known in found:
            raise CliError(f"The header {known} is there more than once")
        found[known] = value.strip()
    return found


def received_with(headers: Mapping[str, str | None], body: bytes) -> Received:
    """Make the received webhook; a missing or empty header is refused by its name."""
    values = {name: (headers.get(name) or "").strip() for name in HEADERS}
    missing = [name for name, value in values.items() if not value]
    if missing:
        raise CliError(f"Missing {'header' if len(missing) == 1 else 'headers'}: {', '.join(missing)}")
    return Received(values[ID], values[TIMESTAMP], values[SIGNATURE], body)


def _key(secret: str, name: str) -> bytes:
    encoded = secret.removeprefix(PREFIX)
    try:
        key = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if encoded == secret or not SHORTEST_KEY <= len(key) <= LONGEST_KEY:
        raise CliError(
            f"{name} is malformed: expected {PREFIX} and the base64 of {SHORTEST_KEY} to {LONGEST_KEY} bytes"
        )
    return key


def _signatures(header: str) -> list[bytes]:
    """Return the signatures of this version; receivers ignore others."""
    parts = (part.partition(",") for part in header.split())
    return [_bytes(value) for version, _, value in parts if version == VERSION]


def _sign(key: bytes, content: bytes) -> bytes:
    return base64.b64encode(hmac.digest(key, content, hashlib.sha256))


def _any_fits(signatures: Sequence[bytes], expected: Sequence[bytes]) -> bool:
    return any(hmac.compare_digest(given, own) for given in signatures for own in expected)


def _check_age(age: int, tolerance: int) -> None:
    if age > tolerance:
        raise CliError(f"Too old: signed {age} s before the time of the check, {tolerance} s are tolerated")
    if -age > tolerance:
        raise CliError(
            f"From the future: signed {-age} s after the time of the check, {tolerance} s are tolerated"
        )


def _bytes(text: str) -> bytes:
    """Return the argument's bytes, even if they are not UTF-8."""
    return text.encode("utf-8", "surrogateescape")


def signed_headers(secret: str, webhook_id: str, timestamp: int, body: bytes) -> dict[str, str]:
    """Return the headers that sign a webhook. ``timestamp``: Unix time."""
    received = Received(webhook_id, str(timestamp), "", body)
    (signature,) = signatures_of(received, keys_of([secret]))
    return {ID: webhook_id, TIMESTAMP: str(timestamp), SIGNATURE: signature}
