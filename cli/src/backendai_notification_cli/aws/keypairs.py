"""The keypairs document: the first admin at its top level, all others in the list `keypairs`."""

import secrets
import uuid
from datetime import UTC, datetime
from typing import Any

from backendai_notification_cli.errors import CliError
from backendai_notification_cli.terminal.times import timestamp

ADMIN = "admin"
ADMINS = (ADMIN, "superadmin")
"""The roles that may do everything: ours, and Backend.AI's name for it."""
ACCESS_KEY_PREFIX = "AKIA"
ACCESS_KEY_RANDOM = 16
ACCESS_KEY_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
# 30 bytes are 40 URL-safe characters.
SECRET_KEY_BYTES = 30

Keypair = dict[str, Any]
KeypairDocument = dict[str, Any]


def listed(document: KeypairDocument) -> list[Keypair]:
    """List all keypairs, the first admin first."""
    others = document.get("keypairs") or []
    first = {key: value for key, value in document.items() if key != "keypairs"}
    return [keypair for keypair in (first, *others) if keypair.get("access_key")]


def find(document: KeypairDocument, access_key: str) -> Keypair | None:
    """Return a keypair by its access key."""
    return next((keypair for keypair in listed(document) if keypair["access_key"] == access_key), None)


def usable(document: KeypairDocument) -> Keypair:
    """Return the first keypair that may do everything."""
    for keypair in listed(document):
        if _is_working_admin(keypair):
            return keypair
    raise CliError("The secret has no active admin's keypair")


def is_active(keypair: Keypair) -> bool:
    """Return whether a keypair may sign; one without `active` may."""
    return keypair.get("active", True) is not False


def is_expired(keypair: Keypair) -> bool:
    """Return whether a keypair's time is over; one without `expires_at` has no end."""
    text = keypair.get("expires_at")
    if text is None:
        return False
    try:
        end = datetime.fromisoformat(str(text).upper())
    except ValueError:
        # The service refuses everybody while the secret has such an entry.
        raise CliError(
            f"The keypair {keypair.get('access_key')} has '{text}' in 'expires_at', which is not a time:"
            " mend it in the secret"
        ) from None
    return (end if end.tzinfo else end.replace(tzinfo=UTC)) <= datetime.now(UTC)


def _is_working_admin(keypair: Keypair) -> bool:
    return is_active(keypair) and not is_expired(keypair) and keypair.get("role") in ADMINS


def new(
    role: str, user_id: str | None, name: str | None = None, expires_at: datetime | None = None
) -> Keypair:
    """Make a keypair. `name` is for people."""
    random = "".join(secrets.choice(ACCESS_KEY_ALPHABET) for _ in range(ACCESS_KEY_RANDOM))
    return {
        **({} if name is None else {"name": name}),
        "access_key": ACCESS_KEY_PREFIX + random,
        "secret_key": secrets.token_urlsafe(SECRET_KEY_BYTES),
        "role": role,
        "user_id": user_id or str(uuid.uuid4()),
        "active": True,
        **({} if expires_at is None else {"expires_at": timestamp(expires_at)}),
    }


def add(document: KeypairDocument, keypair: Keypair) -> KeypairDocument:
    """Return the document with one more keypair."""
    return {**document, "keypairs": [*(document.get("keypairs") or []), keypair]}


def deactivate(document: KeypairDocument, access_key: str) -> KeypairDocument:
    """Return the document with one keypair inactive; one admin must remain."""
    if find(document, access_key) is None:
        raise CliError(
            f"There is no keypair {access_key}: expected an access key, as 'keypair list' shows it"
        )
    remaining = (keypair for keypair in listed(document) if keypair["access_key"] != access_key)
    if not any(map(_is_working_admin, remaining)):
        raise CliError(f"{access_key} is the last active admin: create another one first")
    others = [
        {**keypair, "active": False} if keypair.get("access_key") == access_key else keypair
        for keypair in document.get("keypairs") or []
    ]
    changed = {**document, "keypairs": others}
    if document.get("access_key") == access_key:
        changed["active"] = False
    return changed
