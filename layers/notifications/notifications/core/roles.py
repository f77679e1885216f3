"""The roles of keypairs, each of which may do everything that the ones before it may do."""

from typing import Final, Literal, get_args

Role = Literal["viewer", "operator", "editor", "admin"]

ROLES: Final[tuple[Role, ...]] = get_args(Role)
"""In ascending order."""

BACKENDAI_ADMIN: Final = "superadmin"
"""Backend.AI's name for an admin, which keypairs of former releases have."""


def known(stored: str) -> Role | None:
    """Return the role that a keypair's stored text names; None if it may do nothing, like "user"."""
    if stored == BACKENDAI_ADMIN:
        return "admin"
    return next((role for role in ROLES if role == stored), None)


def allows(stored: str, needed: Role) -> bool:
    """Return whether the role that a keypair's stored text names includes the needed one."""
    role = known(stored)
    return role is not None and ROLES.index(role) >= ROLES.index(needed)
