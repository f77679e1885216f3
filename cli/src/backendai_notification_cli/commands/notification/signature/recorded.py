"""Check the signatures of recorded webhooks, of which records keep the beginnings only."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from backendai_notification_cli.commands.notification.signature.signature_check import (
    HEADERS,
    ID,
    SIGNATURE,
    TIMESTAMP,
    Received,
    signatures_of,
)

KEPT = re.compile(r"(v1,[A-Za-z0-9+/]{8})\*\*\*")
"""What a record keeps of a signature: enough to tell which secret made it, too little to use it."""

RIGHT = "signature right"
ATTEMPTED = frozenset({"pending", "delivered", "failed"})
"""What an attempt makes of a delivery, so that the recorded message is the one that was sent. A replay may
render another one, and then be held or skipped before it is sent."""


def told(delivery: Mapping[str, Any], keys: Sequence[bytes]) -> str:
    """Say whether a webhook's last attempt was signed, and with ``keys`` whether one of them signed it.

    ``delivery``: as the API shows it. ``keys``: decoded secrets.
    """
    attempts = delivery.get("attempts") or ()
    if not attempts:
        return "not sent"
    headers = {name.lower(): str(value) for name, value in (attempts[-1].get("headers") or {}).items()}
    missing = [name for name in HEADERS if not headers.get(name)]
    if missing:
        return f"not signed: no {', '.join(missing)}"
    if headers[ID] != delivery.get("id"):
        return "signed with another webhook-id"
    if not keys:
        return f"signed: {TIMESTAMP} {headers[TIMESTAMP]}, {headers[SIGNATURE]}"
    return _checked(delivery, headers, keys)


def _checked(delivery: Mapping[str, Any], headers: Mapping[str, str], keys: Sequence[bytes]) -> str:
    kept = {found[1] for part in headers[SIGNATURE].split() if (found := KEPT.fullmatch(part))}
    if not kept:
        return (
            "cannot be checked: no part of the signature is recorded, as by former releases, and where a "
            "preset puts a secret into the body"
        )
    sent = Received(
        headers[ID], headers[TIMESTAMP], headers[SIGNATURE], str(delivery.get("message")).encode()
    )
    if any(signature.startswith(tuple(kept)) for signature in signatures_of(sent, keys)):
        return RIGHT
    if delivery.get("reason") == "replayed" or delivery.get("status") not in ATTEMPTED:
        return "cannot be checked: its message may have been rendered again since its last attempt"
    return f"signature does not match {'this secret' if len(keys) == 1 else 'any of these secrets'}"
