"""How keypairs are shown."""

from dataclasses import replace

from backendai_notification_cli.terminal.kinds import Column, Item, Kind


def _state(keypair: Item) -> str:
    if not keypair.get("active"):
        return "disabled"
    return "expired" if keypair.get("expired") else "active"


def _with_end(keypair: Item) -> Item:
    end = keypair.get("expires_at")
    told = "never" if end is None else f"{end} (expired)" if keypair.get("expired") else end
    return {**keypair, "expires": told}


def as_told(keypair: Item) -> Item:
    """Return a keypair with the word that `whoami` has for its role, which is stored in Backend.AI's."""
    from backendai_notification_cli.aws.keypairs import ADMIN, ADMINS  # not for --help

    return {**keypair, "role": ADMIN} if keypair.get("role") in ADMINS else keypair


KEYPAIR = Kind(
    labels={
        "Access key": "access_key",
        "Name": "name",
        "Role": "role",
        "User ID": "user_id",
        "Active": "active",
        "Expires": "expires",
    },
    nothing="No keypairs found",
    fields=("access_key", "name", "role", "user_id", "active", "expired", "expires_at"),
    columns=(
        Column("name", "name"),
        Column("access key", "access_key"),
        Column("role", "role"),
        Column("state", _state, "state"),
        Column("expires", "expires_at", "time"),
        Column("user", "user_id", "id"),
    ),
    id="access_key",
    block=_with_end,
)
NEW_KEYPAIR = replace(KEYPAIR, fields=(*KEYPAIR.fields, "secret_key"))
"""A keypair as it is when its secret is shown."""
