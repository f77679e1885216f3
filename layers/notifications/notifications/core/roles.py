"""The roles of keypairs: what each may do, those after it may do as well."""

from typing import Final, Literal, get_args

Role = Literal["viewer", "operator", "editor", "admin"]

ROLES: Final[tuple[Role, ...]] = get_args(Role)
"""From the least to the most."""

BACKENDAI_ADMIN: Final = "superadmin"
"""Backend.AI's name for an admin, which keypairs of former releases have."""


def known(stored: str) -> Role | None:
    """Return the role that a keypair's text names; None if it may do nothing here, like Backend.AI's user."""
    if stored == BACKENDAI_ADMIN:
        return "admin"
    return next((role for role in ROLES if role == stored), None)


def allows(stored: str, needed: Role) -> bool:
    """Return whether the role that a keypair's text names may do what needs another."""
    role = known(stored)
    return role is not None and ROLES.index(role) >= ROLES.index(needed)
