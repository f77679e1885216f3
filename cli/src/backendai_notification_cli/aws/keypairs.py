"""The keypairs document: the first superadmin at its top level, all others in the list `keypairs`."""

import secrets
import uuid
from typing import Any

from backendai_notification_cli.errors import CliError

SUPERADMIN = "superadmin"
ROLES = (SUPERADMIN, "user")
ACCESS_KEY_PREFIX = "AKIA"
ACCESS_KEY_RANDOM = 16
ACCESS_KEY_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
# 30 bytes are 40 URL-safe characters.
SECRET_KEY_BYTES = 30

Record = dict[str, Any]
Document = dict[str, Any]


def records(document: Document) -> list[Record]:
    """List all keypairs, the first superadmin first."""
    listed = document.get("keypairs") or []
    first = {key: value for key, value in document.items() if key != "keypairs"}
    return [record for record in (first, *listed) if record.get("access_key")]


def find(document: Document, access_key: str) -> Record | None:
    """Return a keypair by its access key."""
    return next((record for record in records(document) if record["access_key"] == access_key), None)


def usable(document: Document) -> Record:
    """Return the first keypair that may manage notifications."""
    for record in records(document):
        if is_active(record) and record.get("role") == SUPERADMIN:
            return record
    raise CliError("The secret has no active superadmin's keypair")


def is_active(record: Record) -> bool:
    """Tell whether a keypair may sign; one that does not say is active."""
    return record.get("active", True) is not False


def new(role: str, user_id: str | None, name: str | None = None) -> Record:
    """Make a keypair. `name` is for people."""
    random = "".join(secrets.choice(ACCESS_KEY_ALPHABET) for _ in range(ACCESS_KEY_RANDOM))
    return {
        **({} if name is None else {"name": name}),
        "access_key": ACCESS_KEY_PREFIX + random,
        "secret_key": secrets.token_urlsafe(SECRET_KEY_BYTES),
        "role": role,
        "user_id": user_id or str(uuid.uuid4()),
        "active": True,
    }


def add(document: Document, record: Record) -> Document:
    """Return the document with one more keypair."""
    return {**document, "keypairs": [*(document.get("keypairs") or []), record]}


def deactivate(document: Document, access_key: str) -> Document:
    """Return the document with one keypair inactive; one superadmin must remain."""
    if find(document, access_key) is None:
        raise CliError(f"There is no keypair {access_key}")
    remaining = (record for record in records(document) if record["access_key"] != access_key)
    if not any(is_active(record) and record.get("role") == SUPERADMIN for record in remaining):
        raise CliError(f"{access_key} is the last active superadmin: create another one first")
    listed = [
        {**record, "active": False} if record.get("access_key") == access_key else record
        for record in document.get("keypairs") or []
    ]
    changed = {**document, "keypairs": listed}
    if document.get("access_key") == access_key:
        changed["active"] = False
    return changed
